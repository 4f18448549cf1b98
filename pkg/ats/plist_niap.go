package ats

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(plistNiap)

var plistNiap = &chain.Rule{
	ID:    "ats-plist-niap",
	Level: chain.LevelATS,
	Title: "a NIAP key names an unknown package",
	Sources: []chain.Source{
		{Doc: "NSRequiresNIAPTLSPackageVersion", Section: "ATS-49", Confidence: chain.ConfidenceDocument},
	},
	Explain:   "The NIAP keys, read from iOS and macOS 26.4 on, take one of three texts: none, FCP_v2.1 or recommended. Another text asks for nothing, so that an app which has to comply with NIAP's package for TLS would not.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "write exactly none, FCP_v2.1 or recommended"}},
	InsteadOf: explained(),
	Needs:     readsPlist,
	Check:     chain.PerList(func(c *chain.Case) []chain.Hit { return plistHits(c, niapMistakes) }),
}

func niapMistakes(s *chain.AppSettings, _ chain.Question) (hits []mistake) {
	for _, p := range places(s) {
		if len(hits) >= maxPlistHits {
			return hits
		}
		for _, key := range []string{keyNIAP, keyExceptionNIAP} {
			text, ok := p.dict[key].(string)
			if _, known := p.keys[key]; !known || !ok || text == "none" || text == "recommended" || text == niapFCP {
				continue
			}
			hits = append(hits, plistHit(p.path(key), valueText(text), "none, FCP_v2.1 or recommended",
				"%s: %q is no package, so that nothing is demanded", text))
		}
	}
	return hits
}
