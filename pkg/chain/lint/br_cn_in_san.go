package lint

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brCnInSan)

var brCnInSan = &chain.Rule{
	ID:      "lint-br-cn-in-san",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "the common name is not a copy of a name in subjectAltName",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.4.3"}, {Doc: "RFC 5952", Section: "section 4"}},
	Explain: "If a server's certificate has a common name, that has to be one of the names of subjectAltName, character for character, an address in its usual text form. " +
		"Old software that still reads the common name would otherwise see another server than everybody else.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again without common name, or with a copy of one of the names"}},
	Reads:  x509read.FieldSubject | x509read.FieldSubjectAltName,
	Check:  chain.PerCertificate(checkCNInSAN),
}

// maxCommonNames bounds the names compared with all of subjectAltName.
const maxCommonNames = 64

func checkCNInSAN(it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Leaf || it.Cert.IsCA() || it.Cert.SubjectAltName == nil {
		return nil
	}
	for n, cn := range it.Cert.Subject.All(x509read.OIDCommonName) {
		if n == maxCommonNames {
			break // what is wrong with these is lint-br-cn-multiple
		}
		if !copied(cn, it.Cert.SubjectAltName) {
			name := quoted(cn)
			hits := one(it, fmt.Sprintf("the common name %s of {item} is not among the names of subjectAltName", name), "commonName", name, "a copy of a name of subjectAltName")
			if !cnMissing(cn, it.Cert.SubjectAltName) {
				hits[0].AtMost = chain.Warning
			}
			return hits
		}
	}
	return nil
}

// copied reports whether a common name is what it may be: the
// character-for-character copy of a dNSName, or the text of an address after
// RFC 3986 or RFC 5952.
func copied(cn string, names []x509read.GeneralName) bool {
	for i := range names {
		switch g := &names[i]; g.Tag {
		case x509read.TagDNS:
			if g.Text() == cn {
				return true
			}
		case x509read.TagIP:
			if a, ok := netip.AddrFromSlice(g.Value); ok && a.String() == cn {
				return true
			}
		}
	}
	return false
}

// cnMissing reports whether software that reads the common name would take the
// certificate for one of another host: not where the name is the domain that
// names of subjectAltName lie in, nor where it stands beside addresses, mailboxes
// or directory names and does not look like an address itself.
func cnMissing(cn string, names []x509read.GeneralName) bool {
	hosts := false
	for _, g := range names {
		if g.Tag != x509read.TagDNS {
			continue
		}
		hosts = true
		if strings.HasSuffix(g.Text(), "."+cn) {
			return false
		}
	}
	address := cn != "" && (strings.Contains(cn, ":") || cn[0] >= '0' && cn[0] <= '9') && strings.Trim(cn, "0123456789abcdefABCDEFxX.:") == ""
	return hosts || address
}
