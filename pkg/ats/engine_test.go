package ats

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// anchored stands in for the rules of level 1: a path has to end at an anchor.
func anchored() chain.Book {
	return chain.Book{{ID: "basic-anchor-not-trusted", Level: chain.LevelX509, Title: "t", Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		if p.End == chain.Anchored {
			return nil
		}
		return []chain.Hit{{Message: "not anchored"}}
	})}}
}

var clock = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// issue makes a CA and a leaf for example.com.
func issue(t *testing.T) (root, leaf []byte) {
	t.Helper()
	made := testpki.Must(t, map[string]testpki.Recipe{"root": {Subject: "CN=Test CA", CA: true}, "leaf": {Issuer: "root", DNS: []string{"example.com"}}}, clock)
	return made["root"].DER, made["leaf"].DER
}

func evaluate(o chain.Observation, settings *chain.AppSettings, leaf []byte, anchors ...*chain.Anchor) *chain.Report {
	return evaluateFor("urlsession", o, settings, leaf, anchors...)
}

// evaluateFor is evaluate for another client than URLSession.
func evaluateFor(who string, o chain.Observation, settings *chain.AppSettings, leaf []byte, anchors ...*chain.Anchor) *chain.Report {
	sum := sha256.Sum256(leaf)
	key := hex.EncodeToString(sum[:])
	o.Sent = []string{key}
	e := chain.NewEvaluator(chain.ProfileByName("apple"), chain.NewMemory(16), anchored(), Rules())
	e.Hooks[chain.LevelATS] = chain.LevelHook{Applies: Applies, Reason: Reason}
	e.Strict = Required
	e.Annotators = append(e.Annotators, Annotate)
	return e.Evaluate(chain.Input{
		Capture: &chain.Capture{Target: "example.com:443", Blobs: map[string][]byte{key: leaf}, Observations: []chain.Observation{o}},
		Question: chain.Question{Time: clock, Name: "example.com", NameKind: chain.NameDNS, Purpose: chain.PurposeServer,
			Platform: "ios26", For: who, MaxDepth: -1, AppSettings: settings},
		Anchors: chain.NewAnchors(chain.StoreInfo{Name: "test"}, anchors...),
	})
}

func level(r *chain.Report) chain.LevelReport {
	i := slices.IndexFunc(r.Levels, func(l chain.LevelReport) bool { return l.Level == chain.LevelATS })
	return r.Levels[i]
}

func finding(r *chain.Report, rule string) *chain.Finding {
	for i := range r.Findings {
		if r.Findings[i].Rule == rule {
			return &r.Findings[i]
		}
	}
	return nil
}

func TestLoosenedTrustInTheEngine(t *testing.T) {
	root, leaf := issue(t)
	app, installed := chain.NewAnchor(root, chain.App, "app"), chain.NewAnchor(root, chain.Installed, "installed")

	r := evaluate(good13, nil, leaf, installed)
	if r.Verdict != chain.Trusted || level(r).Reason != "TLS 1.3, for URLSession" {
		t.Errorf("installed: %s, %+v, %+v", r.Verdict, level(r), r.Findings)
	}
	r = evaluate(good13, nil, leaf, app)
	f := finding(r, "ats-loosened-trust")
	if r.Verdict != chain.Untrusted || level(r).Verdict != chain.Fail || f == nil {
		t.Fatalf("app anchor: %s, %+v, %+v", r.Verdict, level(r), r.Findings)
	}
	if !f.Advice[1].Checked || f.Codes == nil || f.Codes.URL != -1200 || f.Codes.SSL != -9802 {
		t.Errorf("app anchor: checked %v, codes %+v", f.Advice, f.Codes)
	}
	if r.ATS == nil || r.ATS.Exception == nil || r.ATS.Exception.Keys[keyInsecureHTTP] != true {
		t.Errorf("app anchor: %+v", r.ATS)
	}
	r = evaluate(good13, atsSettings(domain("example.com", dict{keyInsecureHTTP: true})), leaf, app)
	if r.Verdict != chain.Trusted || finding(r, "ats-off") == nil {
		t.Errorf("with the exception: %s, %+v", r.Verdict, r.Findings)
	}
	r = evaluate(chain.Observation{Transport: "file"}, nil, leaf, app)
	if level(r).Verdict != chain.Fail || finding(r, "ats-loosened-trust") == nil {
		t.Errorf("a file with an app anchor: %+v", level(r))
	}
	r = evaluate(chain.Observation{Transport: "file"}, nil, leaf, installed)
	if level(r).Verdict != chain.NotApplicable || level(r).Reason == "" {
		t.Errorf("a file: %+v", level(r))
	}
}

func TestExceptionIsTriedInTheEngine(t *testing.T) {
	root, leaf := issue(t)
	o := hello("apple-tls10", "TLS 1.1", 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "P-256", 0)
	r := evaluate(o, nil, leaf, chain.NewAnchor(root, chain.Installed, "installed"))
	f := finding(r, "ats-tls-version")
	if f == nil || !f.Advice[1].Checked || r.ATS.Exception == nil || r.ATS.Exception.Keys[keyMinimumTLS] != "TLSv1.1" {
		t.Fatalf("finding %+v, ats %+v", f, r.ATS)
	}
	const unreached = "; the chain is trusted, but a device gets no connection"
	if !strings.HasSuffix(r.Headline, "(level 3)"+unreached) {
		t.Errorf("headline %q", r.Headline)
	}
	if h := evaluate(o, nil, leaf).Headline; strings.HasSuffix(h, unreached) {
		t.Errorf("no anchor: headline %q", h)
	}
	if h := evaluate(good13, nil, leaf, chain.NewAnchor(root, chain.App, "app")).Headline; strings.HasSuffix(h, unreached) {
		t.Errorf("the app's anchor: headline %q", h)
	}
	s := atsSettings(domain("example.com", r.ATS.Exception.Keys))
	if r := evaluate(o, s, leaf, chain.NewAnchor(root, chain.Installed, "installed")); r.Verdict != chain.Trusted {
		t.Errorf("with the exception: %s, %+v", r.Verdict, r.Findings)
	}
}

func TestKeySize(t *testing.T) {
	for _, tc := range []struct {
		key    x509read.PublicKey
		issued bool // by an anchor, instead of being one
		want   bool
	}{
		{x509read.PublicKey{Type: x509read.RSA, Bits: 2048}, false, false},
		{x509read.PublicKey{Type: x509read.RSA, Bits: 2041}, false, false}, // 256 octets
		{x509read.PublicKey{Type: x509read.RSA, Bits: 2040}, false, true},
		{x509read.PublicKey{Type: x509read.RSA, Bits: 1024}, true, false}, // level 1 explains it
		{x509read.PublicKey{Type: x509read.ECDSA, Bits: 256}, false, false},
		{x509read.PublicKey{Type: x509read.ECDSA, Bits: 224}, false, true},
		{x509read.PublicKey{Type: x509read.Ed25519, Bits: 256}, false, false},
	} {
		it := item(0, 1)
		it.Cert.PublicKey = tc.key
		it.Anchor = &chain.Anchor{Kind: chain.Installed}
		c := caseOf(func(c *chain.Case) {
			c.Items = []*chain.Item{it}
			if tc.issued {
				c.Items = append(c.Items, item(1, 2))
			}
			c.Paths = []*chain.Path{{Items: c.Items, End: chain.Anchored, Anchor: it.Anchor}}
		}, good13)
		if _, got := fire(c)["ats-key-size"]; got != tc.want {
			t.Errorf("%s %d: %v", tc.key.Type, tc.key.Bits, got)
		}
	}
}

func TestSignatureHash(t *testing.T) {
	caKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, NotBefore: clock, NotAfter: clock.AddDate(1, 0, 0)}
	for algorithm, want := range map[x509read.OID]bool{x509read.OIDSHA224WithRSA: true, x509read.OIDSHA1WithRSA: true,
		x509read.OIDSHA256WithRSA: false, x509read.OIDSHA384WithRSA: false, x509read.OIDEd25519: false} {
		tmpl := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "leaf"}, NotBefore: clock, NotAfter: clock.AddDate(0, 1, 0)}
		der, err := x509.CreateCertificate(rand.Reader, tmpl, ca, &caKey.PublicKey, caKey)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509read.Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		cert.Signature.OID = algorithm
		it := &chain.Item{Origin: chain.OriginSent, Cert: cert, Repeats: -1}
		check := func(at chain.Place) bool {
			for _, r := range Rules() {
				if r.ID == "ats-signature-hash" {
					return len(r.Check.(chain.PerItem)(caseOf(nil, good13), it, at)) > 0
				}
			}
			t.Fatal("no such rule")
			return false
		}
		if got := check(chain.Place{Leaf: true}); got != want {
			t.Errorf("%s: %v, want %v", algorithm.Name(), got, want)
		}
		if check(chain.Place{Anchor: true}) {
			t.Errorf("%s: the anchor's own signature is not relied on", algorithm.Name())
		}
	}
}
