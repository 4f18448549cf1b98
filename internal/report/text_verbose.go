package report

import (
	"cmp"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// details is what -v adds: the connection, the anchors in force, every path and
// why it is what it is, the certificates' own data and pins, the rules that
// passed, and the timeline.
func (t *text) details(r *chain.Report) {
	t.connection(r)
	t.paths(r)
	t.certificates(r)
	t.clients(r)
	if len(r.Passed) > 0 {
		t.line("")
		t.put("passed  ", "        ", passedSentence(r.Passed), nil)
	}
	if len(r.Timeline) == 0 {
		return
	}
	t.line("")
	t.line("timeline")
	for _, m := range r.Timeline {
		s := string(m.Verdict) + ", " + distance(r.EvaluatedAt, m.Time)
		if m.Rule != "" {
			s += ": " + printable(m.Rule)
		}
		if it := itemAt(r, m.Item); it != nil {
			s += ", " + printable(itemLabel(it))
		}
		t.put("  "+instant(m.Time)+"  ", "      ", s, nil)
	}
}

// passedSentence counts rules by their package: the names are many, and JSON has them.
func passedSentence(ids []string) string {
	var groups []string
	n := map[string]int{}
	for _, id := range ids {
		group, _, _ := strings.Cut(id, "-")
		if n[group]++; n[group] == 1 {
			groups = append(groups, group)
		}
	}
	for i, g := range groups {
		groups[i] = printable(g) + " " + itoa(n[g])
	}
	return count(len(ids), "rule") + ": " + strings.Join(groups, ", ") + " (by name in --format json -v)"
}

func (t *text) connection(r *chain.Report) {
	t.line("")
	t.line("judged")
	t.pair("at", instant(r.EvaluatedAt))
	t.pair("as", strings.Trim(r.Profile+", "+string(r.Purpose)+", "+r.Platform, ", "))
	t.pair("name", r.Name)
	t.pair("for", r.For)
	t.pair("hellos", strings.Join(r.Hellos, ", "))
	a := r.Anchors
	s := a.Store
	if a.Version != "" {
		s += " " + a.Version
	}
	if a.Date != "" {
		s += " of " + a.Date
	}
	if a.Installed > 0 {
		s += ", and " + itoa(a.Installed) + " installed"
	}
	if a.App > 0 {
		s += ", and " + itoa(a.App) + " of the app"
	}
	t.pair("anchors", s)
	c := r.Connection
	if c == nil {
		return
	}
	t.line("")
	t.line("connection")
	t.pair("address", c.Address)
	if c.Network != c.Address {
		t.pair("peer", c.Network)
	}
	t.pair("through", c.Via)
	t.pair("starttls", c.StartTLS)
	t.pair("SNI", c.ServerName)
	t.pair("version", c.Version)
	t.pair("suite", c.Suite)
	t.pair("group", c.Group)
	t.pair("ALPN", c.ALPN)
	if c.EMS != nil {
		t.pair("EMS", map[bool]string{true: "yes", false: "no"}[*c.EMS])
	}
	t.pair("hello", c.Hello)
	t.clientAuth(&c.ClientAuth)
}

// clientAuth says what the server asked for, from which CAs, and what it
// answered to an identity.
func (t *text) clientAuth(c *chain.ClientAuthReport) {
	t.pair("mTLS", mutualWords(c.Mode))
	for _, ca := range c.Authorities {
		t.pair("  from", ca)
	}
	if len(c.Authorities) == 0 && c.Mode != chain.ClientAuthNone {
		t.pair("  from", "any CA: the server names none")
	}
	for _, a := range c.Attempts {
		t.pair("  "+a.Version, attemptWords(a))
	}
}

// attemptWords is what one attempt with an identity came to.
func attemptWords(a chain.IdentityAnswer) string {
	s := count(a.Sent, "certificate") + " sent, " + string(a.Fate)
	if a.Sent == 0 {
		s = "not sent"
	}
	if a.Alert != nil {
		s += ", alert " + itoa(int(*a.Alert))
	}
	if a.Status != 0 {
		s += ", " + chain.StatusLine(a.Status, a.Sentence)
	}
	if a.Note != "" {
		s += ": " + a.Note
	}
	return s
}

// mutualWords says whether the server asked for a client identity.
func mutualWords(mode chain.ClientAuthMode) string {
	switch mode {
	case chain.ClientAuthNone:
		return "no client identity is asked for"
	case chain.ClientAuthRequested, chain.ClientAuthRequired:
		return "a client identity is " + string(mode)
	}
	return string(mode)
}

// keyName is a key's kind with its size, where the kind does not tell it.
func keyName(kind string, bits int) string {
	if bits == 0 || strings.HasSuffix(kind, itoa(bits)) {
		return kind
	}
	return kind + " " + itoa(bits)
}

// pair writes a label and its value, if there is one.
func (t *text) pair(label, value string) {
	if value != "" {
		t.put("  "+pad(label, 10), "            ", printable(value), nil)
	}
}

func (t *text) paths(r *chain.Report) {
	if len(r.Paths) == 0 {
		return
	}
	t.line("")
	t.line("paths")
	for _, p := range r.Paths {
		t.put("  ", "    ", pathSentence(r, p), nil)
	}
}

// pathSentence is a path with its verdict and its end: "0 → 1 → Root X1 …".
func pathSentence(r *chain.Report, p chain.PathReport) string {
	var steps []string
	for _, i := range p.Items {
		s := itoa(i)
		if it := itemAt(r, &i); it != nil && !listed(it) {
			s = printable(shortName(it))
		}
		steps = append(steps, s)
	}
	s := strings.Join(steps, " → ") + "   " + string(p.Verdict) + ", " + endWords(p.End)
	if p.Why != "" {
		s += ": " + printable(p.Why)
	}
	return s
}

// endWords says in words why a path ends.
func endWords(e chain.PathEnd) string {
	switch e {
	case chain.Anchored:
		return "ends at a trusted anchor"
	case chain.NoIssuer:
		return "ends for want of an issuer"
	case chain.SelfSigned:
		return "ends at a self-signed certificate that is no anchor"
	case chain.Loop:
		return "goes round in a circle"
	case chain.GaveUp:
		return "given up at a bound"
	}
	return string(e)
}

func (t *text) certificates(r *chain.Report) {
	for i := range r.Items {
		it := &r.Items[i]
		t.line("")
		t.put("", "  ", printable(itemLabel(it)), nil)
		t.pair("subject", it.Subject)
		t.pair("issuer", it.Issuer)
		for _, n := range it.Names {
			t.pair("name", n)
		}
		t.pair("serial", it.Serial)
		t.pair("valid", cmp.Or(it.NotBefore, "(not readable)")+" to "+cmp.Or(it.NotAfter, "(not readable)")+noExpiry(it.NotAfter))
		t.pair("key", keyName(it.Key.Type, it.Key.Bits))
		t.pair("signature", it.Signature)
		t.pair("sha256", it.SHA256)
		t.pair("pin", it.Pin)
		if it.Pin == "" {
			t.pair("spki", it.SPKISHA256)
		}
		if it.File != "" {
			where := it.File
			if it.Line > 0 {
				where += ":" + itoa(it.Line)
			}
			t.pair("file", where)
		}
		for _, e := range it.Extensions {
			t.pair("extension", e)
		}
		for _, f := range it.Faults {
			t.pair("fault", f)
		}
	}
}

// changes says first what is not as it was in the baseline.
func (t *text) changes(r *chain.Report) {
	if len(r.Changes) == 0 {
		return
	}
	t.line("")
	t.line("changed since the baseline")
	for _, c := range r.Changes {
		before, after := c.Before, c.After
		if before == "" {
			before = "(none)"
		}
		if after == "" {
			after = "(none)"
		}
		t.put("  "+pad(printable(c.What), 10)+"  ", "              ", printable(before)+" → "+printable(after), nil)
	}
}

// identity tells what protects an identity file, which key fits which
// certificate, and who takes the file.
func (t *text) identity(r *chain.Report) {
	if r.Identity != nil && len(r.Identity.Items) > 0 && r.IdentityFile() == nil { // shown to a server
		t.line("")
		for i := range r.Identity.Items {
			it := &r.Identity.Items[i]
			label := "  identity item " + itoa(it.Index) + "  "
			t.put(label, strings.Repeat(" ", columns(label)), printable(shortName(it)), nil)
		}
	}
	id := r.IdentityFile()
	if id == nil {
		return
	}
	t.line("")
	t.pair("protected", protectedBy(*id.Protection))
	for _, k := range id.Keys {
		t.pair("key", keyFits(r, k))
	}
	for _, line := range importLines(id, t.o.Verbosity > 0) {
		t.pair("imports", line)
	}
	for _, c := range conversions(id) {
		t.pair("convert", "for "+c.For()+":")
		t.line("              " + printable(c.Command))
	}
}

// exception shows the smallest set of Info.plist keys that lets the connection
// through; the lines are for pasting and are not wrapped.
func (t *text) exception(r *chain.Report) {
	if r.ATS == nil || r.ATS.Exception == nil || r.ATS.Exception.XML == "" {
		return
	}
	for i := range r.Findings { // a fix that has it already is enough
		for _, a := range r.Findings[i].Advice {
			if strings.Contains(a.Text, "<key>") {
				return
			}
		}
	}
	t.line("")
	t.put("", "  ", "only where the server cannot be fixed, the smallest exception for "+printable(r.ATS.Exception.Host)+" in Info.plist:", nil)
	for _, l := range printableLines(r.ATS.Exception.XML) {
		t.line("  " + l)
	}
}
