package stories

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/policy"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/internal/testpki"
)

// TestEveryFixSaysWho: what is printed as a fix begins with the person who can do it.
func TestEveryFixSaysWho(t *testing.T) {
	t.Parallel()
	people := []string{"server administrator", "app developer", "CA", "device owner", "network administrator", "test engineer"}
	advised := 0
	for where, fix := range advice(t) {
		who, _, said := strings.Cut(fix, ": ")
		for _, one := range strings.Split(who, " and ") {
			if !said || !slices.Contains(people, one) && !strings.HasPrefix(one, "whoever ") {
				t.Errorf("%s: nobody is told to do it: %s", where, fix)
			}
		}
		advised++
	}
	if advised < 200 {
		t.Errorf("only %d fixes", advised)
	}
}

// TestIssuingAgainKeepsTheNames: openssl x509 -req takes no extension over from
// the request by itself, so that a command without either option makes a
// certificate without subjectAltName.
func TestIssuingAgainKeepsTheNames(t *testing.T) {
	t.Parallel()
	commands := 0
	for where, fix := range advice(t) {
		if !strings.Contains(fix, "openssl x509 -req") {
			continue
		}
		commands++
		if !strings.Contains(fix, "-copy_extensions copy") && !strings.Contains(fix, "subjectAltName") {
			t.Errorf("%s: the certificate issued again has no names: %s", where, fix)
		}
	}
	if commands < 10 {
		t.Errorf("only %d commands", commands)
	}
}

// advice collects the fix of every finding of every story, and that of every rule.
func advice(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, book := range append(rulebook.Books(), policy.Rules) {
		for _, r := range book {
			for i := range r.Advice {
				out[fmt.Sprintf("%s, step %d", r.ID, i)] = testpki.Steps(r.Advice[i : i+1])
			}
		}
	}
	for name, s := range load(t) {
		for _, profile := range []string{s.Profile, "rfc", "webpki"} {
			for kind, scene := range map[string]*testpki.Scene{"story": &s.Scene, "near miss": s.Near} {
				for _, f := range judgeAs(t, scene, profile).Findings {
					out[name+", "+kind+", profile "+profile+": "+f.Rule+" "+f.Message] = f.Fix
				}
			}
		}
	}
	return out
}

// TestCheckedStepsAreNotTheOthers: where a later step was tried and the first was
// not, the first says why: a loosening alone must not look like the proven way.
func TestCheckedStepsAreNotTheOthers(t *testing.T) {
	for name, s := range load(t) {
		for _, f := range judge(t, &s.Scene).Findings {
			for k := range f.Advice {
				if first := &f.Advice[0]; f.Advice[k].Checked && !first.Checked && first.Lacks == "" {
					t.Errorf("%s: %s: step %d is checked, the first is not: %s", name, f.Rule, k+1, first.Text)
				}
			}
		}
	}
}

// TestCodesAreASCII: what Xcode prints is found by grep and by Ctrl-F.
func TestCodesAreASCII(t *testing.T) {
	code := regexp.MustCompile(`−[0-9]{2,}`)
	for _, book := range append(rulebook.Books(), policy.Rules) {
		for _, r := range book {
			texts := []string{r.Title, r.Explain}
			for i := range r.Advice {
				texts = append(texts, r.Advice[i].Text)
			}
			for _, s := range texts {
				if m := code.FindString(s); m != "" {
					t.Errorf("%s: %s has a minus of typography", r.ID, m)
				}
			}
		}
	}
}
