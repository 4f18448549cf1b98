// Command generate writes the embedded trust stores: the certificates that
// Mozilla's bundle lacks, Apple's apart from those of other clients, and the
// tables that find the roots of each store by fingerprint and subject. It also
// writes the table of the roots that only Mozilla's bundle has, for package apple.
//
// It reads a folder with one table per store (apple.tsv, android.tsv …, columns
// sha256, subject, status …) and roots.pem.gz with each certificate once:
//
//	cd internal/anchors/embedded && go run ../generate -stores DIR
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/chainspect/chainspect/internal/anchors/storeindex"
)

func main() {
	stores := flag.String("stores", "", "the `folder` with the stores' tables and roots.pem.gz")
	flag.Parse()
	if err := run(*stores); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir string) error {
	certs, err := certificates(filepath.Join(dir, "roots.pem.gz"))
	if err != nil {
		return err
	}
	wanted := map[string]map[string]bool{}
	for _, client := range []string{"apple", "android", "chrome", "java", "microsoft"} {
		if wanted[client], err = trusted(filepath.Join(dir, client+".tsv")); err != nil {
			return err
		}
	}
	// Places count through Mozilla's bundle, then Apple's own, then the others'.
	var places [][]byte
	had := map[string]bool{}
	mozilla := map[int][]byte{}
	for r := range bundle.Roots() {
		mozilla[len(places)] = r.Certificate
		had[sum(r.Certificate)] = true
		places = append(places, r.Certificate)
	}
	more := func(lists ...map[string]bool) [][]byte {
		var found []string
		for _, list := range lists {
			for h := range list {
				if !had[h] && certs[h] != nil {
					had[h] = true
					found = append(found, h)
				}
			}
		}
		slices.Sort(found)
		var out [][]byte
		for _, h := range found {
			out = append(out, certs[h])
		}
		places = append(places, out...)
		return out
	}
	apple := bytes.Join(more(wanted["apple"]), nil)
	others := bytes.Join(more(wanted["android"], wanted["chrome"], wanted["java"], wanted["microsoft"]), nil)
	whole, err := trusted(filepath.Join(dir, "mozilla.tsv")) // with what the bundle leaves out: embedded/mozilla.go
	if err != nil {
		return err
	}
	for place, der := range places {
		if whole[sum(der)] {
			mozilla[place] = der
		}
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err = z.Write(others); err == nil {
		err = z.Close()
	}
	files := map[string][]byte{"apple-roots.der": apple, "other-roots.der.gz": packed.Bytes(), "mozilla-roots.idx": []byte(storeindex.Make(mozilla))}
	for client, list := range wanted {
		roots := map[int][]byte{}
		for place, der := range places {
			if list[sum(der)] {
				roots[place] = der
			}
		}
		files[client+"-roots.idx"] = []byte(storeindex.Make(roots))
		fmt.Printf("%s: %d roots, %d without certificate\n", client, len(roots), len(list)-len(roots))
	}
	for name, data := range files {
		if err == nil {
			err = os.WriteFile(name, data, 0o644)
		}
	}
	if err == nil {
		err = publicRoots("apple-roots.tsv", "../../../pkg/chain/apple/public_roots.tsv")
	}
	return err
}

// certificates reads each certificate by its fingerprint.
func certificates(file string) (map[string][]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	out := map[string][]byte{}
	for b, rest := pem.Decode(text); b != nil; b, rest = pem.Decode(rest) {
		out[sum(b.Bytes)] = b.Bytes
	}
	return out, err
}

// trusted lists the roots that a client's store trusts, with constraints or
// without: of Chrome's store the roots, of Java's the current ones.
func trusted(file string) (map[string]bool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	column := map[string]int{}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case strings.HasPrefix(line, "#"):
			continue
		case len(column) == 0:
			for i, name := range f {
				column[name] = i
			}
			continue
		}
		value := func(name string) string {
			if i, ok := column[name]; ok && i < len(f) {
				return f[i]
			}
			return ""
		}
		if s := value("status"); s != "trusted" && s != "constrained" {
			continue
		}
		if k := value("kind"); k != "" && k != "root" {
			continue
		}
		if c := value("current_20261020"); c != "" && c != "yes" {
			continue
		}
		out[value("sha256")] = true
	}
	return out, nil
}

func sum(der []byte) string {
	h := sha256.Sum256(der)
	return hex.EncodeToString(h[:])
}
