package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// each visits a command and those below it.
func each(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range inOrder(c) {
		if sub.Name() != "completion" && sub.Name() != "help" {
			each(sub, visit)
		}
	}
}

// TestCommandsPage holds docs/commands.md to --help.
func TestCommandsPage(t *testing.T) {
	const path = "../../docs/commands.md"
	var b strings.Builder
	b.WriteString("# Commands\n\nWritten from `--help`, which says the same. Flags mean the same on every command.\n")
	each(newRoot(commands(nil)...), func(c *cobra.Command) {
		fmt.Fprintf(&b, "\n## %s\n\n```\n%s\n\n%s```\n", c.CommandPath(), description(c), usage(c))
	})
	page := b.String()
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != page {
		t.Errorf("docs/commands.md is not what --help says (%v): go test ./cmd/chainspect -run TestCommandsPage -update", err)
	}
}

// TestHelpReadsWell: a page of --help fits a mail, and a value is written in one way.
func TestHelpReadsWell(t *testing.T) {
	each(newRoot(commands(nil)...), func(c *cobra.Command) {
		for line := range strings.Lines(description(c) + "\n" + usage(c)) {
			if len(strings.TrimRight(line, "\n")) >= 100 {
				t.Errorf("%s: %d columns: %s", c.CommandPath(), len(line), line)
			}
		}
		if c.Short == "" {
			t.Errorf("%s says nothing", c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			value, help := pflag.UnquoteUsage(f)
			if f.Value.Type() != "bool" && value != strings.ToUpper(value) && !strings.Contains(value, "|") || f.Value.Type() != "bool" && value == "" {
				t.Errorf("%s --%s %s: a value is a word in capitals, or a choice", c.CommandPath(), f.Name, value)
			}
			if help == "" {
				t.Errorf("%s --%s says nothing", c.CommandPath(), f.Name)
			}
		})
	})
}
