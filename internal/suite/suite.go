// Package suite opens the third-party conformance suites for tests. They are no
// part of the project: a test is skipped, and says so, where they are absent.
package suite

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Dir is where the suites are: $CHAINSPECT_CONFORMANCE, else shared/conformance
// beside the module.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CHAINSPECT_CONFORMANCE")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil || root == filepath.Dir(root) {
				break
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(filepath.Dir(root), "shared", "conformance")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the conformance suites are not here (%v); set CHAINSPECT_CONFORMANCE to their directory", err)
	}
	return dir
}

// Open opens one gzipped file of the suites, unpacked.
func Open(t testing.TB, file string) io.Reader {
	t.Helper()
	f, err := os.Open(filepath.Join(Dir(t), file))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the suite is not here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Read decodes every line of NAME.jsonl.gz; an empty suite fails the test.
func Read[T any](t testing.TB, name string) []T {
	t.Helper()
	var out []T
	for d := json.NewDecoder(Open(t, name+".jsonl.gz")); ; {
		var v T
		if err := d.Decode(&v); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		t.Fatalf("%s is empty", name)
	}
	return out
}
