package ats

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// What a server with a P-521 key does in TLS 1.2, asked for that alone, explains
// nothing: it picks TLS 1.3 where a hello offers both.
func TestDiagnosisOfTheHighestVersion(t *testing.T) {
	key := func(c *chain.Case) {
		it := item(0, 1)
		it.Cert.PublicKey = x509read.PublicKey{Type: x509read.ECDSA, Curve: "P-521"}
		c.Items = []*chain.Item{it}
	}
	only12 := hello("apple-only-tlsname.TLS12", "TLS 1.2", 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "X25519", 0x0403)
	wide13 := hello("wide-tlsname.TLS13", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519", 0x0603)
	for name, obs := range map[string][]chain.Observation{
		"one handshake":   {noHello, wide13},
		"every version":   {noHello, refusal("apple-only-tlsname.TLS13", 40), only12, refusal("apple-static-rsa", 40), wide13},
		"the other order": {noHello, wide13, only12},
	} {
		got := fire(caseOf(key, obs...))
		only(t, name, got, "ats-signature-algorithm")
		if !strings.Contains(got["ats-signature-algorithm"].Message, "in TLS 1.3 the key of {item}, P-521") {
			t.Errorf("%s: %q", name, got["ats-signature-algorithm"].Message)
		}
	}
}

// Where App Transport Security does not apply, a handshake that comes to nothing
// fails level 1, and level 3 stays out of it.
func TestHandshakeWithoutATS(t *testing.T) {
	root, leaf := issue(t)
	installed := chain.NewAnchor(root, chain.Installed, "installed")
	old := hello("apple-default", "TLS 1.1", 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "P-256", 0)
	for _, tc := range []struct {
		name      string
		who       string
		o         chain.Observation
		x509, ats chain.LevelVerdict
	}{
		{"URLSession, below the floor", "urlsession", old, chain.Pass, chain.Fail},
		{"Network.framework, below the floor", forNetwork, old, chain.Fail, chain.NotApplicable},
		{"Network.framework", forNetwork, good13, chain.Pass, chain.NotApplicable},
	} {
		r := evaluateFor(tc.who, tc.o, nil, leaf, installed)
		if r.Levels[0].Verdict != tc.x509 || level(r).Verdict != tc.ats {
			t.Errorf("%s: %+v", tc.name, r.Levels)
		}
		failed := tc.x509 == chain.Fail || tc.ats == chain.Fail
		if (r.Verdict == chain.Untrusted) != failed || strings.HasSuffix(r.Headline, "a device gets no connection") != failed {
			t.Errorf("%s: %s, %q", tc.name, r.Verdict, r.Headline)
		}
		if strings.Contains(r.Headline, "(level 1, at the handshake);") != (tc.x509 == chain.Fail) {
			t.Errorf("%s: %q", tc.name, r.Headline)
		}
		if f := finding(r, "ats-tls-version"); failed && (f.Level == chain.LevelX509) != (tc.x509 == chain.Fail) {
			t.Errorf("%s: level %s", tc.name, f.Level)
		}
	}
}
