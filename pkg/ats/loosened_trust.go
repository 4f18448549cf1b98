package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(loosenedTrust)

var loosenedTrust = &chain.Rule{
	ID:    "ats-loosened-trust",
	Level: chain.LevelATS,
	Title: "trust is loosened while App Transport Security is on",
	Sources: []chain.Source{
		{Doc: "Apple: TLS for App Developers", Section: "overrides"},
		{Doc: "NSAppTransportSecurity", Section: "ATS-06, ATS-23", Confidence: chain.ConfidenceDocument},
		{Doc: "Apple QA1948"},
	},
	Explain: "Only the app's own override trusts this chain: it adds an anchor that the device does not have. App Transport Security insists on the default trust evaluation, which an override can tighten but not loosen, so the connection fails with -1200/-9802 although the delegate said yes.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "get item 0 from a CA whose root the devices have"},
		{Who: "device owner", Text: "for testing, install the root as a trusted anchor on the device (QA1948)"},
		{Who: "app developer", Text: "or turn App Transport Security off for this one host in Info.plist"}},
	Apple:    chain.AppleError{Class: chain.ClassTLS, Sec: -67843, URL: -1200, SSL: -9802},
	Instants: chain.AtValidity,
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		d := decision(c)
		alone := trustAlone(c) && c.Question.Purpose == chain.PurposeServer && c.Question.For != forNetwork
		if !judged(c) && !alone || clearText(c) || !d.Required || c.DefaultTrust != chain.Untrusted {
			return nil
		}
		message := "the chain is trusted only by an anchor that the app adds itself, and App Transport Security demands the default trust evaluation"
		if c.AppTrust != chain.Trusted {
			if alone || !endsAtApp(c) {
				return nil
			}
			message = "the chain ends only at an anchor that the app adds itself, and App Transport Security demands the default trust evaluation"
		}
		h := chain.Hit{
			Message: message,
			Evidence: []chain.Evid{
				{Field: "default trust evaluation", Got: string(c.DefaultTrust), Want: string(chain.Trusted)},
				{Field: "with the app's anchors", Got: string(c.AppTrust), Want: "not considered"},
			},
			Advice: loosenedAdvice(c),
		}
		if alone { // the trust evaluation asked for succeeds; ATS comes later
			h.AtMost = chain.Warning
		}
		return []chain.Hit{h}
	}),
}

// endsAtApp reports whether anchors of the app are the only ones that a path
// ends at, so that the default trust evaluation has none.
func endsAtApp(c *chain.Case) bool {
	found := false
	for _, p := range c.Paths {
		if p.Anchor != nil {
			if p.Anchor.Kind != chain.App {
				return false
			}
			found = true
		}
	}
	return found
}

// loosenedAdvice names the ways out: another certificate, an installed root, or an exception.
func loosenedAdvice(c *chain.Case) []chain.Advice {
	install := chain.Advice{Who: "device owner", Repair: installAnchor(c), Assumes: "with the root installed",
		Text: "for testing, install the root as a trusted anchor on the device (Settings, General, About, Certificate Trust Settings; QA1948) and drop the override in the app"}
	if leaf := c.Leaf(); leaf != nil && leaf.SelfIssued() {
		install = chain.Advice{Who: "server administrator",
			Text: "or, for testing, make a test CA of your own, issue item 0 from it with extendedKeyUsage=serverAuth, install its root on the device (Settings, General, About, Certificate Trust Settings; QA1948) and drop the override in the app: a self-signed certificate is no CA"}
	}
	public := chain.Advice{Who: "server administrator", Text: "get item 0 from a CA whose root the devices have", Lacks: "which CA that will be is not known here"}
	if leaf := c.Leaf(); leaf != nil {
		public.Repair, public.Assumes = chain.RepairOwnCA(leaf), "with a certificate of 90 days from a CA of your own, its root installed"
	}
	advice := []chain.Advice{public, install}
	f, allowed := neededException(c), allowedBy(c)
	if c.Observation == nil || !connected(c.Observation) {
		allowed = func(d requirement) bool { return !d.Required }
		f.exception, f.ok = smallestException(c.Question.AppSettings, host(c.Question), c.Question.Platform, allowed)
	}
	switch {
	case f.ok:
		return append(advice, chain.Advice{Who: "app developer",
			Text: fmt.Sprintf("or turn App Transport Security off for this host in Info.plist:\n%s%s", f.exception.XML, localNetworking(c.Question, allowed))})
	case c.AppTrust != chain.Trusted:
		return append(advice, chain.Advice{Who: "app developer", Text: "no exception helps as long as trust evaluation with the app's anchor fails, too"})
	}
	return append(advice, chain.Advice{Who: "app developer", Text: "or turn App Transport Security off for the host in the app's Info.plist"})
}

// installAnchor makes the CA that the app adds as an anchor an installed one.
func installAnchor(c *chain.Case) chain.Repair {
	for _, p := range c.Paths {
		if p.Anchor != nil && p.Anchor.Kind == chain.App && p.Last() != c.Leaf() {
			return chain.RepairInstall(p.Last())
		}
	}
	return nil
}
