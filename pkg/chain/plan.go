package chain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// plan joins what one act cures: where several errors ask for item 0, or another
// certificate, to be issued again, that is one step with everything the new one
// has to have. The other errors' first steps follow, and all of them are tried
// together. Where nothing is joined the steps are a plan if they are seen to end all
// errors together, and none does so alone; else each finding keeps its own.
func (e *Evaluator) plan(in Input, c *Case, j *judgement, r *Report) {
	if r.Verdict != Untrusted {
		return
	}
	if c.onlyCAs() {
		r.Plan = []AdviceReport{notTheCA(c, r)}
		r.Headline = fmt.Sprintf("not trusted: %s is a CA's certificate, not %s own (%s)", c.Leaf().Named(), whose(c), LevelX509.Label())
		return
	}
	reissues, others := e.cures(in, j, r)
	joined := slices.ContainsFunc(reissues, func(a cure) bool { return len(a.rules) > 1 })
	if !joined && !severalActs(reissues, others) {
		return
	}
	all := in
	for _, a := range reissues {
		for _, repair := range a.repairs {
			all, _ = repair(all)
		}
	}
	for i := range reissues {
		a := &reissues[i]
		step := a.alone()
		if len(a.rules) > 1 {
			step = a.step(c, all.Reissued[blobKey(a.item.Cert)])
		}
		r.Plan = append(r.Plan, step)
		a.curedBy(r, len(r.Plan))
	}
	whyUntried := ""
	for _, a := range others {
		if len(a.repairs) > 0 {
			all, _ = a.repairs[0](all)
		} else if whyUntried == "" {
			whyUntried = cmp.Or(a.advice.Lacks, "one of the steps cannot be tried from here")
		}
		known := slices.IndexFunc(r.Plan, func(s AdviceReport) bool { return s.Line() == a.advice.Line() })
		if known >= 0 {
			for _, rule := range a.rules {
				if !slices.Contains(r.Plan[known].Mends, rule) {
					r.Plan[known].Mends = append(r.Plan[known].Mends, rule)
				}
			}
			a.curedBy(r, known+1)
			continue
		}
		step := a.alone()
		if a.about != nil && all.Reissued[blobKey(a.about.Cert)] != nil && placed(c, a.about) == placeRoot {
			again := a.act.withNewRoot(c, a.about)
			step.Commands, step.Then = again.Commands, again.Then
		}
		r.Plan = append(r.Plan, step)
		a.curedBy(r, len(r.Plan))
	}
	last := &r.Plan[len(r.Plan)-1]
	fixed, after := e.judge(all)
	switch left := after.firstError(); {
	case after.verdict() == Trusted:
		last.Checked, last.Assumes = true, "as a whole"
		for _, a := range others {
			if assumes := a.advice.Assumes; assumes != "" && !strings.Contains(last.Assumes, assumes) {
				last.Assumes += ", " + assumes
			}
		}
		if slices.ContainsFunc(reissues, func(a cure) bool { return a.ownCA }) {
			last.Assumes = "as a whole, with a certificate of 90 days from a CA of your own, its root installed"
		}
		last.Until = e.trustedUntil(all, fixed, after)
		for i := range reissues {
			last.Until = reissues[i].issue.ends(c, reissues[i].item, last.Until)
		}
	case whyUntried != "":
		last.Lacks = whyUntried
	case !joined:
		r.Plan = nil
		for i := range r.Findings {
			r.Findings[i].Step = 0
		}
	case left != nil:
		last.Lacks = "taken together the steps leave: " + left.hit.Message
	}
}

// severalActs reports whether errors take an act each, all of which can be tried and
// none of which is enough: what expired at the same time belongs to several people.
func severalActs(lists ...[]cure) bool {
	all := slices.Concat(lists...)
	return len(all) > 1 && !slices.ContainsFunc(all, func(a cure) bool { return len(a.repairs) == 0 || a.advice.Until != nil })
}

// onlyCAs reports whether a file holds certificates of CAs and nothing else: what
// is found about them as a server's is beside the point.
func (c *Case) onlyCAs() bool {
	if c.Observation == nil || c.Observation.Transport != TransportFile || c.Capture.Identity != nil {
		return false
	}
	for _, it := range c.Sent() {
		if it.Err != nil || !it.Cert.IsCA() || namesHost(it.Cert) {
			return false
		}
		if name := it.Cert.Subject.Short(); plainName(name) && strings.Contains(name, ".") { // as openssl req -x509 makes them for servers
			return false
		}
	}
	return len(c.Sent()) > 0
}

// whose certificate item 0 is meant to be.
func whose(c *Case) string {
	if c.Question.Purpose == PurposeClient {
		return "a client's"
	}
	return "a server's"
}

// notTheCA asks for the certificate that was meant, with the CA's beside it.
func notTheCA(c *Case, r *Report) AdviceReport {
	own, flag := "server.pem", "--with"
	if c.Question.Purpose == PurposeClient {
		own = "client.pem"
	}
	if c.Leaf().SelfIssued() {
		flag = "--anchor"
	}
	step := Advice{Who: "whoever runs this check", Text: "give " + whose(c) + " own certificate, and this one as that of its CA",
		Commands: []string{command("chainspect", "check", own, flag) + " " + ShellFile(c.Capture.Target)}}
	told := step.told(c, nil)
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.Counts(Error) {
			continue
		}
		f.Step = 1
		if !slices.Contains(told.Mends, f.Rule) {
			told.Mends = append(told.Mends, f.Rule)
		}
	}
	return told
}

// cure is what ends some errors: a certificate issued again, or a step as it is.
type cure struct {
	item     *Item
	about    *Item // the certificate its error is about
	repairs  []Repair
	rules    []string
	findings []int        // which of the report's
	act      Advice       // the one error's own step
	advice   AdviceReport // it as it was told and tried
	issue    *Issuing     // its command's, or the joined step's; nil: none
	ownCA    bool         // it is issued by another CA, whose root is installed
}

// curedBy tells the findings which step of the plan cures them: of several with one
// rule each may have another.
func (a *cure) curedBy(r *Report, step int) {
	for _, i := range a.findings {
		r.Findings[i].Step = step
	}
}

// alone is the step of one error, as a part of a plan that is tried as a whole.
func (a *cure) alone() AdviceReport {
	step := a.advice
	step.Checked, step.Assumes, step.Until, step.Lacks, step.Mends = false, "", nil, "", a.rules
	return step
}

// cures sorts the errors by what cures them: issuing a certificate again, by that
// certificate, or their own first step.
func (e *Evaluator) cures(in Input, j *judgement, r *Report) (reissues, others []cure) {
	for i := range j.kept {
		b := &j.kept[i]
		if b.shown != Error || b.hit.Status != Broken || len(r.Findings[i].Advice) == 0 {
			continue
		}
		f := &r.Findings[i]
		own := cure{about: b.hit.Item, rules: []string{f.Rule}, findings: []int{i}, advice: f.Advice[0]}
		for k, a := range e.advice(b, in.Question.Purpose) {
			if k == 0 {
				own.act = a
			}
			if a.Repair == nil || !f.Advice[k].Checked {
				continue
			}
			own.item, own.ownCA = onlyReissued(in, a.Repair, b.hit.Item)
			own.repairs = []Repair{a.Repair}
			if own.item != nil || k == 0 {
				own.act, own.advice, own.issue = a, f.Advice[k], a.Issue
				break
			}
			own.repairs = nil
		}
		if own.item == nil {
			others = append(others, own)
			continue
		}
		at := slices.IndexFunc(reissues, func(a cure) bool { return blobKey(a.item.Cert) == blobKey(own.item.Cert) })
		if at < 0 {
			reissues = append(reissues, own)
			continue
		}
		reissues[at].repairs = append(reissues[at].repairs, own.repairs...)
		reissues[at].findings = append(reissues[at].findings, i)
		reissues[at].ownCA = reissues[at].ownCA || own.ownCA
		if !slices.Contains(reissues[at].rules, f.Rule) {
			reissues[at].rules = append(reissues[at].rules, f.Rule)
		}
	}
	return reissues, others
}

// onlyReissued is the item where a repair does nothing but to have it issued again,
// and whether by a CA that the repair sets up.
func onlyReissued(in Input, repair Repair, item *Item) (again *Item, ownCA bool) {
	if item == nil {
		return nil, false
	}
	out, ok := repair(in)
	if !ok || out.Capture != in.Capture || out.Question.Name != in.Question.Name || len(out.Reissued) != len(in.Reissued)+1 || out.Reissued[blobKey(item.Cert)] == nil {
		return nil, false
	}
	return item, out.Anchors.Len() > in.Anchors.Len()
}

// step is the issuing in words and commands: what the new certificate has to have
// is read off the one that was tried.
func (a *cure) step(c *Case, next *x509read.Certificate) AdviceReport {
	old, again := a.item.Cert, &Issuing{}
	var wants []string
	if string(next.PublicKey.Type) != string(old.PublicKey.Type) || next.PublicKey.Bits != old.PublicKey.Bits {
		wants = append(wants, "a key of RSA 2048 or P-256")
		again.NewKey = true
	}
	if h := next.Signature.SignatureHash(); h != old.Signature.SignatureHash() && h != "" {
		wants = append(wants, h)
	}
	if !slices.Equal(next.ExtKeyUsage, old.ExtKeyUsage) {
		var names []string
		for _, o := range purposesFor(c, next.ExtKeyUsage) {
			names = append(names, o.Name())
		}
		wants = append(wants, "extendedKeyUsage "+strings.Join(names, ", "))
		again.With = append(again.With, "extendedKeyUsage="+strings.Join(names, ","))
	}
	if names := alternativeNames(next); len(names) > 0 {
		if len(next.SubjectAltName) != len(old.SubjectAltName) {
			wants = append(wants, "subjectAltName "+strings.Join(names, ", "))
			again.With = append(again.With, "subjectAltName="+strings.Join(names, ","))
		}
	}
	before, known := Lifetime(old)
	if d, ok := Lifetime(next); ok && !a.ownCA && !(known && d >= before) { // one that expired may live as long again
		again.Days = int(d / Day)
		wants = append(wants, fmt.Sprintf("at most %d days", again.Days))
	}
	if next.KeyUsage != old.KeyUsage && !a.ownCA {
		wants = append(wants, "a keyUsage that allows its use")
	}
	step := Advice{Who: "CA", Text: "issue " + itemHere + " again", Issue: again}
	if a.ownCA {
		step.Who, step.Text = "server administrator", "get "+itemHere+" from a CA, a public one or one of your own whose root the devices have,"
		if c.Question.Purpose == PurposeClient {
			step.Who = "whoever made the identity"
		}
		if step.Issue = nil; c.Question.Purpose == PurposeServer {
			step.Commands = []string{"chainspect lab init testca", "chainspect lab server {host} --dir testca"}
			step.Then = "these make such a CA for a test server"
		}
	}
	if len(wants) > 0 {
		step.Text += " with: " + strings.Join(wants, ", ")
	}
	step.Text = strings.TrimSuffix(step.Text, ",")
	a.issue = step.Issue
	r := step.told(c, a.item)
	r.Mends = a.rules
	return r
}

// purposesFor are the purposes of the new certificate without those of the other
// side, which made the old one wrong.
func purposesFor(c *Case, have []x509read.OID) []x509read.OID {
	want := map[Purpose]x509read.OID{PurposeServer: x509read.OIDServerAuth, PurposeClient: x509read.OIDClientAuth}[c.Question.Purpose]
	if want == "" || !slices.Contains(have, want) {
		return have
	}
	return append([]x509read.OID{want}, c.Question.EKU...)
}

// alternativeNames are the names a command can ask for: those of hosts and
// addresses that are plainly such.
func alternativeNames(c *x509read.Certificate) (names []string) {
	for _, n := range c.SubjectAltName {
		kind, value, _ := strings.Cut(NameText(n), ":")
		if (n.Tag == x509read.TagDNS || n.Tag == x509read.TagIP && (len(n.Value) == 4 || len(n.Value) == 16)) && plainName(value) && len(names) < 16 {
			names = append(names, strings.ToUpper(kind)+":"+value)
		}
	}
	return names
}

// plainName reports whether a text has nothing but what host names and addresses have.
func plainName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(".-*:", r))
	}) < 0
}

// firstError is the first broken error that bears on the verdict; nil: none.
func (j *judgement) firstError() *breach {
	for i := range j.kept {
		if b := &j.kept[i]; b.severity == Error && b.hit.Status == Broken && j.counts(b) {
			return b
		}
	}
	return nil
}
