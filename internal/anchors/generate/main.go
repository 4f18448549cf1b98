// Command generate writes apple-roots.der: the certificates of Apple's store
// that Mozilla's bundle lacks and the ca-certificates of this machine have,
// each checked against the fingerprints of apple-roots.tsv. It also writes the
// indexes of both stores, and the table of the roots that only Mozilla's bundle
// has, for package apple.
//
//	go generate ./internal/anchors/embedded
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

func main() {
	err := run("apple-roots.tsv", "apple-roots.der", "/usr/share/ca-certificates", "/etc/ssl/certs")
	if err == nil {
		err = publicRoots("apple-roots.tsv", "../../../pkg/chain/apple/public_roots.tsv")
	}
	if err == nil {
		err = indexes("apple-roots.tsv", "apple-roots.der")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(table, out string, dirs ...string) error {
	wanted, err := wantedRoots(table)
	if err != nil {
		return err
	}
	for r := range bundle.Roots() {
		delete(wanted, sum(r.Certificate))
	}
	found := map[string][]byte{}
	// What the file has already stays: a later ca-certificates drops roots.
	old, _ := os.ReadFile(out)
	for len(old) > 0 {
		var one asn1.RawValue
		if old, err = asn1.Unmarshal(old, &one); err != nil {
			return err
		}
		if h := sum(one.FullBytes); wanted[h] {
			found[h] = one.FullBytes
		}
	}
	for _, d := range dirs {
		err := filepath.WalkDir(d, func(path string, _ os.DirEntry, err error) error {
			if err != nil {
				return nil // a directory that is not there has nothing to give
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return nil
			}
			for {
				var b *pem.Block
				if b, data = pem.Decode(data); b == nil {
					return nil
				}
				if h := sum(b.Bytes); wanted[h] {
					found[h] = b.Bytes
				}
			}
		})
		if err != nil {
			return err
		}
	}
	keys := make([]string, 0, len(found))
	for h := range found {
		keys = append(keys, h)
	}
	sort.Strings(keys)
	var b bytes.Buffer
	for _, h := range keys {
		b.Write(found[h])
	}
	fmt.Printf("%d certificates, %d of the table not found\n", len(keys), len(wanted)-len(keys))
	return os.WriteFile(out, b.Bytes(), 0o644)
}

// wantedRoots reads the fingerprints of the system's roots.
func wantedRoots(table string) (map[string]bool, error) {
	text, err := os.ReadFile(table)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(line, "\t"); len(f) > 4 && f[4] == "system" {
			wanted[strings.ToLower(f[0])] = true
		}
	}
	return wanted, nil
}

func sum(der []byte) string {
	h := sha256.Sum256(der)
	return hex.EncodeToString(h[:])
}
