package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/anchors/embedded"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/client"
)

// TestClientsPage holds docs/clients.md to the tables of the clients.
func TestClientsPage(t *testing.T) {
	const path = "../../docs/clients.md"
	page := clientsPage()
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != page {
		t.Errorf("docs/clients.md is not what the tables say (%v): go test ./cmd/chainspect -run TestClientsPage -update", err)
	}
}

func clientsPage() string {
	var b strings.Builder
	b.WriteString("# What other clients would say\n\nWritten from the tables that `--clients` judges by. The rules find what there is to " +
		"find, once; each client's cells say whether it\n" +
		"minds. A cell is a rule, a kind of what it finds and a place on the path: item 0 (leaf), a CA, the anchor, or item 0 that is the anchor\n" +
		"(alone); * stands for any. A client's own cells come first, then those of what it is built on. Where none is about what was found,\n" +
		"the verdict is that nobody can tell.\n\n" +
		"Sources: **run**, the client was seen to do it, with servers on loopback, on " + client.Measured +
		"; **source**, read in its source; **document**, written by\nits makers; **memory**, known and not verified.\n\n" +
		"| client | version | built on | public roots | fetches issuers |\n| --- | --- | --- | --- | --- |\n")
	var tables []*client.Table
	for _, k := range client.Clients() {
		var built []string
		for _, table := range k.Tables {
			built = append(built, fmt.Sprintf("[%s](#%s)", table.Name, fragment("table "+table.Name)))
			if !slices.Contains(tables, table) {
				tables = append(tables, table)
			}
		}
		if k.Platform != "" {
			built = []string{"profile apple, platform " + k.Platform}
		}
		store, fetches := "not known", "no"
		if s := embedded.Store(k.Store); s != nil {
			store = s.Store.String()
		}
		if k.Fetches {
			fetches = "over http"
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s | %s |\n", k.Label, fragment(k.Label), k.Version, strings.Join(built, ", "), store, fetches)
	}
	b.WriteString("\n## The clients\n")
	for _, k := range client.Clients() {
		fmt.Fprintf(&b, "\n### %s\n\n`--clients %s`, version %s: %s.\n", k.Label, k.Name, k.Version, k.About)
		if k.Roots != "" {
			fmt.Fprintf(&b, "A root of one's own has to be %s.\n", k.Roots)
		}
		if k.Hello != "" {
			fmt.Fprintf(&b, "Its ClientHello is `%s`; it goes through with %s and newer.\n", k.Hello, k.Floor)
		}
		if len(k.Shows) == 0 {
			continue
		}
		b.WriteString("\n| found | its user sees |\n| --- | --- |\n")
		for _, s := range k.Shows {
			fmt.Fprintf(&b, "| %s | %s |\n", cellName(s.On), strings.ReplaceAll(strings.Replace(k.Frame, "%s", s.Text, 1), "|", "\\|"))
		}
	}
	b.WriteString("\n## The tables\n")
	for _, table := range tables {
		fmt.Fprintf(&b, "\n### Table %s\n\n| what | says | known by |\n| --- | --- | --- |\n", table.Name)
		for _, c := range table.Cells() {
			date := ""
			if c.From.Confidence == client.Run {
				date = ", " + client.Measured
			}
			fmt.Fprintf(&b, "| %s | %s | **%s**%s: %s |\n", cellName(c.On), says(c), c.From.Confidence, date,
				strings.ReplaceAll(strings.ReplaceAll(c.From.Text, "|", "\\|"), "*", "\\*"))
		}
	}
	return b.String()
}

func says(c client.Cell) string {
	switch {
	case c.Says != client.Limits:
		return string(c.Says)
	case c.Max == 0:
		return fmt.Sprintf("wants at least %d", c.Min)
	}
	return fmt.Sprintf("takes at most %d", c.Max)
}

// cellName links a cell to its rule.
func cellName(on string) string {
	id, rest, _ := strings.Cut(on, "/")
	id, place, _ := strings.Cut(id, "@")
	name := strings.ReplaceAll(id, "*", "\\*")
	if rulebook.Rule(id) != nil {
		name = "[" + id + "](rules.md#" + id + ")"
	}
	if rest != "" {
		name += " " + strings.ReplaceAll(strings.Replace(rest, "@", ", at ", 1), "*", "\\*")
	}
	if place != "" {
		name += ", at " + place
	}
	return name
}

// fragment is the anchor that a heading gets.
func fragment(heading string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(heading) {
		switch {
		case c == ' ':
			b.WriteByte('-')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_':
			b.WriteRune(c)
		}
	}
	return b.String()
}
