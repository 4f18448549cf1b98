package testpki

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Steps writes advice for a test to look into: one line a step, with its commands.
func Steps(list []chain.Advice) string {
	var lines []string
	for i := range list {
		a := list[i].General()
		lines = append(lines, strings.Join(append([]string{a.Line()}, a.Commands...), "\n"))
	}
	return strings.Join(lines, "\n")
}

// Told writes the advice of a finding likewise.
func Told(f *chain.Finding) string {
	var list []chain.Advice
	for _, a := range f.Advice {
		list = append(list, chain.Advice{Who: a.Who, Text: a.Text, Commands: a.Commands})
	}
	return Steps(list)
}
