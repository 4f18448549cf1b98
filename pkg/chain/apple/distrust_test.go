package apple

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// distrusted are the issuers of the table, each once.
func distrusted(t *testing.T) [][32]byte {
	t.Helper()
	var list [][32]byte
	for line := range strings.Lines(distrustLines()) {
		var sum [32]byte
		if n, err := hex.Decode(sum[:], []byte(strings.SplitN(line, "\t", 2)[0])); err != nil || n != len(sum) {
			t.Fatalf("the line %q does not begin with a SHA-256", line)
		}
		if len(list) == 0 || list[len(list)-1] != sum {
			list = append(list, sum)
		}
	}
	return list
}

func TestDistrustLinesAreSorted(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(distrustLines(), "\n"), "\n")
	if !slices.IsSorted(lines) {
		t.Error("the table is not sorted by issuer")
	}
	for _, line := range lines {
		if n := strings.Count(line, "\t"); n != 6 || line != strings.ToLower(line[:64])+line[64:] {
			t.Errorf("%d columns, or a fingerprint in capitals: %s", n+1, line)
		}
	}
}

func TestDistrustTable(t *testing.T) {
	rules := map[string]int{}
	n := 0
	for _, sum := range distrusted(t) {
		list := distrusts(sum)
		for _, d := range list {
			n++
			rules[d.rule]++
			switch d.rule {
			case "issued-after", "child-notBefore>=":
				if d.from.IsZero() {
					t.Errorf("%s: no date", d.name)
				}
			case "issued-window":
				if d.from.IsZero() || d.until.IsZero() {
					t.Errorf("%s: %v to %v", d.name, d.from, d.until)
				}
			}
		}
	}
	if n != 98 || rules["child-notBefore>="] != 7 || rules["issued-after"] != 11 {
		t.Errorf("%d lines: %v", n, rules)
	}
}

// below is a chain under an issuer of the table.
func below(t *testing.T, kind chain.AnchorKind, sum string, edits ...edit) *chain.Case {
	t.Helper()
	c := asked(kind, leaf(edits...), authority("CA", "Root", from("2014-01-01T00:00:00Z")), authority("Root", "Root", from("2010-01-01T00:00:00Z")))
	b, err := hex.DecodeString(sum)
	if err != nil {
		t.Fatal(err)
	}
	copy(c.Paths[0].Last().Cert.SHA256[:], b)
	return c
}

func TestDistrust(t *testing.T) {
	const (
		entrust  = "43DF5774B03E7FEF5FE40D931A7BEDF1BB2E6B42738C4E6D3841103D3AA7F339" // server, not client
		startcom = "C766A9BEF2D4071C863A31AA4920E813B2D198608CB7B7CFE21143B836DF09EA"
		id       = "apple-distrusted"
	)
	find := func(rule, purposes string) string {
		for _, sum := range distrusted(t) {
			list := distrusts(sum)
			if len(list) == 1 && list[0].rule == rule && (purposes == "" || list[0].purposes == purposes) {
				return hex.EncodeToString(sum[:])
			}
		}
		t.Fatalf("no line %s %s", rule, purposes)
		return ""
	}
	noServer := find("allowed-purposes", "tlsClient,email,codeSign,timeStamp")
	none := find("allowlist-only", "")
	tell(t, []story{
		{"last second of the day", id, below(t, chain.Builtin, entrust, from("2024-11-15T23:59:59Z")), "warning"},
		{"the day after", id, below(t, chain.Builtin, entrust, from("2024-11-16T00:00:00Z")), "error"},
		{"also when installed", id, below(t, chain.Installed, entrust, from("2024-11-16T00:00:00Z")), "error"},
		{"a client is not concerned", id, client(below(t, chain.Builtin, entrust, from("2025-01-01T00:00:00Z"))), ""},
		{"not for servers", id, below(t, chain.Builtin, noServer), "error"},
		{"but for clients", id, client(below(t, chain.Builtin, noServer)), ""},
		{"nothing is accepted", id, below(t, chain.Installed, none), "error"},
		{"another root", id, root(chain.Builtin), ""},

		{"the last second before", "apple-blocked-issuer", below(t, chain.Installed, startcom, from("2016-11-30T23:59:59Z")), ""},
		{"the first second", "apple-blocked-issuer", below(t, chain.Installed, startcom, from("2016-12-01T00:00:00Z")), "error"},
		{"another root", "apple-blocked-issuer", root(chain.Installed), ""},
	})
	intermediate := below(t, chain.Installed, startcom, from("2016-01-01T00:00:00Z"))
	intermediate.Items[1].Cert.NotBefore = moment("2017-01-01T00:00:00Z")
	if hits := fire(t, "apple-blocked-issuer", intermediate); len(hits) != 1 || hits[0].Item != intermediate.Items[1] {
		t.Errorf("a late intermediate: %v", hits)
	}
}

func TestIssueWindow(t *testing.T) {
	d := distrust{name: "X", rule: "issued-window", from: moment("2020-01-01T00:00:00Z"), until: moment("2022-12-01T00:00:00Z")}
	for when, want := range map[string]bool{
		"2019-12-31T23:59:59Z": true, "2020-01-01T00:00:00Z": false,
		"2022-11-30T23:59:59Z": false, "2022-12-01T00:00:00Z": true,
	} {
		c := asked(chain.Builtin, leaf(from(when)), authority("CA", "CA"))
		if _, hit := d.hit(c, c.Paths[0]); hit != want {
			t.Errorf("issued %s: refused %v, want %v", when, hit, want)
		}
	}
}

func TestBackdatedLeafIsIssuedWhenItWasLogged(t *testing.T) {
	a, b := newLog(t, "Alpha", "usable", "2024-01-01T00:00:00Z"), newLog(t, "Beta", "usable", "2024-01-01T00:00:00Z")
	list := listOf(t, a, b)
	d := distrust{name: "X", rule: "issued-after", from: moment("2026-01-10T00:00:00Z"), purposes: "tlsServer"}
	backdated := with(t, logged(chain.Builtin), list, stampAt{a, "2026-01-11T00:00:00Z", "e"}, stampAt{b, "2026-01-12T00:00:00Z", "e"})
	if h, hit := d.hit(backdated, backdated.Paths[0]); !hit || h.AtMost != "" {
		t.Errorf("logged a day after the last one: %v, %v", hit, h)
	}
	logless := with(t, logged(chain.Builtin), list, stampAt{a, "2026-01-11T00:00:00Z", "e"})
	if h, hit := d.hit(logless, logless.Paths[0]); !hit || h.AtMost != chain.Warning {
		t.Errorf("too few SCTs, so notBefore counts: %v, %v", hit, h)
	}
}
