package chain_test

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestPurposeOfTheQuestion: a rule that says nothing about clients is not asked
// of one, and the advice is the purpose's.
func TestPurposeOfTheQuestion(t *testing.T) {
	m := fixture(t)
	rule := incomplete()
	rule.Advice = []chain.Advice{{Who: "server administrator", Text: "send it"}, {Who: "client", Text: "send it", For: chain.ForClient}}
	servers := incomplete()
	servers.ID, servers.Applies.NotFor = "test-servers", chain.PurposeClient
	for purpose, want := range map[chain.Purpose]struct {
		fix      string
		findings int
	}{chain.PurposeServer: {"server administrator: send it", 2}, chain.PurposeAny: {"server administrator: send it", 2}, chain.PurposeClient: {"client: send it", 1}} {
		in := input(m, chain.NewAnchors(chain.StoreInfo{}), "leaf")
		in.Question.Purpose = purpose
		r := evaluate(profile(), in, rule, servers)
		if len(r.Findings) != want.findings || r.Findings[0].Fix != want.fix {
			t.Errorf("%s: %+v", purpose, r.Findings)
		}
	}
}
