package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
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
	b.WriteString("# The rules\n\nWritten from the rules themselves; `chainspect explain RULE` says the same. Severities are those of the " +
		"profiles apple, rfc and\n" +
		"webpki, in this order; a finding that a good path avoids is a note. Sources such as X-02 number what is known of Apple's trust\n" +
		"evaluation: [apple-coverage.md](apple-coverage.md) has them all.\n\n## Contents\n")
	group := ""
	for _, r := range allRules() {
		if g, _, _ := strings.Cut(r.ID, "-"); g != group {
			group = g
			fmt.Fprintf(&b, "\n**%s**\n\n", g)
		}
		fmt.Fprintf(&b, "* [%s](#%s) – %s\n", r.ID, r.ID, r.Title)
	}
	for _, r := range allRules() {
		writeRule(&b, r)
	}
	b.WriteString("\n\\* on paths that end in a built-in anchor only\n")
	return b.String()
}

func writeRule(b *strings.Builder, r *chain.Rule) {
	var grades []string
	for _, p := range chain.Profiles() {
		s, builtin := p.Severity(r)
		if builtin {
			s += "*"
		}
		grades = append(grades, string(s))
	}
	fmt.Fprintf(b, "\n## %s\n\n%s – %s\n\n%s\n", r.ID, r.Title, strings.Join(grades, ", "), r.Explain)
	for i := range r.Advice {
		a := r.Advice[i].General()
		if a.For == "" {
			fmt.Fprintf(b, "\n*Fix* (%s): %s\n", a.Who, a.Text)
		} else {
			fmt.Fprintf(b, "\n*Fix for a %s*: %s\n", a.For, a.Line())
		}
		if len(a.Commands) > 0 {
			fmt.Fprintf(b, "\n    %s\n", strings.Join(a.Commands, "\n    "))
		}
		for _, c := range a.Config {
			server, line, _ := strings.Cut(c, ": ")
			fmt.Fprintf(b, "\nIn %s: `%s`\n", server, line)
		}
		if a.Then != "" {
			fmt.Fprintf(b, "\n%s\n", a.Then)
		}
	}
	var sources []string
	for _, s := range r.Sources {
		text := s.Doc
		if s.Section != "" {
			text += " " + appleFact.ReplaceAllString(s.Section, "[$0](apple-coverage.md)")
		}
		if s.Confidence != "" {
			text += " (" + s.Confidence.Words() + ")"
		}
		sources = append(sources, text)
	}
	if len(sources) > 0 {
		fmt.Fprintf(b, "\n*Sources*: %s\n", strings.Join(sources, "; "))
	}
}

// appleFact is the number of what is known of Apple's trust evaluation.
var appleFact = regexp.MustCompile(`\b[A-Z]{1,4}-[0-9]{2}\b`)
