package chain

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
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
	for _, it := range c.Items {
		ir := e.Memory.describe(it)
		if e.Verbose {
			ir.Extensions = extensionLines(it.Cert)
		}
		r.Items = append(r.Items, ir)
	}
	r.assignRoles(c, j)
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
			Paths: b.paths.list(), Message: x509read.Shortened(b.hit.Message, maxMessage), Named: b.hit.Named, IfFetched: b.hit.IfFetched, Evidence: shortEvidence(b.hit.Evidence)}
		if s := b.fault(); s != f.Message {
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
		if b.avoidable && r.Verdict == Trusted {
			f.Advise(adviceAvoidable(c, b))
		} else {
			f.advise(e.advice(b, c.Question.Purpose), c, b.hit.Item)
		}
		if e.Strict != nil && b.severity == Error && (b.hit.Status == Broken || b.hit.Apple != (AppleError{})) {
			f.Codes, f.CodesOr = b.apple().codes(strict), b.apple().or(strict)
		}
		r.Findings = append(r.Findings, f)
	}
	r.Headline = r.headline(j.outOfReach())
}

// adviceAvoidable is the advice for a breach on a path that is not needed: what would
// mend that path is not what the server needs.
func adviceAvoidable(c *Case, b *breach) []Advice {
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

// assignRoles names what each item is on the best path, or by its own nature.
func (r *Report) assignRoles(c *Case, j *judgement) {
	for i, it := range c.Items {
		r.Items[i].Role = "unused"
		if it == c.Leaf() {
			r.Items[i].Role = "leaf"
		} else if it.Repeats >= 0 {
			r.Items[i].Role = "duplicate"
		}
	}
	mark := func(p *Path) {
		for i, it := range p.Items {
			switch role := &r.Items[it.Index].Role; {
			case *role != "unused":
			case i == len(p.Items)-1 && (p.End == Anchored || p.End == SelfSigned) && it.SelfIssued():
				*role = "root"
			default:
				*role = "intermediate"
			}
		}
	}
	if j.best >= 0 {
		mark(c.Paths[j.best])
	}
	for _, p := range c.Paths {
		mark(p)
	}
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
func itemReport(c *x509read.Certificate) (r ItemReport) {
	// All texts are written behind each other, so that they are one allocation.
	var room [512]byte // enough for most certificates
	text := room[:0]
	text = c.Subject.Append(text)
	subject := len(text)
	text = c.Issuer.Append(text)
	issuer := len(text)
	text = hex.AppendEncode(text, c.SHA256[:])
	sum := len(text)
	text = hex.AppendEncode(text, c.Serial)
	serial := len(text)
	text = hex.AppendEncode(text, c.PublicKey.SHA256[:])
	key := len(text)
	text = base64.StdEncoding.AppendEncode(text, c.PublicKey.SHA256[:])
	pin := len(text)
	text = appendStamp(text, c.NotBefore)
	before := len(text)
	all := string(appendStamp(text, c.NotAfter))
	r = ItemReport{Subject: x509read.Shortened(all[:subject], maxName), Issuer: x509read.Shortened(all[subject:issuer], maxName),
		SHA256: all[issuer:sum], Serial: all[sum:serial], NotBefore: all[pin:before], NotAfter: all[before:],
		Key: KeyReport{Type: string(c.PublicKey.Type), Bits: c.PublicKey.Bits}, Faults: []string{}, DER: c.Raw, Unread: c.Unread}
	if c.Signature.OID != "" {
		r.Signature = c.Signature.OID.Name()
	}
	if c.PublicKey.Raw != nil {
		r.SPKISHA256, r.Pin = all[serial:key], all[key:pin]
	}
	for _, f := range c.Faults {
		r.Faults = append(r.Faults, f.Field+": "+f.Message)
	}
	if len(c.SubjectAltName) > 0 {
		r.Names = make([]string, 0, len(c.SubjectAltName))
	}
	for _, n := range c.SubjectAltName {
		r.Names = append(r.Names, x509read.Shortened(NameText(n), maxName))
	}
	return r
}

// connection describes the handshake whose list is judged; nil where there was none.
func connection(capture *Capture, o *Observation) *Connection {
	if o == nil || o.Transport != TransportTLS {
		return nil
	}
	c := &Connection{Address: o.Address, Version: o.Outcome.Version, Suite: o.Outcome.Suite, Group: o.Outcome.Group,
		ALPN: o.Outcome.ALPN, Hello: o.Hello, EMS: o.Outcome.EMS, ServerName: o.ServerName, Network: o.Network, StartTLS: o.StartTLS, Via: o.Via,
		ClientAuth: ClientAuthReport{Mode: ClientAuthNone, Authorities: []string{}}}
	if d := o.ClientAuth; d != nil {
		c.ClientAuth.Mode = d.Mode
		for _, raw := range d.Authorities {
			n, _ := x509read.ParseName(raw)
			c.ClientAuth.Authorities = append(c.ClientAuth.Authorities, n.String())
		}
	}
	for i := range capture.Observations {
		if p := capture.Observations[i].Presented; p != nil && len(p.Sent)+len(p.Withheld) > 0 {
			c.ClientAuth.Attempts = append(c.ClientAuth.Attempts, IdentityAnswer{p.Version, len(p.Sent), p.Fate, p.Over, p.Alert, p.Status, p.Sentence, p.LocalNote})
		}
	}
	return c
}

// handshakes lists the TLS handshakes of a capture that has more than one.
func handshakes(c *Capture) []Handshake {
	var out []Handshake
	for i := range c.Observations {
		if o := &c.Observations[i]; o.Transport == TransportTLS {
			out = append(out, Handshake{o.Hello, o.ServerName, o.Outcome.Version, o.Outcome.Alert, o.Outcome.Error, o.Network})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// StatusLine names a status and what the page said: "HTTP 403 Forbidden", also
// where the page repeats the number.
func StatusLine(status int, sentence string) string {
	number := strconv.Itoa(status)
	if rest, ok := strings.CutPrefix(sentence, number); ok && (rest == "" || rest[0] == ' ') {
		sentence = rest
	}
	return strings.TrimSpace("HTTP " + number + " " + strings.TrimSpace(sentence))
}

// extensionLines prints a certificate's extensions, a line each:
// "basicConstraints (critical): CA".
func extensionLines(c *x509read.Certificate) []string {
	var out []string
	for _, e := range c.Extensions {
		line := e.OID.Name()
		if e.Critical {
			line += " (critical)"
		}
		if text := extensionText(c, e); text != "" {
			line += ": " + text
		}
		out = append(out, line)
	}
	return out
}

func extensionText(c *x509read.Certificate, e x509read.Extension) string {
	switch e.OID {
	case x509read.OIDExtBasicConstraints:
		if b := c.BasicConstraints; b != nil && b.CA {
			if b.PathLen >= 0 {
				return fmt.Sprintf("CA, path length %d", b.PathLen)
			}
			return "CA"
		}
		return "not a CA"
	case x509read.OIDExtKeyUsage:
		if c.KeyUsage == nil {
			return ""
		}
		return c.KeyUsage.String()
	case x509read.OIDExtExtKeyUsage:
		var set []string
		for _, o := range c.ExtKeyUsage {
			set = append(set, o.Name())
		}
		return strings.Join(set, ", ")
	case x509read.OIDExtSubjectAltName:
		var set []string
		for _, n := range c.SubjectAltName {
			set = append(set, NameText(n))
		}
		return strings.Join(set, ", ")
	case x509read.OIDExtSubjectKeyID:
		return fmt.Sprintf("%x", c.SubjectKeyID)
	case x509read.OIDExtAuthorityKeyID:
		if c.AuthorityKeyID != nil {
			return fmt.Sprintf("%x", c.AuthorityKeyID.KeyID)
		}
	case x509read.OIDExtCertificatePolicies:
		var set []string
		for _, p := range c.Policies {
			set = append(set, p.OID.Name())
		}
		return strings.Join(set, ", ")
	}
	return ""
}

// NameText prints a general name as kind:value.
func NameText(n x509read.GeneralName) string {
	switch n.Tag {
	case x509read.TagDNS:
		return "dns:" + string(n.Value)
	case x509read.TagEmail:
		return "email:" + string(n.Value)
	case x509read.TagURI:
		return "uri:" + string(n.Value)
	case x509read.TagIP:
		if a, ok := netip.AddrFromSlice(n.Value); ok {
			return "ip:" + a.String()
		}
		return fmt.Sprintf("ip:%x", n.Value)
	case x509read.TagDirectoryName:
		if n.Name != nil {
			return "dirname:" + n.Name.String()
		}
	}
	return fmt.Sprintf("tag%d:%x", n.Tag, n.Value)
}

// passed lists the rules that looked at something and found nothing, on the
// levels that apply.
func (j *judgement) passed() []string {
	fired := map[*Rule]bool{}
	for i := range j.breaches {
		fired[j.breaches[i].rule.Rule] = true
	}
	notApplicable := map[Level]bool{}
	for _, l := range j.levels {
		notApplicable[l.Level] = l.Verdict == NotApplicable
	}
	var out []string
	for _, g := range j.asked {
		if !fired[g.Rule] && !notApplicable[g.Level] {
			out = append(out, g.ID)
		}
	}
	return out
}

// What a report shows of a certificate that is made to fill it, in octets.
const (
	maxName    = 1000
	maxMessage = 4000
)

// shortEvidence is evidence with its values shortened; it is never nil.
func shortEvidence(list []Evid) []Evid {
	out := make([]Evid, 0, len(list))
	for _, e := range list {
		e.Got, e.Want = x509read.Shortened(e.Got, maxName), x509read.Shortened(e.Want, maxName)
		out = append(out, e)
	}
	return out
}
