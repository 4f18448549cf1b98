package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// row is one line of the list of items.
type row struct{ number, role, name, state string }

// items lists the certificates: those of the list that is judged by number, the
// others, and the one that is missing, behind a dot.
func (t *text) items(r *chain.Report) {
	rows := itemRows(r)
	if len(rows) == 0 {
		return
	}
	for i := range rows {
		rows[i] = row{t.plain(rows[i].number), t.plain(rows[i].role), t.plain(rows[i].name), t.plain(rows[i].state)}
	}
	t.line("")
	numberW, nameW, stateW := 1, 0, 0
	for _, x := range rows {
		numberW = max(numberW, columns(x.number))
		nameW, stateW = max(nameW, columns(x.name)), max(stateW, columns(x.state))
	}
	before := 2 + numberW + 2 + 12 + 2
	room := t.o.Width - before - 2 - stateW
	stacked := room < min(nameW, 18)
	nameW = min(nameW, room)
	for _, x := range rows {
		head := "  " + strings.Repeat(" ", numberW-columns(x.number)) + x.number + "  "
		if stacked {
			t.put(head, strings.Repeat(" ", numberW+4), x.role+", "+x.state, nil)
			t.put(strings.Repeat(" ", numberW+4), strings.Repeat(" ", numberW+4), x.name, nil)
			continue
		}
		for i, l := range wrap(x.name, nameW) {
			if i == 0 {
				t.line(head + pad(x.role, 12) + "  " + pad(l, nameW) + "  " + t.stateColor(x.state))
				continue
			}
			t.line(strings.Repeat(" ", before) + l)
		}
	}
}

func (t *text) stateColor(s string) string {
	if strings.HasSuffix(s, chainEnds) {
		return t.red.Sprint(s)
	}
	return s
}

// chainEnds ends the state of the certificate that nobody sent.
const chainEnds = ": the chain ends here"

// absent says of a certificate that it is not in the list that is judged.
func absent(r *chain.Report) string {
	if len(r.Items) > 0 && r.Items[0].Origin == chain.OriginFile {
		return "not in the file"
	}
	return "not sent"
}

// itemRows are the lines of the list; the strings are printable.
func itemRows(r *chain.Report) []row {
	anchors := map[int]bool{}
	for _, p := range r.Paths {
		if p.Anchor != nil {
			anchors[*p.Anchor] = true
		}
	}
	var rows []row
	for i := range r.Items {
		it := &r.Items[i]
		x := row{"·", cut(printable(it.Role), 12), printable(shortName(it)) + telling(r, it), itemState(r, it, anchors[it.Index])}
		if listed(it) {
			x.number = strconv.Itoa(it.Index)
		}
		rows = append(rows, x)
	}
	rows = fold(rows)
	if name, role := missingIssuer(r); role != "" {
		rows = append(rows, row{"·", role, printable(name), absent(r) + chainEnds})
	}
	return rows
}

// telling is the beginning of a CA certificate's SHA-256 where another one
// of the report has its name: a cross-signed intermediate, or one issued again.
func telling(r *chain.Report, it *chain.ItemReport) string {
	if it.Role == "leaf" || len(it.SHA256) < 8 {
		return ""
	}
	for i := range r.Items {
		if x := &r.Items[i]; x.Role != "leaf" && x.SHA256 != it.SHA256 && x.Subject == it.Subject {
			return " (" + printable(it.SHA256[:8]) + "…)"
		}
	}
	return ""
}

// fold makes one line of three or more certificates in a row that have no part in
// the answer: copies of one, or what no path uses ("2 … 142  not used").
func fold(rows []row) []row {
	out := rows[:0]
	for i := 0; i < len(rows); {
		x, n := rows[i], 1
		for i+n < len(rows) && alike(x, rows[i+n]) {
			n++
		}
		if n < 3 {
			out = append(out, rows[i:i+n]...)
		} else {
			x.number += " … " + rows[i+n-1].number
			if x.role == "unused" {
				x.name = count(n, "certificate")
			}
			out = append(out, x)
		}
		i += n
	}
	return out
}

// alike reports whether two rows can share a line.
func alike(a, b row) bool {
	if a.role != b.role || a.state != b.state {
		return false
	}
	switch a.role {
	case "duplicate":
		return a.name == b.name
	case "unused":
		return a.number != "·" && b.number != "·"
	}
	return false
}

// itemState says where a certificate came from and what became of it.
func itemState(r *chain.Report, it *chain.ItemReport, anchor bool) string {
	s := ""
	switch it.Origin {
	case chain.OriginSent:
		s = "sent"
	case chain.OriginFile:
		s = "in the file"
	case chain.OriginGiven, chain.OriginFetched:
		s = string(it.Origin) + ", " + absent(r)
	default:
		if s = absent(r); !anchor {
			s = "an unused anchor, " + s
		}
	}
	if anchor {
		return "trusted anchor, " + s
	}
	if it.Role == "unused" && listed(it) {
		s += ", not used"
	}
	return s
}

// missingIssuer names the certificate that nobody sent, where every path ends for
// want of one: the issuer of the last item of the first path that ends so. Its
// role is "" where there is none such, and "issuer" where its name does not say
// that it is an intermediate: it may be the root.
func missingIssuer(r *chain.Report) (name, role string) {
	for _, p := range r.Paths {
		if p.End == chain.Anchored {
			return "", ""
		}
		if p.End == chain.NoIssuer && len(p.Items) > 0 && role == "" {
			if it := itemAt(r, &p.Items[len(p.Items)-1]); it != nil && it.Unread&x509read.FieldIssuer == 0 {
				if name = shortSubject(it.Issuer); name == "" {
					name = "(empty issuer)"
				}
				role = "issuer"
				if s := strings.ToLower(it.Issuer); strings.Contains(s, "issuing") || strings.Contains(s, "intermediate") {
					role = "intermediate"
				}
			}
		}
	}
	return name, role
}

// levels lists the verdicts of the levels with what decided them. The level
// identity is left out where no identity was given: most runs have none.
func (t *text) levels(r *chain.Report) {
	if len(r.Levels) == 0 {
		return
	}
	t.line("")
	if q := question(r.Target, r.Name, r.ID, serverName(r), ""); q != "" {
		t.put("", "  ", "judged "+printable(q), nil)
	}
	wordW := 0
	for _, l := range r.Levels {
		wordW = max(wordW, columns(verdictWord(l.Verdict)))
	}
	for _, l := range r.Levels {
		if l.Level == chain.LevelIdentity && l.Verdict == chain.NotApplicable && t.o.Verbosity < 1 && !identityGiven(r) {
			continue
		}
		label := pad(l.Level.Label(), 9)
		word := verdictWord(l.Verdict)
		painted := label + pad(levelTitle(l.Level), 22) + "  " + t.levelColor(l.Verdict).Sprint(word)
		reason := printable(l.Reason)
		if reason == "" {
			t.line(painted)
			continue
		}
		start := 9 + 22 + 2 + wordW + 3
		if t.o.Width-start < 24 {
			t.line(painted)
			t.put("         ", "         ", reason, nil)
			continue
		}
		for i, line := range wrap(reason, t.o.Width-start) {
			if i == 0 {
				t.line(painted + strings.Repeat(" ", wordW+3-columns(word)) + line)
				continue
			}
			t.line(strings.Repeat(" ", start) + line)
		}
	}
}

// identityGiven reports whether a server was to be shown an identity.
func identityGiven(r *chain.Report) bool {
	return r.Connection != nil && len(r.Connection.ClientAuth.Attempts) > 0
}

func (t *text) levelColor(v chain.LevelVerdict) *color.Color {
	switch v {
	case chain.Pass:
		return t.green
	case chain.Fail:
		return t.red
	case chain.LevelUnknown:
		return t.yellow
	}
	return t.faint
}

// outlook says until when the verdict holds, and what a device would show where
// no finding's block says it.
func (t *text) outlook(r *chain.Report) {
	device := r.Device != nil && !slices.ContainsFunc(r.Findings, func(f chain.Finding) bool { return f.Rule == r.Device.Rule && rank(&f) < 3 })
	if r.GoodUntil == nil && !device {
		return
	}
	t.line("")
	if g := r.GoodUntil; g != nil {
		s := "good until " + instant(g.Time) + ", " + distance(r.EvaluatedAt, g.Time)
		var why []string
		if it := itemAt(r, g.Item); it != nil {
			why = append(why, printable(itemLabel(it)))
		}
		if g.Rule != "" {
			why = append(why, printable(g.Rule))
		}
		if len(why) > 0 {
			s += " (" + strings.Join(why, ": ") + ")"
		}
		t.put("", "  ", s, nil)
	}
	if device {
		t.put("", "  ", deviceSentence(r), nil)
	}
}

// itemLabel is "item 0", or the name of a certificate that has no number.
func itemLabel(it *chain.ItemReport) string {
	if listed(it) {
		return "item " + itoa(it.Index)
	}
	return shortName(it)
}

// deviceSentence is the one error an Apple platform would show.
func deviceSentence(r *chain.Report) string {
	d, s := r.Device, platformName(r.Platform)
	switch {
	case len(d.IfFetched) > 0:
		return s + " " + deviceWords(d)
	case d.Confidence == chain.ConfidenceField || d.Confidence == chain.ConfidenceInferred:
		return s + " would probably show: " + deviceWords(d)
	}
	return s + " would show: " + deviceWords(d)
}

// deviceWords are the error's codes, written as Xcode prints them, and its text.
// Where reports of devices differ, or two errors are in no order, both codes stand.
func deviceWords(d *chain.DeviceError) string {
	var parts []string
	if len(d.IfFetched) > 0 {
		parts = append(parts, "connects if it can fetch "+printable(d.IfFetched[0])+", else")
	}
	if d.Codes.URL != 0 {
		s := itoa(d.Codes.URL)
		if d.Codes.SSL != 0 {
			s += " / " + alternatives(d, func(c *chain.Codes) int { return c.SSL })
		}
		parts = append(parts, s)
	}
	if d.Text != "" {
		parts = append(parts, printable(d.Text))
	}
	if d.Codes.Sec != 0 {
		parts = append(parts, "(SecTrust "+alternatives(d, func(c *chain.Codes) int { return c.Sec })+")")
	}
	s := strings.Join(parts, " ")
	if n := len(d.Hides); n > 0 {
		s += ", which hides " + count(n, "other")
	}
	return s
}

// alternatives writes one kind of code, and what may stand in its place.
func alternatives(d *chain.DeviceError, of func(*chain.Codes) int) string {
	list := []string{itoa(of(&d.Codes))}
	for i := range d.CodesOr {
		if s := itoa(of(&d.CodesOr[i])); s != "0" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return strings.Join(list, " or ")
}

// platformName is how Apple writes the platform of a name such as "ios26".
func platformName(p string) string {
	for _, n := range []string{"iOS", "macOS", "iPadOS", "tvOS", "watchOS", "visionOS"} {
		if strings.HasPrefix(p, strings.ToLower(n)) {
			return n
		}
	}
	return "an Apple device"
}
