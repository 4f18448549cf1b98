package report

import (
	"strconv"
	"strings"

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
	rows = foldCopies(rows)
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

// foldCopies makes one line of three or more copies of a certificate in a row.
func foldCopies(rows []row) []row {
	out := rows[:0]
	for i := 0; i < len(rows); {
		x, n := rows[i], 1
		for x.role == "duplicate" && i+n < len(rows) && rows[i+n].role == x.role && rows[i+n].name == x.name && rows[i+n].state == x.state {
			n++
		}
		if n < 3 {
			out = append(out, rows[i:i+n]...)
		} else {
			x.number += "…" + rows[i+n-1].number
			out = append(out, x)
		}
		i += n
	}
	return out
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
