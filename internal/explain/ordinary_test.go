package explain_test

import (
	"os"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/explain"
)

// TestOrdinaryTextIsNotExplained: prose, logs of other programs, HTML and
// numbers lead nowhere, whatever words of ours are in them.
func TestOrdinaryTextIsNotExplained(t *testing.T) {
	data, err := os.ReadFile("testdata/ordinary.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		for _, m := range explain.Find(line) {
			t.Errorf("%s finds %q (%s)", strings.TrimSpace(line), m.Title, m.Code)
		}
		if got := explain.RulesOf(line); len(got) > 0 {
			t.Errorf("%s leads to %v", strings.TrimSpace(line), got)
		}
	}
}

// TestAnOrdinaryPhraseCountsOnTheSubject: alone, or where the rest speaks of
// certificates, the same words lead somewhere.
func TestAnOrdinaryPhraseCountsOnTheSubject(t *testing.T) {
	for text, want := range map[string]bool{
		"wrong password": true, "Error: wrong password.": true, "wrong password for the p12 file": true, "wrong password for bob": false,
		"-1200": true, "error -1200": true, "URLSession ends with -1200": true, "the balance is -1200": false,
		"pinning": true, "pinning in URLSession": true, "pinning a map": false,
		"CN": true, "the CN of the certificate": true, "the CN tower": false,
	} {
		if got := len(explain.Find(text)) > 0 || len(explain.RulesOf(text)) > 0; got != want {
			t.Errorf("%q is known: %v", text, got)
		}
	}
}
