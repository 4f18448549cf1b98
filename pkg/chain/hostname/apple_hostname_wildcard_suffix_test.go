package hostname

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Whether a suffix that a company entered counts depends on the device's list:
// that is advice. One of a registry is refused.
func TestWildcardUnderASuffix(t *testing.T) {
	for _, s := range []struct {
		reference string
		presented []string
		fires     bool
		cap       chain.Severity
	}{
		{"a.co.uk", []string{"*.co.uk"}, true, ""},
		{"a.github.io", []string{"*.github.io"}, true, chain.Warning},
		{"a.github.io", []string{"*.github.io", "a.github.io"}, false, ""},
		{"b.a.co.uk", []string{"*.a.co.uk"}, false, ""},
		{"b.a.github.io", []string{"*.a.github.io"}, false, ""},
	} {
		var names []san
		for _, name := range s.presented {
			names = append(names, san{x509read.TagDNS, name})
		}
		c := caseOf(leafWith(t, "server", names), s.reference, chain.NameDNS)
		hits := checkAppleWildcardSuffix(c, c.Leaf())
		if (len(hits) > 0) != s.fires || s.fires && hits[0].AtMost != s.cap {
			t.Errorf("%s under %v: %v, want fired %v, at most %q", s.reference, s.presented, hits, s.fires, s.cap)
		}
	}
}
