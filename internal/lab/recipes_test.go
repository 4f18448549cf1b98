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
		"":                                 "r.yaml: the recipe is empty; docs/lab.md shows one",
		"[":                                "a recipe is YAML, and this is none from line 2 on",
		"-----BEGIN CERTIFICATE-----\nAA":  "this is a list of certificates in PEM",
		"certs: [x]":                       "line 1: certs: the value here is of the wrong kind: a mapping of keys to values is wanted",
		"certs:\n  a: {dns: x.test}":       "line 2: dns: the value here is of the wrong kind: a list in brackets is wanted",
		"certs:\n  a: {lose: [1]}":         "line 2: lose: the value here is of the wrong kind: a list of 2 numbers is wanted",
		"certs:\n  a: {ca: true}\n  a: {}": `line 3: certs has "a" here and on line 2`,
		"at: soon\ncerts: {a: {}}":         "line 1: at: the value here is of the wrong kind: a date such as",
		"certs: {a: {path_len: -1}}":       "certificate a: path_len is 0 or more, not -1",
		"certs: {a: {seconds: -5}}":        "certificate a: seconds is 1 or more",
		"certs: {a: {scts: [7]}}":          "certificate a: scts: there is no log 7: write numbers from 1 to 6",
		"certs: {a: {modulus: 99999}}":     "certificate a: modulus is a number of bits from 256 to 32768",
		"certs: {a: {lose: [-1, 2]}}":      "certificate a: lose is the octet",
		"certs: {a: {eku: [serverauth]}}":  `eku: "serverauth" is none of -, any, clientAuth`,
		"certs: {a: {hash: md5}}":          "hash: md5 goes with RSA, and the signer's key is ECDSA",
		"certs: {}":                        "0",
		"cert: {a: {}}":                    `line 1: the recipe file has no key "cert"; did you mean certs?`,
		"certs:\n  a:\n    isuer: b":       `line 3: certificate a has no key "isuer"; did you mean issuer?`,
		"certs:\n  a: {extra: [{od: 1}]}":  `line 2: extra has no key "od"; did you mean oid?`,
		"certs:\n  a: {ca: maybe}":         "line 2: ca: the value here is of the wrong kind: true or false is wanted",
		"certs:\n  ../a: {}":               "at position 3",
		"certs:\n  a: {issuer: b}":         `recipe a, issuer: there is no recipe "b"`,
		"certs:\n  a: {issuer: a}":         "the issuers go in a circle: a, a",
		"certs:\n  a: {issuer: b}\n  b: {issuer: c}\n  c: {signed_by: b}": "r.yaml: the issuers go in a circle: b, c, b",
		"certs:\n  a: {key: rsa999}":                                      "is no kind of key",
		"certs:\n  a: {key_usage: [x]}":                                   `key_usage: "x" is none of`,
		"certs:\n  a: {ip: [host]}":                                       `"host" is no IP address`,
		"certs:\n  a: {ends: soon}":                                       `"soon" is no span`,
		"certs:\n  a: {ends: 9999999d}":                                   "is no number of days",
		"certs: {a: {}}\nsend: [b]":                                       `send: there is no certificate "b"`,
		"certs: {a: {}}\ncrls: [{by: b}]":                                 `no CA "b" signs a CRL`,
		"certs: {a: {hash: sha265}}":                                      `hash: "sha265" is none of`,
		"certs: {a: {subject: N=x}}":                                      `subject: "N=x" is none of`,
		"certs: {a: {}}\n---\ncerts: {}":                                  "a second document",
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

// What has no private key gets no file of one, and a leaf without issuer is a list of its own.
func TestRecipeFilesWritten(t *testing.T) {
	f := &Folder{Dir: t.TempDir(), Now: time.Now()}
	files, err := f.From("r.yaml",
		[]byte("certs:\n  big: {modulus: 2049}\n  ca: {ca: true}\n  www: {issuer: ca, dns: &names [www.example.test]}\n  again: {issuer: ca, dns: *names}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, file := range files {
		got = append(got, strings.TrimPrefix(file.Path, f.Dir+"/"))
	}
	want := "again.key again.crt again.fullchain.pem big.crt big.fullchain.pem ca.key ca.crt www.key www.crt www.fullchain.pem"
	if strings.Join(got, " ") != want {
		t.Errorf("%s, want %s", strings.Join(got, " "), want)
	}
}

func FuzzRecipeFile(f *testing.F) {
	f.Add([]byte("certs:\n  www: {issuer: ca, dns: [www.example.test], extra: [{oid: 1.2.3, hex: 0500}]}\n  ca: {ca: true}\nsend: " +
		"[www]\ncrls: [{by: ca, revoked: [www]}]\n"))
	f.Add([]byte("certs: {a: {fields: [{name: serial, hex: '020105'}], damage: [{find: '02', replace: '03'}], lose: [3, 4]}}"))
	f.Add([]byte("certs: &a {x: *a, y: {dns: *a}}"))
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
		if seen[f.Name] || strings.HasPrefix(f.Story, "the same") || len(f.Story) < 20 || f.Host == "" || f.Expect.Verdict == "" &&
			f.Expect.Error == "" || f.Speaks != "" && speakers()[f.Speaks] == nil {
			t.Errorf("%s: %+v", f.Name, f)
		}
		seen[f.Name] = true
	}
}
