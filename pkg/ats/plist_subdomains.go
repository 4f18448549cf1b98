package ats

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(plistSubdomains)

var plistSubdomains = &chain.Rule{
	ID:    "ats-plist-subdomains",
	Level: chain.LevelATS,
	Title: "an entry does not reach down to this host",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-40", Confidence: chain.ConfidenceTested},
		{Doc: "SecPolicy.c", Section: "PIN-01", Confidence: chain.ConfidenceSource},
	},
	Explain:   "An entry of NSExceptionDomains is for that one name, and for names below it only with NSIncludesSubdomains = YES; then at any depth. NSPinnedDomains is narrower: even with that key only names one label below are pinned. The host judged here is below an entry that does not reach it, so the entry changes nothing for it.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "add an entry for this very host, or NSIncludesSubdomains = YES to the one above if all of its sub-domains are meant"}},
	InsteadOf: explained(),
	Needs:     readsPlist,
	Check:     chain.PerList(func(c *chain.Case) []chain.Hit { return plistHits(c, subdomainMistakes) }),
}

func subdomainMistakes(s *chain.AppSettings, q chain.Question) (hits []mistake) {
	name := strings.ToLower(host(q))
	if _, ip := address(name); ip || name == "" {
		return nil
	}
	if key, _ := lookUp(entries(s), name, q.Platform); key == "" {
		for _, h := range hostsOf(s) {
			if strings.HasSuffix(name, "."+h) {
				hit := plistHit(keyPath(keyATS, keyDomains, h), keySubdomains+" = NO", keySubdomains+" = YES, or an entry for "+name,
					"%s: the entry does not include %s", name).
					corrected(s, []string{keyATS, keyDomains, h}, func(d map[string]any) { d[keySubdomains] = true })
				hit.hit.AtMost = chain.Note // the entry may be meant for the parent alone, and without it the host is judged more strictly
				hits = append(hits, hit)
			}
		}
	}
	pinnedDomains, _ := dictionary(s)[keyPinnedDomains].(map[string]any)
	if len(pinsFor(s, name).entries) == 0 {
		for _, h := range sortedKeys(pinnedDomains) {
			if strings.HasSuffix(pinName(name), "."+pinName(h)) && s.Root[keyPinningRequired] == nil {
				got, want := "names one label below at most", "an entry for "+name
				if _, parent, _ := strings.Cut(pinName(name), "."); parent == pinName(h) {
					got, want = keySubdomains+" = NO", keySubdomains+" = YES, or "+want
				}
				hits = append(hits, plistHit(keyPath(keyATS, keyPinnedDomains, h), got, want, "%s: the pins do not cover %s, so that none is in force", name))
			}
		}
	}
	return hits
}
