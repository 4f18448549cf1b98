package basic

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// fixCommand is the command that writes the list of the case's target as it
// should be sent, with the issuers from elsewhere: "--with", FILE. It is by hand,
// another command, where the target cannot be named again: standard input, a job's
// own chain, behind a proxy.
func fixCommand(c *chain.Case, byHand string, from ...string) string {
	o := c.Observation
	if o == nil || o.Via != "" || client(c) {
		return byHand
	}
	var words []string
	switch target := c.Capture.Target; o.Transport {
	case chain.TransportFile:
		words = append(words, chain.ShellFile(target))
	case chain.TransportTLS:
		words = append(words, chain.ShellWord(target))
		if o.Address != "" && o.Address != target {
			words = append(words, "--connect", chain.ShellWord(o.Address))
		}
		if host := target[:max(0, strings.LastIndexByte(target, ':'))]; c.Question.Name != "" && c.Question.Name != strings.Trim(host, "[]") {
			words = append(words, "--name", chain.ShellWord(c.Question.Name))
		}
		if o.StartTLS != "" {
			words = append(words, "--starttls", chain.ShellWord(o.StartTLS))
		}
	default:
		return byHand
	}
	command := "chainspect fix"
	for _, w := range append(words, from...) {
		command += " " + w
	}
	return command + " -o fullchain.pem"
}
