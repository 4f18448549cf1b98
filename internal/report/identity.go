package report

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// protectedBy says in a line what protects an identity file.
func protectedBy(p chain.ProtectionReport) string {
	parts := []string{"no MAC", "not encrypted"}
	if p.MAC != "" && p.MAC != "none" {
		parts[0] = p.MAC
	}
	if p.Cipher != "" && p.Cipher != "none" {
		parts = append(parts[:1], p.KDF, p.Cipher)
	}
	if p.Iterations > 0 {
		parts = append(parts, count(p.Iterations, "iteration"))
	}
	return strings.Join(parts, ", ")
}

// keyFits says of a private key which certificate it fits.
func keyFits(r *chain.Report, k chain.IdentityKeyReport) string {
	if it := itemAt(r, k.Item); it != nil {
		return keyName(k.Type, k.Bits) + ", fits " + itemLabel(it)
	}
	return keyName(k.Type, k.Bits) + ", fits no certificate here"
}

// takes is an importer's answer with its reason.
func takes(i chain.ImportReport) string {
	s := "no"
	if i.OK {
		s = "yes"
	}
	if i.Why != "" {
		s += ", " + i.Why
	}
	return s
}

// conversion is a command and the importers that take what it writes.
type conversion struct {
	Command string
	Where   []string
}

// For names the importers.
func (c conversion) For() string { return strings.Join(c.Where, ", ") }

// conversions lists the commands that convert an identity file, each once.
func conversions(id *chain.IdentityReport) []conversion {
	var out []conversion
	for _, i := range id.Imports {
		if i.Convert == "" {
			continue
		}
		n := slices.IndexFunc(out, func(c conversion) bool { return c.Command == i.Convert })
		if n < 0 {
			n = len(out)
			out = append(out, conversion{Command: i.Convert})
		}
		out[n].Where = append(out[n].Where, i.Where)
	}
	return out
}

// importLines are the importers in few lines: those that take the file in one,
// then each that does not, with its reason; whole: each with its own.
func importLines(id *chain.IdentityReport, whole bool) []string {
	var takers, lines []string
	for _, i := range id.Imports {
		switch {
		case whole || !i.OK:
			lines = append(lines, i.Where+": "+takes(i))
		default:
			takers = append(takers, i.Where)
		}
	}
	switch {
	case len(takers) == 0:
		return lines
	case len(lines) == 0:
		return []string{"everywhere: " + strings.Join(takers, ", ")}
	}
	return append([]string{strings.Join(takers, ", ") + ": yes"}, lines...)
}
