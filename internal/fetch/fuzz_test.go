package fetch

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// FuzzIssuers feeds what may lie behind a caIssuers address.
func FuzzIssuers(f *testing.F) {
	found, _ := filepath.Glob("../../testdata/certs/*.pem")
	for _, path := range found {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		if b, _ := pem.Decode(data); b != nil {
			f.Add(b.Bytes)
		}
	}
	f.Add([]byte("0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80"))
	f.Fuzz(func(t *testing.T, body []byte) {
		found, err := issuersIn(body)
		if err != nil && len(found) > 0 || err == nil && len(found) == 0 || len(found) > MaxIssuers {
			t.Errorf("%d certificates, %v", len(found), err)
		}
		for _, e := range found {
			if _, err := x509read.Parse(e.Data); err != nil {
				t.Error(err)
			}
		}
	})
}

// FuzzAnswers feeds what a responder or the server of a list may say.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte{0x30, 3, 0x0a, 1, 3})
	f.Add([]byte("-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, read := range []func([]byte) error{
			func(b []byte) error { _, err := responseIn(b); return err },
			func(b []byte) error { _, err := listIn(b); return err },
		} {
			if err := read(body); err != nil && len(err.Error()) > 400 {
				t.Errorf("%q", err)
			}
		}
	})
}
