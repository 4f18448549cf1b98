package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// rule is the index of a rule in the driver's list, with its help.
func (s *sarif) rule(f *chain.Finding) int {
	if i, ok := s.at[f.Rule]; ok {
		return i
	}
	r := s.o.rule(f.Rule)
	short, full := r.Title, r.Explain
	if short == "" {
		short = f.Rule
	}
	if full == "" {
		full = short
	}
	help := full
	if r.Remedy.Text != "" {
		help += "\n\nFix"
		if r.Remedy.Who != "" {
			help += " (" + r.Remedy.Who + ")"
		}
		help += ": " + r.Remedy.Text
	}
	if r.Remedy.Client != "" {
		help += "\n\nFix for a client identity: " + r.Remedy.Client
	}
	for _, src := range r.Sources {
		help += "\n\nSource: " + strings.TrimSuffix(src.Doc+", "+src.Section, ", ")
	}
	help = strings.Join(printableLines(help), "\n")
	i := len(s.run.Tool.Driver.Rules)
	s.at[f.Rule] = i
	s.run.Tool.Driver.Rules = append(s.run.Tool.Driver.Rules, sarifRule{
		ID: printable(f.Rule), Short: sarifText{Text: printable(short)}, Full: sarifText{Text: printable(full)},
		Help: sarifText{Text: help}, HelpURI: rulePage(f.Rule),
		Properties: sarifProperties{Tags: []string{"tls", "certificate", printable(string(f.Level))}},
	})
	return i
}

// fix is the advice for a finding: its own, else the rule's.
func (o *Options) fix(f *chain.Finding) string {
	if f.Fix != "" {
		return f.Fix
	}
	return o.rule(f.Rule).Remedy.Text
}

// fingerprint stays the same from run to run while target, rule and certificate do.
func fingerprint(target, rule string, it *chain.ItemReport) string {
	h := target + "\x00" + rule
	if it != nil {
		h += "\x00" + it.SHA256
	}
	sum := sha256.Sum256([]byte(h))
	return hex.EncodeToString(sum[:])
}
