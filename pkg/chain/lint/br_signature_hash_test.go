package lint

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// TestSignaturePSS: RSASSA-PSS has one shape for each hash.
func TestSignaturePSS(t *testing.T) {
	for _, tt := range []struct {
		label     string
		hash, mgf x509read.OID
		salt      byte
		want      string
	}{
		{"SHA-256", x509read.OIDSHA256, x509read.OIDSHA256, 32, ""},
		{"SHA-384", x509read.OIDSHA384, x509read.OIDSHA384, 48, ""},
		{"short salt", x509read.OIDSHA256, x509read.OIDSHA256, 31, "lint-br-signature-hash"},
		{"long salt", x509read.OIDSHA256, x509read.OIDSHA256, 33, "lint-br-signature-hash"},
		{"MGF1 with another hash", x509read.OIDSHA256, x509read.OIDSHA384, 32, "lint-br-signature-hash"},
		{"SHA-224", x509read.OIDSHA224, x509read.OIDSHA224, 28, "lint-br-signature-hash"},
	} {
		if got := say(t, false, chain.PurposeServer, "www.example.com", signedPSS(tt.hash, tt.mgf, tt.salt)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.label, got, tt.want)
		}
	}
}

// signedPSS gives a certificate the algorithm RSASSA-PSS with a hash, the hash of
// MGF1 and a salt length (RFC 4055 section 3.1).
func signedPSS(hash, mgf x509read.OID, salt byte) func(*cert) {
	tlv := func(tag byte, parts ...string) string {
		body := strings.Join(parts, "")
		return string([]byte{tag, byte(len(body))}) + body
	}
	digest := func(o x509read.OID) string { return tlv(0x30, tlv(0x06, string(o)), "\x05\x00") }
	params := tlv(0x30, tlv(0xa0, digest(hash)), tlv(0xa1, tlv(0x30, tlv(0x06, string(x509read.OIDMGF1)), digest(mgf))),
		tlv(0xa2, tlv(0x02, string([]byte{salt}))))
	return func(c *cert) { c.Signature = x509read.Algorithm{OID: x509read.OIDRSASSAPSS, Params: []byte(params)} }
}
