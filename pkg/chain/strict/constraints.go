package strict

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(constraints)

var constraints = &chain.Rule{
	ID:       "strict-constraints",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "name constraints that some clients cannot process",
	Sources:  []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.10"}, {Doc: "crypto/x509", Section: "parseNameConstraintsExtension"}, {Doc: "gnutls", Section: "name_constraints.c"}},
	Explain:  "A CA can be limited to some names. Go processes constraints of host names, addresses, mailboxes and URIs and refuses the CA where another kind stands in a critical extension; browsers and Go cannot read an empty extension; where item 0 has no dNSName, OpenSSL, Java and GnuTLS hold its common name to those of host names, GnuTLS even where that is an address.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue {item} again with nameConstraints=critical,permitted;DNS:example.com alone, or without"}},
	Reads:    x509read.FieldNameConstraints,
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		var hits []chain.Hit
		for i, it := range p.Items {
			nc := it.Cert.NameConstraints
			empty := it.Cert.HasFault(x509read.FaultNameConstraintsEmpty)
			if i == 0 || nc == nil && !empty {
				continue
			}
			at := chain.Place{Anchor: p.End == chain.Anchored && i == len(p.Items)-1}
			hits = append(hits, constraintHits(it, at, p.Leaf().Cert, nc, empty)...)
		}
		return hits
	}),
}

func constraintHits(it *chain.Item, at chain.Place, leaf *x509read.Certificate, nc *x509read.NameConstraints, empty bool) (hits []chain.Hit) {
	say := func(message, got, want, kind string) {
		hits = append(hits, one(it, message, "nameConstraints", got, want, at.String()+"-"+kind))
	}
	if empty {
		say("{item} has name constraints without content", "empty", "permitted or excluded names, or no extension", "empty")
	}
	if nc == nil {
		return hits
	}
	count := map[int]int{}
	for _, list := range [][]x509read.Subtree{nc.Permitted, nc.Excluded} {
		for _, s := range list {
			count[s.Base.Tag]++
			if s.Base.Tag == x509read.TagDNS && len(s.Base.Value) == 0 {
				count[-1]++
			}
		}
	}
	if count[-1] > 0 {
		say("{item} has a constraint on every host name", "an empty dNSName", "a domain", "empty-dns")
	}
	if count[x509read.TagDirectoryName] > 0 && nc.Critical {
		say("{item} limits what it issues by directory names", "directoryName, critical", "host names", "directory-name")
	}
	if slices.ContainsFunc(nc.Excluded, func(s x509read.Subtree) bool { return s.Base.Tag == x509read.TagDirectoryName }) {
		say("{item} excludes directory names", "directoryName, excluded", "host names", "excluded-directory-name")
	}
	if n := count[x509read.TagOtherName] + count[x509read.TagX400] + count[x509read.TagEDIParty] + count[x509read.TagRegisteredID]; n > 0 && nc.Critical {
		say("{item} limits what it issues by names that few clients can compare", "otherName and the like, critical", "host names", "other-name")
	}
	if count[x509read.TagRegisteredID] > 0 {
		say("{item} limits what it issues by registered IDs", "registeredID", "host names", "registered-id")
	}
	switch {
	case !slices.ContainsFunc(nc.Permitted, func(s x509read.Subtree) bool { return s.Base.Tag == x509read.TagDirectoryName }):
	case leaf.Subject.Empty():
		say("{item} permits directory names, and item 0 has none", "empty subject", "a subject within the constraints", "directory-name-absent")
	case !slices.ContainsFunc(nc.Permitted, func(s x509read.Subtree) bool { return s.Base.Name != nil && begins(leaf.Subject, *s.Base.Name) }):
		say("{item} permits the subject of item 0 in another spelling only", leaf.Subject.String(), "the spelling of the constraint", "directory-name-spelling")
	}
	if count[x509read.TagURI] > 0 && has(leaf.SubjectAltName, x509read.TagURI) {
		say("{item} limits what it issues by URIs, and item 0 has one", "uniformResourceIdentifier", "host names", "uri")
	}
	if !has(leaf.SubjectAltName, x509read.TagDNS) {
		for _, cn := range leaf.Subject.All(x509read.OIDCommonName) {
			if permitsHost(nc, cn) {
				continue
			}
			say("{item} does not permit the common name of item 0, which has no dNSName", cn, "within the constraints", "common-name"+hostLike(cn))
			break
		}
	}
	return hits
}

// begins reports whether a name begins with the RDNs of a constraint, letter by
// letter, whatever the types of their strings.
func begins(name, base x509read.Name) bool {
	return len(name.RDNs) >= len(base.RDNs) && strings.HasPrefix(texts(name), texts(base))
}

// permitsHost compares a common name as if it were a dNSName.
func permitsHost(nc *x509read.NameConstraints, name string) bool {
	within := func(s x509read.Subtree) bool {
		base := strings.ToLower(s.Base.Text())
		n := strings.ToLower(name)
		return s.Base.Tag == x509read.TagDNS && (base == "" || n == base || strings.HasSuffix(n, "."+strings.TrimPrefix(base, ".")))
	}
	asked := slices.ContainsFunc(nc.Permitted, func(s x509read.Subtree) bool { return s.Base.Tag == x509read.TagDNS })
	return (!asked || slices.ContainsFunc(nc.Permitted, within)) && !slices.ContainsFunc(nc.Excluded, within)
}

// hostLike tells apart what each client takes for a host's name in a common name:
// OpenSSL what has a dot (v3_ncons.c cn2dnsid), Java what is no address (DNSName),
// GnuTLS everything.
func hostLike(name string) string {
	switch {
	case strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "":
		return "-odd"
	case strings.Trim(name, "0123456789.") == "":
		return "-address"
	case !strings.Contains(name, "."):
		return "-label"
	}
	return ""
}

func has(names []x509read.GeneralName, tag int) bool {
	for _, g := range names {
		if g.Tag == tag {
			return true
		}
	}
	return false
}
