package chainspect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/internal/explain"
	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/internal/rulebook"
)

// An Explanation is what a rule, an error code or a sentence means.
type Explanation struct {
	Title   string
	Says    string   // what it says, or why the rule exists
	Not     string   // what it does not say; "" for rules
	Rules   []string // the rule, or those that can cause it
	Next    string   // the command to run next
	Sources []string
}

// Explain says what a text means: the ID of a rule, an error code such as -9802 or
// ERR_CERT_DATE_INVALID, or an error text as it was printed; the best fit comes
// first. The error says that nothing is known of it, and names the rule that was
// likely meant.
func Explain(text string) ([]Explanation, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, errors.New("there is nothing to explain: give the ID of a rule, an error code or an error text")
	}
	if r := rulebook.Rule(text); r != nil {
		e := Explanation{Title: r.ID + ": " + r.Title, Says: r.Explain, Rules: []string{r.ID}, Next: "chainspect explain " + r.ID}
		for _, s := range r.Sources {
			e.Sources = append(e.Sources, strings.TrimSpace(s.Doc+" "+s.Section))
		}
		return []Explanation{e}, nil
	}
	var out []Explanation
	for _, m := range explain.Find(text) {
		out = append(out, Explanation{Title: m.Title, Says: m.Says, Not: m.Not, Rules: m.Rules, Next: m.Next, Sources: []string{m.Source}})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no rule, code or sentence known here fits this text%s", near.Hint(text, rulebook.RuleIDs(), ""))
	}
	return out, nil
}
