package hostname

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// withName is the repair "have item 0 issued again with the reference name in
// subjectAltName"; nil where the reference name cannot stand there. Names that
// spoil the others on some platform are left out.
func (j *judgement) withName(leaf *chain.Item) chain.Repair {
	g := x509read.GeneralName{Tag: tagOf(j.kind), Value: []byte(j.name)}
	if j.kind == chain.NameIP {
		g.Value = j.octet
	}
	if !j.valid {
		return nil
	}
	return chain.RepairReissue(leaf, func(c *x509read.Certificate) {
		names := slices.DeleteFunc(slices.Clone(c.SubjectAltName), func(g x509read.GeneralName) bool {
			return g.Tag == x509read.TagDNS && !ValidPresented(g.Text()) ||
				g.Tag == x509read.TagIP && len(g.Value) != 4 && len(g.Value) != 16
		})
		if j.kind == chain.NameURI { // a SPIFFE certificate has one URI
			names = slices.DeleteFunc(names, func(g x509read.GeneralName) bool { return g.Tag == x509read.TagURI })
		}
		c.SubjectAltName = append(names, g)
	})
}

// hit is the finding every rule of this package makes of a judgement.
func (j *judgement) hit(leaf *chain.Item, message, got string, advice ...chain.Advice) []chain.Hit {
	h := chain.Hit{Item: leaf, Message: message, Kinds: j.readings(leaf.Cert), Advice: advice, Evidence: []chain.Evid{{Field: "subjectAltName", Got: got, Want: j.want()}}}
	h.Try(j.withName(leaf), "")
	return []chain.Hit{h}
}

// want names the entry that would cover the reference name.
func (j *judgement) want() string {
	return x509read.GeneralName{Tag: tagOf(j.kind)}.Kind() + " " + quote(j.name)
}

// opensslSAN is the entry in the notation of openssl's subjectAltName.
func (j *judgement) opensslSAN() string {
	prefix := map[chain.NameKind]string{chain.NameIP: "IP:", chain.NameEmail: "email:", chain.NameURI: "URI:"}[j.kind]
	if prefix == "" {
		prefix = "DNS:"
	}
	return prefix + quote(j.name)
}

// addName is the advice to have the name added.
func (j *judgement) addName() chain.Advice {
	if !j.valid {
		return chain.Advice{Who: "whoever runs this check", Text: "ask for a name that exists: use --name with a host name, an IP address, a mailbox or a URI"}
	}
	return chain.Advice{Who: "server administrator", Text: "have item 0 issued again with " + j.opensslSAN() + " in subjectAltName",
		Commands: chain.IssueWith("90", "subjectAltName="+strings.Join(append(j.keptNames(), j.opensslSAN()), ","))}
}

// maxKept bounds the names a command repeats.
const maxKept = 20

// keptNames are the names of item 0 that a certificate issued again keeps: those
// that a client can ask for.
func (j *judgement) keptNames() []string {
	var names []string
	for _, g := range j.cert.SubjectAltName {
		if g.Tag == x509read.TagDNS && ValidPresented(g.Text()) && len(names) < maxKept {
			names = append(names, "DNS:"+g.Text())
		}
	}
	return names
}
