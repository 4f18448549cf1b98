package ats

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(plistUnknownKey)

var plistUnknownKey = &chain.Rule{
	ID:    "ats-plist-unknown-key",
	Level: chain.LevelATS,
	Title: "a key meant for App Transport Security is not read",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-47, ATS-48", Confidence: chain.ConfidenceSource},
		{Doc: "NSAppTransportSecurity"},
	},
	Explain:   "Keys that the system does not know are passed over without a message: misspelt ones, NSAppTransportSecurity itself among them, global keys inside an entry or outside of NSAppTransportSecurity, the old NSTemporaryException… and NSThirdPartyException… names, and NSRequiresCertificateTransparency, which is obsolete since certificate transparency is always checked. What they were meant to change stays as it is by default.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "delete the key, or write the one that is read today"}},
	InsteadOf: explained(),
	Needs:     readsPlist,
	Check:     chain.PerList(func(c *chain.Case) []chain.Hit { return plistHits(c, keyMistakes) }),
}

func keyMistakes(s *chain.AppSettings, q chain.Question) (hits []mistake) {
	for _, p := range places(s) {
		for _, key := range sortedKeys(p.dict) {
			if len(hits) >= maxPlistHits {
				return hits
			}
			if _, known := p.keys[key]; !known && !tooHigh(p.at, key, p.dict[key]) {
				m := plistHit(p.path(key), key, nearestKey(key, p.keys), unreadKey)
				if meant := keyMeant(key, p.keys); meant != "" && p.dict[meant] == nil {
					m = m.corrected(s, p.at, renamed(key, meant))
				}
				hits = append(hits, m)
			}
		}
	}
	hits = append(hits, unreadHigh(s, q)...)
	return append(hits, unreadTop(s)...)
}

const unreadKey = "%s: the key is not read here"

// tooHigh reports whether a key stands above its place: what an exception has, in
// NSAppTransportSecurity or NSExceptionDomains, or the exception of a host beside them.
func tooHigh(at []string, key string, v any) bool {
	_, ofException := exceptionKeys()[key]
	switch strings.Join(at, "/") {
	case keyATS + "/" + keyDomains:
		return ofException
	case keyATS:
		_, isEntry := v.(map[string]any)
		return ofException || isEntry && strings.Contains(key, ".") && hostFault(key) == nil
	}
	return false
}

// unreadHigh finds the keys that belong into an exception, and the exceptions that
// belong into NSExceptionDomains. The exception is that of the host asked for.
func unreadHigh(s *chain.AppSettings, q chain.Question) (hits []mistake) {
	host := ""
	if q.NameKind == chain.NameDNS && hostFault(q.Name) == nil {
		host = q.Name
	}
	home := func(key string) []string { // the dictionary it belongs into
		if _, ofException := exceptionKeys()[key]; ofException {
			return []string{keyATS, keyDomains, cmp.Or(host, "HOST")}
		}
		return []string{keyATS, keyDomains}
	}
	moved := func(at []string) *chain.AppSettings {
		fixed := s
		for _, key := range sortedKeys(dictionaryAt(s, at)) {
			if v := dictionaryAt(s, at)[key]; tooHigh(at, key, v) {
				fixed = edited(edited(fixed, at, func(d map[string]any) { delete(d, key) }), home(key), func(d map[string]any) { d[key] = v })
			}
		}
		return fixed
	}
	for _, at := range [][]string{{keyATS}, {keyATS, keyDomains}} {
		d := dictionaryAt(s, at)
		for _, key := range sortedKeys(d) {
			if !tooHigh(at, key, d[key]) {
				continue
			}
			m := plistHit(keyPath(append(slices.Clone(at), key)...), key, keyPath(append(home(key), key)...), unreadKey)
			if host != "" {
				m.correct = func() *chain.AppSettings { return moved(at) }
			}
			hits = append(hits, m)
		}
	}
	return hits
}

// unreadTop finds the keys of Info.plist itself that were meant to be
// NSAppTransportSecurity or SecTrustPinningRequired, or to stand below the former.
func unreadTop(s *chain.AppSettings) (hits []mistake) {
	top := map[string]bool{keyATS: true, keyPinningRequired: true}
	for _, key := range sortedKeys(s.Root) {
		if _, global := globalKeys()[key]; global {
			hits = append(hits, plistHit(key, key, keyPath(keyATS, key), unreadKey).corrected(s, []string{keyATS}, func(d map[string]any) { d[key] = s.Root[key] }))
			continue
		}
		meant := spelledNearly(key, top)
		if meant == "" || meant == key || s.Root[meant] != nil {
			continue
		}
		m := plistHit(key, key, meant, unreadKey)
		m.hit.Short = fmt.Sprintf("Info.plist has %s, which is not read", key)
		if meant == keyATS {
			m = m.corrected(s, nil, renamed(key, meant))
		}
		hits = append(hits, m)
	}
	return hits
}

// renamed moves a value to another key.
func renamed(key, to string) func(map[string]any) {
	return func(d map[string]any) {
		d[to] = d[key]
		delete(d, key)
	}
}

// keyMeant is the key of today that a misspelt or former one stands for; "": none.
func keyMeant(key string, known map[string]kind) string {
	today := strings.Replace(strings.Replace(key, "NSTemporaryException", "NSException", 1), "NSThirdPartyException", "NSException", 1)
	return spelledNearly(today, known)
}

// nearestKey guesses which key was meant.
func nearestKey(key string, known map[string]kind) string {
	if key == keyCT {
		return "nothing: certificate transparency is always checked"
	}
	if meant := keyMeant(key, known); meant != "" {
		return meant
	}
	return "one of " + strings.Join(sortedKeys(known), ", ")
}
