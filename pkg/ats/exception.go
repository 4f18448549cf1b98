package ats

import (
	"fmt"
	"sort"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// option is one value of one per-host key, with the harm it does: harms are
// powers of two in the order in which they are to be avoided, so that any set of
// lesser ones is cheaper than one greater.
type option struct {
	key   string
	value any
	harm  int
}

// options lists the per-host keys that loosen, the least harmful value first.
// Keys for all hosts are never proposed.
func options() [][]option {
	return [][]option{
		{{}, {keyForwardSecrecy, false, 1}},
		{{}, {keyMinimumTLS, "TLSv1.1", 2}, {keyMinimumTLS, "TLSv1.0", 4}},
		{{}, {keyInsecureHTTP, true, 8}},
	}
}

// candidate is an entry of NSExceptionDomains with the harm it does.
type candidate struct {
	entry map[string]any
	harm  int
}

// candidates is the powerset of options, the least harmful first.
func candidates() []candidate {
	list := []candidate{{entry: map[string]any{}}}
	for _, key := range options() {
		var next []candidate
		for _, c := range list {
			for _, o := range key {
				e := map[string]any{}
				for k, v := range c.entry {
					e[k] = v
				}
				if o.key != "" {
					e[o.key] = o.value
				}
				next = append(next, candidate{e, c.harm + o.harm})
			}
		}
		list = next
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].harm < list[j].harm })
	return list
}

// SmallestException searches the entry of NSExceptionDomains for host that lets
// a connection through and does the least harm: it goes through all entries in
// that order and tries each by deciding anew. allowed tells whether a connection
// under a Decision would succeed. ok is false where no entry helps. Nothing can
// be removed from the answer, and nothing cheaper helps.
func SmallestException(settings *chain.AppSettings, host, platform string, allowed func(Decision) bool) (e chain.ATSException, ok bool) {
	key := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	if key == "" {
		return e, false
	}
	for _, c := range candidates() {
		d := Decide(withEntry(settings, key, c.entry), host, platform)
		if d.Basis == ByException && d.Entry == key && allowed(d) {
			return chain.ATSException{Host: key, Keys: c.entry, XML: exceptionXML(key, c.entry)}, true
		}
	}
	return e, false
}

// withEntry is the settings with one entry of NSExceptionDomains set.
func withEntry(s *chain.AppSettings, host string, entry map[string]any) *chain.AppSettings {
	root, ats, domains := map[string]any{}, map[string]any{}, map[string]any{}
	if s != nil {
		copyInto(root, s.Root)
	}
	copyInto(ats, dictionary(s))
	old, _ := ats[keyDomains].(map[string]any)
	copyInto(domains, old)
	domains[host] = entry
	ats[keyDomains] = domains
	root[keyATS] = ats
	return &chain.AppSettings{Root: root}
}

func copyInto(dst, src map[string]any) {
	for k, v := range src {
		dst[k] = v
	}
}

// allowedBy tells whether the case's connection would succeed under a decision:
// by the transport, by the trust evaluation, and by what the server was seen to do.
func allowedBy(c *chain.Case) func(Decision) bool {
	return func(d Decision) bool {
		if clearText(c) {
			return d.HTTP
		}
		if c.DefaultTrust == chain.Untrusted && (d.Required || c.AppTrust != chain.Trusted) {
			return false
		}
		got, _ := serverOf(c).answers(d)
		return got == accepts
	}
}

// exceptionKey keeps the answer of one case.
type exceptionKey struct{}

type found struct {
	exception chain.ATSException
	ok        bool
}

// neededException is the smallest exception of a case whose connection App
// Transport Security refuses; false where it is let through, or nothing helps.
func neededException(c *chain.Case) (*chain.ATSException, bool) {
	f := c.Once(exceptionKey{}, func() any {
		allowed := allowedBy(c)
		if c.Question.For == forSystem || c.Observation == nil || !connected(c.Observation) || allowed(decision(c)) {
			return found{}
		}
		e, ok := SmallestException(c.Question.AppSettings, host(c.Question), c.Question.Platform, allowed)
		return found{e, ok}
	}).(found)
	return &f.exception, f.ok
}

// withException adds to the advice for the server what the app could do instead.
func withException(c *chain.Case, server string) string {
	if e, ok := neededException(c); ok {
		return fmt.Sprintf("%s; if the server cannot be changed, the smallest exception for the app's Info.plist (tried: it lets this connection through) is\n%s", server, e.XML)
	}
	if c.Question.For == forSystem {
		return server + "; no Info.plist reaches system processes"
	}
	if !clearText(c) && c.DefaultTrust == chain.Untrusted {
		return server + "; no exception helps: the default trust evaluation fails"
	}
	return server + "; no exception helps"
}

// exceptionRepair puts the smallest exception into the app's settings, so that
// the report can say that it was tried; nil where none helps.
func exceptionRepair(c *chain.Case) chain.Repair {
	e, ok := neededException(c)
	if !ok {
		return nil
	}
	return func(in chain.Input) (chain.Input, bool) {
		in.Question.AppSettings = withEntry(in.Question.AppSettings, e.Host, e.Keys)
		return in, true
	}
}
