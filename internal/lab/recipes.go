package lab

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/internal/testpki"
)

// recipeFile is what `lab from` reads: certificates in the words of testpki, and
// what to put together of them.
type recipeFile struct {
	At    time.Time                 `yaml:"at"` // the clock that begins and ends count from; default now
	Certs map[string]testpki.Recipe `yaml:"certs"`
	Send  []string                  `yaml:"send"` // the list for FIRST.fullchain.pem; default: each leaf with its issuers, without the root
	CRLs  []testpki.Revocation      `yaml:"crls"`
}

// Bounds of a recipe file.
const (
	maxRecipeFile = 1 << 20
	maxRecipes    = 200
)

// From makes what a recipe file says, with keys of its own.
func (f *Folder) From(file string, data []byte) ([]File, error) {
	r, err := parseRecipes(file, data)
	if err != nil {
		return nil, err
	}
	bad := func(err error) error {
		return &load.Error{Kind: "format", Path: file, Message: err.Error(), Remedy: "docs/lab.md lists the keys"}
	}
	if r.At.IsZero() {
		r.At = f.Now
	}
	m := &testpki.Maker{Clock: r.At.UTC().Truncate(time.Second), Random: rand.Reader, Keys: testpki.NewKey, Have: map[string]*testpki.Made{}}
	if err := f.lend(r, m.Have); err != nil {
		return nil, err
	}
	made, err := m.Make(r.Certs)
	if err == nil {
		err = r.checkHashes(made)
	}
	if err != nil {
		return nil, bad(err)
	}
	chains, err := r.chains(made)
	if err != nil {
		return nil, bad(err)
	}
	crls := map[string][]byte{}
	for i := range r.CRLs {
		c := &r.CRLs[i]
		der, err := c.CRL(made, m.Clock)
		if err != nil {
			return nil, bad(err)
		}
		crls[c.By] = append(crls[c.By], pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der})...)
	}
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return nil, unwritable(f.Dir, err)
	}
	return f.writeMade(r, made, chains, crls)
}

// lend gives the lab's own CA to recipes that name it and do not make it.
func (f *Folder) lend(r *recipeFile, have map[string]*testpki.Made) error {
	for _, c := range r.Certs {
		for _, name := range []string{c.Issuer, c.SignedBy} {
			_, own := r.Certs[name]
			if own || have[name] != nil || name != root && name != intermediate || !f.has(name+".crt") {
				continue
			}
			m, err := f.pair(name)
			if err != nil {
				return err
			}
			if m.Key == nil {
				return &load.Error{Kind: "file", Path: f.path(name + ".key"), Message: "no such file, and without it nothing is issued", Remedy: "put it back, or let the recipe make a CA of its own"}
			}
			have[name] = m
		}
	}
	return nil
}

// chains are the lists to write, by the name of the certificate they begin with.
func (r *recipeFile) chains(made map[string]*testpki.Made) (map[string][]*testpki.Made, error) {
	out := map[string][]*testpki.Made{}
	for name, c := range r.Certs {
		if c.CA {
			continue
		}
		list := []*testpki.Made{made[name]}
		for up := c.Issuer; made[up] != nil && !selfIssued(made[up]); up = r.Certs[up].Issuer {
			list = append(list, made[up])
		}
		out[name] = list
	}
	if len(r.Send) > 0 {
		var list []*testpki.Made
		for _, name := range r.Send {
			if made[name] == nil {
				return nil, fmt.Errorf("send: there is no certificate %q%s", name, near.Hint(name, slices.Sorted(maps.Keys(made)), ""))
			}
			list = append(list, made[name])
		}
		out[r.Send[0]] = list
	}
	return out, nil
}

func selfIssued(m *testpki.Made) bool {
	return m.Cert != nil && bytes.Equal(m.Cert.RawSubject, m.Cert.RawIssuer)
}

func (f *Folder) writeMade(r *recipeFile, made map[string]*testpki.Made, chains map[string][]*testpki.Made, crls map[string][]byte) ([]File, error) {
	names := slices.Sorted(maps.Keys(r.Certs))
	if !f.Force {
		for _, name := range names {
			for _, ending := range []string{".key", ".crt", ".fullchain.pem"} {
				if f.has(name + ending) {
					return nil, f.exists(name+ending, "")
				}
			}
		}
	}
	var files []File
	add := func(file File, err error) error {
		if err == nil {
			files = append(files, file)
		}
		return err
	}
	for _, name := range names {
		m := made[name]
		var err error
		if r.Certs[name].Modulus == 0 { // whose private key nobody has
			err = add(f.writeKey(name+".key", m))
		}
		if err == nil {
			err = add(f.writeCertificates(name+".crt", "the certificate", m))
		}
		if list := chains[name]; err == nil && len(list) > 0 {
			err = add(f.writeCertificates(name+".fullchain.pem", "the list to send: "+strings.Join(namesOf(list), ", "), list...))
		}
		if err != nil {
			return files, err
		}
	}
	for _, by := range slices.Sorted(maps.Keys(crls)) {
		if err := add(File{f.path(by + ".crl"), "what " + by + " revoked"}, f.write(by+".crl", public, crls[by])); err != nil {
			return files, err
		}
	}
	return files, nil
}

func namesOf(list []*testpki.Made) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.Name)
	}
	return out
}

// parseRecipes reads a recipe file; an error names its line.
func parseRecipes(file string, data []byte) (*recipeFile, error) {
	bad := func(line int, format string, args ...any) error {
		e := &load.Error{Kind: "format", Path: file, Message: fmt.Sprintf(format, args...)}
		if line > 0 {
			e.Position = fmt.Sprintf("line %d", line)
		}
		return e
	}
	if len(data) > maxRecipeFile {
		return nil, bad(0, "larger than %d KiB: this is no recipe", maxRecipeFile>>10)
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0 {
		return nil, bad(0, "the recipe is empty; docs/lab.md shows one")
	} else if err != nil {
		return nil, load.Misplaced(file, data, fmt.Sprintf("a recipe is YAML, and this is none from line %d on; docs/lab.md shows one", max(lineOf(err), 1)))
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil && len(second.Content) > 0 {
		return nil, bad(second.Content[0].Line, "a second document begins: a recipe file is one")
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		return nil, load.Misplaced(file, data, "give a recipe in YAML; docs/lab.md shows one")
	}
	if line, err := checkNode(doc.Content[0], reflect.TypeFor[recipeFile](), "the recipe file"); err != nil {
		return nil, bad(line, "%s", err)
	}
	r := &recipeFile{}
	if err := doc.Decode(r); err != nil {
		return nil, bad(lineOf(err), "the value here is of the wrong kind; docs/lab.md says which is wanted")
	}
	if len(r.Certs) == 0 || len(r.Certs) > maxRecipes {
		return nil, bad(0, "certs: a recipe file has 1 to %d certificates, this one has %d", maxRecipes, len(r.Certs))
	}
	for _, name := range slices.Sorted(maps.Keys(r.Certs)) {
		if err := checkFileName(name); err != nil {
			return nil, bad(0, "certs: %s", err)
		}
		c := r.Certs[name]
		if err := checkRecipe(&c); err != nil {
			return nil, bad(0, "certificate %s: %s", name, err)
		}
	}
	return r, nil
}

// lineOf is the line that an error of the YAML reader names; 0: none. Its words
// show the file, which may be anything, and our own types.
func lineOf(err error) int {
	_, rest, _ := strings.Cut(err.Error(), "line ")
	n, _ := strconv.Atoi(rest[:max(0, strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' }))])
	return n
}

// checkNode finds the first key of a mapping that a type has no field for or that
// stands there twice, and the first value of another kind than the field's.
func checkNode(n *yaml.Node, t reflect.Type, where string) (line int, err error) {
	if n.Kind == yaml.AliasNode { // looked at where it stands; following it may have no end
		return 0, nil
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if want, ok := wanted(n, t); !ok {
		return n.Line, fmt.Errorf("%s: the value here is of the wrong kind: %s is wanted", where, want)
	}
	switch {
	case n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			if line, err = checkNode(item, t.Elem(), where); err != nil {
				return line, err
			}
		}
	case n.Kind == yaml.MappingNode:
		var known map[string]reflect.Type
		if t.Kind() == reflect.Struct {
			known = yamlKeys(t)
		}
		seen := map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, field, inside := n.Content[i], reflect.Type(nil), n.Content[i].Value
			if first := seen[key.Value]; first > 0 {
				return key.Line, fmt.Errorf("%s has %q here and on line %d: once is meant", where, key.Value, first)
			}
			seen[key.Value] = key.Line
			if t.Kind() == reflect.Map {
				field, inside = t.Elem(), "certificate "+key.Value
			} else if field = known[key.Value]; field == nil {
				words := slices.Sorted(maps.Keys(known))
				return key.Line, fmt.Errorf("%s has no key %q%s", where, key.Value, near.Hint(key.Value, words, "; the keys are "+strings.Join(words, ", ")))
			}
			if line, err = checkNode(n.Content[i+1], field, inside); err != nil {
				return line, err
			}
		}
	}
	return 0, nil
}

// wanted says what a field takes, and whether the node is that.
func wanted(n *yaml.Node, t reflect.Type) (what string, ok bool) {
	empty := n.Tag == "!!null"
	scalar := func(what string, into any) (string, bool) {
		return what, empty || n.Kind == yaml.ScalarNode && n.Decode(into) == nil
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return scalar("a date such as 2026-11-29 or 2026-11-29T12:00:00Z", new(time.Time))
	case t.Kind() == reflect.Array:
		return fmt.Sprintf("a list of %d numbers", t.Len()), empty || n.Kind == yaml.SequenceNode && len(n.Content) == t.Len()
	case t.Kind() == reflect.Slice:
		return "a list in brackets", empty || n.Kind == yaml.SequenceNode
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		return "a mapping of keys to values", empty || n.Kind == yaml.MappingNode
	case t.Kind() == reflect.Bool:
		return scalar("true or false", new(bool))
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		return scalar("a number", new(int64))
	}
	return "a text", n.Kind == yaml.ScalarNode
}

// checkRecipe refuses values that make no certificate of the kind they say.
func checkRecipe(r *testpki.Recipe) error {
	switch {
	case r.PathLen != nil && *r.PathLen < 0:
		return fmt.Errorf("path_len is 0 or more, not %d", *r.PathLen)
	case r.Seconds < 0:
		return fmt.Errorf("seconds is 1 or more, not %d", r.Seconds)
	case r.Modulus != 0 && (r.Modulus < minModulus || r.Modulus > maxModulus):
		return fmt.Errorf("modulus is a number of bits from %d to %d, not %d", minModulus, maxModulus, r.Modulus)
	case r.Lose[0] < 0 || r.Lose[1] < 0:
		return errors.New("lose is the octet where it begins, from 0 on, and how many are lost")
	}
	for _, log := range r.SCTs {
		if log < 1 || log > testpki.Logs {
			return fmt.Errorf("scts: there is no log %d: write numbers from 1 to %d", log, testpki.Logs)
		}
	}
	return nil
}

// checkHashes refuses hashes that the signer's key is not used with.
func (r *recipeFile) checkHashes(made map[string]*testpki.Made) error {
	for _, name := range slices.Sorted(maps.Keys(r.Certs)) {
		c := r.Certs[name]
		kind := "Ed25519"
		switch made[cmp.Or(c.SignedBy, c.Issuer, name)].Key.(type) {
		case *rsa.PrivateKey:
			kind = "RSA"
		case *ecdsa.PrivateKey:
			kind = "ECDSA"
		}
		want := map[string]string{"md5": "RSA", "sha224": "ECDSA"}[c.Hash]
		if strings.HasPrefix(c.Hash, "pss") {
			want = "RSA"
		}
		if want != "" && want != kind {
			return fmt.Errorf("recipe %s: hash: %s goes with %s, and the signer's key is %s", name, c.Hash, want, kind)
		}
	}
	return nil
}

// Bounds of modulus: an RSA key of any size that a client may have to judge.
const minModulus, maxModulus = 256, 32768

// yamlKeys are the keys of a struct in a file, with the types of their values.
func yamlKeys(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		if key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); key != "" {
			out[key] = t.Field(i).Type
		}
	}
	return out
}
