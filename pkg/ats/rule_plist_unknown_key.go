package ats

import (
	"strings"

	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(&chain.Rule{
	ID:    "ats-plist-unknown-key",
	Level: chain.LevelATS,
	Title: "a key meant for App Transport Security is not read",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-47, ATS-48", Confidence: chain.ConfidenceSource},
		{Doc: "NSAppTransportSecurity"},
	},
	Explain: "Keys that the system does not know are passed over without a message: misspelt ones, NSAppTransportSecurity itself among them, global keys inside an entry or outside of NSAppTransportSecurity, the old NSTemporaryException… and NSThirdPartyException… names, and NSRequiresCertificateTransparency, which is obsolete since certificate transparency is always checked. What they were meant to change stays as it is by default.",
	Advice:  []chain.Advice{{Who: "app developer", Text: "delete the key, or write the one that is read today"}},
	Needs:   readsPlist,
	Check: plistCheck(func(s *chain.AppSettings, _ chain.Question) (hits []chain.Hit) {
		for _, key := range sortedKeys(s.Root) {
			if meant := outside(key); meant != "" {
				hits = append(hits, plistHit(key, "the key is not read here", key, meant))
			}
		}
		for _, p := range places(s) {
			for _, key := range sortedKeys(p.dict) {
				if _, known := p.keys[key]; !known {
					hits = append(hits, plistHit(keyPath(p.path, key), "the key is not read here", key, nearestKey(key, p.keys)))
				}
			}
		}
		return hits
	}),
})

// outside is where a key at the top of Info.plist was meant to stand; "" where it
// has nothing to do with App Transport Security.
func outside(key string) string {
	if _, global := globalKeys()[key]; global {
		return keyPath(keyATS, key)
	}
	low := strings.ToLower(key)
	if key == keyATS || !strings.Contains(low, "transport") && !strings.Contains(low, "security") {
		return ""
	}
	return near.Word(key, []string{keyATS})
}

// nearestKey guesses which key was meant.
func nearestKey(key string, known map[string]kind) string {
	if key == keyCT {
		return "nothing: certificate transparency is always checked"
	}
	today := strings.Replace(strings.Replace(key, "NSTemporaryException", "NSException", 1), "NSThirdPartyException", "NSException", 1)
	if k := near.Word(today, sortedKeys(known)); k != "" {
		return k
	}
	return "one of " + strings.Join(sortedKeys(known), ", ")
}
