package mtls

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(requiredName)

var requiredName = &chain.Rule{
	ID: "mtls-required-name", Level: chain.LevelIdentity,
	Title:   "the identity lacks the name the server demands",
	Sources: []chain.Source{{Doc: "server policy", Section: "required_san, required_subject"}},
	Explain: "After the chain of trust holds, a server asks who the client is, by a subjectAltName or by the subject. A client identity with another name is trusted and still refused.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue the identity with the name the server looks for, as in subjectAltName=URI:spiffe://example.org/service", Issue: &chain.Issuing{With: []string{"extendedKeyUsage=clientAuth", "subjectAltName=URI:spiffe://example.org/service"}}}},
	Needs: func(c *chain.Case) bool {
		d := demands(c)
		return d != nil && (len(d.RequiredSAN) > 0 || d.RequiredSubject != "")
	},
	Check: chain.PerLeaf(func(c *chain.Case, leaf *chain.Item) []chain.Hit {
		d := c.Question.ServerDemands
		var out []chain.Hit
		if len(d.RequiredSAN) > 0 {
			has := names(leaf.Cert)
			ok := false
			for _, want := range d.RequiredSAN {
				for _, got := range has {
					ok = ok || strings.EqualFold(want, got)
				}
			}
			if !ok {
				out = append(out, chain.Hit{Item: leaf, Message: "{item} has none of the names the server demands",
					Evidence: []chain.Evid{{Field: "subjectAltName", Got: strings.Join(has, ", "), Want: "one of " + strings.Join(d.RequiredSAN, ", ")}},
					Advice:   []chain.Advice{withName(d.RequiredSAN[0])}})
			}
		}
		if d.RequiredSubject != "" && !isNamed(leaf.Cert.Subject, d.RequiredSubject) {
			out = append(out, chain.Hit{Item: leaf, Message: "the subject of {item} is not the one the server demands",
				Evidence: []chain.Evid{{Field: "subject", Got: leaf.Cert.Subject.String(), Want: d.RequiredSubject}},
				Advice:   []chain.Advice{{Who: "CA", Text: "issue the identity for the subject that the server looks for, " + d.RequiredSubject}}})
		}
		return out
	}),
}

// withName has the identity issued with a name that the server demands: "email:a@b.example".
func withName(want string) chain.Advice {
	a := chain.Advice{Who: "CA", Text: "issue the identity with " + want + " in subjectAltName"}
	kind, value, _ := strings.Cut(want, ":")
	written, known := map[string]string{"dns": "DNS", "uri": "URI", "email": "email", "ip": "IP"}[strings.ToLower(kind)]
	if known && value != "" && !strings.ContainsAny(value, ",;#$\\\"'\n\r ") { // which mean something in an extension file
		a.Issue = &chain.Issuing{With: []string{"extendedKeyUsage=clientAuth", "subjectAltName=" + written + ":" + value}}
	}
	return a
}

// isNamed compares a subject with a text as names (RFC 5280 section 7.1). The
// text may have the RDNs in either order: RFC 4514 writes the last one first,
// `openssl x509 -subject` the first one.
func isNamed(subject x509read.Name, text string) bool {
	want, err := x509read.ParseNameText(text)
	if err != nil {
		return false
	}
	if subject.Equal5280(want) {
		return true
	}
	slices.Reverse(want.RDNs)
	return subject.Equal5280(want)
}

// names lists a certificate's subjectAltNames as kind:value.
func names(c *x509read.Certificate) []string {
	var out []string
	for _, n := range c.SubjectAltName {
		out = append(out, chain.NameText(n))
	}
	return out
}
