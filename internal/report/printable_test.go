package report

import (
	"slices"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain":               "plain",
		"käse 漢字 −9807 “x”":   "käse 漢字 −9807 “x”",
		"\x1b[31m":            `\x1b[31m`,
		"a\r\n\tb":            `a\r\n\tb`,
		"\u202egnp":           `\u202egnp`,
		"\u009b1m":            `\u009b1m`,
		"\xff":                `\xff`,
		"a\u00a0b":            `a\u00a0b`,
		"\U000e0001":          `\U000e0001`,
		"\x7f":                `\x7f`,
		"2001:db8::face":      "2001:db8::face",
		"x ::Error::y":        `x :\u003aError::y`,
		"::set-output name=a": `:\u003aset-output name=a`,
		":::error::":          `::\u003aerror::`,
		"##[error]":           `#\u0023[error]`,
	} {
		if got := printable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("a\x1b]8;;x\x07 ::error::##[")
	f.Fuzz(func(t *testing.T, s string) {
		p := printable(s)
		if again := printable(p); again != p {
			t.Fatalf("%q is printable as %q and that as %q", s, p, again)
		}
		for _, n := range []int{8, 40} {
			for _, l := range wrap(p, n) {
				if columns(l) > n {
					t.Fatalf("%q is wider than %d", l, n)
				}
			}
		}
		shortSubject(s)
		mdCode(s)
		mdText(s)
	})
}

func TestSchemeless(t *testing.T) {
	for in, want := range map[string]string{
		"http://ocsp.example.com/x": "ocsp.example.com/x",
		"see ldap://a, HTTPS://b":   "see a, b",
		"://x":                      "x",
		"hthttp://tp://x":           "x",
		"no url: 1/2":               "no url: 1/2",
	} {
		if got := schemeless(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		59 * time.Second:           "now",
		time.Minute:                "in 1 minute",
		time.Hour - 1:              "in 59 minutes",
		time.Hour:                  "in 1 hour",
		48*time.Hour - 1:           "in 47 hours",
		48 * time.Hour:             "in 2 days",
		-3 * 24 * time.Hour:        "3 days ago",
		730*24*time.Hour - 1:       "in 729 days",
		730 * 24 * time.Hour:       "in 2 years",
		-10 * 365 * 24 * time.Hour: "10 years ago",
	} {
		if got := distance(now, now.Add(d)); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	for year, want := range map[int]string{9998: "in 7977 years", 9999: "the date that stands for no expiry"} {
		if got := distance(now, time.Date(year, 12, 31, 23, 59, 59, 0, time.UTC)); got != want {
			t.Errorf("the end of %d: %q, want %q", year, got, want)
		}
	}
}

func TestShortName(t *testing.T) {
	for dn, want := range map[string]string{
		"CN=a,O=b":             "a",
		"O=b,CN=a":             "a",
		`CN=a\, Inc.\+x,O=b`:   "a, Inc.+x",
		"OU=unit,O=b":          "unit",
		"O=b,C=NL":             "b",
		"DC=example,DC=com":    "DC=example,DC=com",
		"serialNumber=1+CN=me": "me",
		`CN=\`:                 `\`,
	} {
		if got := shortName(&chain.ItemReport{Subject: dn}); got != want {
			t.Errorf("%s: %q, want %q", dn, got, want)
		}
	}
	if got := shortName(&chain.ItemReport{Names: []string{"dns:a.example"}}); got != "a.example" {
		t.Errorf("a leaf without a subject is called %q", got)
	}
	if got := shortName(&chain.ItemReport{}); got != "(empty subject)" {
		t.Error(got)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want []string
	}{
		{"one two three", 8, []string{"one two", "three"}},
		{"a  b", 20, []string{"a  b"}},
		{"", 20, []string{""}},
		{"averyveryverylongname.example.com", 16, []string{"averyveryverylon", "gname.example.", "com"}},
		{"漢字漢字漢字", 8, []string{"漢字漢字", "漢字"}},
		{"e\u0301e\u0301 x", 8, []string{"e\u0301e\u0301 x"}},
	} {
		if got := wrap(c.in, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%q at %d: %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestWorstFirst(t *testing.T) {
	f := func(rule string, s chain.Severity, st chain.Status) chain.Finding {
		return chain.Finding{Rule: rule, Severity: s, Status: st}
	}
	in := []chain.Finding{f("waived", chain.Error, chain.Waived), f("note", chain.Note, chain.Broken), f("warning", chain.Warning, chain.Broken),
		f("unknown", chain.Error, chain.Unknown), f("error", chain.Error, chain.Broken)}
	fails := map[chain.Severity]string{}
	var order []string
	for _, x := range worstFirst(in) {
		order = append(order, x.Rule)
		for _, s := range []chain.Severity{chain.Error, chain.Warning, chain.Note} {
			if x.Counts(s) {
				fails[s] += x.Rule + " "
			}
		}
	}
	if want := []string{"error", "unknown", "warning", "note", "waived"}; !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
	for s, want := range map[chain.Severity]string{chain.Error: "error ", chain.Warning: "error warning ", chain.Note: "error warning note "} {
		if fails[s] != want {
			t.Errorf("--fail-on %s: %q, want %q", s, fails[s], want)
		}
	}
}
