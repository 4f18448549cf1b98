package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "ats-loosened-trust",
	Level: chain.LevelATS,
	Title: "trust is loosened while App Transport Security is on",
	Sources: []chain.Source{
		{Doc: "Apple: TLS for App Developers", Section: "overrides"},
		{Doc: "NSAppTransportSecurity", Section: "ATS-06, ATS-23", Confidence: chain.ConfidenceDocument},
		{Doc: "Apple QA1948"},
	},
	Explain: "Only the app's own override trusts this chain: it adds an anchor that the device does not have. App Transport Security insists on the default trust evaluation, which an override can tighten but not loosen, so the connection fails with −1200/−9802 although the delegate said yes.",
	Remedy: chain.Remedy{Who: "server administrator",
		Text: "get item 0 from a CA whose root the devices have; device owner: for testing, install the root as a trusted anchor on the device (QA1948); app developer: or turn App Transport Security off for this one host in Info.plist"},
	Apple: chain.AppleError{Class: chain.ClassTLS, Sec: -67843, URL: -1200, SSL: -9802},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		d := decision(c)
		alone := trustAlone(c) && c.Question.Purpose == chain.PurposeServer && c.Question.For != forNetwork
		if !judged(c) && !alone || clearText(c) || !d.Required || c.AppTrust != chain.Trusted || c.DefaultTrust != chain.Untrusted {
			return nil
		}
		h := chain.Hit{
			Message: "the chain is trusted only by an anchor that the app adds itself, and App Transport Security demands the default trust evaluation",
			Evidence: []chain.Evid{
				{Field: "default trust evaluation", Got: string(c.DefaultTrust), Want: string(chain.Trusted)},
				{Field: "with the app's anchors", Got: string(c.AppTrust), Want: "not considered"},
			},
			Fix:    loosenedFix(c),
			Repair: installAnchor(c),
		}
		if alone { // the trust evaluation asked for succeeds; ATS comes later
			h.AtMost = chain.Warning
		}
		return []chain.Hit{h}
	}),
})

// loosenedFix names both ways out: an installed root, or an exception.
func loosenedFix(c *chain.Case) string {
	fix := "server administrator: get item 0 from a CA whose root the devices have; device owner: for testing, install the root as a trusted anchor on the device (Settings, General, About, Certificate Trust Settings; QA1948) and drop the override in the app"
	e, ok := neededException(c)
	if c.Observation == nil || !connected(c.Observation) {
		var x chain.ATSException
		x, ok = SmallestException(c.Question.AppSettings, host(c.Question), c.Question.Platform, func(d Decision) bool { return !d.Required })
		e = &x
	}
	if ok {
		return fmt.Sprintf("%s; app developer: or turn App Transport Security off for this host in Info.plist:\n%s", fix, e.XML)
	}
	return fix + "; app developer: or turn App Transport Security off for the host in the app's Info.plist"
}

// installAnchor makes the anchor that the app adds an installed one.
func installAnchor(c *chain.Case) chain.Repair {
	for _, p := range c.Paths {
		if p.Anchor != nil && p.Anchor.Kind == chain.App {
			return chain.RepairInstall(p.Last())
		}
	}
	return nil
}
