package report

import (
	"errors"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestIdentityItemsAreNumberedApart: a finding about the identity's certificate
// is not laid to the server's of the same number, in any format.
func TestIdentityItemsAreNumberedApart(t *testing.T) {
	zero := 0
	r := &chain.Report{Target: "h:443", Verdict: chain.Untrusted, Levels: []chain.LevelReport{{Level: chain.LevelIdentity, Verdict: chain.Fail}},
		Items:    []chain.ItemReport{{Subject: "CN=the server", Origin: chain.OriginSent}},
		Identity: &chain.IdentityReport{Items: []chain.ItemReport{{Subject: "CN=alice", Origin: chain.OriginFile}}},
		Findings: []chain.Finding{{Rule: "mtls-x", Level: chain.LevelIdentity, Severity: chain.Error, Status: chain.Broken, Item: &zero,
			List: "identity", Message: "m"}}}
	for _, format := range []string{"text", "sarif", "junit", "github", "gcc", "markdown", "html"} {
		var b strings.Builder
		rep, err := New(format, &b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(rep.Begin(), rep.Report(r), rep.End()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "identity item 0") || !strings.Contains(b.String(), "alice") {
			t.Errorf("%s lays it to another certificate:\n%s", format, b.String())
		}
	}
}
