package dial

import (
	"context"
	"crypto/elliptic"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// probed asks with the plan of a plain check.
func probed(target ask.Target, plan ask.Plan) ([]chain.Observation, map[string][]byte) {
	d := dialer{Timeout: 5 * time.Second}
	return d.Probe(context.Background(), target, plan)
}

// last is the last observation, but for a refusal of every group after static RSA.
func last(observations []chain.Observation) chain.Observation {
	if o := observations[len(observations)-1]; o.Hello != tlsname.HelloECDHE || o.Outcome.OK {
		return o
	}
	return observations[len(observations)-2]
}

// Servers that an iPhone cannot talk to still show their chain, and the
// observation says what they do instead.
func TestProbeOpenSSL(t *testing.T) {
	program(t, "openssl")
	dir := t.TempDir()
	ca := newTestCA(t, "openssl")
	ecChain := ca.chain(t, "ec.test", ecKey(t, elliptic.P256(), "ec"), nil)
	ec, ecKeyFile := files(t, dir, "ec", ecChain)
	rsaChain := ca.chain(t, "rsa.test", rsaKey(t, 2048), nil)
	rsa, rsaKeyFile := files(t, dir, "rsa", rsaChain)

	for _, tt := range []struct {
		name  string
		rsa   bool
		args  string
		hello string // that got the chain
		want  chain.Outcome
	}{
		{"TLS 1.3", false, "-tls1_3", tlsname.HelloATS,
			chain.Outcome{Version: "TLS 1.3", Suite: "TLS_AES_256_GCM_SHA384", Group: "X25519", SignatureID: 0x0403}},
		{"TLS 1.2", false, "-tls1_2", tlsname.HelloATS, chain.Outcome{Version: "TLS 1.2", Group: "X25519", SignatureID: 0x0403}},
		{"ChaCha20", true, "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", tlsname.HelloATS,
			chain.Outcome{Version: "TLS 1.3", Suite: "TLS_CHACHA20_POLY1305_SHA256", Group: "X25519", SignatureID: 0x0804}},
		{"AES-128", false, "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256", tlsname.HelloATS,
			chain.Outcome{Version: "TLS 1.3", Suite: "TLS_AES_128_GCM_SHA256", Group: "X25519", SignatureID: 0x0403}},
		{"HelloRetryRequest P-384", false, "-groups P-384", tlsname.HelloATS,
			chain.Outcome{Version: "TLS 1.3", Group: "P-384", HelloRetry: "P-384", SignatureID: 0x0403}},
		{"HelloRetryRequest P-521", false, "-groups P-521", tlsname.HelloATS,
			chain.Outcome{Version: "TLS 1.3", Group: "P-521", HelloRetry: "P-521", SignatureID: 0x0403}},
		{"stateless cookie", false, "-stateless", tlsname.HelloATS, chain.Outcome{Version: "TLS 1.3", Group: "X25519", SignatureID: 0x0403}},
		{"fragments", true, "-max_send_frag 512", tlsname.HelloATS, chain.Outcome{Version: "TLS 1.3", Group: "X25519", SignatureID: 0x0804}},
		{"padding", false, "-tls1_3 -record_padding 4096", tlsname.HelloATS, chain.Outcome{Version: "TLS 1.3", Group: "X25519", SignatureID: 0x0403}},
		{"static RSA", true, "-tls1_2 -cipher AES256-GCM-SHA384", tlsname.HelloRSA,
			chain.Outcome{Version: "TLS 1.2", Suite: "TLS_RSA_WITH_AES_256_GCM_SHA384"}},
		{"static RSA, CBC-SHA256", true, "-tls1_2 -cipher AES256-SHA256", tlsname.HelloWide12,
			chain.Outcome{Version: "TLS 1.2", Suite: "TLS_RSA_WITH_AES_256_CBC_SHA256"}},
		{"TLS 1.1", false, "-tls1_1 -cipher ALL:@SECLEVEL=0", tlsname.HelloTLS10,
			chain.Outcome{Version: "TLS 1.1", Suite: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", Group: "X25519"}},
		{"TLS 1.0, RSA", true, "-tls1 -cipher ALL:@SECLEVEL=0", tlsname.HelloTLS10,
			chain.Outcome{Version: "TLS 1.0", Suite: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", Group: "X25519"}},
		{"DHE", true, "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256", tlsname.HelloWide12,
			chain.Outcome{Version: "TLS 1.2", Suite: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", DHBits: 2048, SignatureID: 0x0804}},
		{"CCM", false, "-tls1_2 -cipher ECDHE-ECDSA-AES128-CCM", tlsname.HelloWide12,
			chain.Outcome{Version: "TLS 1.2", Suite: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", Group: "X25519", SignatureID: 0x0403}},
		{"CCM in TLS 1.3", false, "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256", tlsname.HelloWide13,
			chain.Outcome{Version: "TLS 1.3", Suite: "TLS_AES_128_CCM_SHA256", Group: "X25519", SignatureID: 0x0403}},
		{"CCM_8 in TLS 1.3", false, "-tls1_3 -ciphersuites TLS_AES_128_CCM_8_SHA256:@SECLEVEL=0", tlsname.HelloWide13,
			chain.Outcome{Version: "TLS 1.3", Suite: "TLS_AES_128_CCM_8_SHA256", Group: "X25519", SignatureID: 0x0403}},
		{"CBC-SHA384", true, "-tls1_2 -cipher ECDHE-RSA-AES256-SHA384", tlsname.HelloWide12,
			chain.Outcome{Version: "TLS 1.2", Suite: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", Group: "X25519", SignatureID: 0x0804}},
		{"Camellia", true, "-tls1_2 -cipher ECDHE-RSA-CAMELLIA256-SHA384", tlsname.HelloWide12,
			chain.Outcome{Version: "TLS 1.2", Suite: "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384", Group: "X25519", SignatureID: 0x0804}},
		{"ARIA", true, "-tls1_2 -cipher ECDHE-ARIA256-GCM-SHA384", tlsname.HelloWide12,
			chain.Outcome{Version: "TLS 1.2", Suite: "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384", Group: "X25519", SignatureID: 0x0804}},
		{"X448 in TLS 1.2", false, "-tls1_2 -groups X448", tlsname.HelloWide12, chain.Outcome{Version: "TLS 1.2", Group: "X448", SignatureID: 0x0403}},
		{"secp256k1 in TLS 1.2, static RSA beside it", true, "-tls1_2 -groups secp256k1", tlsname.HelloECDHE,
			chain.Outcome{Version: "TLS 1.2", Group: "secp256k1", SignatureID: 0x0804}},
		{"X448 in TLS 1.3", false, "-tls1_3 -groups X448", tlsname.HelloWide13,
			chain.Outcome{Version: "TLS 1.3", Group: "X448", HelloRetry: "X448", SignatureID: 0x0403}},
		{"ffdhe3072 in TLS 1.3", false, "-tls1_3 -groups ffdhe3072", tlsname.HelloWide13,
			chain.Outcome{Version: "TLS 1.3", Group: "ffdhe3072", HelloRetry: "ffdhe3072", SignatureID: 0x0403}},
		{"brainpool in TLS 1.2", false, "-tls1_2 -groups brainpoolP256r1", tlsname.HelloWide12,
			chain.Outcome{Version: "TLS 1.2", Group: "brainpoolP256r1", SignatureID: 0x0403}},
		{"key exchange signed with SHA-1, RSA", true, "-tls1_2 -sigalgs RSA+SHA1 -cipher ECDHE:@SECLEVEL=0", tlsname.HelloATS,
			chain.Outcome{Version: "TLS 1.2", Group: "X25519", SignatureID: 0x0201}},
		{"key exchange signed with SHA-1, ECDSA", false, "-tls1_2 -sigalgs ECDSA+SHA1 -cipher ECDHE:@SECLEVEL=0", tlsname.HelloWide12,
			chain.Outcome{Version: "TLS 1.2", Group: "X25519", SignatureID: 0x0203}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cert, key, want := ec, ecKeyFile, ecChain
			if tt.rsa {
				cert, key, want = rsa, rsaKeyFile, rsaChain
			}
			target := openssl(t, cert, key, strings.Fields(tt.args)...)
			observations, blobs := probed(target, ask.Plan{})
			obs := last(observations)
			wantChain(t, obs, blobs, want.Certificate)
			o := obs.Outcome
			if obs.Hello != tt.hello || !o.OK {
				t.Errorf("hello %s: %+v", obs.Hello, o)
			}
			if o.Version != tt.want.Version || tt.want.Suite != "" && o.Suite != tt.want.Suite || o.Group != tt.want.Group ||
				o.DHBits != tt.want.DHBits || o.HelloRetry != tt.want.HelloRetry || o.SignatureID != tt.want.SignatureID {
				t.Errorf("got  %+v\nwant %+v", o, tt.want)
			}
			if o.KeyProof != "verified" {
				t.Errorf("key proof %q", o.KeyProof)
			}
			for _, before := range observations[:len(observations)-1] {
				if strings.HasPrefix(before.Outcome.Suite, "TLS_RSA_") { // which is why the last one was said
					continue
				}
				if before.Outcome.OK || before.Outcome.ErrorKind != "tls" || len(before.Sent) > 0 {
					t.Errorf("before it, %s: %+v", before.Hello, before.Outcome)
				}
			}
		})
	}
}

// Keys that crypto/tls cannot talk to at all.
func TestProbeOddKeys(t *testing.T) {
	program(t, "openssl")
	dir := t.TempDir()
	for _, tt := range []struct {
		name, newkey, args string
		proof              string
	}{
		{"Ed448", "-newkey ed448", "", "not checkable: "},
		{"Ed25519", "-newkey ed25519", "", "verified"},
		{"secp256k1", "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1", "", "not checkable: "},
		{"brainpool", "-newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1", "", "not checkable: "},
		{"P-224", "-newkey ec -pkeyopt ec_paramgen_curve:P-224", "-cipher ALL:@SECLEVEL=0", "verified"},
		{"RSA-PSS", "-newkey rsa-pss -pkeyopt rsa_keygen_bits:2048", "", "verified"},
		{"RSA 512", "-newkey rsa:512", "-tls1_2 -cipher ALL:@SECLEVEL=0", "verified"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cert, key := selfSigned(t, dir, strings.ReplaceAll(tt.name, " ", "-"), strings.Fields(tt.newkey)...)
			target := openssl(t, cert, key, strings.Fields(tt.args)...)
			observations, blobs := probed(target, ask.Plan{})
			obs := last(observations)
			if len(obs.Sent) == 0 || len(blobs[obs.Sent[0]]) == 0 {
				t.Fatalf("no chain: %+v", obs.Outcome)
			}
			if !strings.HasPrefix(string(obs.Outcome.KeyProof), tt.proof) || !obs.Outcome.OK {
				t.Errorf("%s: %+v", obs.Hello, obs.Outcome)
			}
		})
	}
}

func TestProbeDSA(t *testing.T) {
	program(t, "openssl")
	dir := t.TempDir()
	params := filepath.Join(dir, "dsa.params")
	opensslMake(t, "dsaparam", "-out", params, "1024")
	cert, key := selfSigned(t, dir, "dsa", "-newkey", "dsa:"+params)
	observations, _ := probed(openssl(t, cert, key, "-tls1_2", "-cipher", "ALL:@SECLEVEL=0"), ask.Plan{})
	obs := last(observations)
	if len(obs.Sent) == 0 || obs.Hello != tlsname.HelloWide12 || !strings.Contains(obs.Outcome.Suite, "_DSS_") || obs.Outcome.KeyProof != "verified" {
		t.Errorf("%s: %+v", obs.Hello, obs.Outcome)
	}
}

// A certificate that crypto/x509 cannot parse is shown, and the key it holds
// is still found and proved.
func TestUnparsableCertificate(t *testing.T) {
	program(t, "openssl")
	ca := newTestCA(t, "unparsable")
	chain := ca.chain(t, "negative.test", rsaKey(t, 2048), nil)
	leaf := chain.Certificate[0]
	const version3 = "\xa0\x03\x02\x01\x02\x02"                         // and the tag of the serial number, which its length follows
	leaf[strings.Index(string(leaf), version3)+len(version3)+1] |= 0x80 // a negative serial number
	cert, key := files(t, t.TempDir(), "negative", chain)
	for _, version := range []string{"-tls1_2", "-tls1_3"} {
		observations, blobs := probed(openssl(t, cert, key, version), ask.Plan{})
		if len(observations) != 1 {
			t.Errorf("%d handshakes", len(observations))
		}
		wantChain(t, observations[0], blobs, chain.Certificate)
		if o := observations[0].Outcome; !o.OK || o.KeyProof != "verified" {
			t.Errorf("%s: %+v", version, o)
		}
	}
}

func TestPSKOnly(t *testing.T) {
	for _, cipher := range []string{"kPSK", "kDHEPSK", "ECDHE-PSK-CHACHA20-POLY1305"} {
		target := openssl(t, "", "", "-nocert", "-psk", "1a2b3c4d", "-tls1_2", "-cipher", cipher)
		observations, _ := probed(target, ask.Plan{})
		obs := last(observations)
		if obs.Hello != tlsname.HelloPSK || obs.Outcome.OK || len(obs.Sent) != 0 || !strings.Contains(obs.Outcome.Suite, "PSK") ||
			!strings.Contains(obs.Outcome.Error, "pre-shared key") {
			t.Errorf("%s: %s %+v", cipher, obs.Hello, obs.Outcome)
		}
	}
}

func TestStaplePassedOn(t *testing.T) {
	ca := newTestCA(t, "staple")
	dir := t.TempDir()
	cert, key := files(t, dir, "leaf", ca.chain(t, "staple.test", ecKey(t, elliptic.P256(), "staple"), nil))
	// The smallest OCSPResponse: status tryLater, no bytes.
	response := []byte{0x30, 0x03, 0x0a, 0x01, 0x03}
	file := filepath.Join(dir, "response.der")
	if err := os.WriteFile(file, response, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"-tls1_2", "-tls1_3"} {
		obs, _ := asked(t, openssl(t, cert, key, version, "-status_file", file), tlsname.HelloATS)
		if string(obs.Staples[0]) != string(response) {
			t.Errorf("%s: staples %x", version, obs.Staples)
		}
	}
}
