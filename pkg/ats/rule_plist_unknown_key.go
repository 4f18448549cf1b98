package ats

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(&chain.Rule{
	ID:    "ats-plist-unknown-key",
	Level: chain.LevelATS,
	Title: "a key of NSAppTransportSecurity is not read",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-47, ATS-48", Confidence: chain.ConfidenceSource},
		{Doc: "NSAppTransportSecurity"},
	},
	Explain: "Keys that the system does not know are passed over without a message: misspelt ones, global keys inside an entry, the old NSTemporaryException… and NSThirdPartyException… names, and NSRequiresCertificateTransparency, which is obsolete since certificate transparency is always checked. What they were meant to change stays as it is by default.",
	Advice:  []chain.Advice{{Who: "app developer", Text: "delete the key, or write the one that is read today"}},
	Needs:   readsPlist,
	Check: plistCheck(func(s *chain.AppSettings, _ chain.Question) (hits []chain.Hit) {
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

// nearestKey guesses which key was meant.
func nearestKey(key string, known map[string]kind) string {
	if key == keyCT {
		return "nothing: certificate transparency is always checked"
	}
	today := strings.Replace(strings.Replace(key, "NSTemporaryException", "NSException", 1), "NSThirdPartyException", "NSException", 1)
	for _, k := range sortedKeys(known) {
		if strings.EqualFold(k, today) {
			return k
		}
	}
	return "one of " + strings.Join(sortedKeys(known), ", ")
}
