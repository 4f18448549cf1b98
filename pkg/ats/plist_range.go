package ats

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(plistRange)

var plistRange = &chain.Rule{
	ID:    "ats-plist-range",
	Level: chain.LevelATS,
	Title: "an address range in NSExceptionDomains is misread",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "CIDR parser; ATS-46", Confidence: chain.ConfidenceTested},
	},
	Explain:   "From iOS 18.4 and macOS 15.4 on a key may be an address range such as 10.0.0.0/8. The system's parser takes at most 13 characters before the slash for IPv4 and 37 for IPv6, and reads nothing after the slash as /0, which is every address. A range it refuses is kept and never matches.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "leave out trailing octets (198.51.100/25), write the number after the slash, or list the addresses one by one"}},
	InsteadOf: explained(),
	Needs:     readsPlist,
	Check:     chain.PerList(func(c *chain.Case) []chain.Hit { return plistHits(c, rangeMistakes) }),
}

func rangeMistakes(s *chain.AppSettings, _ chain.Question) (hits []mistake) {
	for _, h := range hostsOf(s) {
		if len(hits) >= maxPlistHits {
			return hits
		}
		p, isRange, fault := prefix(h)
		path := keyPath(keyATS, keyDomains, h)
		switch {
		case fault != "":
			hits = append(hits, plistHit(path, h, "a range the platform can read", "%s: %s, so that the range never matches", fault))
		case isRange && p.Bits() == 0:
			hits = append(hits, plistHit(path, h, "a prefix length above 0", "%s: the range is every address of its family"))
		}
	}
	return hits
}
