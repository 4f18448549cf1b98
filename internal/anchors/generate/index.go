package main

import (
	"encoding/asn1"
	"os"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/chainspect/chainspect/internal/anchors/storeindex"
)

// indexes writes the tables that find the roots of both stores by fingerprint
// and subject; Apple's places count through the bundle, then through its own DER.
func indexes(table, appleDER string) error {
	inApple, err := wantedRoots(table)
	if err != nil {
		return err
	}
	more, err := os.ReadFile(appleDER)
	if err != nil {
		return err
	}
	mozilla, apple := map[int][]byte{}, map[int][]byte{}
	place := 0
	for r := range bundle.Roots() {
		mozilla[place] = r.Certificate
		if inApple[sum(r.Certificate)] {
			apple[place] = r.Certificate
		}
		place++
	}
	for len(more) > 0 {
		var one asn1.RawValue
		if more, err = asn1.Unmarshal(more, &one); err != nil {
			return err
		}
		apple[place] = one.FullBytes
		place++
	}
	for file, roots := range map[string]map[int][]byte{"apple-roots.idx": apple, "mozilla-roots.idx": mozilla} {
		if err := os.WriteFile(file, []byte(storeindex.Make(roots)), 0o644); err != nil {
			return err
		}
	}
	return nil
}
