package ats

import (
	"maps"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(plistHost)

var plistHost = &chain.Rule{
	ID:    "ats-plist-host",
	Level: chain.LevelATS,
	Title: "an entry of NSExceptionDomains can never match",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-40, ATS-41", Confidence: chain.ConfidenceSource},
		{Doc: "NSExceptionDomains", Section: "ATS-41", Confidence: chain.ConfidenceDocument},
	},
	Explain:   "A key of NSExceptionDomains is looked up as it stands: the bare host in lower case, without scheme, port, path or wildcard. Sub-domains are included by NSIncludesSubdomains and not by a star. An entry under another spelling lies in Info.plist without ever being used.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "write the host alone, in lower case and as an A-label (xn--…), and use NSIncludesSubdomains for what is below it"}},
	InsteadOf: explained(),
	Needs:     readsPlist,
	Check:     chain.PerList(func(c *chain.Case) []chain.Hit { return plistHits(c, hostMistakes) }),
}

func hostMistakes(s *chain.AppSettings, _ chain.Question) (hits []mistake) {
	for _, h := range hostsOf(s) {
		if len(hits) >= maxPlistHits {
			return hits
		}
		fault := hostFault(h)
		if fault == nil || tooHigh([]string{keyATS, keyDomains}, h, nil) {
			continue
		}
		m := plistHit(keyPath(keyATS, keyDomains, h), h, fault.want(), fault.format)
		if fault.host != "" && entries(s)[fault.host] == nil {
			m = m.corrected(s, []string{keyATS, keyDomains}, func(d map[string]any) { renameHost(d, h, fault.host, fault.below) })
			m.at = []string{keyATS, keyDomains, fault.host}
		}
		hits = append(hits, m)
	}
	return hits
}

// renameHost gives an entry its host, and its sub-domains where a star was to.
func renameHost(d map[string]any, from, to string, below bool) {
	entry, _ := d[from].(map[string]any)
	entry = maps.Clone(entry)
	if below && entry != nil {
		entry[keySubdomains] = true
	}
	d[to] = entry
	delete(d, from)
}

// misspelt is a key of NSExceptionDomains that never matches a host, and the host
// that was probably meant.
type misspelt struct {
	format string
	host   string // "": it cannot be told
	below  bool   // with its sub-domains
}

func (m *misspelt) want() string {
	switch {
	case m.host == "":
		return "a host name, beyond ASCII its A-label (xn--…)"
	case m.below:
		return m.host + " with " + keySubdomains + " = YES"
	}
	return m.host
}

// hostFault says why a key never matches a host; nil where it can match. Ranges
// have their own rule.
func hostFault(key string) *misspelt {
	if _, isRange, _ := prefix(key); isRange {
		return nil
	}
	if _, ok := address(key); ok && !strings.HasPrefix(key, "[") {
		return nil
	}
	bare := strings.ToLower(strings.Trim(key, " \t\r\n"))
	bare = strings.TrimPrefix(strings.TrimPrefix(bare, "https://"), "http://")
	bare, _, _ = strings.Cut(bare, "/")
	if strings.HasPrefix(bare, "[") {
		bare, _, _ = strings.Cut(bare[1:], "]")
	} else if _, ok := address(bare); !ok {
		bare, _, _ = strings.Cut(bare, ":")
	}
	bare = strings.Trim(strings.TrimPrefix(bare, "*"), ".")
	switch {
	case key == "":
		return &misspelt{format: "%s: the key is empty"}
	case strings.Contains(key, "://"):
		return &misspelt{"%s: the key has a scheme, a host is never written so", bare, false}
	case strings.Contains(key, "/"):
		return &misspelt{"%s: the key has a path, a host is never written so", bare, false}
	case strings.Contains(key, "*"):
		return &misspelt{"%s: the key has a wildcard, which is compared as a plain character", bare, true}
	case strings.HasPrefix(key, "["):
		return &misspelt{"%s: the key has brackets, an address is looked up without them", bare, false}
	case strings.Contains(key, ":"):
		return &misspelt{"%s: the key has a port, hosts are looked up without one", bare, false}
	case strings.HasPrefix(key, "."):
		return &misspelt{"%s: the key starts with a dot, no host does", bare, true}
	case strings.ContainsAny(key, " \t\r\n"):
		return &misspelt{"%s: the key has white space in it", bare, false}
	case key != strings.ToLower(key):
		return &misspelt{"%s: the key has upper-case letters, hosts are looked up in lower case", bare, false}
	}
	for _, r := range key {
		if r >= 0x80 {
			return &misspelt{format: "%s: the key has letters beyond ASCII, hosts are looked up as A-labels"}
		}
	}
	return nil
}
