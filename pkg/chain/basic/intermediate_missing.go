package basic

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(intermediateMissing)

var intermediateMissing = &chain.Rule{
	ID:    "basic-intermediate-missing",
	Level: chain.LevelX509,
	Title: "intermediate certificate was not sent",
	Sources: []chain.Source{
		{Doc: "RFC 8446", Section: "section 4.4.2"},
		{Doc: "RFC 5246", Section: "section 7.4.2"},
		{Doc: "SecTrustServer.c", Section: "X-02", Confidence: chain.ConfidenceSource},
	},
	Explain: "The other side has the roots, not the intermediates: a server, and in mutual TLS a client, has to send every intermediate up to the root after item 0. " +
		"Browsers on a desktop often hide a server's omission, because they cache intermediates or fetch them; apps, other tools and new devices then fail with an untrusted certificate. `chainspect fix` writes the list as it should be sent.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "append the intermediate to the file the server sends", Commands: []string{"chainspect fix cert.pem --with intermediate.pem -o fullchain.pem"}, Config: chain.SentFile()},
		{For: chain.ForClient, Who: "whoever made the identity", Text: "put the intermediates into its file, after item 0; an app hands them over as the certificates of its URLCredential", Commands: []string{"openssl pkcs12 -export -in client.pem -inkey client.key -certfile intermediates.pem -out identity.p12"}},
	},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -25318},
	InsteadOf: []string{"apple-name-chaining", "identity-no-intermediates"}, // apple: X-02
	// Whether the issuer is a root of a newer store only that store can tell.
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if p.End == chain.NoIssuer && len(p.Items) == 1 {
			return []chain.Hit{issuerMissing(c, p)}
		}
		if p.End != chain.Anchored {
			return nil
		}
		for i, it := range p.Items {
			if it.Origin != chain.OriginGiven && it.Origin != chain.OriginFetched || i == 0 || it.Anchor != nil {
				continue
			}
			h := notSent(c, p, p.Items[i-1], it)
			switch given := slices.ContainsFunc(p.Items[i:], func(x *chain.Item) bool { return x.Anchor == nil && x.Origin == chain.OriginGiven }); {
			case given && !c.Observation.Transport.Given():
				// What the user has at hand no client of the server has.
			case given, c.Question.Fetches:
				h.AtMost = chain.Warning
			}
			return []chain.Hit{h}
		}
		return nil
	}),
}

// notSent describes an issuer that is here, but not in the list that was sent.
func notSent(c *chain.Case, p *chain.Path, child, it *chain.Item) chain.Hit {
	missing := notSentFrom(p, it)
	h := chain.Hit{
		Item:      child,
		Message:   fmt.Sprintf("%s %s, which issued {item}; %s", notSentBy(c), c.Label(it), unlessFetched(c, p)),
		Short:     fmt.Sprintf("%s the %s %q", notSentBy(c), issuerKind(c, child), child.Cert.Issuer.Short()),
		Evidence:  []chain.Evid{{Field: "issuer", Got: child.Cert.Issuer.String(), Want: "a certificate with this subject among items 1…N−1"}},
		Beside:    chain.OnlyBest,
		Advice:    []chain.Advice{{Repair: appendAll(missing)}},
		IfFetched: c.Addresses(p),
		Kinds:     []string{string(it.Origin)},
	}
	if !clientIdentity(c) {
		var labels []string
		for _, x := range missing {
			labels = append(labels, c.Label(x))
		}
		h.Advise("server administrator", "append "+strings.Join(labels, ", then ")+" to the file the server sends")
		h.Advice[0].Config = chain.SentFile()
		if from := broughtBy(missing); from != nil {
			h.Advice[0].Commands = []string{fixCommand(c, chain.FullChain, from...)}
		}
	}
	for _, x := range c.Sent() {
		if !x.SameCA(it) {
			continue
		}
		h.Item, h.Replaces, h.Short, h.Advice[0].Config = x, true, "", nil
		h.Try(chain.RepairReplace(x, it), "")
		h.Message = fmt.Sprintf("the chain is trusted with %s only, not with {item} in its place, and %s it; %s", c.Label(it), notSentBy(c), unlessFetched(c, p))
		h.Evidence = []chain.Evid{{Field: x.Label(), Got: "SHA-256 " + x.Fingerprint(), Want: "SHA-256 " + it.Fingerprint()}}
		h.Advise(administrator(c), "replace "+x.Label()+" in the certificate file by "+c.Label(it))
		if na := x.Cert.NotAfter; wholeSeconds(c.Question.Time).After(na) {
			h.Message = fmt.Sprintf("{item} expired on %s, and %s %s; %s", chain.Instant(na), notSentBy(c), c.Label(it), unlessFetched(c, p))
		}
		break
	}
	return h
}

// notSentFrom are the certificates of a path from it on that were not sent, without the anchor.
func notSentFrom(p *chain.Path, it *chain.Item) (missing []*chain.Item) {
	for _, x := range p.Items[slices.Index(p.Items, it):] {
		if x.Anchor == nil && (x.Origin == chain.OriginGiven || x.Origin == chain.OriginFetched) {
			missing = append(missing, x)
		}
	}
	return missing
}

// appendAll adds the certificates at the end of the list that was sent.
func appendAll(items []*chain.Item) chain.Repair {
	var all []chain.Repair
	for _, it := range items {
		all = append(all, chain.RepairAppend(it))
	}
	return chain.Repairs(all...)
}

// broughtBy are the flags of `chainspect fix` that bring the certificates along; nil:
// one of them came from no file.
func broughtBy(items []*chain.Item) (flags []string) {
	var files []string
	fetched := false
	for _, it := range items {
		switch file := it.Position.File; {
		case it.Origin == chain.OriginFetched:
			fetched = true
		case file == "":
			return nil
		case !slices.Contains(files, file):
			files = append(files, file)
			flags = append(flags, "--with", chain.ShellFile(file))
		}
	}
	if fetched {
		flags = append(flags, "--fetch", "aia")
	}
	return flags
}

// issuerKind is what the issuer seems to be.
func issuerKind(c *chain.Case, child *chain.Item) string {
	if clientIdentity(c) || likelyRoot(c, child) {
		return "issuer"
	}
	return "intermediate"
}
