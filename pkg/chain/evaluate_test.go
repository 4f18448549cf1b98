package chain_test

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

var clock = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// fixture makes a PKI in which the leaf has two issuers: cross is the same CA
// under an expired certificate of another root.
func fixture(t *testing.T) map[string]*testpki.Made {
	t.Helper()
	m := testpki.Must(t, map[string]testpki.Recipe{
		"root":  {CA: true, Subject: "CN=Root"},
		"old":   {CA: true, Subject: "CN=Old Root"},
		"ca":    {CA: true, Subject: "CN=CA", Issuer: "root"},
		"cross": {CA: true, Subject: "CN=CA", KeyOf: "ca", Issuer: "old", NotBefore: clock.AddDate(-3, 0, 0), NotAfter: clock.AddDate(0, 0, -1)},
		"leaf":  {Issuer: "ca", DNS: []string{"www.example.com"}},
	}, clock)
	return m
}

func input(m map[string]*testpki.Made, anchors *chain.Anchors, sent ...string) chain.Input {
	c := testpki.Shown("tls", testpki.DERs(m, sent...)...)
	c.Target = "test"
	return chain.Input{Capture: c, Anchors: anchors,
		Question: chain.Question{Time: clock, NameKind: chain.NameNone, Purpose: chain.PurposeServer, MaxDepth: -1}}
}

func anchor(m map[string]*testpki.Made, name string, kind chain.AnchorKind) *chain.Anchor {
	return chain.NewAnchor(m[name].DER, kind, name)
}

// expired is a rule of two lines: the engine is tested, not the rule packages.
func expired() *chain.Rule {
	return &chain.Rule{ID: "test-expired", Level: chain.LevelX509, Instants: chain.AtValidity,
		Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
			if c.Question.Time.After(it.Cert.NotAfter) {
				return []chain.Hit{{Item: it, Message: "expired"}}
			}
			return nil
		})}
}

func incomplete() *chain.Rule {
	return &chain.Rule{ID: "test-incomplete", Level: chain.LevelX509, Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		if p.End == chain.Anchored {
			return nil
		}
		return []chain.Hit{{Item: p.Last(), Message: string(p.End)}}
	})}
}

func profile(grades ...chain.Grade) *chain.Profile {
	return &chain.Profile{Name: "test", Table: grades}
}

func evaluate(p *chain.Profile, in chain.Input, rules ...*chain.Rule) *chain.Report {
	e := chain.NewEvaluator(p, chain.NewMemory(64), chain.Book(rules))
	e.Verbose = true
	return e.Evaluate(in)
}

func severityOf(r *chain.Report, rule string) chain.Severity {
	for _, f := range r.Findings {
		if f.Rule == rule {
			return f.Severity
		}
	}
	return ""
}

func TestPathsAndTheirEnds(t *testing.T) {
	m := fixture(t)
	none := chain.NewAnchors(chain.StoreInfo{})
	for _, c := range []struct {
		name    string
		anchors *chain.Anchors
		sent    []string
		want    []chain.PathEnd
	}{
		{"anchor not sent", chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), []string{"leaf", "ca"}, []chain.PathEnd{chain.Anchored}},
		{"anchor sent", chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), []string{"leaf", "root", "ca"},
			[]chain.PathEnd{chain.Anchored}},
		{"both ways", chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), []string{"leaf", "cross", "ca"},
			[]chain.PathEnd{chain.Anchored, chain.NoIssuer}},
		{"leaf alone", none, []string{"leaf"}, []chain.PathEnd{chain.NoIssuer}},
		{"root sent, not trusted", none, []string{"leaf", "ca", "root"}, []chain.PathEnd{chain.SelfSigned}},
		{"leaf is the anchor", chain.NewAnchors(chain.StoreInfo{}, anchor(m, "leaf", chain.Installed)), []string{"leaf"}, []chain.PathEnd{chain.Anchored}},
		{"sent twice", chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), []string{"leaf", "ca", "ca"}, []chain.PathEnd{chain.Anchored}},
		{"nothing sent", none, nil, nil},
	} {
		got := chain.Build(input(m, c.anchors, c.sent...), chain.DefaultBudget(), chain.NewMemory(16))
		var ends []chain.PathEnd
		for _, p := range got.Paths {
			ends = append(ends, p.End)
		}
		if !slices.Equal(ends, c.want) {
			t.Errorf("%s: paths end %v, want %v", c.name, ends, c.want)
		}
		for i := range c.sent {
			if got.Items[i].Index != i {
				t.Errorf("%s: item %d has index %d", c.name, i, got.Items[i].Index)
			}
		}
	}
}

func TestBadPathBesideGoodOneIsANote(t *testing.T) {
	m := fixture(t)
	anchors := chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed), anchor(m, "old", chain.Installed))
	r := evaluate(profile(), input(m, anchors, "leaf", "cross", "ca"), expired())
	if r.Verdict != chain.Trusted || severityOf(r, "test-expired") != chain.Note {
		t.Errorf("verdict %s, expired cross-sign is %q", r.Verdict, severityOf(r, "test-expired"))
	}
	r = evaluate(profile(), input(m, anchors, "leaf", "cross"), expired())
	if r.Verdict != chain.Untrusted || severityOf(r, "test-expired") != chain.Error {
		t.Errorf("without the good path: verdict %s, %q", r.Verdict, severityOf(r, "test-expired"))
	}
	// An error of the leaf lies on every path: the other path's fault is a note all the same.
	leafFault := &chain.Rule{ID: "test-leaf", Level: chain.LevelX509, Check: chain.PerLeaf(func(_ *chain.Case, leaf *chain.Item) []chain.Hit {
		return []chain.Hit{{Item: leaf, Message: "leaf"}}
	})}
	r = evaluate(profile(), input(m, anchors, "leaf", "cross", "ca"), expired(), leafFault)
	if r.Verdict != chain.Untrusted || severityOf(r, "test-expired") != chain.Note || severityOf(r, "test-leaf") != chain.Error {
		t.Errorf("with a leaf fault: %s, %q, %q", r.Verdict, severityOf(r, "test-expired"), severityOf(r, "test-leaf"))
	}
}

func TestProfileGrades(t *testing.T) {
	m := fixture(t)
	installed := chain.NewAnchors(chain.StoreInfo{}, anchor(m, "old", chain.Installed))
	builtin := chain.NewAnchors(chain.StoreInfo{}, anchor(m, "old", chain.Builtin))
	for _, c := range []struct {
		name    string
		grade   chain.Grade
		anchors *chain.Anchors
		want    chain.Severity
	}{
		{"off", chain.Grade{Prefix: "test-expired", Severity: chain.Off}, installed, ""},
		{"warning", chain.Grade{Prefix: "test-", Severity: chain.Warning}, installed, chain.Warning},
		{"built-in only, installed", chain.Grade{Prefix: "test-expired", Severity: chain.Warning, BuiltinOnly: true}, installed, ""},
		{"built-in only, built-in", chain.Grade{Prefix: "test-expired", Severity: chain.Warning, BuiltinOnly: true}, builtin, chain.Warning},
	} {
		r := evaluate(profile(c.grade), input(m, c.anchors, "leaf", "cross"), expired())
		if got := severityOf(r, "test-expired"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	capped := expired()
	check := capped.Check.(chain.PerItem)
	capped.Check = chain.PerItem(func(c *chain.Case, it *chain.Item, at chain.Place) []chain.Hit {
		hits := check(c, it, at)
		for i := range hits {
			hits[i].AtMost = chain.Warning
		}
		return hits
	})
	if r := evaluate(profile(), input(m, installed, "leaf", "cross"), capped); severityOf(r, "test-expired") != chain.Warning || r.Verdict != chain.Trusted {
		t.Errorf("AtMost: %q, %s", severityOf(r, "test-expired"), r.Verdict)
	}
	// A policy regrades the finding, not the verdict; AtMost caps it, too.
	for _, g := range []struct {
		rule    *chain.Rule
		to      chain.Severity
		want    chain.Severity
		verdict chain.Verdict
	}{
		{expired(), chain.Warning, chain.Warning, chain.Untrusted},
		{capped, chain.Error, chain.Warning, chain.Trusted},
		{capped, chain.Note, chain.Note, chain.Trusted},
	} {
		e := chain.NewEvaluator(profile(), chain.NewMemory(16), chain.Book{g.rule})
		e.Regrade = map[string]chain.Severity{"test-expired": g.to}
		if r := e.Evaluate(input(m, installed, "leaf", "cross")); severityOf(r, "test-expired") != g.want || r.Verdict != g.verdict {
			t.Errorf("regraded to %s: %q, %s", g.to, severityOf(r, "test-expired"), r.Verdict)
		}
	}
	if s, _ := profile().WithSeverities(map[string]chain.Severity{"test-expired": chain.Note}).Severity(expired()); s != chain.Note {
		t.Errorf("regraded to %s", s)
	}
}

func TestSpecialRuleSilencesGeneralOne(t *testing.T) {
	m := fixture(t)
	anchors := chain.NewAnchors(chain.StoreInfo{}, anchor(m, "old", chain.Installed))
	special := expired()
	special.InsteadOf = []string{"test-expired"}
	special.ID = "test-special"
	r := evaluate(profile(), input(m, anchors, "leaf", "cross"), expired(), special)
	if severityOf(r, "test-expired") != "" || severityOf(r, "test-special") != chain.Error || len(r.Findings) != 1 {
		t.Errorf("%+v", r.Findings)
	}
	r = evaluate(profile(chain.Grade{Prefix: "test-special", Severity: chain.Off}), input(m, anchors, "leaf", "cross"), expired(), special)
	if severityOf(r, "test-expired") != chain.Error {
		t.Errorf("a rule that is off silences another: %+v", r.Findings)
	}
}

func TestUnknownDecidesNothingBad(t *testing.T) {
	m := fixture(t)
	anchors := chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed))
	open := &chain.Rule{ID: "test-open", Level: chain.LevelX509, Check: chain.PerLeaf(func(_ *chain.Case, leaf *chain.Item) []chain.Hit {
		return []chain.Hit{{Item: leaf, Message: "could not tell", Status: chain.Unknown}}
	})}
	if r := evaluate(profile(), input(m, anchors, "leaf", "ca"), open); r.Verdict != chain.Undecided || r.Levels[0].Verdict != chain.LevelUnknown {
		t.Errorf("%s, %s", r.Verdict, r.Levels[0].Verdict)
	}
}

func TestAppAnchorsAreASecondEvaluation(t *testing.T) {
	m := fixture(t)
	var seen []chain.Verdict
	late := &chain.Rule{ID: "test-late", Level: chain.LevelATS, Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		seen = append(seen, c.DefaultTrust, c.AppTrust)
		return nil
	})}
	for _, c := range []struct {
		kind chain.AnchorKind
		want []chain.Verdict
	}{{chain.App, []chain.Verdict{chain.Untrusted, chain.Trusted}}, {chain.Installed, []chain.Verdict{chain.Trusted, chain.Trusted}}} {
		seen = nil
		anchors := chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", c.kind))
		evaluate(profile(), input(m, anchors, "leaf", "ca"), incomplete(), late)
		if len(seen) < 2 || !slices.Equal(seen[:2], c.want) {
			t.Errorf("%s: default and app %v, want %v", c.kind, seen, c.want)
		}
	}
}

func TestGoodUntilAndTimeline(t *testing.T) {
	m := fixture(t)
	anchors := chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed))
	r := evaluate(profile(), input(m, anchors, "leaf", "ca"), expired())
	end := m["leaf"].Cert.NotAfter
	if r.GoodUntil == nil || !r.GoodUntil.Time.Equal(end) || r.GoodUntil.Rule != "test-expired" || r.GoodUntil.Item == nil || *r.GoodUntil.Item != 0 {
		t.Errorf("good until %+v, want %s by item 0", r.GoodUntil, end)
	}
	if len(r.Timeline) != 1 || r.Timeline[0].Verdict != chain.Untrusted {
		t.Errorf("timeline %+v", r.Timeline)
	}
	in := input(m, anchors, "leaf", "ca")
	in.Question.Time = end.Add(time.Hour)
	if r := evaluate(profile(), in, expired()); r.GoodUntil != nil || r.Verdict != chain.Untrusted {
		t.Errorf("after its end: %s, good until %+v", r.Verdict, r.GoodUntil)
	}
}

func TestStrongerKindWins(t *testing.T) {
	m := fixture(t)
	for _, kinds := range [][2]chain.AnchorKind{{chain.App, chain.Builtin}, {chain.Builtin, chain.App}} {
		s := chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", kinds[0]), anchor(m, "root", kinds[1]))
		if len(s.All()) != 1 || s.All()[0].Kind != chain.Builtin {
			t.Errorf("%v: %d anchors, first %s", kinds, len(s.All()), s.All()[0].Kind)
		}
	}
}

func TestBudgetIsMetTheSameWithMemory(t *testing.T) {
	m := fixture(t)
	in := input(m, chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), "leaf", "cross", "ca")
	b := chain.DefaultBudget()
	b.Signatures = 1
	memory := chain.NewMemory(64)
	first := chain.Build(in, b, memory).GaveUp
	if again := chain.Build(in, b, memory).GaveUp; first != "signatures" || again != first {
		t.Errorf("gave up on %q, with a warm memory on %q", first, again)
	}
	if full := chain.Build(in, chain.DefaultBudget(), memory).GaveUp; full != "" {
		t.Errorf("an honest bag meets the bound %q", full)
	}
}

func TestRepairs(t *testing.T) {
	m := fixture(t)
	none := chain.NewAnchors(chain.StoreInfo{})
	in := input(m, none, "leaf", "ca", "root")
	c := chain.Build(in, chain.DefaultBudget(), chain.NewMemory(16))
	fixed, ok := chain.RepairInstall(c.Items[2])(in)
	if !ok || chain.Build(fixed, chain.DefaultBudget(), chain.NewMemory(16)).Paths[0].End != chain.Anchored {
		t.Error("installing the root does not anchor the path")
	}
	fixed, ok = chain.RepairDrop(c.Items[1])(in)
	if !ok || len(fixed.Capture.Observations[0].Sent) != 2 || len(in.Capture.Observations[0].Sent) != 3 {
		t.Error("dropping an item changes the wrong list")
	}
	fixed, ok = chain.RepairList(c.Items[0], c.Items[1])(in)
	if !ok || len(fixed.Capture.Observations[0].Sent) != 2 {
		t.Error("the list was not replaced")
	}
	if _, ok := chain.Repairs(chain.RepairDrop(c.Items[1]), chain.RepairName("x", chain.NameDNS))(in); !ok {
		t.Error("two repairs in turn")
	}
}

// TestPurposeOfTheQuestion: a rule that says nothing about clients is not asked
// of one, and the advice is the purpose's.
func TestPurposeOfTheQuestion(t *testing.T) {
	m := fixture(t)
	rule := incomplete()
	rule.Advice = []chain.Advice{{Who: "server administrator", Text: "send it"}, {Who: "client", Text: "send it", For: chain.ForClient}}
	servers := incomplete()
	servers.ID, servers.Applies = "test-servers", &chain.Applies{NotFor: chain.PurposeClient}
	for purpose, want := range map[chain.Purpose]struct {
		fix      string
		findings int
	}{chain.PurposeServer: {"server administrator: send it", 2}, chain.PurposeAny: {"server administrator: send it",
		2}, chain.PurposeClient: {"client: send it", 1}} {
		in := input(m, chain.NewAnchors(chain.StoreInfo{}), "leaf")
		in.Question.Purpose = purpose
		r := evaluate(profile(), in, rule, servers)
		if len(r.Findings) != want.findings || r.Findings[0].Fix != want.fix {
			t.Errorf("%s: %+v", purpose, r.Findings)
		}
	}
}

// TestPassed: only a rule that had something to look at, on a level that
// applies, is listed as passed, in the order of IDs, whatever that of the book.
func TestPassed(t *testing.T) {
	m := fixture(t)
	in := input(m, chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), "leaf", "ca")
	good := chain.PerList(func(*chain.Case) []chain.Hit { return nil })
	bad := chain.PerList(func(*chain.Case) []chain.Hit { return []chain.Hit{{Message: "bad"}} })
	has := func(yes bool) func(*chain.Case) bool { return func(*chain.Case) bool { return yes } }
	e := chain.NewEvaluator(profile(chain.Grade{Prefix: "test-public", Severity: chain.Warning, BuiltinOnly: true}), chain.NewMemory(8), chain.Book{
		{ID: "test-has", Level: chain.LevelX509, Check: good, Needs: has(true)},
		{ID: "test-bad", Level: chain.LevelX509, Check: bad},
		{ID: "test-good", Level: chain.LevelX509, Check: good},
		{ID: "test-lacks", Level: chain.LevelX509, Check: bad, Needs: has(false)},
		{ID: "test-void", Level: chain.LevelName, Check: good},
		{ID: "test-late", Level: chain.LevelATS, Check: good},
		{ID: "test-identity", Level: chain.LevelX509, Check: chain.PerIdentity(func(*chain.Case, *chain.Identity) []chain.Hit { return nil })},
		{ID: "test-public", Level: chain.LevelX509, Check: chain.PerLeaf(func(*chain.Case, *chain.Item) []chain.Hit { return nil })},
		{ID: "test-later", Level: chain.LevelX509, Check: good, Applies: &chain.Applies{JudgedFrom: clock.Add(time.Second)}},
		{ID: "test-issued", Level: chain.LevelX509, Applies: &chain.Applies{IssuedFrom: clock},
			Check: chain.PerLeaf(func(*chain.Case, *chain.Item) []chain.Hit { return nil })},
	})
	e.Hooks[chain.LevelName] = chain.LevelHook{Applies: func(*chain.Case) (bool, string) { return false, "no name" }}
	if r := e.Evaluate(in); r.Passed != nil {
		t.Errorf("passed %q without being asked for", r.Passed)
	}
	e.Verbose = true
	r := e.Evaluate(in)
	if got := strings.Join(r.Passed, " "); got != "test-good test-has test-late" {
		t.Errorf("passed: %q", got)
	}
	if severityOf(r, "test-lacks") != "" {
		t.Error("a rule was asked that has nothing to look at")
	}
}

// TestOneEvaluatorForMany: goroutines that judge at once, and so learn of the same
// certificates at once, come to the same reports.
func TestOneEvaluatorForMany(t *testing.T) {
	m := fixture(t)
	check := chain.PerCertificate(func(it *chain.Item, at chain.Place) []chain.Hit {
		if at.Leaf {
			return []chain.Hit{{Item: it, Message: "odd"}}
		}
		return nil
	})
	odd := &chain.Rule{ID: "test-odd", Level: chain.LevelX509, Severity: chain.Warning, Check: check}
	e := chain.NewEvaluator(profile(), chain.NewMemory(2), chain.Book{incomplete(), expired(), odd})
	in := input(m, chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), "leaf", "ca")
	want := e.Evaluate(in)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if got := e.Evaluate(in); !reflect.DeepEqual(got, want) {
					t.Errorf("%s, %d findings, want %s, %d", got.Headline, len(got.Findings), want.Headline, len(want.Findings))
				}
			}
		})
	}
	all.Wait()
}
