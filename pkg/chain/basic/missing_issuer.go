package basic

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// issuerMissing describes an issuer that is nowhere.
func issuerMissing(c *chain.Case, p *chain.Path) chain.Hit {
	child := p.Leaf()
	message, short := "%s the certificate that issued %s", "%s the intermediate %q"
	if clientIdentity(c) || likelyRoot(c, child) {
		message, short = "%s the certificate that issued %s, and it is none of the trusted anchors", "%s the issuer %q, which is no trusted anchor"
	}
	h := chain.Hit{
		Item:      child,
		Message:   fmt.Sprintf(message, notSentBy(c), introduced(c, child, "certificate")),
		Short:     fmt.Sprintf(short, notSentBy(c), child.Cert.Issuer.Short()),
		Evidence:  []chain.Evid{{Field: "issuer", Got: child.Cert.Issuer.String(), Want: "a certificate with this subject among items 1…N−1"}},
		IfFetched: c.Addresses(p),
	}
	adviseOnIssuer(c, child, &h)
	damagedInstead(c, child, &h)
	for _, d := range child.Cert.AuthorityInfo {
		if d.Method == x509read.OIDAccessCAIssuers {
			h.Evidence = append(h.Evidence, chain.Evid{Field: "caIssuers", Got: d.Location.Text()})
			break
		}
	}
	return h
}

// adviseOnIssuer advises on a certificate whose issuer is neither here nor trusted: it
// may be an intermediate or the root, and the likelier comes first.
func adviseOnIssuer(c *chain.Case, child *chain.Item, h *chain.Hit) {
	if clientIdentity(c) {
		h.Advice = otherCA(c, child)
		return
	}
	ca := child.Cert.Issuer.Short()
	where, had := fetchedFrom(c, child)
	sent := chain.Advice{Who: "server administrator", Text: "append the certificate of " + ca + " to the file the server sends, after " + introduced(c, child, "own") + where,
		Commands: []string{chain.FullChain}, Config: chain.SentFile(), Lacks: "the intermediate is not here"}
	if had {
		sent.Commands = []string{fixCommand(c, chain.FullChain, "--fetch", "aia")}
	}
	if !likelyRoot(c, child) {
		h.Advice = []chain.Advice{sent}
		if namedIntermediate(child) {
			return
		}
		h.Advice = []chain.Advice{sent, {Who: "server administrator", Text: "or, if " + ca + " is a root: get item 0 from a CA that the platform trusts, or have the root installed on the devices"}}
		return
	}
	sent.Text = "or, if " + ca + " is an intermediate: " + sent.Text
	h.Advice = append(trustRoot(c, ca, nil), sent)
	others := sent
	others.For = chain.ForOthers
	h.Advice = append(h.Advice, others)
}

// trustRoot are the ways to a root that the clients trust: that of another CA, or
// a private CA's installed, which is tried by a repair.
func trustRoot(c *chain.Case, root string, repair chain.Repair) []chain.Advice {
	const assumes = "with the root installed"
	return []chain.Advice{
		installed(c, root, repair, assumes),
		{Who: "server administrator", Text: "for a public server, get item 0 from a CA that the platform trusts"},
		{For: chain.ForOthers, Who: "device owner", Text: "for a private CA, install the root " + root + " in the clients' trust store",
			Then:     "the first command judges as such a client, the others are for Debian and Java; curl takes --cacert {root}, Go SSL_CERT_FILE={root}",
			Commands: []string{asClient, "sudo cp {root} /usr/local/share/ca-certificates/root.crt && sudo update-ca-certificates", "keytool -importcert -cacerts -file {root}"}, Repair: repair, Assumes: assumes},
		{For: chain.ForOthers, Who: "server administrator", Text: "for a public server, get item 0 from a CA that the clients trust"},
	}
}

// likelyRoot reports whether the issuer of a certificate seems to be a root: by
// the issuer of the issuer where authorityKeyIdentifier names it (RFC 5280
// section 4.2.1.1), else by the words of its name, else by what is usual:
// intermediates issue leaves, and roots intermediates.
func likelyRoot(c *chain.Case, child *chain.Item) bool {
	if aki := child.Cert.AuthorityKeyID; aki != nil {
		for _, g := range aki.Issuer {
			if g.Name != nil {
				return g.Name.Equal5280(child.Cert.Issuer)
			}
		}
	}
	name := strings.ToLower(child.Cert.Issuer.String())
	for _, word := range [...]string{"root", "mkcert", "development ca"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return child != c.Leaf() && !namedIntermediate(child)
}

// namedIntermediate reports whether the issuer's name says that it is an intermediate.
func namedIntermediate(child *chain.Item) bool {
	name := strings.ToLower(child.Cert.Issuer.String())
	return strings.Contains(name, "issuing") || strings.Contains(name, "intermediate")
}

// installInSimulator makes a root a trusted anchor in the simulator that runs.
const installInSimulator = "xcrun simctl keychain booted add-root-cert {root}"

// asClient judges as a client that has the root of a private CA.
const asClient = "chainspect check {target} --anchor {root}"

// installed is how the owner of a device comes to trust a private root.
func installed(c *chain.Case, root string, repair chain.Repair, assumes string) chain.Advice {
	a := chain.Advice{Who: "device owner", Repair: repair, Assumes: assumes}
	if strings.HasPrefix(c.Question.Platform, "macos") {
		a.Text = "for a private CA, install its root " + root
		a.Then = "the first command judges as such a Mac, the second installs it"
		a.Commands = []string{asClient, "sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {root}"}
		return a
	}
	a.Text = "for a private CA, install its root " + root + " by a profile, and switch it on in Settings, General, About, Certificate Trust Settings"
	a.Then = "the first command judges as such a device, the second installs it in the simulator"
	a.Commands = []string{asClient, installInSimulator}
	return a
}

// otherCA is the advice for a client's certificate whose issuer is neither here
// nor trusted: private CAs tell nobody which of theirs are roots.
func otherCA(c *chain.Case, child *chain.Item) []chain.Advice {
	ca := child.Cert.Issuer.Short()
	where, _ := fetchedFrom(c, child)
	return []chain.Advice{
		{Who: "whoever made the identity", Text: "if " + ca + " is an intermediate, put its certificate into the file, after " + child.Label() + where, Commands: withIssuer(c.Capture.Identity)},
		{Who: "app developer", Text: "if " + ca + " is a root, the server does not trust it: use an identity issued under a CA it trusts"},
		{Who: "server administrator", Text: "or add " + ca + " to the client CAs", Config: chain.ClientCAs()},
	}
}

// withIssuer writes an identity anew with an issuer that its file lacks.
func withIssuer(id *chain.Identity) []string {
	switch {
	case id == nil, id.File == "", id.File == "-", id.KeyFile == "-":
		return nil
	case id.KeyFile == "":
		return []string{"chainspect fix " + chain.ShellFile(id.File) + " --with intermediate.pem -o new.p12"}
	case id.Format == "PEM":
		return []string{"openssl pkcs12 -export -in " + chain.ShellFile(id.File) + " -inkey " + chain.ShellFile(id.KeyFile) + " -certfile intermediate.pem -out new.p12"}
	}
	return nil
}

// damagedInstead says of a certificate whose issuer was not found where the cause
// lies nearer: an item that cannot be read may be the issuer, or none is named.
func damagedInstead(c *chain.Case, child *chain.Item, h *chain.Hit) {
	if child.Cert.Issuer.Empty() {
		h.Advice = nil
		h.Message = "{item} names no issuer, so none can be found"
		h.Advise("CA", "issue "+child.Label()+" again with the CA's own subject as its issuer")
		return
	}
	for _, it := range c.Sent() {
		if it.Err == nil || it == child || it.Cert.Unread&x509read.FieldSubject == 0 && it.Cert.Subject.Key() != child.Cert.Issuer.Key() {
			continue
		}
		h.Advice = nil
		h.Message = fmt.Sprintf("%s, which cannot be read as a certificate, is perhaps the one that issued {item}: none else is", it.Label())
		h.Evidence = append(h.Evidence, chain.Evid{Field: it.Label(), Got: "cannot be read: " + it.Err.Error(), Want: "a certificate"})
		where, _ := fetchedFrom(c, child)
		h.Advise(administrator(c), fmt.Sprintf("put an undamaged copy of the certificate of %s, from the CA, in the place of %s in the certificate file%s",
			child.Cert.Issuer.Short(), it.Label(), where))
		return
	}
}

// fetchedFrom says where the issuer of a certificate can be had, by the certificate
// itself; false where it says nothing of it, or was asked for there and did not come.
func fetchedFrom(c *chain.Case, child *chain.Item) (where string, had bool) {
	for _, d := range child.Cert.AuthorityInfo {
		if d.Method != x509read.OIDAccessCAIssuers || d.Location.Tag != x509read.TagURI {
			continue
		}
		address := string(d.Location.Value)
		if !slices.ContainsFunc(c.Capture.Evidence, func(e chain.Evidence) bool {
			return e.Kind == chain.EvidenceCert && e.Error != "" && e.Source == d.Location.Text()
		}) {
			return "; " + child.Label() + " says it can be had at " + address, true
		}
		if where == "" {
			where = "; it could not be had at " + address + ": ask the CA for it"
		}
	}
	return where, false
}
