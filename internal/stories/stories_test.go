// Package stories runs the test cases of testdata/certs: for each rule a story
// in which it fires, alone, and a near miss in which it does not.
package stories

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/ats"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
)

// told are the stories, read once.
var told = sync.OnceValues(func() (map[string]*testpki.Story, error) {
	files, err := filepath.Glob("../../testdata/certs/*.txt")
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no stories in testdata/certs: %v", err)
	}
	out := map[string]*testpki.Story{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		s, err := testpki.ParseStory(string(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %v", f, err)
		}
		out[strings.TrimSuffix(filepath.Base(f), ".txt")] = s
	}
	return out, nil
})

func load(t *testing.T) map[string]*testpki.Story {
	t.Helper()
	out, err := told()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ofStories are the scenes of the stories, near misses included: no test changes one.
var ofStories = sync.OnceValue(func() map[*testpki.Scene]bool {
	stories, _ := told()
	all := map[*testpki.Scene]bool{}
	for _, s := range stories {
		all[&s.Scene] = true
		all[s.Near] = true
	}
	return all
})

// ruleOf is the rule a story is about: its file's name, up to a dot that tells
// several stories of one rule apart.
func ruleOf(name string) string {
	id, _, _ := strings.Cut(name, ".")
	return id
}

func TestStories(t *testing.T) {
	t.Parallel()
	for name, s := range load(t) {
		t.Run(name, func(t *testing.T) {
			id := ruleOf(name)
			if len(s.Words) < 20 || s.Near == nil {
				t.Fatal("a story needs words and a near miss")
			}
			r := judge(t, &s.Scene)
			if !slices.Contains(s.Fires, id) && !slices.Contains(s.Unknown, id) {
				t.Fatalf("fires or unknown must name %s", id)
			}
			expect(t, r, s.Fires, s.Errors)
			n := judge(t, s.Near)
			for _, unknown := range s.Unknown {
				if !undecided(r, unknown) || unknown == id && undecided(n, id) {
					t.Errorf("%s: unknown in the story %v, in the near miss %v", unknown, undecided(r, unknown), undecided(n, unknown))
				}
			}
			if got := severity(n, id); got != "" && got == severity(r, id) {
				t.Errorf("near miss: %s fires", id)
			}
			expect(t, n, s.Near.Fires, s.Near.Errors)
		})
	}
}

// expect holds a report to the rules that must fire; no other may at error level.
func expect(t *testing.T, r *chain.Report, fires []string, count *int) {
	t.Helper()
	errors := 0
	for _, f := range r.Findings {
		if f.Status != chain.Broken || f.Severity != chain.Error {
			continue
		}
		errors++
		if !slices.Contains(fires, f.Rule) {
			t.Errorf("unexpected error %s: %s", f.Rule, f.Message)
		}
	}
	want := 0
	for _, id := range fires {
		if !broken(r, id) {
			t.Errorf("%s does not fire", id)
		}
		if s := severity(r, id); s == chain.Error {
			want++
		}
	}
	if count != nil {
		want = *count
	}
	if errors != want {
		t.Errorf("%d errors, want %d: one fault is one error", errors, want)
	}
	if (r.Verdict == chain.Untrusted) != (errors > 0) {
		t.Errorf("verdict %s with %d errors", r.Verdict, errors)
	}
}

// undecided reports whether a rule says that it cannot be told.
func undecided(r *chain.Report, id string) bool {
	return slices.ContainsFunc(r.Findings, func(f chain.Finding) bool { return f.Rule == id && f.Status == chain.Unknown })
}

func broken(r *chain.Report, id string) bool { return severity(r, id) != "" }

func severity(r *chain.Report, id string) chain.Severity {
	for _, f := range r.Findings {
		if f.Rule == id && f.Status == chain.Broken {
			return f.Severity
		}
	}
	return ""
}

// TestRepairs: for each story with one error and a repair, the repair makes the verdict trusted.
func TestRepairs(t *testing.T) {
	t.Parallel()
	tried := 0
	for name, s := range load(t) {
		r := judge(t, &s.Scene)
		if r.Verdict != chain.Untrusted || len(s.Fires) != 1 || s.Repaired != nil && !*s.Repaired {
			continue
		}
		for _, f := range r.Findings {
			if f.Severity != chain.Error || f.Rule != ruleOf(name) {
				continue
			}
			if !slices.ContainsFunc(f.Advice, func(a chain.AdviceReport) bool { return a.Checked && a.Until != nil }) {
				t.Errorf("%s: no step of %s makes it trusted: %+v", name, f.Rule, f.Advice)
			}
			tried++
		}
	}
	t.Logf("%d repairs tried", tried)
}

// TestEveryRuleHasAStory, and every rule is complete.
func TestEveryRuleIsComplete(t *testing.T) {
	t.Parallel()
	stories := load(t)
	told := map[string]bool{}
	for name := range stories {
		told[ruleOf(name)] = true
	}
	explained := map[string]string{}
	for _, book := range rulebook.Books() {
		for _, r := range book {
			if r.Title == "" || len(r.Title) > 60 || strings.HasSuffix(r.Title, ".") {
				t.Errorf("%s: title %q: lower case, no full stop, at most 60 characters", r.ID, r.Title)
			}
			if len(r.Sources) == 0 || r.Explain == "" || len(r.Advice) == 0 || r.Check == nil {
				t.Errorf("%s lacks sources, explanation, remedy (with who) or check", r.ID)
			}
			if other := explained[r.Explain]; other != "" {
				t.Errorf("%s and %s share an explanation", r.ID, other)
			}
			explained[r.Explain] = r.ID
			if !told[r.ID] && !elsewhere(r) {
				t.Errorf("%s has no story in testdata/certs", r.ID)
			}
		}
	}
}

// elsewhere: rules that need a handshake, a server's answer, an identity file or
// evidence are held by tests of their own packages and by the sessions of the command.
func elsewhere(r *chain.Rule) bool {
	switch r.ID {
	case "apple-distrusted", // knows real CAs by the fingerprints of their certificates
		"apple-blocked-issuer", // seven of WoSign and StartCom, whose keys would have to sign item 0
		"apple-root-unknown",   // real roots, and an answer of unknown, not a breach
		// These speak only where a policy regrades basic-unreadable and basic-encoding,
		// which say the same of path validation.
		"lint-basic-constraints", "lint-public-key", "lint-trailing-data",
		"strict-handshake",    // asks for the hello of a client
		"strict-lifetime",     // asks for a root of Chrome's store
		"strict-root-limit",   // knows real roots by their fingerprints
		"strict-transparency", // knows real logs by their keys
		"ats-required-trust":  // a server without a certificate
		return true
	}
	for _, p := range []string{"mtls-", "identity-"} {
		if strings.HasPrefix(r.ID, p) {
			return true
		}
	}
	return false
}

// judge makes a scene's certificates and evaluates them as the command would.
func judge(t *testing.T, s *testpki.Scene) *chain.Report {
	t.Helper()
	return judgeAs(t, s, s.Profile)
}

// judgeAs judges a scene under a profile: those of the stories once for all tests,
// which only read what comes of it.
func judgeAs(t *testing.T, s *testpki.Scene, profile string) *chain.Report {
	t.Helper()
	evaluate := func() *chain.Report {
		in := input(t, s)
		e, err := evaluators(profile, in.Question.Purpose, grades(s))
		if err != nil {
			t.Fatal(err)
		}
		return e.Evaluate(in)
	}
	if !ofStories()[s] {
		return evaluate()
	}
	type judged struct {
		scene   *testpki.Scene
		profile string
	}
	f, _ := makers.LoadOrStore(judged{s, profile}, sync.OnceValue(evaluate))
	return f.(func() *chain.Report)()
}

var (
	// memory is of all stories: signatures are checked once.
	memory = chain.NewMemory(1 << 14)
	// makers makes the certificates of a story once for all that judge it.
	makers sync.Map
)

// evaluators are planned once for a profile and the severities a story changes in it.
func evaluators(profile string, purpose chain.Purpose, graded map[string]chain.Severity) (*chain.Evaluator, error) {
	p, err := rulebook.Profile(profile, purpose)
	if err != nil {
		return nil, err
	}
	p = p.WithSeverities(graded)
	made := sync.OnceValue(func() *chain.Evaluator { return (&rulebook.Assembly{Profile: p, Memory: memory}).Evaluator() })
	e, _ := makers.LoadOrStore(fmt.Sprint(p.Name, graded), made)
	return e.(func() *chain.Evaluator)(), nil
}

// certificates makes those of a scene, once for every scene that has its recipes.
func certificates(s *testpki.Scene) (map[string]*testpki.Made, error) {
	type recipes struct {
		certs uintptr
		at    time.Time
	}
	type making struct {
		recipes map[string]testpki.Recipe // kept, so that no other map has their address
		made    func() (map[string]*testpki.Made, error)
	}
	f, _ := makers.LoadOrStore(recipes{reflect.ValueOf(s.Certs).Pointer(), s.At},
		making{s.Certs, sync.OnceValues(func() (map[string]*testpki.Made, error) { return testpki.Make(s.Certs, s.At) })})
	return f.(making).made()
}

// input is what a scene gives the evaluator: made once for those of the stories.
func input(t *testing.T, s *testpki.Scene) chain.Input {
	t.Helper()
	if !ofStories()[s] {
		return scenery(t, s)
	}
	type given struct{ scene *testpki.Scene }
	f, _ := makers.LoadOrStore(given{s}, sync.OnceValue(func() chain.Input { return scenery(t, s) }))
	return f.(func() chain.Input)()
}

func scenery(t *testing.T, s *testpki.Scene) chain.Input {
	t.Helper()
	if s.At.IsZero() {
		scene := *s
		scene.At = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
		s = &scene
	}
	made, err := certificates(s)
	if err != nil {
		t.Fatal(err)
	}
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: "story", TakenAt: s.At, Blobs: map[string][]byte{}}
	o := chain.Observation{Transport: "file", Outcome: chain.Outcome{OK: true}}
	switch {
	case s.Clear:
		o = chain.Observation{Transport: "http", Scheme: "http", Address: s.Name + ":80", ServerName: s.Name, Outcome: chain.Outcome{OK: true}}
	case s.Version != "":
		o = chain.Observation{Transport: "tls", Scheme: "https", Address: s.Name + ":443", ServerName: cmp.Or(s.SNI, s.Name),
			Hello: cmp.Or(s.Hello, "apple-ats"), Network: s.Peer,
			Outcome: chain.Outcome{OK: true, Version: s.Version, Suite: s.Suite, SuiteID: s.SuiteID, Group: s.Group, SignatureID: s.Signed,
				EMS: s.EMS, KeyProof: chain.KeyProof(cmp.Or(s.Proof, "verified"))}, SentBytes: s.SentBytes}
		if s.Proof == "none" {
			o.Outcome.KeyProof = ""
		}
		if s.HungUp {
			o.Outcome.OK, o.Outcome.Stage, o.Outcome.ErrorKind = false, chain.StageCertificate, chain.ErrorClosed
			o.Outcome.Error = "the server closed the connection after its certificates"
		}
		if b := s.Broke; b != nil {
			o.Outcome.OK, o.Outcome.Stage, o.Outcome.ErrorKind = false, chain.StageCertificate, chain.ErrorTLS
			o.Outcome.Error, o.Outcome.Breach = b.Text, &b.Alert
		}
		if s.Nameless {
			o.ServerName = ""
		}
	}
	sent := func(names []string) (keys []string) {
		for _, name := range names {
			der := cert(t, made, name).DER
			sum := sha256.Sum256(der)
			key := hex.EncodeToString(sum[:])
			c.Blobs[key] = der
			keys = append(keys, key)
		}
		return keys
	}
	o.Sent = sent(s.Send)
	for _, log := range s.SCTs {
		sct, err := cert(t, made, s.Send[0]).SCT(log)
		if err != nil {
			t.Fatal(err)
		}
		o.SCTs = append(o.SCTs, sct)
	}
	if s.Staple != nil {
		response, err := s.Staple.OCSP(made, cert(t, made, s.Send[0]), s.At)
		if err != nil {
			t.Fatal(err)
		}
		o.Staples = map[int][]byte{0: response}
	}
	for i := range s.CRLs {
		list, err := s.CRLs[i].CRL(made, s.At)
		if err != nil {
			t.Fatal(err)
		}
		c.Evidence = append(c.Evidence, chain.Evidence{Kind: chain.EvidenceCRL, Origin: "given", Source: s.CRLs[i].By + ".crl", Data: list})
	}
	for i := range s.Refused {
		r := &s.Refused[i]
		c.Observations = append(c.Observations, chain.Observation{Transport: "tls", Scheme: "https", Address: s.Name + ":443", ServerName: s.Name,
			Hello: cmp.Or(r.Hello, "apple-ats"), Network: r.Peer, Outcome: chain.Outcome{Stage: "hello", ErrorKind: "tls", Alert: &r.Alert}})
	}
	c.Observations = append(c.Observations, o)
	for _, other := range s.Others {
		also := o
		also.Hello, also.Network, also.Sent = cmp.Or(other.Hello, "apple-ats"), other.Peer, sent(other.Send)
		if other.Nameless {
			also.ServerName = ""
		}
		c.Observations = append(c.Observations, also)
	}
	for _, name := range s.With {
		c.Evidence = append(c.Evidence, chain.Evidence{Kind: chain.EvidenceCert, Origin: "given", Source: name, Data: cert(t, made, name).DER})
	}
	for _, f := range s.Fetched {
		e := chain.Evidence{Kind: cmp.Or(f.Kind, chain.EvidenceCert), Origin: "fetched", Source: f.Source, Form: f.Form, Error: f.Error}
		if f.Cert != "" {
			e.Data = cert(t, made, f.Cert).DER
		}
		c.Evidence = append(c.Evidence, e)
	}
	logs, err := testpki.LogList()
	if err != nil {
		t.Fatal(err)
	}
	c.Evidence = append(c.Evidence, chain.Evidence{Kind: chain.EvidenceCTList, Origin: "given", Source: "the logs of the story", Data: logs})
	var anchors []*chain.Anchor
	for kind, names := range map[chain.AnchorKind][]string{chain.Builtin: s.Builtin, chain.Installed: s.Installed, chain.App: s.App} {
		for _, name := range names {
			anchors = append(anchors, chain.NewAnchor(cert(t, made, name).DER, kind, name))
		}
	}
	for _, a := range anchors {
		if a.Kind == chain.Builtin {
			a.NotAfter = s.Until
		}
	}
	q := rulebook.Question()
	q.Time, q.Purpose = s.At, cmp.Or(chain.Purpose(s.Purpose), q.Purpose)
	q.Platform, q.For, q.Revocation = cmp.Or(s.Platform, q.Platform), cmp.Or(s.For, q.For), cmp.Or(chain.RevocationMode(s.Required), q.Revocation)
	if q.Warn, err = inspect.ParseWarn(s.Warn); err != nil {
		t.Fatal(err)
	}
	if s.Name != "" {
		if q.Name, q.NameKind, err = hostname.ReferenceName(s.Name); err != nil {
			t.Fatal(err)
		}
	}
	if s.Plist != "" {
		if q.AppSettings, err = ats.ReadInfoPlist("Info.plist", []byte(s.Plist)); err != nil {
			t.Fatal(err)
		}
	}
	return chain.Input{Capture: c, Observation: inspect.Judged(c), Question: q,
		Anchors: chain.NewAnchors(chain.StoreInfo{Name: "story", Date: s.At}, anchors...)}
}

func cert(t *testing.T, made map[string]*testpki.Made, name string) *testpki.Made {
	t.Helper()
	m, ok := made[name]
	if !ok {
		t.Fatalf("there is no certificate %q in the story", name)
	}
	return m
}

// grades are the severities a story gives rules that its profile leaves off.
func grades(s *testpki.Scene) map[string]chain.Severity {
	out := map[string]chain.Severity{}
	for id, severity := range s.Graded {
		out[id] = chain.Severity(severity)
	}
	return out
}
