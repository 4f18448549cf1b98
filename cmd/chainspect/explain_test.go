package main

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestCodesLeadToTheirRules: explain names, for the codes of a rule, the rule.
func TestCodesLeadToTheirRules(t *testing.T) {
	said := map[int]string{}
	asked := 0
	for _, book := range rulebook.Books() {
		for _, r := range book {
			if s, _ := chain.ProfileByName("apple").Severity(r); s != chain.Error || r.Apple == (chain.AppleError{}) {
				continue
			}
			for _, code := range []int{r.Apple.Sec, r.Apple.URL, r.Apple.SSL, -1200} {
				if code == 0 || !r.Apple.Prints(code) {
					continue
				}
				if said[code] == "" {
					var out strings.Builder
					if err := explainText(&out, strconv.Itoa(code)); err != nil {
						t.Errorf("%d: %v", code, err)
					}
					said[code] = out.String()
				}
				if !slices.Contains(strings.FieldsFunc(said[code], func(c rune) bool { return c == ',' || c == ' ' || c == '\n' }), r.ID) {
					t.Errorf("explain %d does not name %s", code, r.ID)
				}
				asked++
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d codes of rules", asked)
	}
}

// TestGeneralRulesComeFirst: of rules that a word fits alike, those of the general
// levels stand before those of Apple's alone, whatever their IDs.
func TestGeneralRulesComeFirst(t *testing.T) {
	found := rulesOfWords("constraints")
	at := func(prefix string) int {
		return slices.IndexFunc(found, func(r *chain.Rule) bool { return strings.HasPrefix(r.ID, prefix) })
	}
	if general, special := at("basic-"), at("apple-"); general < 0 || special < general {
		t.Errorf("basic at %d, apple at %d", general, special)
	}
	if first := rulesOfWords("apple")[0].ID; first != "apple-hostname-ip-length" {
		t.Errorf("the first of the rules that begin so is %s, and level name comes before Apple's own", first)
	}
}
