package fetch

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// The request is the one that x/crypto/ocsp makes, octet for octet.
func TestOCSPRequest(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, serial := range []int64{1, 127, 128, 1 << 60} {
		tmpl := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "OCSP"}, NotBefore: time.Now(),
			NotAfter: time.Now().Add(time.Hour)}
		der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		theirs, _ := x509.ParseCertificate(der)
		ours, _ := x509read.Parse(der)
		want, err := ocsp.CreateRequest(theirs, theirs, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ocspRequest(ours, ours); err != nil || !slices.Equal(got, want) {
			t.Errorf("serial %d: %x, want %x (%v)", serial, got, want, err)
		}
	}
}

func TestUsable(t *testing.T) {
	many := make([]string, MaxAddresses+1)
	for i := range many {
		many[i] = "http://ca.test/" + string(rune('a'+i))
	}
	for _, tt := range []struct {
		list, want []string
	}{
		{[]string{"http://a.test/x", "http://a.test/x"}, []string{"http://a.test/x"}},
		{[]string{"https://a.test/x", "ldap://a.test/x", "file:///x", "http:///x", "%%", "http://a.test/" + strings.Repeat("x", MaxURL)}, nil},
		{many[:5], many[:MaxPerItem]},
		{many, nil},
	} {
		if got := usable(tt.list, "http"); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.list, got, tt.want)
		}
	}
	if got := usable([]string{"https://a.test/x"}, "http", "https"); len(got) != 1 {
		t.Errorf("%q", got)
	}
}
