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
	p := id.Protection
	if p.MAC+p.Cipher+p.KDF != "" {
		s := p.MAC
		for _, x := range []string{p.KDF, p.Cipher} {
			if x != "" {
				s += ", " + x
			}
		}
		if p.Iterations > 0 {
			s += ", " + itoa(p.Iterations) + " iterations"
		}
		t.pair("protected", strings.TrimPrefix(s, ", "))
	}
	for _, k := range id.Keys {
		fits := "fits no certificate here"
		if it := itemAt(r, k.Item); it != nil {
			fits = "fits " + itemLabel(it)
		}
		t.pair("key", keyName(k.Type, k.Bits)+", "+fits)
	}
	for _, i := range id.Imports {
		s := i.Where + ": yes"
		if !i.OK {
			s = i.Where + ": no"
		}
		if i.Why != "" {
			s += ", " + i.Why
		}
		t.pair("imports", s)
		if i.Convert != "" {
			t.paragraph("              ", i.Convert)
		}
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
