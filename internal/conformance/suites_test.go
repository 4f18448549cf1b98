package conformance

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/basic"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
)

// suite says how one is judged.
type suite struct {
	name    string
	profile string
}

var suites = []suite{
	{"limbo", "webpki"}, {"bettertls", "rfc"}, {"pkits", "rfc"}, {"openssl", "rfc"}, {"x509test", "rfc"}, {"badssl", "rfc"},
}

func evaluator(profile string) *chain.Evaluator {
	return chain.NewEvaluator(chain.ProfileByName(profile), chain.NewMemory(4096), basic.Rules, hostname.Rules)
}

// TestSuites judges every suite and prints the table.
func TestSuites(t *testing.T) {
	directory(t)
	used := map[string]bool{}
	for _, s := range suites {
		t.Run(s.name, func(t *testing.T) {
			cases := readSuite(t, s.name)
			e := evaluator(s.profile)
			right, judged, excused := 0, 0, 0
			for i := range cases {
				c := &cases[i]
				if c.Expected == "weak" {
					continue // either answer is the user's choice
				}
				judged++
				r := e.Evaluate(c.input(t))
				if (r.Verdict == chain.Trusted) == (c.Expected == "valid") {
					right++
					continue
				}
				if reason := exceptions[c.ID]; reason != "" {
					used[c.ID] = true
					excused++
					continue
				}
				t.Errorf("%s: want %s (%s), got %s: %s", c.ID, c.Expected, c.Why, r.Verdict, errorsOf(r))
			}
			t.Logf("%-10s %-7s %4d of %4d right, %d excepted", s.name, s.profile, right, judged, excused)
		})
	}
	for id := range exceptions {
		if name, _, _ := strings.Cut(id, "/"); !used[id] {
			t.Errorf("the exception %s (%s) is stale: the case is judged as its suite wants", id, name)
		}
	}
}

// errorsOf lists what an untrusted report rests on.
func errorsOf(r *chain.Report) string {
	var out []string
	for _, f := range r.Findings {
		if f.Severity == chain.Error {
			out = append(out, fmt.Sprintf("%s (%s)", f.Rule, f.Message))
		}
	}
	sort.Strings(out)
	if os.Getenv("CHAINSPECT_VERBOSE") == "" && len(out) > 3 {
		out = append(out[:3], "…")
	}
	return strings.Join(out, "; ")
}

// exceptions are cases we judge otherwise than their suite, each with the reason.
var exceptions = map[string]string{}
