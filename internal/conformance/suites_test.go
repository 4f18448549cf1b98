package conformance

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/suite"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/basic"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
	"github.com/chainspect/chainspect/pkg/chain/lint"
	"github.com/chainspect/chainspect/pkg/chain/revocation"
)

// judged says with which profile a suite is judged.
type judged struct {
	name    string
	profile string
}

var suites = []judged{
	{"limbo", "webpki"}, {"bettertls", "rfc"}, {"pkits", "rfc"}, {"openssl", "rfc"}, {"x509test", "rfc"}, {"badssl", "rfc"},
}

func evaluator(profile string) *chain.Evaluator {
	return chain.NewEvaluator(chain.ProfileByName(profile), chain.NewMemory(4096), basic.Rules(), hostname.Rules(), lint.Rules(), revocation.Rules())
}

// TestSuites judges every suite and prints the table. A case we judge otherwise
// than its suite has to stand among the exceptions, and every exception has to be one.
func TestSuites(t *testing.T) {
	suite.Dir(t)
	for _, s := range suites {
		t.Run(s.name, func(t *testing.T) {
			planned := map[string]*chain.Evaluator{}
			right, judged, excused, byProfile := 0, 0, 0, 0
			used := map[string]bool{}
			for _, c := range suite.Read[suiteCase](t, s.name) {
				if c.Expected == "weak" {
					continue // either answer is the user's choice
				}
				judged++
				profile := s.profile
				if byRFC5280[c.ID] != "" {
					profile, byProfile = "rfc", byProfile+1
				}
				if planned[profile] == nil {
					planned[profile] = evaluator(profile)
				}
				r := planned[profile].Evaluate(c.input(t))
				if (r.Verdict == chain.Trusted) == (c.Expected == "valid") {
					right++
					continue
				}
				x, ok := exceptions[s.name][c.ID]
				if !ok {
					t.Errorf("%s: want %s (%s), got %s: %s", c.ID, c.Expected, c.Why, r.Verdict, errorsOf(r))
					continue
				}
				used[c.ID] = true
				if !x.design {
					excused++
				}
			}
			for id, x := range exceptions[s.name] {
				if !used[id] {
					t.Errorf("the exception %s (%s) is stale: the case is judged as its suite wants", id, x.reason)
				}
			}
			if excused*100 > judged {
				t.Errorf("%d of %d cases are excepted, more than 1 %%", excused, judged)
			}
			if s.name == "limbo" && byProfile != len(byRFC5280) {
				t.Errorf("%d of %d cases that contradict their twins are in the suite", byProfile, len(byRFC5280))
			}
			t.Logf("%-10s %-7s %4d of %4d right, %d by design otherwise", s.name, s.profile, right, judged, len(used)-excused)
		})
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

// exception says why a case is judged otherwise than its suite wants; design
// marks a decision about what the product is.
type exception struct {
	design bool
	reason string
}

// byRFC5280 are the cases of limbo that contradict one of its own of the same
// shape (conflicts_with: webpki::…). The twin is the Baseline Requirements', which
// profile webpki follows; these are RFC 5280's, and are judged in profile rfc by
// the sentence that decides.
var byRFC5280 = map[string]string{
	// webpki::ca-as-leaf is invalid (Baseline Requirements 7.1.2.7.8).
	"rfc5280::ca-as-leaf": "section 4.2.1.9: \"The cA boolean indicates whether the certified public key may be used to verify certificate " +
		"signatures.\" It says nothing against another use.",
	// The leaf is a CA's too.
	"pathlen::validation-ignores-pathlen-in-leaf": "section 4.2.1.9: \"Note: The last certificate in the certification path is not an " +
		"intermediate certificate, and is not included in this limit.\"",
	// webpki::eku::ee-without-eku is invalid (Baseline Requirements 7.1.2.7.6).
	"rfc5280::eku::ee-without-eku": "section 4.2.1.12: \"If the extension is present, then the certificate MUST only be used for one of the " +
		"purposes indicated.\" It is absent.",
}

const commonName = "the name stands in the common name only; RFC 9525 section 6.3 forbids to read it, and no browser and no Apple platform does"

var exceptions = map[string]map[string]exception{
	"x509test": {
		"x509test/ValidCert":     {true, commonName},
		"x509test/ValidChained":  {true, commonName},
		"x509test/ValidIntCALen": {true, commonName},
		"x509test/ValidWildcard": {true, commonName},
	},
}
