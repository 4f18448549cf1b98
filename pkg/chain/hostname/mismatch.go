package hostname

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(mismatchRule)

var mismatchRule = &chain.Rule{
	ID:    "hostname-mismatch",
	Level: chain.LevelName,
	Title: "item 0 does not cover the reference name",
	Sources: []chain.Source{
		{Doc: "RFC 2818", Section: "section 3.1"},
		{Doc: "RFC 9525", Section: "section 6"},
	},
	Explain: "The name is level 2 of trust evaluation: a chain of trust only says that a CA vouches for item 0, the name says that item 0 belongs to the server that was asked for. " +
		"Whoever holds any certificate of a public CA could otherwise stand in for every server. The user sees that the server \"might be pretending to be\" another one.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "have item 0 issued again with the name the clients use in subjectAltName, or use a name that is there; where several servers share an address, make the one for this name answer",
		Config: []string{chain.Nginx + "server_name {host};", chain.Apache + "ServerName {host}"}}},
	Apple: appleCode(),
	Reads: x509read.FieldSubjectAltName,
	Check: chain.PerLeaf(checkMismatch),
}

func checkMismatch(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.cause != causeMismatch {
		return nil
	}
	if !j.valid {
		return j.hit(leaf, fmt.Sprintf("%s is not a name a certificate can cover", quote(j.name)), coveredNames(leaf.Cert, j.kind), j.addName())
	}
	got := coveredNames(leaf.Cert, j.kind)
	name, near, n := quote(j.name), nearest(leaf.Cert, j.kind, j.name), len(leaf.Cert.SubjectAltName)
	message := ""
	switch {
	case n == 1 && near == "":
		message = fmt.Sprintf("%s is not the name {item} covers", name)
	case n == 1:
		message = fmt.Sprintf("%s is not the name {item} covers, which is %s", name, near)
	case near == "":
		message = fmt.Sprintf("%s is not among the %d names {item} covers", name, n)
	default:
		message = fmt.Sprintf("%s is not among the %d names {item} covers, the nearest is %s", name, n, near)
	}
	fix := []chain.Advice{j.addName()}
	if near != "" {
		fix = append(fix, chain.Advice{Who: "app developer", Text: "or use the name " + near})
	} else if own := ownName(leaf.Cert); own != "" && (j.kind == chain.NameIP || j.kind == chain.NameDNS) {
		fix = append(fix, chain.Advice{Who: "app developer", Text: "or connect as " + own + ", which it covers (to judge the server so: --name " + own + ")"})
	}
	return j.hit(leaf, message, got, fix...)
}

// ownName is the first name of a certificate that a client can ask for; "": none.
func ownName(cert *x509read.Certificate) string {
	for i, g := range cert.SubjectAltName {
		if i == maxCompared {
			break
		}
		if g.Tag == x509read.TagDNS && validPresented(g.Text()) && !strings.Contains(g.Text(), "*") {
			return quote(g.Text())
		}
	}
	return ""
}
