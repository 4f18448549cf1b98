package ats

import (
	"maps"
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
				e := maps.Clone(c.entry)
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
		maps.Copy(root, s.Root)
	}
	maps.Copy(ats, dictionary(s))
	old, _ := ats[keyDomains].(map[string]any)
	maps.Copy(domains, old)
	domains[host] = entry
	ats[keyDomains] = domains
	root[keyATS] = ats
	return &chain.AppSettings{Root: root}
}
