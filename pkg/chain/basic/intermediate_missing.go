package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "basic-intermediate-missing",
	Level: chain.LevelX509,
	Title: "intermediate certificate was not sent",
	Sources: []chain.Source{
		{Doc: "RFC 8446", Section: "section 4.4.2"},
		{Doc: "RFC 5246", Section: "section 7.4.2"},
		{Doc: "SecTrustServer.c", Section: "X-02", Confidence: chain.ConfidenceSource},
	},
	Explain: "The other side has the roots, not the intermediates: a server, and in mutual TLS a client, has to send every intermediate up to the root after item 0. " +
		"Browsers on a desktop often hide a server's omission, because they cache intermediates or fetch them; apps, other tools and new devices then fail with an untrusted certificate.",
	Remedy: chain.Remedy{Who: "server administrator", Text: "append the intermediate to the certificate file the server sends (nginx ssl_certificate, Apache SSLCertificateFile: fullchain.pem instead of cert.pem)",
		Client: "whoever made the identity: put the intermediates into its file, after item 0 (openssl pkcs12 -export -in client.pem -inkey client.key -certfile intermediates.pem -out identity.p12); an app hands them over as the certificates of its URLCredential"},
	Apple:    chain.AppleError{Class: chain.ClassTrust, Sec: -25318}, // apple: X-02
	YieldsTo: []string{"basic-unreadable", "basic-budget", "lint-issuer-empty"},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if p.End == chain.NoIssuer && len(p.Items) == 1 {
			return []chain.Hit{missing(c, p.Leaf())}
		}
		if p.End != chain.Anchored {
			return nil
		}
		for i, it := range p.Items {
			if it.Origin != chain.OriginGiven && it.Origin != chain.OriginFetched || i == 0 || it.Anchor != nil {
				continue
			}
			child := p.Items[i-1]
			return []chain.Hit{{
				Item:     child,
				Message:  fmt.Sprintf("%s the certificate that issued %s; %s", lacks(c), label(child), unlessFetched(c)),
				Evidence: []chain.Evid{{Field: "issuer", Got: child.Cert.Issuer.String(), Want: "a certificate with this subject among items 1…N−1"}},
				AtMost:   chain.Warning,
				Fix:      forServer(c, "server administrator: append the certificate "+short(it.Cert.Subject)+" to the file the server sends (nginx: ssl_certificate, Apache: SSLCertificateFile)"),
				Repair:   chain.RepairAppend(it),
			}}
		}
		return nil
	}),
})

// missing describes an issuer that is nowhere.
func missing(c *chain.Case, child *chain.Item) chain.Hit {
	h := chain.Hit{
		Item:     child,
		Message:  fmt.Sprintf("%s the certificate that issued %s", lacks(c), label(child)),
		Evidence: []chain.Evid{{Field: "issuer", Got: child.Cert.Issuer.String(), Want: "a certificate with this subject among items 1…N−1"}},
		Fix:      "server administrator: append the certificate of " + short(child.Cert.Issuer) + " to the file the server sends (nginx: ssl_certificate fullchain.pem; Apache: SSLCertificateFile fullchain.pem), after item 0" + fetchedFrom(child),
	}
	if client(c) {
		h.Message += ", and it is none of the trusted anchors"
		h.Fix = foreign(child)
	}
	damagedInstead(c, child, &h)
	for _, d := range child.Cert.AuthorityInfo {
		if d.Method == x509read.OIDAccessCAIssuers {
			h.Evidence = append(h.Evidence, chain.Evid{Field: "caIssuers", Got: d.Location.Text()})
			break
		}
	}
	return h
}

// foreign is the advice for a client's certificate whose issuer is neither here
// nor trusted: private CAs tell nobody which of theirs are roots.
func foreign(child *chain.Item) string {
	ca := short(child.Cert.Issuer)
	return "whoever made the identity: if " + ca + " is an intermediate, put its certificate into the file, after " + label(child) + fetchedFrom(child) +
		"; if it is a root, the server does not trust it: use an identity issued under a CA it trusts, or have its administrator add " + ca +
		" to the client CAs (nginx: ssl_client_certificate, Apache: SSLCACertificateFile)"
}

// damagedInstead says of a certificate whose issuer was not found where the cause
// lies nearer: an item that cannot be read may be the issuer, or none is named.
func damagedInstead(c *chain.Case, child *chain.Item, h *chain.Hit) {
	if child.Cert.Issuer.Empty() {
		h.Message = label(child) + " names no issuer, so none can be found"
		h.Fix = "CA: issue " + label(child) + " again with the CA's own subject as its issuer"
		return
	}
	for _, it := range c.Sent() {
		if it.Err == nil || it == child || it.Cert.Unread&x509read.FieldSubject == 0 && it.Cert.Subject.Key() != child.Cert.Issuer.Key() {
			continue
		}
		h.Message = fmt.Sprintf("%s, which cannot be read as a certificate, is perhaps the one that issued %s: none else is", label(it), label(child))
		h.Evidence = append(h.Evidence, chain.Evid{Field: label(it), Got: "cannot be read: " + it.Err.Error(), Want: "a certificate"})
		h.Fix = fmt.Sprintf("%s: put an undamaged copy of the certificate of %s, from the CA, in the place of %s in the certificate file%s",
			who(c), short(child.Cert.Issuer), label(it), fetchedFrom(child))
		return
	}
}

// fetchedFrom names the place where the child says its issuer can be had.
func fetchedFrom(child *chain.Item) string {
	for _, d := range child.Cert.AuthorityInfo {
		if d.Method == x509read.OIDAccessCAIssuers && d.Location.Tag == x509read.TagURI {
			return "; " + label(child) + " says it can be had at " + string(d.Location.Value)
		}
	}
	return ""
}
