package testpki

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Steps writes advice for a test to look into: one line a step, with its commands.
func Steps(list []chain.Advice) string {
	var lines []string
	for _, a := range list {
		lines = append(lines, strings.Join(append([]string{a.Line()}, a.Commands...), "\n"))
	}
	return strings.Join(lines, "\n")
}
