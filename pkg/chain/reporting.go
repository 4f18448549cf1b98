package chain

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// report turns a judgement into the document of the contract, but for the
// findings: the outlook may add some.
func (e *Evaluator) report(c *Case, j *judgement) *Report {
	r := &Report{Schema: ReportSchema, Target: c.Capture.Target, EvaluatedAt: c.Question.Time.UTC(),
		Profile: e.Profile.Name, Platform: c.Question.Platform, Purpose: c.Question.Purpose,
		Verdict: j.verdict(), Levels: j.levels, Items: make([]ItemReport, 0, len(c.Items)),
		Paths: make([]PathReport, 0, len(c.Paths)), Findings: []Finding{},
		Name: c.Question.Name, For: c.Question.For}
	s := c.Anchors.Store
	r.Anchors = AnchorsReport{Store: s.Name, Version: s.Version, Installed: c.Anchors.Count(Installed), App: c.Anchors.Count(App)}
	if !s.Date.IsZero() {
		r.Anchors.Date = s.Date.UTC().Format(time.DateOnly)
	}
	r.Connection = connection(c.Capture, c.Observation)
	r.Handshakes = handshakes(c.Capture)
	roles := rolesOf(c, j)
	for _, it := range c.Items {
		ir := e.Memory.describe(it)
		ir.Role = roles[it.Index]
		if e.Verbose {
			ir.Extensions = extensionLines(it.Cert)
		}
		r.Items = append(r.Items, ir)
	}
	if e.Verbose {
		r.Passed = j.passed()
	}
	for _, p := range c.Paths {
		pr := PathReport{Items: make([]int, 0, len(p.Items)), End: p.End}
		for _, it := range p.Items {
			pr.Items = append(pr.Items, it.Index)
		}
		if p.Anchor != nil {
			pr.Anchor = itemIndex(p.Last())
		}
		pr.Verdict, pr.Why = j.pathVerdict(p)
		r.Paths = append(r.Paths, pr)
	}
	return r
}

// outOfReach reports whether the handshake alone fails, before there is a chain
// to evaluate, and nothing else would.
func (j *judgement) outOfReach() bool {
	ended := false
	for i := range j.kept {
		b := &j.kept[i]
		if b.severity != Error || !j.counts(b) {
			continue
		}
		switch handshake := b.rule.Level == LevelATS && b.apple().Class == ClassHandshake; {
		case handshake && b.hit.Status == Broken:
			ended = true
		case b.level == LevelX509, b.hit.Status == Broken && b.level != LevelATS:
			return false
		}
	}
	return ended && len(j.c.Paths) > 0
}

// findings lists what was kept, the worst first.
func (e *Evaluator) findings(c *Case, j *judgement, r *Report) {
	strict := e.Strict != nil && e.Strict(c)
	r.Findings = make([]Finding, 0, len(j.kept))
	for i := range j.kept {
		b := &j.kept[i]
		f := Finding{Rule: b.rule.ID, Level: b.level, Severity: b.shown, Status: b.hit.Status, Item: itemIndex(b.hit.Item),
			Paths: b.paths.list(), Message: x509read.Shortened(b.hit.Message, maxMessage), IfFetched: b.hit.IfFetched, Evidence: shortEvidence(b.hit.Evidence)}
		if s := b.hit.fault(); s != f.Message {
			f.Short = x509read.Shortened(s, maxMessage)
		}
		switch {
		case b.hit.Item != nil:
			f.List = ListItems
		case b.hit.Identity != nil:
			f.Item, f.List = b.hit.Identity, ListIdentity
		}
		if b.pathless {
			f.Paths = []int{}
		}
		if b.aside && r.Verdict == Trusted {
			f.Advise(besides(c, b))
		} else {
			f.Advise(e.advice(b, c.Question.Purpose))
			f.named(c)
		}
		if e.Strict != nil && b.severity == Error && (b.hit.Status == Broken || b.hit.Apple != (AppleError{})) {
			f.Codes, f.CodesOr = b.apple().codes(strict), b.apple().or(strict)
		}
		r.Findings = append(r.Findings, f)
	}
	r.Headline = r.headline(j.outOfReach())
}

// besides is the advice for a breach on a path that is not needed: what would
// mend that path is not what the server needs.
func besides(c *Case, b *breach) []Advice {
	a := Advice{Who: "server administrator", Text: "nothing has to be done: another path is trusted without it"}
	if c.Question.Purpose == PurposeClient {
		a.Who = "whoever made the identity"
	}
	if it := b.hit.Item; it != nil && it != c.Leaf() && it.Sent() {
		a.Text += "; clients that build one path only are served better if " + it.Named() + " is left out of what is sent"
	}
	return []Advice{a}
}

// byRank orders breaches as reports list them: what counts for most first, then
// by level, what says that the item is of the wrong kind, by the class of the error
// on a device, by item, and by the rule's ID.
func byRank(x, y breach) int {
	return cmp.Or(
		cmp.Compare(weight(y.shown), weight(x.shown)),
		first(x.hit.Status == Broken, y.hit.Status == Broken),
		first(x.bears, y.bears),
		cmp.Compare(slices.Index(Levels(), x.level), slices.Index(Levels(), y.level)),
		first(x.hit.Foremost, y.hit.Foremost),
		cmp.Compare(x.apple().Class.order(), y.apple().Class.order()),
		cmp.Compare(position(x.hit.Item), position(y.hit.Item)),
		cmp.Compare(x.rule.ID, y.rule.ID),
		cmp.Compare(x.hit.Message, y.hit.Message),
	)
}

// first orders what has a property before what has not.
func first(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return -1
	}
	return 1
}

func position(it *Item) int {
	if it == nil {
		return -1
	}
	return it.Index
}

func itemIndex(it *Item) *int {
	if it == nil {
		return nil
	}
	i := it.Index
	return &i
}

// rolesOf names what each item is on the best path, or by its own nature.
func rolesOf(c *Case, j *judgement) []string {
	roles := make([]string, len(c.Items))
	for i, it := range c.Items {
		roles[i] = "unused"
		if it == c.Leaf() {
			roles[i] = "leaf"
		} else if it.Repeats >= 0 {
			roles[i] = "duplicate"
		}
	}
	mark := func(p *Path) {
		for i, it := range p.Items {
			switch {
			case roles[it.Index] != "unused" && roles[it.Index] != "":
			case i == len(p.Items)-1 && (p.End == Anchored || p.End == SelfSigned) && it.SelfIssued():
				roles[it.Index] = "root"
			default:
				roles[it.Index] = "intermediate"
			}
		}
	}
	if j.best >= 0 {
		mark(c.Paths[j.best])
	}
	for _, p := range c.Paths {
		mark(p)
	}
	return roles
}

// DescribeIdentity describes the certificates of a client identity, the leaf
// first, by their keys in the capture.
func DescribeIdentity(c *Capture, keys []string) []ItemReport {
	out := make([]ItemReport, 0, len(keys))
	for i, key := range keys {
		cert, _ := x509read.Parse(c.Blobs[key])
		if cert == nil {
			cert = &x509read.Certificate{Raw: c.Blobs[key]}
		}
		r := itemReport(cert)
		r.Index, r.Origin, r.Role = i, OriginFile, "intermediate"
		switch {
		case i == 0:
			r.Role = "leaf"
		case len(cert.Subject.Raw) > 0 && bytes.Equal(cert.Subject.Raw, cert.Issuer.Raw):
			r.Role = "root"
		}
		out = append(out, r)
	}
	return out
}

// itemReport describes the certificate of an item, whatever its place.
func itemReport(c *x509read.Certificate) ItemReport {
	r := ItemReport{Subject: x509read.Shortened(c.Subject.String(), maxName), Issuer: x509read.Shortened(c.Issuer.String(), maxName),
		SHA256: hex.EncodeToString(c.SHA256[:]), SPKISHA256: hex.EncodeToString(c.PublicKey.SHA256[:]),
		Serial: hex.EncodeToString(c.Serial), NotBefore: stamp(c.NotBefore), NotAfter: stamp(c.NotAfter),
		Key: KeyReport{Type: string(c.PublicKey.Type), Bits: c.PublicKey.Bits}, Signature: c.Signature.OID.Name(),
		Faults: []string{}, Pin: base64.StdEncoding.EncodeToString(c.PublicKey.SHA256[:]), DER: c.Raw, Unread: c.Unread}
	if c.PublicKey.Raw == nil {
		r.SPKISHA256, r.Pin = "", ""
	}
	if c.Signature.OID == "" {
		r.Signature = ""
	}
	for _, f := range c.Faults {
		r.Faults = append(r.Faults, f.Field+": "+f.Message)
	}
	for _, n := range c.SubjectAltName {
		r.Names = append(r.Names, x509read.Shortened(NameText(n), maxName))
	}
	return r
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
