package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

var update = flag.Bool("update", false, "write docs/rules.md anew")

// TestRulesPage holds docs/rules.md to the rules' own texts: explain, reports
// and the page say the same.
func TestRulesPage(t *testing.T) {
	const path = "../../docs/rules.md"
	page := rulesPage()
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != page {
		t.Errorf("docs/rules.md is not what the rules say (%v): go test ./cmd/chainspect -run TestRulesPage -update", err)
	}
}

func rulesPage() string {
	var b strings.Builder
	b.WriteString("# The rules\n\nWritten from the rules themselves; `chainspect explain RULE` says the same. Severities are those of the profiles apple, rfc and\nwebpki, in this order; a finding that a good path avoids is a note.\n")
	for _, r := range allRules() {
		var grades []string
		for _, p := range chain.Profiles() {
			s, builtin := p.Severity(r)
			if builtin {
				s += "*"
			}
			grades = append(grades, string(s))
		}
		var sources []string
		for _, s := range r.Sources {
			text := strings.TrimSpace(s.Doc + " " + s.Section)
			if s.Confidence != "" {
				text += " (" + string(s.Confidence) + ")"
			}
			sources = append(sources, text)
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s – %s\n\n%s\n", r.ID, r.Title, strings.Join(grades, ", "), r.Explain)
		for _, a := range r.Advice {
			if a.For == "" {
				fmt.Fprintf(&b, "\n*Fix* (%s): %s\n", a.Who, a.Text)
			} else {
				fmt.Fprintf(&b, "\n*Fix for a %s*: %s\n", a.For, a.Line())
			}
		}
		if len(sources) > 0 {
			fmt.Fprintf(&b, "\n*Sources*: %s\n", strings.Join(sources, "; "))
		}
	}
	b.WriteString("\n\\* on paths that end in a built-in anchor only\n")
	return b.String()
}
