package report

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestElsewhere: the line says whether other clients come to the same answer, and of
// what parts them whether this report knows it, too, and minds it less.
func TestElsewhere(t *testing.T) {
	row := func(client, label string, verdict chain.Verdict, rule string) chain.ClientVerdict {
		return chain.ClientVerdict{Client: client, Label: label, Verdict: verdict, Rule: rule}
	}
	apple, go1 := row("apple", "iOS 26", chain.Trusted, ""), row("go", "Go", chain.Untrusted, "mtls-required-no-identity")
	for _, c := range []struct {
		name    string
		clients []chain.ClientVerdict
		finding chain.Finding
		want    string
	}{
		{"another rule", []chain.ClientVerdict{apple, row("go", "Go", chain.Untrusted, "basic-anchor-not-trusted")}, chain.Finding{},
			"all others: not trusted (basic-anchor-not-trusted)"},
		{"a warning here", []chain.ClientVerdict{apple, go1}, chain.Finding{Rule: "mtls-required-no-identity", Severity: chain.Warning},
			"all others: not trusted (mtls-required-no-identity, a warning here)"},
		{"a note here, and one that agrees", []chain.ClientVerdict{apple, go1, row("java", "Java 17", chain.Trusted, "")},
			chain.Finding{Rule: "mtls-required-no-identity", Severity: chain.Note},
			"Go: not trusted (mtls-required-no-identity, a note here); Java 17: trusted"},
		{"all agree", []chain.ClientVerdict{apple, row("go", "Go", chain.Trusted, "")}, chain.Finding{}, "all clients agree: trusted"},
	} {
		r := &chain.Report{Profile: "apple", Verdict: chain.Trusted, Clients: c.clients, Findings: []chain.Finding{c.finding}}
		if got := elsewhereSentence(r); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
