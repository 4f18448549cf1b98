package ats

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(plistVersion)

var plistVersion = &chain.Rule{
	ID:    "ats-plist-version",
	Level: chain.LevelATS,
	Title: "NSExceptionMinimumTLSVersion has an unknown text",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-43", Confidence: chain.ConfidenceTested},
	},
	Explain:   "NSExceptionMinimumTLSVersion is compared letter by letter with TLSv1.0, TLSv1.1, TLSv1.2 and TLSv1.3. Any other text, be it TLSV1.3 or \"1.2\", silently means TLS 1.2: a floor that was meant to be lower or higher is not.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "write exactly TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3"}},
	InsteadOf: explained(),
	Needs:     readsPlist,
	Check:     chain.PerList(func(c *chain.Case) []chain.Hit { return plistHits(c, versionMistakes) }),
}

func versionMistakes(s *chain.AppSettings, _ chain.Question) (hits []mistake) {
	for _, p := range places(s) {
		if len(hits) >= maxPlistHits {
			return hits
		}
		if _, exception := p.keys[keyMinimumTLS]; !exception {
			continue
		}
		text, ok := p.dict[keyMinimumTLS].(string)
		if !ok || knownVersion(text) {
			continue
		}
		m := plistHit(p.path(keyMinimumTLS), valueText(text), "TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3",
			"%s: %q is no version, so that TLS 1.2 is the floor", text)
		if meant := versionMeant(text); meant != "" {
			m = m.corrected(s, p.at, func(d map[string]any) { d[keyMinimumTLS] = meant })
		}
		hits = append(hits, m)
	}
	return hits
}

// versionMeant reads "1.1", "TLS1.1", "TLSV1_1" and the like; "": none of them.
func versionMeant(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	if digits = strings.TrimPrefix(digits, "1"); len(digits) != 1 || digits > "3" {
		return ""
	}
	return "TLSv1." + digits
}

func knownVersion(text string) bool {
	switch text {
	case "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3", "DTLSv1.0", "DTLSv1.2":
		return true
	}
	return false
}
