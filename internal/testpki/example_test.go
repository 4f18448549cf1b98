package testpki

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/certs/example-*.pem anew")

// TestExampleFiles holds that the committed examples are what the recipes make,
// byte for byte.
func TestExampleFiles(t *testing.T) {
	made, err := Make(Example(), ExampleClock())
	if err != nil {
		t.Fatal(err)
	}
	for file, names := range exampleFiles() {
		text := ""
		for _, n := range names {
			text += made[n].PEM()
		}
		path := filepath.Join("../../testdata/certs", file)
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(path)
		if err != nil || string(have) != text {
			t.Errorf("%s is not what its recipes make (%v); go test ./internal/testpki -update", file, err)
		}
	}
}
