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
