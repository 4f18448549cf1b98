package ats

import (
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(plistType)

var plistType = &chain.Rule{
	ID:    "ats-plist-type",
	Level: chain.LevelATS,
	Title: "a value in Info.plist has the wrong type",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-21", Confidence: chain.ConfidenceTested},
	},
	Explain:   "The system reads a key of NSAppTransportSecurity only in its own type. A string such as \"YES\" where a boolean belongs counts as absent, a number other than 1 as NO, and an entry that is not a dictionary is skipped, always without a word in the log; what the app's developer meant to loosen or to tighten then is not.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "write the value in the right type (a boolean: `plutil -replace NSAppTransportSecurity.KEY -bool YES Info.plist`)"}},
	InsteadOf: explained(),
	Needs:     readsPlist,
	Check:     chain.PerList(func(c *chain.Case) []chain.Hit { return plistHits(c, typeMistakes) }),
}

func typeMistakes(s *chain.AppSettings, _ chain.Question) (hits []mistake) {
	if v, ok := s.Root[keyATS]; ok && dictionary(s) == nil {
		return []mistake{plistHit(keyATS, valueText(v), "a dictionary", "%s is not a dictionary, so that all of it is ignored")}
	}
	for _, p := range places(s) {
		for _, key := range sortedKeys(p.dict) {
			if len(hits) >= maxPlistHits {
				return hits
			}
			want, known := p.keys[key]
			if !known {
				continue
			}
			if format := typeFault(want, p.dict[key]); format != "" {
				m := plistHit(p.path(key), valueText(p.dict[key]), want.String(), format)
				if v := valueMeant(want, p.dict[key]); v != nil {
					m = m.corrected(s, p.at, func(d map[string]any) { d[key] = v })
				}
				hits = append(hits, m)
			}
		}
	}
	for _, section := range []string{keyDomains, keyPinnedDomains} {
		below, _ := dictionary(s)[section].(map[string]any)
		for _, h := range sortedKeys(below) {
			if len(hits) >= maxPlistHits {
				return hits
			}
			if _, ok := below[h].(map[string]any); !ok && !tooHigh([]string{keyATS, section}, h, below[h]) {
				hits = append(hits, plistHit(keyPath(keyATS, section, h), valueText(below[h]), "a dictionary", "%s is not a dictionary, so that the entry is skipped"))
			}
		}
	}
	return hits
}

// valueMeant reads a boolean written as text, or a version written as a number;
// nil: it cannot be told.
func valueMeant(want kind, v any) any {
	switch text, isText := v.(string); {
	case want == wantsBool && isText:
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "yes", "true", "1":
			return true
		case "no", "false", "0":
			return false
		}
	case want == wantsText && !isText:
		if n, isNumber := v.(float64); isNumber {
			if meant := versionMeant(strconv.FormatFloat(n, 'f', 1, 64)); meant != "" {
				return meant
			}
		}
	}
	return nil
}

// typeFault says what becomes of a value of the wrong type; "" where it is right.
func typeFault(want kind, v any) string {
	switch want {
	case wantsBool:
		if _, ok := v.(bool); ok {
			return ""
		}
		if isYes, ok := number(v); ok {
			if isYes {
				return "%s is a number, which counts as YES because it is 1"
			}
			return "%s is a number, which counts as NO"
		}
		return "%s is no boolean, so that the key counts as absent"
	case wantsText:
		if _, ok := v.(string); !ok {
			return "%s is no string, so that the default holds"
		}
	case wantsDict:
		if _, ok := v.(map[string]any); !ok {
			return "%s is not a dictionary, so that nothing in it counts"
		}
	case wantsList:
		if _, ok := v.([]any); !ok {
			return "%s is not an array, so that no chain can match it"
		}
	}
	return ""
}
