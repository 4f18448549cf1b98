package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/explain"
	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/internal/policy"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/client"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [WHAT]",
		Short: "Explain a rule, an error code, or a pasted error text",
		Long: `Explain a rule, an error code (URLError, SecTrust, SSL, OpenSSL, TLS alert), or
pasted error text: what it says, what it does not say, which rules can cause
it, and the command to run next. With - the text is read from standard input;
without WHAT all rules are listed.`,
		Example: `  chainspect explain basic-intermediate-missing
  chainspect explain -9802
  chainspect explain "x509: certificate signed by unknown authority"
  pbpaste | chainspect explain -`,
		// Error codes begin with a dash: they are words here, not flags.
		DisableFlagParsing: true,
		ValidArgsFunction: func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, r := range allRules() {
				if strings.HasPrefix(r.ID, begun) {
					ids = append(ids, r.ID+"\t"+r.Title)
				}
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 && args[0] == "--" {
				args = args[1:]
			}
			if len(args) == 1 && (args[0] == "-h" || args[0] == "--help") {
				return c.Help()
			}
			text := strings.Join(args, " ")
			if text == "-" {
				data, err := io.ReadAll(io.LimitReader(c.InOrStdin(), 1<<20))
				if err != nil {
					return err
				}
				if text = strings.TrimSpace(string(data)); text == "" {
					return usageError{"standard input is empty: paste the error text there, or give it as an argument"}
				}
			}
			if len(args) > 0 && strings.TrimSpace(text) == "" {
				return usageError{"there is nothing to explain: the text is empty; without WHAT all rules are listed"}
			}
			return explainText(c.OutOrStdout(), text)
		},
	}
}

func allRules() []*chain.Rule {
	var out []*chain.Rule
	for _, b := range append(rulebook.Books(), policy.Rules) {
		out = append(out, b...)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// ruleByID finds a rule of a level or of the gate itself; nil: there is none.
func ruleByID(id string) *chain.Rule {
	if i := slices.IndexFunc(policy.Rules, func(r *chain.Rule) bool { return r.ID == id }); i >= 0 {
		return policy.Rules[i]
	}
	return rulebook.Rule(id)
}

func explainText(w io.Writer, text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		for _, r := range allRules() {
			fmt.Fprintf(w, "%-34s %s\n", r.ID, r.Title)
		}
		return nil
	}
	for _, r := range allRules() {
		if r.ID == text {
			printRule(w, r)
			return nil
		}
	}
	entries := findEntries(text)
	named := rulesOfWords(text)
	if len(entries) > 0 && !entries[0].Vague {
		named = nil // a sentence or code that is known says more than the words around it
	}
	if len(entries) == 0 && len(named) == 0 {
		fmt.Fprintf(w, "no rule, code or sentence known here fits this text%s\n\nnext:  chainspect check HOST[:PORT]   says what is wrong at which item\n       chainspect explain             lists all rules\n", near.Hint(text, ruleIDs(), ""))
		return exitCode(exitFindings)
	}
	for i, e := range entries[:min(3, len(entries))] {
		if i > 0 {
			fmt.Fprintln(w)
		}
		printEntry(w, e)
	}
	if len(entries) == 0 {
		printRule(w, named[0])
		named = named[1:]
	}
	for _, e := range entries {
		named = slices.DeleteFunc(named, func(r *chain.Rule) bool { return slices.Contains(e.Rules, r.ID) })
	}
	if len(named) > 0 {
		fmt.Fprintf(w, "  see also:\n")
		for _, r := range named {
			fmt.Fprintf(w, "    %-30s %s\n", r.ID, r.Title)
		}
		fmt.Fprintln(w)
	}
	return nil
}

// findEntries looks a text up; a number alone is looked up as each of the codes
// that are told by number: Apple's have a minus, which a shell makes awkward.
func findEntries(text string) []explain.Match {
	entries := explain.Find(text)
	if _, err := strconv.ParseUint(text, 10, 32); err != nil {
		return entries
	}
	for _, kind := range []string{"-", "alert ", "verify ", "curl ", "http "} {
		entries = append(entries, explain.Find(kind+text)...)
	}
	return entries
}

// rulesOfWords finds rules by the users' words, the longest first, or by a part of
// their ID: first those that it is the whole of, but for the level's name, then
// those that begin or end in it, and of these the general before the special ones.
func rulesOfWords(text string) []*chain.Rule {
	low := strings.ToLower(text)
	ids := explain.RulesOf(text)
	var out []*chain.Rule
	for _, id := range ids {
		out = append(out, ruleByID(id))
	}
	if strings.Contains(low, " ") || len(low) <= 3 {
		return out
	}
	rank := func(r *chain.Rule) int {
		_, rest, _ := strings.Cut(r.ID, "-")
		switch {
		case rest == low:
			return 0
		case strings.HasPrefix(r.ID, low+"-"):
			return 1
		case strings.HasPrefix(rest, low+"-") || strings.HasSuffix(rest, "-"+low):
			return 2
		case strings.Contains(r.ID, low):
			return 3
		}
		return 4
	}
	var parts []*chain.Rule
	for _, b := range rulebook.Books() { // the general levels come first
		for _, r := range b {
			if rank(r) < 4 && !slices.Contains(ids, r.ID) {
				parts = append(parts, r)
			}
		}
	}
	slices.SortStableFunc(parts, func(a, b *chain.Rule) int { return cmp.Compare(rank(a), rank(b)) })
	return append(out, parts...)
}

func ruleIDs() []string {
	var ids []string
	for _, r := range allRules() {
		ids = append(ids, r.ID)
	}
	return ids
}

func printEntry(w io.Writer, e explain.Match) {
	if !e.Titled() {
		fmt.Fprintf(w, "%s: ", e.Code)
	}
	fmt.Fprintf(w, "%s\n\n", e.Title)
	section(w, "it says", e.Says)
	section(w, "it does not say", e.Not)
	if len(e.Rules) > 0 {
		fmt.Fprintf(w, "  rules that can cause it:\n")
		for _, id := range e.Rules {
			title := ""
			if r := rulebook.Rule(id); r != nil {
				title = r.Title
			}
			fmt.Fprintf(w, "    %-30s %s\n", id, title)
		}
		fmt.Fprintln(w)
	}
	var others []string
	for _, r := range explain.Printing(e.Code, allRules()) {
		if !slices.Contains(e.Rules, r.ID) {
			others = append(others, r.ID)
		}
	}
	section(w, "other rules that print it", strings.Join(others, ", "))
	fmt.Fprintf(w, "  next:\n    %s\n\n", strings.ReplaceAll(e.Next, "\n", "\n    "))
	section(w, "source", e.Source)
}

func printRule(w io.Writer, r *chain.Rule) {
	fmt.Fprintf(w, "%s: %s\n\n", r.ID, r.Title)
	section(w, "why", r.Explain)
	for i := range r.Advice {
		a := r.Advice[i].General()
		label := "fix"
		if a.For != "" {
			label += ", for a " + a.For
		}
		section(w, label, a.Line())
		for _, command := range a.Commands { // to be pasted: not wrapped
			fmt.Fprintf(w, "      %s\n", command)
		}
		for _, c := range a.Config {
			fmt.Fprintf(w, "      in %s\n", c)
		}
		if len(a.Commands)+len(a.Config) > 0 {
			fmt.Fprintln(w)
		}
		section(w, "and", a.Then)
	}
	var grades []string
	for _, p := range chain.Profiles() {
		s, builtin := p.Severity(r)
		text := p.Name + " " + string(s)
		if builtin {
			text += " (built-in anchors only)"
		}
		grades = append(grades, text)
	}
	section(w, "severity", strings.Join(grades, ", "))
	otherClients(w, r.ID)
	if r.Apple.Sec != 0 {
		section(w, "on Apple platforms", fmt.Sprintf("SecTrust %d", r.Apple.Sec))
	}
	var sources []string
	for _, s := range r.Sources {
		text := strings.TrimSpace(s.Doc + " " + s.Section)
		if s.Confidence != "" {
			text += " (" + s.Confidence.Words() + ")"
		}
		sources = append(sources, text)
	}
	section(w, "sources", strings.Join(sources, "; "))
}

// section prints a labelled paragraph, wrapped at 78 columns.
func section(w io.Writer, label, text string) {
	if text == "" {
		return
	}
	fmt.Fprintf(w, "  %s:\n", label)
	line := "   "
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > 78 && line != "   " {
			fmt.Fprintln(w, line)
			line = "   "
		}
		line += " " + word
	}
	fmt.Fprintf(w, "%s\n\n", line)
}

// otherClients says how other clients part on what a rule finds.
func otherClients(w io.Writer, id string) {
	if id == "basic-intermediate-missing" {
		section(w, "other clients", strings.Join(client.Fetching(), ", ")+" fetch the intermediate where caIssuers has an http address, and that is why it works there; the others do not")
	}
	var parts []string
	for _, h := range client.Habits(id) {
		part := strings.Join(h.Refuses, ", ") + " refuse it; " + strings.Join(h.Accepts, ", ") + " do not"
		if h.Kind != "" {
			part = h.Kind + ": " + part
		}
		parts = append(parts, part)
	}
	if len(parts) > 8 {
		parts = append(parts[:8], "more in docs/clients.md")
	}
	for _, part := range parts {
		section(w, "other clients", part)
	}
}
