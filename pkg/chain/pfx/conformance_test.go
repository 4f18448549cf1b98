package pfx_test

import (
	"archive/tar"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/suite"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// conformanceCase is one line of p12.jsonl.gz.
type conformanceCase struct {
	ID       string   `json:"id"`
	File     string   `json:"file"`
	Expect   string   `json:"expect"` // "ok" or "fail"
	Password *string  `json:"password"`
	Certs    *int     `json:"n_certs"`
	Keys     *int     `json:"n_keys"`
	Algos    []string `json:"algos"`
	Note     string   `json:"note"`
}

// p12Suite reads the third-party files, or skips the test.
func p12Suite(t testing.TB) (cases []conformanceCase, files map[string][]byte) {
	t.Helper()
	cases = suite.Read[conformanceCase](t, "p12")
	files = map[string][]byte{}
	for in := tar.NewReader(suite.Open(t, "p12-files.tar.gz")); ; {
		h, err := in.Next()
		if err == io.EOF {
			return cases, files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
}

func TestConformance(t *testing.T) {
	cases, files := p12Suite(t)
	right, misses := 0, 0
	for _, c := range cases {
		var passwords []string
		if c.Password != nil {
			passwords = []string{*c.Password}
		}
		lent := 0
		f, err := pfx.Open(files[c.File], passwords, func(int, []byte) { lent++ })
		certs, keys := count(f)
		ok := err == nil
		switch {
		case c.Expect == "fail":
			ok = err != nil
			var password *pfx.PasswordError
			if wrong := c.Note == "wrong password"; wrong != errors.As(err, &password) {
				t.Errorf("%s (%s): %v", c.ID, c.Note, err)
			}
		case c.Certs != nil && *c.Certs != certs, c.Keys != nil && *c.Keys != keys, keys != lent:
			ok = false
		}
		if ok {
			right++
			continue
		}
		misses++
		named := unsupported(f)
		t.Logf("miss: %-40s want %s, got %v; certificates %d, keys %d; not supported: %s", c.ID, c.Expect, err, certs, keys, named)
		// What the suite has and this package does not decrypt is named (Camellia, ARIA).
		if c.Expect == "ok" && !strings.Contains(named, "Camellia") && !strings.Contains(named, "ARIA") {
			t.Errorf("%s: neither read nor named", c.ID)
		}
	}
	t.Logf("%d of %d", right, right+misses)
	if right < 137 || right+misses != 140 {
		t.Errorf("%d of %d right, want at least 137 of 140", right, right+misses)
	}
}

func count(f *pfx.File) (certs, keys int) {
	if f == nil {
		return 0, 0
	}
	for _, b := range f.Bags {
		switch {
		case b.Kind == pfx.CertificateBag && b.DER != nil:
			certs++
		case b.Key != nil:
			keys++
		}
	}
	return certs, keys
}

// unsupported joins what a file holds and this package cannot use.
func unsupported(f *pfx.File) string {
	var names []string
	note := func(err error) {
		var u *pfx.UnsupportedError
		if errors.As(err, &u) {
			names = append(names, u.Algorithm)
		}
	}
	if f != nil {
		for _, s := range f.Safes {
			note(s.Problem)
		}
		for _, b := range f.Bags {
			note(b.Problem)
		}
	}
	return strings.Join(names, ", ")
}
