package lab

import (
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
)

var update = flag.Bool("update", false, "write the tables of docs/lab.md anew")

// TestKeysAreInTheDocs: every key a recipe may have is listed, and no other.
func TestKeysAreInTheDocs(t *testing.T) {
	data, err := os.ReadFile("../../docs/lab.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "| key of the file |")
	text, _, _ = strings.Cut(text, "\n## ")
	listed := map[string]bool{}
	for line := range strings.Lines(text) {
		if cells := strings.Split(line, "|"); len(cells) > 2 && strings.HasPrefix(cells[1], " `") {
			for _, key := range strings.Split(cells[1], ",") {
				listed[strings.Trim(key, " `")] = true
			}
		}
	}
	known := map[string]bool{}
	for _, typ := range []reflect.Type{reflect.TypeFor[recipeFile](), reflect.TypeFor[testpki.Recipe](), reflect.TypeFor[testpki.Revocation]()} {
		for key := range yamlKeys(typ) {
			known[key] = true
			if !listed[key] {
				t.Errorf("docs/lab.md does not list %s", key)
			}
		}
	}
	for key := range listed {
		if !known[key] {
			t.Errorf("docs/lab.md lists %s, which is no key", key)
		}
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[testpki.Extra](), reflect.TypeFor[testpki.Field](), reflect.TypeFor[testpki.Damage]()} {
		for key := range yamlKeys(typ) {
			if !strings.Contains(text, "`"+key) {
				t.Errorf("docs/lab.md does not explain %s", key)
			}
		}
	}
}

func TestRecipeFilesThatCannotBeUsed(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "r.yaml: the recipe is empty; docs/lab.md shows one",
		"[":                               "a recipe is YAML, and this is none from line 2 on",
		"-----BEGIN CERTIFICATE-----\nAA": "this is certificates in PEM",
		"certs: [x]":                      "line 1: the value here is of the wrong kind",
		"certs: {}":                       "0",
		"cert: {a: {}}":                   `line 1: the recipe file has no key "cert"; did you mean certs?`,
		"certs:\n  a:\n    isuer: b":      `line 3: certificate a has no key "isuer"; did you mean issuer?`,
		"certs:\n  a: {extra: [{od: 1}]}": `line 2: extra has no key "od"; did you mean oid?`,
		"certs:\n  a: {ca: maybe}":        "line 2: the value here is of the wrong kind",
		"certs:\n  ../a: {}":              "at position 3",
		"certs:\n  a: {issuer: b}":        `recipe a, issuer: there is no recipe "b"`,
		"certs:\n  a: {issuer: a}":        "without end",
		"certs:\n  a: {key: rsa999}":      "is no kind of key",
		"certs:\n  a: {key_usage: [x]}":   `key_usage: "x" is none of`,
		"certs:\n  a: {ip: [host]}":       `"host" is no IP address`,
		"certs:\n  a: {ends: soon}":       `"soon" is no span`,
		"certs:\n  a: {ends: 9999999d}":   "is no number of days",
		"certs: {a: {}}\nsend: [b]":       `send: there is no certificate "b"`,
		"certs: {a: {}}\ncrls: [{by: b}]": `no CA "b" signs a CRL`,
		"certs: {a: {hash: sha265}}":      `hash: "sha265" is none of`,
		"certs: {a: {subject: N=x}}":      `subject: "N=x" is none of`,
		"certs: {a: {}}\n---\ncerts: {}":  "a second document",
	} {
		f := &Folder{Dir: t.TempDir(), Now: time.Now()}
		files, err := f.From("r.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
		if left, _ := os.ReadDir(f.Dir); len(left)+len(files) > 0 {
			t.Errorf("%q: left %v", text, left)
		}
	}
}

func FuzzRecipeFile(f *testing.F) {
	f.Add([]byte("certs:\n  www: {issuer: ca, dns: [www.example.test], extra: [{oid: 1.2.3, hex: 0500}]}\n  ca: {ca: true}\nsend: [www]\ncrls: [{by: ca, revoked: [www]}]\n"))
	f.Add([]byte("certs: {a: {fields: [{name: serial, hex: '020105'}], damage: [{find: '02', replace: '03'}], lose: [3, 4]}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := parseRecipes("r.yaml", data); err == nil && len(r.Certs) == 0 {
			t.Error("neither certificates nor an error")
		}
	})
}

// TestFaultsAreInTheDocs: the table of servers in docs/lab.md is that of the program.
func TestFaultsAreInTheDocs(t *testing.T) {
	const file = "../../docs/lab.md"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	faults, err := Faults()
	if err != nil {
		t.Fatal(err)
	}
	table := "| server | story | expected |\n|---|---|---|\n"
	for i := range faults {
		f := &faults[i]
		table += "| `" + f.Name + "` | " + f.Story + " | " + f.Expect.String() + " |\n"
	}
	before, rest, ok := strings.Cut(string(data), "| server | story | expected |\n")
	_, after, _ := strings.Cut(rest, "\n\n")
	want := before + table + "\n" + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !ok || string(data) != want {
		t.Errorf("the table of servers in docs/lab.md is not the program's; go test ./internal/lab -run FaultsAreInTheDocs -update")
	}
}

// TestFaultsAreWhole: each has a story, a name and something to expect.
func TestFaultsAreWhole(t *testing.T) {
	faults, err := Faults()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i := range faults {
		f := &faults[i]
		if seen[f.Name] || strings.HasPrefix(f.Story, "the same") || len(f.Story) < 20 || f.Host == "" || f.Expect.Verdict == "" && f.Expect.Error == "" || f.Speaks != "" && speakers[f.Speaks] == nil {
			t.Errorf("%s: %+v", f.Name, f)
		}
		seen[f.Name] = true
	}
}
