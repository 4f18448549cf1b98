package chain

import (
	"slices"
	"strings"
)

// What stands in a command, or in a server's configuration, for what the case is
// about. A step about no case has www.example.com in their places.
const (
	hostHere   = "{host}"   // the host that was asked for
	targetHere = "{target}" // the target, as chainspect check names it, with the flags that judge it so
	serverHere = "{server}" // the server, as openssl s_client asks it
	rootHere   = "{root}"   // the file of the root that is installed
)

// The file of a root, and that of the one that takes its place.
const (
	rootFile    = "root.pem"
	newRootFile = "new-root.pem"
)

// aimed puts what a case is about into the lines of a step, and the file of the root
// that is installed; c may be nil.
func aimed(lines []string, c *Case, root string) []string {
	out := slices.Clone(lines)
	for i, l := range out {
		l = strings.ReplaceAll(l, rootHere, root)
		if out[i] = l; !strings.Contains(l, "{") {
			continue
		}
		host, target, server := "www.example.com", "www.example.com", "-connect www.example.com:443"
		if c != nil {
			if name := c.Question.Name; plainName(name) && (c.Question.NameKind == NameDNS || c.Question.NameKind == NameIP) {
				host = name
			}
			if words := c.TargetWords(); words != nil {
				target = strings.Join(append(words, c.flagWords()...), " ")
			}
			if o := c.Observation; o != nil && o.askable() {
				server = o.forOpenSSL()
			}
		}
		out[i] = strings.NewReplacer(hostHere, host, targetHere, target, serverHere, server).Replace(l)
	}
	return out
}

// TargetWords are the words that name the case's target in a command, so that it
// asks for the same; nil where none does.
func (c *Case) TargetWords() (words []string) {
	o, target := c.Observation, c.Capture.Target
	switch {
	case o == nil || o.Via != "":
		return nil
	case o.Transport == TransportFile:
		return []string{ShellFile(target)}
	case o.Transport != TransportTLS || strings.HasPrefix(target, "-"):
		return nil
	}
	words = append(words, ShellWord(target))
	if o.Address != "" && o.Address != target {
		words = append(words, "--connect", ShellWord(o.Address))
	}
	if host := target[:max(0, strings.LastIndexByte(target, ':'))]; c.Question.Name != "" && c.Question.Name != strings.Trim(host, "[]") {
		words = append(words, "--name", ShellWord(c.Question.Name))
	}
	if o.StartTLS != "" {
		words = append(words, "--starttls", ShellWord(o.StartTLS))
	}
	return words
}

// flagWords are the flags that judge the target as it was judged.
func (c *Case) flagWords() (words []string) {
	if q := &c.Question; c.Observation.Transport == TransportFile && q.NameKind != NameNone && q.Name != "" {
		words = append(words, "--name", ShellWord(q.Name))
	}
	if c.Question.Flags != nil {
		words = append(words, c.Question.Flags()...)
	}
	return words
}

// openSSLStartTLS are the protocols that openssl s_client begins TLS in under the
// names used here.
var openSSLStartTLS = [...]string{"", "smtp", "pop3", "imap", "ftp", "xmpp", "lmtp", "nntp", "sieve", "ldap", "irc", "mysql", "postgres"}

// askable reports whether openssl s_client can ask the server again: a saved
// capture may have words that do not belong into a command.
func (o *Observation) askable() bool {
	return o.Transport == TransportTLS && o.Via == "" && plainAddress(o.Address) && (o.ServerName == "" || plainName(o.ServerName)) &&
		slices.Contains(openSSLStartTLS[:], o.StartTLS)
}

func (o *Observation) forOpenSSL() string {
	words := "-connect " + ShellWord(o.Address)
	if o.ServerName != "" {
		words += " -servername " + o.ServerName
	}
	if o.StartTLS != "" {
		words += " -starttls " + o.StartTLS
	}
	return words
}

// plainAddress reports whether a text is an address with a port and nothing else.
func plainAddress(s string) bool {
	return plainName(strings.NewReplacer("[", "", "]", "").Replace(s)) && s[0] != '-' && strings.Contains(s, ":")
}
