package ats

import (
	"encoding/base64"
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(plistPin)

var plistPin = &chain.Rule{
	ID:    "ats-plist-pin",
	Level: chain.LevelATS,
	Title: "a pin in NSPinnedDomains can match no key",
	Sources: []chain.Source{
		{Doc: "SecPolicy.c", Section: "PIN-04, PIN-06", Confidence: chain.ConfidenceTested},
		{Doc: "NSPinnedDomains"},
	},
	Explain:   "A pin is the standard Base64 of the SHA-256 of a SubjectPublicKeyInfo: 32 bytes, in SPKI-SHA256-BASE64. One that does not decode is dropped, one of another length never matches, and a list that is left empty refuses every chain there is. The fingerprint of a certificate, or hexadecimal, is a common mix-up.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "take the pin from the certificate; `chainspect check -v` prints it too", Commands: []string{"openssl x509 -in cert.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64"}}},
	InsteadOf: explained(),
	Needs:     readsPlist,
	Check:     chain.PerList(func(c *chain.Case) []chain.Hit { return plistHits(c, pinMistakes) }),
}

func pinMistakes(s *chain.AppSettings, _ chain.Question) (hits []mistake) {
	for _, p := range places(s) {
		for _, key := range []string{keyPinnedLeaf, keyPinnedCA} {
			list, ok := p.dict[key].([]any)
			if _, known := p.keys[key]; !known || !ok {
				continue
			}
			path := p.path(key)
			if len(list) == 0 {
				hits = append(hits, plistHit(path, "0 pins", "at least one", "%s: the list is empty, so that every chain is refused"))
			}
			for i, v := range list {
				if len(hits) >= maxPlistHits {
					return hits
				}
				if format, got, more := pinFault(v); format != "" {
					hits = append(hits, plistHit(keyPath(path, fmt.Sprint(i)), got, keyPin+" with the Base64 of 32 bytes", format, more...))
				}
			}
		}
	}
	return hits
}

// pinFault says what is wrong with one pin; "" where it can match.
func pinFault(v any) (format, got string, more []any) {
	d, ok := v.(map[string]any)
	if !ok {
		return "%s is not a dictionary, so that the pin is dropped", valueText(v), nil
	}
	text, ok := d[keyPin].(string)
	if !ok {
		return "%s: SPKI-SHA256-BASE64 is no string, so that the pin is dropped", valueText(d[keyPin]), nil
	}
	sum, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "%s is not Base64, so that the pin is dropped", valueText(text), nil
	}
	if len(sum) != 32 {
		return "%s has %d bytes, so that the pin never matches", valueText(text), []any{len(sum)}
	}
	return "", "", nil
}
