package stories

import (
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// manyFaults is a leaf with everything wrong that one issuing cures: RSA 1024,
// SHA-1, for clients, 900 days, of another name.
const manyFaults = `One certificate, many faults: told as one plan.
---
name: www.example.com
certs:
  root: {subject: "CN=Example Root CA", ca: true}
  intermediate: {subject: "CN=Example Issuing CA 3", issuer: root, ca: true, key: rsa2048-1}
  leaf: {subject: "CN=other.example", issuer: intermediate, dns: [other.example], key: rsa1024-1, hash: sha1, eku: [clientAuth], seconds: 77760000}
send: SEND
installed: [root]
fires: [apple-key-size]
near:
  send: [leaf]
`

// kept are the stories of these tests: makers knows a story by its address, which
// must not be another one's later.
var kept []*testpki.Story

func planned(t *testing.T, text string) *chain.Report {
	t.Helper()
	s, err := testpki.ParseStory(text)
	if err != nil {
		t.Fatal(err)
	}
	kept = append(kept, s)
	return judge(t, &s.Scene)
}

// TestOnePlanForManyFaults: what one act cures is one step, with one command for
// all of it, and the plan is tried as a whole.
func TestOnePlanForManyFaults(t *testing.T) {
	t.Parallel()
	r := planned(t, strings.Replace(manyFaults, "SEND", "[leaf, intermediate]", 1))
	if len(r.Plan) != 1 {
		t.Fatalf("%d steps: %+v", len(r.Plan), r.Plan)
	}
	step := r.Plan[0]
	for _, want := range []string{`issue item 0 "other.example" again with: `, "RSA 2048 or P-256", "SHA-256", "extendedKeyUsage serverAuth",
		"DNS:www.example.com", "at most 825 days"} {
		if !strings.Contains(step.Text, want) {
			t.Errorf("the step lacks %q: %s", want, step.Text)
		}
	}
	last := step.Commands[len(step.Commands)-1]
	if !strings.Contains(last, "-days 825 ") ||
		!strings.Contains(strings.Join(step.Commands, "\n"), "extendedKeyUsage=serverAuth subjectAltName=DNS:other.example,DNS:www.example.com") {
		t.Errorf("commands %q", step.Commands)
	}
	if !step.Checked || step.Until == nil || step.Assumes != "as a whole" {
		t.Errorf("the plan was not tried: %+v", step)
	}
	errors := 0
	for _, f := range r.Findings {
		if f.Severity == chain.Error && f.Status == chain.Broken {
			errors++
			if !slices.Contains(step.Mends, f.Rule) {
				t.Errorf("%s is not in the plan %v", f.Rule, step.Mends)
			}
		}
	}
	if errors < 5 {
		t.Errorf("%d errors", errors)
	}
	text := strings.Join(printed(t, r, 80), "\n")
	if n := strings.Count(text, "openssl x509 -req"); n != 1 {
		t.Errorf("%d issuings in\n%s", n, text)
	}
	if n := strings.Count(text, "\n  fix    above"); n != errors {
		t.Errorf("%d of %d blocks point to the plan:\n%s", n, errors, text)
	}
}

// TestEveryFormatHasThePlan: none tells the faults that one act cures as several acts.
func TestEveryFormatHasThePlan(t *testing.T) {
	t.Parallel()
	r := planned(t, strings.Replace(manyFaults, "SEND", "[leaf, intermediate]", 1))
	plain := strings.NewReplacer("&#34;", `"`, "&quot;", `"`, `\"`, `"`, "&#46;", ".", `\`, "", "%25", "%")
	for _, format := range []string{"text", "markdown", "html", "junit", "sarif", "github"} {
		out := plain.Replace(strings.Join(strings.Fields(strings.Join(written(t, r, format, 80), "\n")), " "))
		if format == "sarif" { // the rules' own help is about no report
			_, out, _ = strings.Cut(out, `"results":`)
		}
		if !strings.Contains(out, r.Plan[0].Text) {
			t.Errorf("%s lacks the step %q", format, r.Plan[0].Text)
		}
		for _, f := range r.Findings {
			if f.Severity != chain.Error {
				continue
			}
			for _, a := range f.Advice {
				if strings.Contains(out, a.Text) {
					t.Errorf("%s: %s has a step of its own beside the plan: %s", format, f.Rule, a.Text)
				}
			}
		}
	}
}

// TestAPlanOfSeveralActs: what the issuing does not cure follows as a step of its
// own, and what it lacks is said.
func TestAPlanOfSeveralActs(t *testing.T) {
	t.Parallel()
	r := planned(t, strings.Replace(manyFaults, "SEND", "[leaf]", 1))
	if len(r.Plan) != 2 {
		t.Fatalf("%d steps: %+v", len(r.Plan), r.Plan)
	}
	if last := r.Plan[1]; !slices.Equal(last.Mends, []string{"basic-intermediate-missing"}) || last.Checked || last.Lacks != "the intermediate is not here" {
		t.Errorf("%+v", last)
	}
}

// TestAPlanOfSeveralPeople: what belongs to several people, and ends no error for the
// others, is a plan where it was seen to end all of them; where a step cannot be tried
// each keeps its own.
func TestAPlanOfSeveralPeople(t *testing.T) {
	t.Parallel()
	const expired = `All of it has expired.
---
name: www.example.com
at: 2026-12-01T00:00:00Z
certs:
  root: {subject: "CN=Example Root CA", ca: true, not_before: 2020-01-01T00:00:00Z, not_after: 2026-11-10T00:00:00Z}
  intermediate: {subject: "CN=Example Issuing CA 3", issuer: root, ca: true, not_before: 2024-01-01T00:00:00Z, not_after: 2026-11-05T00:00:00Z}
  leaf: {subject: "CN=www.example.com", issuer: intermediate, dns: [www.example.com], not_before: 2026-08-01T00:00:00Z, not_after: 2026-11-01T00:00:00Z}
send: SEND
installed: [root]
fires: [basic-expired]
near:
  send: [leaf]
`
	r := planned(t, strings.Replace(expired, "SEND", "[leaf, intermediate]", 1))
	var steps []string
	for _, a := range r.Plan {
		steps = append(steps, a.Who+": "+a.Text)
	}
	want := []string{"renew item 0", "replace the expired intermediate", "another root"}
	if !slices.EqualFunc(steps, want, strings.Contains) {
		t.Fatalf("%q, want %q", steps, want)
	}
	if last := r.Plan[2]; !last.Checked || last.Until == nil || !strings.HasPrefix(last.Assumes, "as a whole") {
		t.Errorf("%+v", last)
	}
	if r := planned(t, strings.Replace(expired, "SEND", "[leaf]", 1)); len(r.Plan) > 0 {
		t.Errorf("without the intermediate there is a plan: %+v", r.Plan)
	}
}

// TestOneRuleInSeveralSteps: of three certificates that expired each finding points to
// the step about its own, an expired one is renewed for as long as its command says,
// and the root that is installed is the new one.
func TestOneRuleInSeveralSteps(t *testing.T) {
	t.Parallel()
	r := planned(t, `Everything expired, the root is nobody's, and the name is another's.
---
name: www.example.com
certs:
  root: {subject: "CN=Example Root CA", ca: true, begins: -900d, ends: -9d}
  intermediate: {subject: "CN=Example Issuing CA 3", issuer: root, ca: true, begins: -400d, ends: -5d}
  leaf: {subject: "CN=other.example", issuer: intermediate, dns: [other.example], begins: -100d, ends: -2d}
  other: {subject: "CN=Another Root CA", ca: true}
send: [leaf, intermediate, root]
installed: [other]
fires: [basic-expired]
near:
  send: [leaf]
`)
	if len(r.Plan) != 4 {
		t.Fatalf("%d steps: %+v", len(r.Plan), r.Plan)
	}
	expired := 0
	for _, f := range r.Findings {
		if f.Rule != "basic-expired" {
			continue
		}
		expired++
		want := []string{"issue item 0 ", "the expired intermediate, item 1,", "the CA makes a new root"}[*f.Item]
		if !strings.Contains(r.Plan[f.Step-1].Text, want) {
			t.Errorf("item %d is sent to step %d: %s", *f.Item, f.Step, r.Plan[f.Step-1].Text)
		}
	}
	text := strings.Join(printed(t, r, 80), "\n")
	for _, want := range []string{"fix    step 1 above", "fix    step 2 above", "fix    step 3 above", "fix    step 4 above"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, s := range r.Plan {
		if strings.Contains(s.Text, "at most") {
			t.Errorf("an expired certificate lived no longer than it may: %s", s.Text)
		}
	}
	last := r.Plan[3]
	if told := strings.Join(last.Commands, "; "); expired != 3 || !strings.Contains(told, "--anchor new-root.pem") || strings.Contains(told, " root.pem") {
		t.Errorf("%d expired, %s", expired, told)
	}
	if !last.Checked || last.Until == nil {
		t.Errorf("the plan was not tried, or does not help: %+v", last)
	}
}

// TestNoPlanWithoutJoining: one fault keeps its own steps.
func TestNoPlanWithoutJoining(t *testing.T) {
	t.Parallel()
	joined := 0
	for name, s := range load(t) {
		r := judge(t, &s.Scene)
		if onlyError(r) != nil && len(r.Plan) > 0 {
			t.Errorf("%s: one fault, and a plan: %+v", name, r.Plan)
		}
		if len(r.Plan) > 0 {
			joined++
		}
	}
	t.Logf("%d stories have a plan", joined)
}

// TestAPlanWithACAOfOnesOwn: what only a root that is installed makes trusted is not
// told as if its issuer were one.
func TestAPlanWithACAOfOnesOwn(t *testing.T) {
	t.Parallel()
	r := planned(t, `A test server's self-signed certificate of another name.
---
name: www.example.com
certs:
  leaf: {subject: "CN=localhost", dns: [localhost]}
  root: {subject: "CN=Example Root CA", ca: true}
send: [leaf]
installed: [root]
fires: [basic-self-signed, hostname-mismatch]
near:
  send: [leaf]
`)
	if len(r.Plan) != 1 {
		t.Fatalf("%d steps: %+v", len(r.Plan), r.Plan)
	}
	step := r.Plan[0]
	if !strings.Contains(step.Text,
		"from a CA, a public one or one of your own whose root the devices have, with: subjectAltName DNS:localhost, DNS:www.example.com") ||
		!slices.Contains(step.Commands, "chainspect lab server www.example.com --dir testca") || !step.Checked ||
		!strings.Contains(step.Assumes, "its root installed") {
		t.Errorf("%+v", step)
	}
}

// TestAFileOfCAs: what is found about a CA's certificate as a server's is not what
// has to be mended.
func TestAFileOfCAs(t *testing.T) {
	t.Parallel()
	for send, command := range map[string]string{"[intermediate]": "chainspect check server.pem --with story",
		"[root]": "chainspect check server.pem --anchor story"} {
		r := planned(t, `A CA's certificate in the place of the server's.
---
name: www.example.com
certs:
  root: {subject: "CN=Example Root CA", ca: true, seconds: 315360000}
  intermediate: {subject: "CN=Example Issuing CA 3", issuer: root, ca: true, seconds: 157680000}
send: `+send+`
fires: [apple-lifetime-825]
near:
  send: [intermediate]
`)
		if len(r.Plan) != 1 || !slices.Equal(r.Plan[0].Commands, []string{command}) ||
			!strings.Contains(r.Headline, `is a CA's certificate, not a server's own (level 1)`) {
			t.Errorf("%s: %s, %+v", send, r.Headline, r.Plan)
		}
	}
}
