package basic

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

var clock = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

type recipes map[string]testpki.Recipe

// with returns a good chain – leaf, intermediate, root – with some recipes put in their place.
func with(change recipes) recipes {
	out := recipes{
		"root":  {CA: true},
		"sub":   {CA: true, Issuer: "root"},
		"leaf":  {Issuer: "sub", DNS: []string{"www.example.com"}},
		"other": {CA: true},
	}
	for name, r := range change {
		out[name] = r
	}
	return out
}

// story is one chain, the question, and every finding it has to give.
type story struct {
	name    string
	recipes recipes
	sent    string // names of recipes, in order
	anchors string
	given   string // evidence beside the list
	file    bool   // the list is a file's
	ask     func(*chain.Question)
	want    string // "severity:rule …", sorted; "" for a clean report
}

func (s *story) input(t testing.TB) chain.Input {
	t.Helper()
	made := testpki.Must(t, s.recipes, clock)
	transport := chain.TransportTLS
	if s.file {
		transport = chain.TransportFile
	}
	capture := testpki.Shown(transport, testpki.DERs(made, strings.Fields(s.sent)...)...)
	capture.Target, capture.TakenAt = "story", clock
	for _, name := range strings.Fields(s.given) {
		capture.Evidence = append(capture.Evidence, chain.Evidence{Kind: chain.EvidenceCert, Origin: "given", Source: name, Data: made[name].DER})
	}
	var anchors []*chain.Anchor
	for _, name := range strings.Fields(s.anchors) {
		anchors = append(anchors, chain.NewAnchor(made[name].DER, chain.Installed, name))
	}
	q := chain.Question{Time: clock, NameKind: chain.NameNone, Purpose: chain.PurposeServer, MaxDepth: -1}
	if s.ask != nil {
		s.ask(&q)
	}
	return chain.Input{Capture: capture, Question: q, Anchors: chain.NewAnchors(chain.StoreInfo{Name: "none"}, anchors...)}
}

func (s *story) judge(t testing.TB) *chain.Report {
	t.Helper()
	return chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(64), Rules()).Evaluate(s.input(t))
}

func run(t *testing.T, stories []story) {
	t.Helper()
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			if s.recipes == nil {
				s.recipes = with(nil)
			}
			if s.sent == "" {
				s.sent = "leaf sub"
			}
			if s.anchors == "" {
				s.anchors = "root"
			}
			r := s.judge(t)
			var got []string
			for _, f := range r.Findings {
				got = append(got, string(f.Severity)+":"+f.Rule)
				if f.Message == "" || len(f.Evidence) == 0 || strings.HasSuffix(f.Message, ".") {
					t.Errorf("%s: finding without message or evidence, or with a full stop: %+v", f.Rule, f)
				}
			}
			slices.Sort(got)
			if strings.Join(got, " ") != s.want {
				t.Errorf("got  %q\nwant %q", strings.Join(got, " "), s.want)
				for _, f := range r.Findings {
					t.Log(f.Rule, f.Message, f.Evidence)
				}
			}
			failing := strings.Contains(s.want, "error:")
			if (r.Verdict == chain.Untrusted) != failing {
				t.Errorf("verdict %s with findings %q", r.Verdict, s.want)
			}
		})
	}
}

func at(offset time.Duration, from time.Time) func(*chain.Question) {
	return func(q *chain.Question) { q.Time = from.Add(offset) }
}

// TestEnds: every way a path can end, and the finding that says why.
func TestEnds(t *testing.T) {
	run(t, []story{
		{name: "good chain"},
		{name: "intermediate not sent", sent: "leaf", want: "error:basic-intermediate-missing"},
		{name: "intermediate not sent but given", sent: "leaf", given: "sub", want: "error:basic-intermediate-missing"},
		{name: "intermediate not in the file but given", sent: "leaf", given: "sub", file: true, want: "warning:basic-intermediate-missing"},
		{name: "intermediate given and sent", given: "sub"},
		{name: "intermediate is the anchor", sent: "leaf", anchors: "sub"},
		{name: "leaf is the anchor", sent: "leaf", anchors: "leaf"},
		{name: "root not trusted, not sent", anchors: "other", want: "error:basic-anchor-not-trusted"},
		{name: "root not trusted, sent", sent: "leaf sub root", anchors: "other", want: "error:basic-anchor-not-trusted"},
		{name: "root sent", sent: "leaf sub root", want: "note:basic-root-sent"},
		{name: "self-signed leaf", recipes: with(recipes{"leaf": {}}), sent: "leaf", want: "error:basic-self-signed"},
		{name: "self-signed leaf as anchor", recipes: with(recipes{"leaf": {}}), sent: "leaf", anchors: "leaf"},
		{name: "order", recipes: with(recipes{"sub2": {CA: true, Issuer: "sub"}, "leaf": {Issuer: "sub2"}}), sent: "leaf sub sub2", want: "note:basic-order"},
		{name: "right order", recipes: with(recipes{"sub2": {CA: true, Issuer: "sub"}, "leaf": {Issuer: "sub2"}}), sent: "leaf sub2 sub"},
		{name: "duplicate", sent: "leaf sub sub", want: "note:basic-duplicate"},
		{name: "many duplicates", sent: "leaf sub sub leaf sub leaf", want: "note:basic-duplicate note:basic-duplicate"},
		{name: "leaf twice", sent: "leaf leaf sub", want: "note:basic-duplicate"},
		{name: "stranger", sent: "leaf sub other", want: "note:basic-unrelated"},
		{name: "circle", recipes: with(recipes{
			"sub":   {CA: true, Issuer: "cross"},
			"cross": {CA: true, Subject: "CN=cross"},
			"back":  {CA: true, Subject: "CN=cross", KeyOf: "cross", Issuer: "sub"},
		}), sent: "leaf sub back", want: "error:basic-loop"},
	})
}

func TestBudget(t *testing.T) {
	s := story{recipes: with(nil), sent: "leaf sub", anchors: "root"}
	for _, c := range []struct {
		checks int
		want   chain.Verdict
	}{{2, chain.Untrusted}, {200, chain.Trusted}} {
		e := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(64), Rules())
		e.Budget.Steps = c.checks - 1
		r := e.Evaluate(s.input(t))
		found := slices.ContainsFunc(r.Findings, func(f chain.Finding) bool { return f.Rule == "basic-budget" })
		if r.Verdict != c.want || found != (c.want == chain.Untrusted) {
			t.Errorf("%d steps: %s, basic-budget fired: %v", c.checks-1, r.Verdict, found)
		}
	}
}

// TestBudgetTellsNumbers: what was measured stands beside the bound.
func TestBudgetTellsNumbers(t *testing.T) {
	deep := with(recipes{"sub2": {CA: true, Issuer: "sub"}, "leaf": {Issuer: "sub2"}})
	for _, c := range []struct {
		bound, message string
		set            func(*chain.Budget)
	}{
		{"items", "3 certificates, of which the first 2 were read", func(b *chain.Budget) { b.Items = 2 }},
		{"depth", "a path of more than 2 items: none is followed beyond 2", func(b *chain.Budget) { b.Depth = 2 }},
		{"paths", "more than 0 candidate paths: the first 0 are judged", func(b *chain.Budget) { b.Paths = 0 }},
		{"steps", "the search for paths looks at more than 1 issuers, the limit is 1", func(b *chain.Budget) { b.Steps = 1 }},
		{"signatures", "the search for paths takes more than 1 signature checks, the limit is 1", func(b *chain.Budget) { b.Signatures = 1 }},
	} {
		e := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(64), Rules())
		c.set(&e.Budget)
		r := e.Evaluate((&story{recipes: deep, sent: "leaf sub2 sub", anchors: "root"}).input(t))
		i := slices.IndexFunc(r.Findings, func(f chain.Finding) bool { return f.Rule == "basic-budget" })
		if i < 0 || r.Findings[i].Message != c.message || r.Verdict != chain.Untrusted {
			t.Errorf("%s: %s %+v", c.bound, r.Verdict, r.Findings)
		}
	}
}

// TestDates: both ends of the validity period are inclusive, to the second.
func TestDates(t *testing.T) {
	end := clock.AddDate(0, 0, 60)
	begin := clock.AddDate(0, 0, -30)
	run(t, []story{
		{name: "last second", ask: at(0, end)},
		{name: "within the last second", ask: at(999*time.Millisecond, end)},
		{name: "a second later", ask: at(time.Second, end), want: "error:basic-expired"},
		{name: "first second", ask: at(0, begin)},
		{name: "a moment before", ask: at(-time.Millisecond, begin), want: "error:basic-not-yet-valid"},
		{name: "expired intermediate", recipes: with(recipes{"sub": {CA: true, Issuer: "root", NotBefore: begin, NotAfter: clock.Add(-time.Second)}}),
			want: "error:basic-expired"},
		{name: "expired root", recipes: with(recipes{"root": {CA: true, NotBefore: begin, NotAfter: clock.Add(-time.Second)}}), want: "error:basic-expired"},
		{name: "expired beside a good one", recipes: with(recipes{
			"old": {CA: true, Subject: "CN=sub", KeyOf: "sub", Issuer: "root", NotBefore: begin, NotAfter: clock.Add(-time.Hour)},
		}), sent: "leaf old sub", want: "note:basic-expired"},
		{name: "warning distance met", ask: func(q *chain.Question) { q.Warn.Before = 60 * 24 * time.Hour }, want: "warning:basic-expires-soon"},
		{name: "warning distance not met", ask: func(q *chain.Question) { q.Warn.Before = 60*24*time.Hour - time.Second }},
		{name: "share of the lifetime met", ask: func(q *chain.Question) { q.Warn.Percent = 67 }, want: "warning:basic-expires-soon"},
		{name: "share of the lifetime not met", ask: func(q *chain.Question) { q.Warn.Percent = 66 }},
	})
}

// TestExpiresSoonFix: renewing item 0 is the advice only where item 0 is what ends.
func TestExpiresSoonFix(t *testing.T) {
	soon := clock.AddDate(0, 0, 20)
	for _, c := range []struct{ name, want string }{
		{"leaf", "renew before that date"},
		{"sub", "replace item 1 in the file the server sends by the CA's current certificate of sub"},
		{"root", "a chain that ends at another root"},
	} {
		r := with(nil)
		x := r[c.name]
		x.NotAfter = soon
		r[c.name] = x
		got := (&story{recipes: r, sent: "leaf sub", anchors: "root", ask: func(q *chain.Question) { q.Warn.Before = 30 * 24 * time.Hour }}).judge(t)
		if len(got.Findings) != 1 || got.Findings[0].Rule != "basic-expires-soon" || !strings.Contains(got.Findings[0].Fix, c.want) {
			t.Errorf("%s: %+v", c.name, got.Findings)
		}
	}
}
