package report

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

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
	id := r.Identity
	if id == nil {
		return
	}
	t.line("")
	t.pair("protected", protectedBy(id.Protection))
	for _, k := range id.Keys {
		t.pair("key", keyFits(r, k))
	}
	for _, i := range id.Imports {
		t.pair("imports", i.Where+": "+takes(i))
	}
	for _, c := range conversions(id) {
		t.pair("convert", "for "+c.For()+":")
		t.command("              ", c.Command)
	}
}

// command writes a shell command so that it can be pasted: a line that goes on
// ends in a backslash, and where it was cut inside a word the next has no indent.
func (t *text) command(indent, s string) {
	start := indent
	for rest := printable(s); ; {
		l := wrap(rest, t.o.Width-columns(indent)-2)[0]
		rest = rest[len(l):]
		more := strings.TrimLeft(rest, " ")
		switch {
		case more == "":
			t.line(start + l)
			return
		case len(more) < len(rest):
			t.line(start + l + ` \`)
			start = indent
		default:
			t.line(start + l + `\`)
			start = ""
		}
		rest = more
	}
}

// exception shows the smallest set of Info.plist keys that lets the connection
// through; the lines are for pasting and are not wrapped.
func (t *text) exception(r *chain.Report) {
	if r.ATS == nil || r.ATS.Exception == nil || r.ATS.Exception.XML == "" {
		return
	}
	for i := range r.Findings { // a fix that has it already is enough
		if strings.Contains(r.Findings[i].Fix, "<key>") {
			return
		}
	}
	t.line("")
	t.put("", "  ", "only where the server cannot be fixed, the smallest exception for "+printable(r.ATS.Exception.Host)+" in Info.plist:", nil)
	for _, l := range printableLines(r.ATS.Exception.XML) {
		t.line("  " + l)
	}
}
