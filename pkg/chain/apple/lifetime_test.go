package apple

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func living(from string, seconds int64) edit {
	return func(c *x509read.Certificate) {
		c.NotBefore = moment(from)
		c.NotAfter = time.Unix(c.NotBefore.Unix()+seconds, 0).UTC()
	}
}

func under(kind chain.AnchorKind, edits ...edit) *chain.Case {
	return asked(kind, leaf(edits...), authority("CA", "Root"), authority("Root", "Root"))
}

func client(c *chain.Case) *chain.Case {
	c.Question.Purpose = chain.PurposeClient
	return c
}

func TestLifetimes(t *testing.T) {
	alone := func(kind chain.AnchorKind, edits ...edit) *chain.Case { return asked(kind, leaf(edits...)) }
	tell(t, []story{
		{"398 days", "apple-lifetime-398", under(chain.Builtin, living("2020-09-01T00:00:00Z", 34387200)), "warning"},
		{"398 days and a second", "apple-lifetime-398", under(chain.Builtin, living("2020-09-01T00:00:00Z", 34387201)), "error"},
		{"397 days", "apple-lifetime-398", under(chain.Builtin, living("2020-09-01T00:00:00Z", 397*86400)), ""},
		{"397 days and a second", "apple-lifetime-398", under(chain.Builtin, living("2020-09-01T00:00:00Z", 397*86400+1)), "warning"},
		{"issued a second before the start", "apple-lifetime-398", under(chain.Builtin, living("2020-08-31T23:59:59Z", 34387201)), ""},
		{"installed root", "apple-lifetime-398", under(chain.Installed, living("2021-01-01T00:00:00Z", 34387201)), ""},
		{"app's anchor", "apple-lifetime-398", under(chain.App, living("2021-01-01T00:00:00Z", 34387201)), ""},
		{"client", "apple-lifetime-398", client(under(chain.Builtin, living("2021-01-01T00:00:00Z", 34387201))), ""},

		{"V-01 at the limit", "apple-lifetime-825", under(chain.Builtin, living("2018-03-01T00:00:00Z", 71283600)), ""},
		{"V-01 beyond", "apple-lifetime-825", under(chain.Builtin, living("2018-03-01T00:00:00Z", 71283601)), "error"},
		{"V-01 before the start", "apple-lifetime-825", under(chain.Builtin, living("2018-02-28T23:59:59Z", 71283601)), "note"},
		{"V-01 does not bind installed roots", "apple-lifetime-825", under(chain.Installed, living("2019-01-01T00:00:00Z", 71283601)), "note"},
		{"V-03 at the limit", "apple-lifetime-825", under(chain.Installed, living("2019-06-30T23:00:00Z", 71283600)), "note"},
		{"V-03 beyond", "apple-lifetime-825", under(chain.Installed, living("2019-06-30T23:00:00Z", 71283601)), "error"},
		{"V-03 before the start", "apple-lifetime-825", under(chain.Installed, living("2019-06-30T22:59:59Z", 71283601)), "note"},
		{"V-03 before the start, without an anchor", "apple-lifetime-825", under("", living("2019-06-30T22:59:59Z", 71283601)), ""},
		{"V-03 before the start, installed leaf", "apple-lifetime-825", alone(chain.Installed, living("2019-06-30T22:59:59Z", 71283601)), ""},
		{"V-03 binds the app's anchors", "apple-lifetime-825", under(chain.App, living("2020-01-01T00:00:00Z", 71283601)), "error"},
		{"V-03 binds untrusted chains", "apple-lifetime-825", under("", living("2020-01-01T00:00:00Z", 71283601)), "error"},
		{"installed leaf", "apple-lifetime-825", alone(chain.Installed, living("2020-01-01T00:00:00Z", 71283601)), "note"},
		{"the app's leaf", "apple-lifetime-825", alone(chain.App, living("2020-01-01T00:00:00Z", 71283601)), "error"},
		{"820 days pass under an installed root", "apple-lifetime-825", under(chain.Installed, living("2025-01-01T00:00:00Z", 820*86400)), "note"},
		{"no expiry date", "apple-lifetime-825", under(chain.Installed, living("2020-01-01T00:00:00Z", 251799494399)), "error"},
		{"90 days", "apple-lifetime-825", under(chain.Installed, living("2025-01-01T00:00:00Z", 90*86400)), ""},
		{"client", "apple-lifetime-825", client(under(chain.Installed, living("2020-01-01T00:00:00Z", 71283601))), ""},

		{"before the schedule", "apple-lifetime-schedule", under(chain.Builtin, living("2026-03-14T23:59:59Z", 300*86400)), ""},
		{"200 days", "apple-lifetime-schedule", under(chain.Builtin, living("2026-03-15T00:00:00Z", 200*86400-1)), ""},
		{"200 days and a second", "apple-lifetime-schedule", under(chain.Builtin, living("2026-03-15T00:00:00Z", 200*86400)), "warning"},
		{"100 days", "apple-lifetime-schedule", under(chain.Builtin, living("2027-03-15T00:00:00Z", 100*86400-1)), ""},
		{"100 days and a second", "apple-lifetime-schedule", under(chain.Builtin, living("2027-03-15T00:00:00Z", 100*86400)), "warning"},
		{"200 days on the eve", "apple-lifetime-schedule", under(chain.Builtin, living("2027-03-14T23:59:59Z", 100*86400)), ""},
		{"47 days", "apple-lifetime-schedule", under(chain.Builtin, living("2029-03-15T00:00:00Z", 47*86400-1)), ""},
		{"47 days and a second", "apple-lifetime-schedule", under(chain.Builtin, living("2029-03-15T00:00:00Z", 47*86400)), "warning"},
		{"private root", "apple-lifetime-schedule", under(chain.Installed, living("2026-03-15T00:00:00Z", 300*86400)), ""},
	})
}

// TestTriedLifetime: the renewal that is tried is the one advised under the anchor.
func TestTriedLifetime(t *testing.T) {
	for kind, want := range map[chain.AnchorKind]string{chain.Builtin: "with 90 days", chain.Installed: "with 825 days", chain.App: "with 825 days"} {
		hits := fire(t, "apple-lifetime-825", under(kind, living("2020-01-01T00:00:00Z", 71283601)))
		if len(hits) != 1 || hits[0].Advice[0].Assumes != want || hits[0].Advice[0].Repair == nil {
			t.Errorf("%s: %+v, want %q", kind, hits, want)
		}
	}
}
