package ats

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(plistIgnored)

var plistIgnored = &chain.Rule{
	ID:    "ats-plist-ignored",
	Level: chain.LevelATS,
	Title: "a key is ignored because of another",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-20, ATS-24", Confidence: chain.ConfidenceTested},
		{Doc: "SecPolicy.c", Section: "PIN-04", Confidence: chain.ConfidenceTested},
	},
	Explain:   "Some keys of Info.plist cancel others by being there at all. NSAllowsArbitraryLoads is ignored as soon as NSAllowsLocalNetworking, NSAllowsArbitraryLoadsInWebContent or NSAllowsArbitraryLoadsForMedia is present, even with the value NO; NSPinnedDomains is discarded beside SecTrustPinningRequired. So the app is stricter, or laxer, than its Info.plist reads.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "delete the key that is ignored; or, if it is the one that was meant, the other"}},
	InsteadOf: explained(),
	Needs:     readsPlist,
	Check:     chain.PerList(func(c *chain.Case) []chain.Hit { return plistHits(c, ignoredMistakes) }),
}

func ignoredMistakes(s *chain.AppSettings, q chain.Question) (hits []mistake) {
	d := dictionary(s)
	freed := q.For == forWebView && yes(d, keyWebContent) // which is what the two are written for
	if others := overriding(d); yes(d, keyArbitraryLoads) && len(others) > 0 && !freed {
		m := plistHit(keyPath(keyATS, keyArbitraryLoads), valueText(d[keyArbitraryLoads]), "one of the keys only",
			"%s is ignored, because %s is present", strings.Join(others, " and ")).
			corrected(s, []string{keyATS}, func(d map[string]any) {
				for _, key := range others {
					delete(d, key)
				}
			})
		m.loosens = true
		hits = append(hits, m)
	}
	if _, pinning := s.Root[keyPinningRequired]; pinning && d[keyPinnedDomains] != nil {
		hits = append(hits, plistHit(keyPath(keyATS, keyPinnedDomains), valueText(d[keyPinnedDomains]), "one of the keys only",
			"%s is discarded, because SecTrustPinningRequired is present"))
	}
	return hits
}
