// Command newrule writes the beginnings of a rule: its file, its story, and its line
// of the coverage page where the book has one. What it writes compiles and its tests
// name what is left to say.
//
//	go run ./internal/newrule apple-foo
package main

import (
	"errors"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if err := run(".", os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "newrule:", err)
		os.Exit(1)
	}
}

// book is where the rules of a prefix stand.
type book struct{ prefix, dir, level string }

func books() []book {
	return []book{
		{"basic", "pkg/chain/basic", "LevelX509"}, {"lint", "pkg/chain/lint", "LevelX509"}, {"apple", "pkg/chain/apple", "LevelX509"},
		{"revocation", "pkg/chain/revocation", "LevelX509"}, {"hostname", "pkg/chain/hostname", "LevelName"}, {"ats", "pkg/ats", "LevelATS"},
		{"identity", "pkg/chain/identity", "LevelIdentity"}, {"mtls", "pkg/chain/mtls", "LevelIdentity"}, {"reach", "pkg/chain/reach", "LevelX509"},
	}
}

var wellFormed = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)+$`)

// run writes the files of a rule below root.
func run(root string, args []string) error {
	if len(args) != 1 || !wellFormed.MatchString(args[0]) {
		return errors.New("give the ID of a rule, such as apple-foo: lower case, its book first")
	}
	id := args[0]
	prefix, rest, _ := strings.Cut(id, "-")
	all := books()
	i := slices.IndexFunc(all, func(b book) bool { return b.prefix == prefix })
	if i < 0 {
		var names []string
		for _, b := range all {
			names = append(names, b.prefix)
		}
		return fmt.Errorf("there is no book %q: a rule's ID begins with one of %s", prefix, strings.Join(names, ", "))
	}
	b := all[i]
	name := strings.ReplaceAll(rest, "-", "_") + ".go"
	rule := filepath.Join(root, filepath.FromSlash(b.dir), name)
	story := filepath.Join(root, "testdata", "certs", id+".txt")
	for _, file := range []string{rule, story} {
		if _, err := os.Stat(file); err == nil {
			return fmt.Errorf("%s is there already", file)
		}
	}
	if err := os.WriteFile(rule, []byte(ruleText(b, id)), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(story, []byte(storyText(id)), 0o644); err != nil {
		return err
	}
	fmt.Printf("%s\n%s\n", rule, story)
	if prefix == "apple" {
		page := filepath.Join(root, "docs", "apple-coverage.md")
		if err := coverage(page, id); err != nil {
			return err
		}
		fmt.Println(page)
	}
	fmt.Printf("\nsay in them what is in capital letters, then:\n  go test ./internal/stories -run 'Stories/%s'\n", id)
	return nil
}

// coverage adds the rule to the last table of the page.
func coverage(page, id string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	last := -1
	for i, line := range lines {
		if strings.HasPrefix(line, "| ") {
			last = i
		}
	}
	if last < 0 {
		return fmt.Errorf("%s has no table", page)
	}
	lines = slices.Insert(lines, last+1, "| FACT, in words | `"+id+"` |")
	return os.WriteFile(page, []byte(strings.Join(lines, "\n")), 0o644)
}

func ruleText(b book, id string) string {
	pkg := b.dir[strings.LastIndexByte(b.dir, '/')+1:]
	confidence := ""
	if b.prefix == "apple" || b.prefix == "ats" {
		confidence = ", Confidence: chain.ConfidenceInferred"
	}
	return fmt.Sprintf(`package %[1]s

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(%[5]s)

var %[5]s = &chain.Rule{
	ID:      %[2]q,
	Level:   chain.%[3]s,
	Title:   "WHAT IS WRONG, in at most 60 characters",
	Sources: []chain.Source{{Doc: "DOCUMENT", Section: "SECTION"%[4]s}},
	Explain: "WHY %[2]s EXISTS and what the user sees, in two or three sentences.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "WHAT TO DO"}},
	Check: chain.PerLeaf(func(c *chain.Case, leaf *chain.Item) []chain.Hit {
		d, ok := chain.Lifetime(leaf.Cert)
		if !ok || d != 99*chain.Day+1 { // THE FAULT: for now a lifetime that nothing else has
			return nil
		}
		valid := chain.LifetimeText(leaf.Cert)
		h := chain.Hit{Item: leaf, Message: fmt.Sprintf("{item} is valid for %%s, FACTS FIRST", valid),
			Evidence: []chain.Evid{{Field: "validity", Got: valid, Want: "at most 99 days"}}}
		h.Try(chain.RepairReissue(leaf, func(cert *x509read.Certificate) { cert.NotAfter = cert.NotBefore.AddDate(0, 0, 90) }), "with 90 days")
		return []chain.Hit{h}
	}),
}
`, pkg, id, b.level, confidence, variable(id))
}

// variable is the name of a rule in Go: its ID without the book's prefix.
func variable(id string) string {
	_, name, _ := strings.Cut(id, "-")
	words := strings.Split(name, "-")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	switch name = strings.Join(words, ""); {
	case token.IsKeyword(name):
		return name + "Rule"
	case name[0] <= '9':
		return "rule" + name
	}
	return name
}

func storyText(id string) string {
	return fmt.Sprintf(`WHAT IS WRONG in a sentence or two, and what the near miss has instead.
---
name: www.example.com
certs:
  root: {subject: "CN=Example Root CA", ca: true}
  intermediate: {subject: "CN=Example Issuing CA 3", issuer: root, ca: true}
  leaf: {subject: "CN=www.example.com", issuer: intermediate, dns: [www.example.com], seconds: 8553601}
send: [leaf, intermediate]
installed: [root]
fires: [%s]
near:
  certs:
    leaf: {seconds: 8553600}
`, id)
}
