package rulebook

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/client"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// TestClientNames: a name stands for all its rows, and a near miss is named.
func TestClientNames(t *testing.T) {
	if all, err := Clients("all"); err != nil || len(all) < 20 {
		t.Errorf("all: %d rows, %v", len(all), err)
	}
	if some, err := Clients("java, go"); err != nil || len(some) != 4 {
		t.Errorf("java, go: %d rows, %v", len(some), err)
	}
	if none, err := Clients("none"); err != nil || none != nil {
		t.Errorf("none: %v, %v", none, err)
	}
	if _, err := Clients("chrom"); err == nil || !strings.Contains(err.Error(), "chrome") {
		t.Errorf("chrom: %v", err)
	}
}

// TestCells: each names a rule that there is, says where it is from, and no two of
// a table contradict each other; each row has a hello that there is.
func TestCells(t *testing.T) {
	for _, k := range client.Clients() {
		if _, ok := tlsname.HelloNamed(k.Hello); k.Hello != "" && !ok {
			t.Errorf("%s %s: there is no hello %s", k.Name, k.Version, k.Hello)
		}
		for _, s := range k.Shows {
			known(t, k.Label, s.On)
		}
		for _, table := range k.Tables {
			seen := map[string]client.Answer{}
			for _, c := range table.Cells() {
				known(t, table.Name, c.On)
				if c.From.Text == "" || c.From.Confidence == "" {
					t.Errorf("%s: %s has no source", table.Name, c.On)
				}
				if c.Says == client.Limits && c.Min == 0 && c.Max == 0 {
					t.Errorf("%s: %s has no limit", table.Name, c.On)
				}
				if before, ok := seen[c.On]; ok && before != c.Says {
					t.Errorf("%s: %s is said twice, and differently", table.Name, c.On)
				}
				seen[c.On] = c.Says
			}
		}
	}
}

func known(t *testing.T, where, on string) {
	t.Helper()
	id, _, _ := strings.Cut(on, "@")
	id, _, _ = strings.Cut(id, "/")
	if prefix, star := strings.CutSuffix(id, "*"); star {
		for _, r := range RuleIDs() {
			if strings.HasPrefix(r, prefix) {
				return
			}
		}
	} else if Rule(id) != nil {
		return
	}
	t.Errorf("%s: there is no rule %s", where, on)
}

// TestPanelOfNobody: without a path every client refuses, and nothing panics.
func TestPanelOfNobody(t *testing.T) {
	memory := chain.NewMemory(16)
	p := Panel(memory, (&Assembly{Profile: chain.ProfileByName("apple"), Memory: memory}).Evaluator)
	r := &chain.Report{}
	p.Annotate(chain.Input{Capture: &chain.Capture{}, Question: Question(), Anchors: chain.NewAnchors(chain.StoreInfo{Name: "none"})}, nil, r, "",
		client.Clients())
	for _, v := range r.Clients {
		if v.Verdict == chain.Trusted {
			t.Errorf("%s trusts nothing at all", v.Label)
		}
	}
}
