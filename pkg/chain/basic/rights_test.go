package basic

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func number(n int) *int { return &n }

// TestLinks: signature, names and key identifiers between an item and its issuer.
func TestLinks(t *testing.T) {
	run(t, []story{
		{name: "signed by another key", recipes: with(recipes{"leaf": {Issuer: "sub", SignedBy: "other"}}), want: "error:basic-signature"},
		{name: "signed by another key, no identifiers", recipes: with(recipes{"leaf": {Issuer: "sub", SignedBy: "other", NoKeyIDs: true}}),
			want: "error:basic-signature"},
		{name: "root of the same name and another key", recipes: with(recipes{"fake": {CA: true, Subject: "CN=root"}}), anchors: "fake",
			want: "error:basic-signature"},
		{name: "two intermediates of one name, one with the right key", recipes: with(recipes{"wrong": {CA: true, Subject: "CN=sub", Issuer: "root"}}),
			sent: "leaf wrong sub", want: "note:basic-unrelated"},
		{name: "identifier of the issuer changed", recipes: with(recipes{
			"sub":  {CA: true, Issuer: "root", KeyID: "0102030405060708"},
			"sent": {CA: true, Issuer: "root", Subject: "CN=sub", KeyOf: "sub", KeyID: "0102030405060709"},
		}), sent: "leaf sent", want: "error:basic-key-identifier"},
		{name: "identifiers equal", recipes: with(recipes{"sub": {CA: true, Issuer: "root", KeyID: "0102030405060708"}})},
		{name: "issuer's name in another case", recipes: with(recipes{
			"sub":  {CA: true, Issuer: "root", Subject: "CN=Issuing CA"},
			"sent": {CA: true, Issuer: "root", Subject: "CN=ISSUING  ca", KeyOf: "sub"},
		}), sent: "leaf sent"},
		{name: "issuer's name another one", recipes: with(recipes{
			"sub":  {CA: true, Issuer: "root", Subject: "CN=Issuing CA"},
			"sent": {CA: true, Issuer: "root", Subject: "CN=Issuing CA 2", KeyOf: "sub"},
		}), sent: "leaf sent", want: "error:basic-name-chaining"},
	})
}

// TestIssuers: what a certificate must say to issue others.
func TestIssuers(t *testing.T) {
	run(t, []story{
		{name: "no basicConstraints",
			recipes: with(recipes{"sub": {Issuer: "root", NoBasic: true, KeyUsage: []string{"keyCertSign"}, EKU: []string{"-"}}}), want: "error:basic-not-ca"},
		{name: "leaf as issuer", recipes: with(recipes{"sub": {Issuer: "root"}}), want: "error:basic-not-ca"},
		{name: "anchor without basicConstraints",
			recipes: with(recipes{"root": {NoBasic: true, KeyUsage: []string{"keyCertSign"}, EKU: []string{"-"}}}), want: "error:basic-not-ca"},
		{name: "without keyCertSign", recipes: with(recipes{"sub": {CA: true, Issuer: "root", KeyUsage: []string{"cRLSign"}}}),
			want: "error:basic-key-cert-sign"},
		{name: "without keyUsage", recipes: with(recipes{"sub": {CA: true, Issuer: "root", KeyUsage: []string{"-"}}})},
		{name: "path length 0 over one", recipes: with(recipes{"root": {CA: true, PathLen: number(0)}}), want: "error:basic-path-length"},
		{name: "path length 1 over one", recipes: with(recipes{"root": {CA: true, PathLen: number(1)}})},
		{name: "path length 0 over the leaf", recipes: with(recipes{"sub": {CA: true, Issuer: "root", PathLen: number(0)}})},
		{name: "self-issued does not count", recipes: with(recipes{
			"sub":  {CA: true, Issuer: "root", PathLen: number(0)},
			"roll": {CA: true, Issuer: "sub", Subject: "CN=sub"},
			"leaf": {Issuer: "roll"},
		}), sent: "leaf roll sub"},
		{name: "depth 1 of 1", ask: func(q *chain.Question) { q.MaxDepth = 1 }},
		{name: "depth 1 of 0", ask: func(q *chain.Question) { q.MaxDepth = 0 }, want: "error:basic-path-length"},
	})
}

// TestUsages: key usage and extended key usage.
func TestUsages(t *testing.T) {
	client := func(q *chain.Question) { q.Purpose = chain.PurposeClient }
	run(t, []story{
		{name: "client certificate on a server", recipes: with(recipes{"leaf": {Issuer: "sub", EKU: []string{"clientAuth"}}}), want: "error:basic-eku"},
		{name: "server certificate as client", ask: client, want: "error:basic-eku"},
		{name: "client certificate as client", ask: client, recipes: with(recipes{"leaf": {Issuer: "sub", EKU: []string{"clientAuth"}}})},
		{name: "no extended key usage", recipes: with(recipes{"leaf": {Issuer: "sub", EKU: []string{"-"}}})},
		{name: "any purpose asked", ask: func(q *chain.Question) { q.Purpose = chain.PurposeAny },
			recipes: with(recipes{"leaf": {Issuer: "sub", EKU: []string{"codeSigning"}}})},
		{name: "further purpose asked", ask: func(q *chain.Question) { q.EKU = []x509read.OID{x509read.OIDClientAuth} }, want: "error:basic-eku"},
		{name: "intermediate limited to clients", recipes: with(recipes{"sub": {CA: true, Issuer: "root", EKU: []string{"clientAuth"}}}),
			want: "error:basic-eku"},
		{name: "intermediate limited to servers", recipes: with(recipes{"sub": {CA: true, Issuer: "root", EKU: []string{"serverAuth"}}})},
		{name: "root limited to clients", recipes: with(recipes{"root": {CA: true, EKU: []string{"clientAuth"}}}), want: "error:basic-anchor-eku"},
		{name: "another certificate of a limited anchor", recipes: with(recipes{
			"limited": {CA: true, Issuer: "root", Subject: "CN=sub", KeyOf: "sub", EKU: []string{"clientAuth"}},
		}), anchors: "root limited", want: "error:basic-anchor-eku"},
		{name: "key for certificates only", recipes: with(recipes{"leaf": {Issuer: "sub", KeyUsage: []string{"cRLSign"}}}), want: "error:basic-key-usage"},
		{name: "key for encryption", recipes: with(recipes{"leaf": {Issuer: "sub", KeyUsage: []string{"keyEncipherment"}}}), want: "warning:basic-key-usage"},
		{name: "key for encryption, client", ask: client,
			recipes: with(recipes{"leaf": {Issuer: "sub", EKU: []string{"clientAuth"}, KeyUsage: []string{"keyEncipherment"}}}), want: "error:basic-key-usage"},
	})
}

// TestExtensions: unknown critical ones, and repeated ones.
func TestExtensions(t *testing.T) {
	unknown := func(critical bool) []testpki.Extra {
		return []testpki.Extra{{OID: "1.3.6.1.4.1.55555.1", Critical: critical, Hex: "0500"}}
	}
	twice := []testpki.Extra{{OID: "1.3.6.1.4.1.55555.1", Hex: "0500"}, {OID: "1.3.6.1.4.1.55555.1", Hex: "0500"}}
	run(t, []story{
		{name: "leaf critical", recipes: with(recipes{"leaf": {Issuer: "sub", Extra: unknown(true)}}), want: "error:basic-critical-extension"},
		{name: "leaf not critical", recipes: with(recipes{"leaf": {Issuer: "sub", Extra: unknown(false)}})},
		{name: "intermediate critical", recipes: with(recipes{"sub": {CA: true, Issuer: "root", Extra: unknown(true)}}),
			want: "error:basic-critical-extension"},
		{name: "root critical", recipes: with(recipes{"root": {CA: true, Extra: unknown(true)}}), want: "error:basic-anchor-extension"},
		{name: "precertificate",
			recipes: with(recipes{"leaf": {Issuer: "sub",
				Extra: []testpki.Extra{{OID: "1.3.6.1.4.1.11129.2.4.3", Critical: true, Hex: "0500"}}}}), want: "error:basic-critical-extension"},
		{name: "repeated", recipes: with(recipes{"leaf": {Issuer: "sub", Extra: twice}}), want: "error:basic-duplicate-extension"},
		{name: "name constraint", recipes: with(recipes{"sub": {CA: true, Issuer: "root", Permitted: []string{"example.org"}}}),
			want: "error:basic-name-constraints"},
		{name: "name constraint kept",
			recipes: with(recipes{"sub": {CA: true, Issuer: "root", Permitted: []string{"example.com"}, Excluded: []string{"mail.example.com"}}})},
		{name: "policy demanded", ask: func(q *chain.Question) { q.Policy.Explicit = true }, want: "error:basic-policy"},
	})
}

// TestSHA1: from 2017 on, and not for the root's signature under its own key.
func TestSHA1(t *testing.T) {
	old := clock.AddDate(-20, 0, 0)
	signed := with(recipes{"leaf": {Issuer: "sub", Hash: "sha1", NotBefore: old}, "sub": {CA: true, Issuer: "root", NotBefore: old},
		"root": {CA: true, NotBefore: old}})
	limit := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	run(t, []story{
		{name: "now", recipes: signed, want: "error:basic-sha1"},
		{name: "first second", recipes: signed, ask: at(0, limit), want: "error:basic-sha1"},
		{name: "last second before", recipes: signed, ask: at(-time.Second, limit)},
		{name: "root", recipes: with(recipes{"root": {CA: true, Hash: "sha1"}})},
	})
}

// TestKeys: the limits of key sizes and hashes, which no CA library makes any more.
func TestKeys(t *testing.T) {
	for _, c := range []struct {
		kind  x509read.KeyType
		bits  int
		fires bool
	}{
		{x509read.RSA, 1023, true}, {x509read.RSA, 1024, false}, {x509read.DSA, 1023, true}, {x509read.DSA, 1024, false},
		{x509read.ECDSA, 159, true}, {x509read.ECDSA, 160, false}, {x509read.Ed25519, 256, false}, {x509read.RSA, 0, false},
	} {
		it := &chain.Item{Cert: &x509read.Certificate{PublicKey: x509read.PublicKey{Type: c.kind, Bits: c.bits}}}
		if hits := rule(t, "basic-weak-key").Check.(chain.PerCertificate)(it, chain.Place{}); len(hits) > 0 != c.fires {
			t.Errorf("%s %d: %v", c.kind, c.bits, hits)
		}
	}
	for oid, fires := range map[x509read.OID]bool{x509read.OIDMD5WithRSA: true, x509read.OIDMD2WithRSA: true, x509read.OIDSHA1WithRSA: false,
		x509read.OIDSHA256WithRSA: false} {
		l := &chain.Link{Child: &chain.Item{Cert: &x509read.Certificate{Signature: x509read.Algorithm{OID: oid}}}}
		if hits := rule(t, "basic-weak-hash").Check.(chain.PerLink)(nil, l); len(hits) > 0 != fires {
			t.Errorf("%s: %v", oid.Name(), hits)
		}
		l.Signature.Status, l.Issuer = x509read.NotCheckable, l.Child
		if hits := rule(t, "basic-signature-uncheckable").Check.(chain.PerLink)(nil, l); len(hits) != 1 {
			t.Errorf("%s not checkable: %v", oid.Name(), hits)
		}
	}
}

// TestFaults: what the reader found, and which rule answers for it.
func TestFaults(t *testing.T) {
	for code, want := range map[x509read.FaultCode]string{
		x509read.FaultTimeSyntax: "basic-unreadable", x509read.FaultKeySyntax: "basic-unreadable",
		x509read.FaultLengthNotMinimal: "basic-encoding", x509read.FaultTrailingTBS: "basic-encoding",
		x509read.FaultAlgorithmMismatch: "basic-signature-algorithm", x509read.FaultParametersMismatch: "basic-signature-algorithm",
		x509read.FaultECExplicit: "basic-key-parameters", x509read.FaultECImplicit: "basic-key-parameters",
		x509read.FaultSerialTooLong: "",
	} {
		it := &chain.Item{Cert: &x509read.Certificate{Faults: []x509read.Fault{{Code: code, Field: "subjectPublicKeyInfo", Message: "m"}}}}
		got := ""
		for _, id := range []string{"basic-unreadable", "basic-encoding", "basic-signature-algorithm", "basic-key-parameters"} {
			var hits []chain.Hit
			switch check := rule(t, id).Check.(type) {
			case chain.PerCertificate:
				hits = check(it, chain.Place{})
			case chain.PerItem:
				hits = check(&chain.Case{}, it, chain.Place{})
			}
			if len(hits) > 0 {
				got += id
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
}

func rule(t testing.TB, id string) *chain.Rule {
	t.Helper()
	for _, r := range Rules() {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("no rule %s", id)
	return nil
}
