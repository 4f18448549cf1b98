package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/chainspect/chainspect/internal/explain"
)

// TestFlagList holds the command line to its written list: what to judge, how,
// what to say.
func TestFlagList(t *testing.T) {
	want := strings.Fields(`name servername connect starttls proxy ipv4 ipv6 thorough identity key password-file path purpose
		anchor app-anchor trust-store with crl data-dir fetch fetch-private revocation profile for platform info-plist pin-ca server-policy at warn allow-unknown
		clients
		format output fail-on fail-on-change capture baseline color quiet verbose targets jobs skip-done timeout`)
	var got []string
	short := map[string]string{}
	newCheck().Flags().VisitAll(func(f *pflag.Flag) {
		got = append(got, f.Name)
		short[f.Shorthand] = f.Name
	})
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("check has the flags\n%v, the list says\n%v", got, want)
	}
	for letter, name := range map[string]string{"4": "ipv4", "6": "ipv6", "o": "output", "q": "quiet", "v": "verbose"} {
		if short[letter] != name {
			t.Errorf("-%s is %q, want %s", letter, short[letter], name)
		}
	}
}

// TestFlagsMeanTheSame compares the flags that commands share.
func TestFlagsMeanTheSame(t *testing.T) {
	check := newCheck().Flags()
	for _, c := range newRoot(commands(nil)...).Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			same := check.Lookup(f.Name)
			if same != nil && f.Name != "purpose" && (f.Usage != same.Usage || f.DefValue != same.DefValue || f.Shorthand != same.Shorthand) {
				t.Errorf("%s --%s (%s; %q) differs from check's (%s; %q)", c.Name(), f.Name, f.Usage, f.DefValue, same.Usage, same.DefValue)
			}
		})
	}
}

// TestExplainNamesCommandsThatExist: what stands under "next" can be run.
func TestExplainNamesCommandsThatExist(t *testing.T) {
	root := newRoot(commands(nil)...)
	for _, e := range explain.Table() {
		for line := range strings.Lines(e.Next) {
			words := strings.Fields(line)
			c, _, err := root.Find(words[1:])
			if words[0] != "chainspect" || err != nil || c == root {
				t.Errorf("%s: no such command: %s", e.Title, line)
				continue
			}
			for _, w := range words[2:] {
				if name, long := strings.CutPrefix(w, "--"); long && c.Flags().Lookup(name) == nil {
					t.Errorf("%s: %s has no flag %s", e.Title, c.Name(), w)
				}
			}
		}
	}
}
