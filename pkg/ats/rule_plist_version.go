package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(&chain.Rule{
	ID:    "ats-plist-version",
	Level: chain.LevelATS,
	Title: "NSExceptionMinimumTLSVersion has an unknown text",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-43", Confidence: chain.ConfidenceTested},
	},
	Explain: "NSExceptionMinimumTLSVersion is compared letter by letter with TLSv1.0, TLSv1.1, TLSv1.2 and TLSv1.3. Any other text, be it TLSV1.3 or \"1.2\", silently means TLS 1.2: a floor that was meant to be lower or higher is not.",
	Advice:  []chain.Advice{{Who: "app developer", Text: "write exactly TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3"}},
	Needs:   readsPlist,
	Check: plistCheck(func(s *chain.AppSettings, _ chain.Question) (hits []chain.Hit) {
		for _, p := range places(s) {
			if _, exception := p.keys[keyMinimumTLS]; !exception {
				continue
			}
			text, ok := p.dict[keyMinimumTLS].(string)
			if !ok || knownVersion(text) {
				continue
			}
			hits = append(hits, plistHit(keyPath(p.path, keyMinimumTLS), fmt.Sprintf("%q is no version, so that TLS 1.2 is the floor", text),
				valueText(text), "TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3"))
		}
		return hits
	}),
})

func knownVersion(text string) bool {
	switch text {
	case "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3", "DTLSv1.0", "DTLSv1.2":
		return true
	}
	return false
}
