package hostname

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(malformedRule)

var malformedRule = &chain.Rule{
	ID:    "hostname-malformed",
	Level: chain.LevelName,
	Title: "the name is there, and not written as a name",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2.1.6"},
		{Doc: "RFC 1034", Section: "section 3.5"},
	},
	Explain: "A dNSName is a host name and nothing else. With a blank, a dot or a comma at its end, a port, a scheme or the DNS: of OpenSSL's notation inside it no client takes it for a name, " +
		"although a person reads the right one in the certificate. Such entries come from forms and scripts that pass on what was pasted into them; the device says that the name does not match.",
	Advice:    []chain.Advice{{Who: "whoever issues the certificate", Text: "issue item 0 again with the bare name in subjectAltName", Issue: &chain.Issuing{Anew: true}}},
	Apple:     appleCode(),
	InsteadOf: []string{"hostname-mismatch", "hostname-cn-only", "lint-br-cn-in-san", "lint-san-dns-name"},
	Reads:     x509read.FieldSubjectAltName,
	Check:     chain.PerLeaf(checkMalformed),
}

func checkMalformed(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.cause != causeMalformed {
		return nil
	}
	return j.hit(leaf, fmt.Sprintf("the dNSName %s %s; without that it would cover %s", j.by, j.why, quote(j.name)), j.by, j.addName())
}

// malformed says what is wrong with a dNSName that would cover the name were it
// written as one; "" where it would not.
func malformed(text, name string) string {
	if len(text) > 2048 || validPresented(text) {
		return ""
	}
	fixed, why := text, ""
	note := func(repaired, fault string) {
		if repaired != fixed {
			if fixed = repaired; why == "" {
				why = fault
			}
		}
	}
	const blanks = " \t\r\n\u00a0\u200b\ufeff"
	note(strings.TrimRight(fixed, blanks), "ends in a blank")
	note(strings.TrimLeft(fixed, blanks), "begins with a blank")
	note(strings.Trim(fixed, `"'`), "stands in quotes")
	for _, prefix := range []string{"dns:", "dns=", "dns.1=", "dns.1:"} {
		if len(fixed) > len(prefix) && strings.EqualFold(fixed[:len(prefix)], prefix) {
			note(strings.TrimLeft(fixed[len(prefix):], blanks), "begins with "+fixed[:len(prefix)]+", which belongs to OpenSSL's notation")
		}
	}
	if _, rest, ok := strings.Cut(fixed, "://"); ok {
		rest, _, _ = strings.Cut(rest, "/")
		note(rest, "is a URL")
	}
	if host, _, ok := strings.Cut(fixed, "/"); ok {
		note(host, "has a path")
	}
	if i := strings.LastIndexByte(fixed, ':'); i > 0 && i+1 < len(fixed) && strings.Trim(fixed[i+1:], "0123456789") == "" {
		note(fixed[:i], "has a port")
	}
	note(strings.TrimRight(fixed, ",;"), "ends in a comma or semicolon")
	note(strings.TrimRight(fixed, "."), "ends in a dot")
	if matchDNS(fixed, name) == matched {
		return why
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",; \t\r\n", r) }) {
		if part != text && (matchDNS(part, name) == matched || malformed(part, name) != "") {
			return "holds several names"
		}
	}
	return ""
}
