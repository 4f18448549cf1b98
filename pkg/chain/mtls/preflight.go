package mtls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// reason is one thing about an identity a server is likely to refuse it for.
type reason struct {
	what, want string
	advice     []chain.Advice
}

// likely prints reasons as evidence.
func likely(list []reason) []chain.Evid {
	var out []chain.Evid
	for _, r := range list {
		out = append(out, chain.Evid{Field: "likely reason", Got: r.what, Want: r.want})
	}
	return out
}

// steps lists what to do about reasons, each once.
func steps(list []reason) []chain.Advice {
	var out []chain.Advice
	for _, r := range list {
		for _, a := range r.advice {
			if !slices.ContainsFunc(out, func(x chain.Advice) bool { return x.Who == a.Who && x.Text == a.Text }) {
				out = append(out, a)
			}
		}
	}
	return out
}

// preflightKey remembers the preflight of an observation.
type preflightKey struct{ o *chain.Observation }

// preflight looks at the identity of an attempt the way the server does: by the
// CAs it announces, and by the same trust evaluation a file would get.
func preflight(c *chain.Case, o *chain.Observation) []reason {
	return c.Once(preflightKey{o}, func() any { return findReasons(c, o) }).([]reason)
}

func findReasons(c *chain.Case, o *chain.Observation) []reason {
	list := identityOf(o.Presented)
	var certs []*x509read.Certificate
	for _, key := range list {
		if cert, err := x509read.Parse(c.Capture.Blobs[key]); err == nil {
			certs = append(certs, cert)
		}
	}
	if len(certs) == 0 {
		return nil
	}
	var names announced
	if o.ClientAuth != nil {
		names = announcedBy(o.ClientAuth.Authorities)
	}
	out := unannounced(certs, o.ClientAuth, names)
	anchors := clientAnchors(c, certs, names)
	r := c.JudgeClient(list, anchors)
	if r != nil {
		var without []string
		if anchors.Len() == 0 || len(out) > 0 {
			without = endOfChain
		}
		out = append(out, judged(r, without)...)
	}
	leaf := certs[0]
	if len(out) == 0 && len(certs) == 1 && leaf.Issuer.Key() != leaf.Subject.Key() {
		out = append(out, reason{"only item 0 was sent", "item 0 and its intermediates", []chain.Advice{{Who: "app developer", Text: "send the intermediates with the identity"}}})
	}
	if r != nil && len(out) == 0 {
		out = deep(c, r, o.Presented.Alert)
	}
	return out
}

// unannounced compares the names with the CAs the server announces.
func unannounced(certs []*x509read.Certificate, d *chain.ClientAuthDemand, names announced) []reason {
	if len(names) == 0 {
		return nil
	}
	switch reach(certs, names) {
	case reachForeign:
		return []reason{{"issuer " + certs[len(certs)-1].Issuer.String() + " is not among the acceptable CAs", authorities(d),
			[]chain.Advice{{Who: "app developer", Text: "use an identity issued under one of the server's acceptable CAs"},
				{Who: "server administrator", Text: "or trust its CA (nginx: ssl_client_certificate, Apache: SSLCACertificateFile)"}}}}
	case reachGap:
		return []reason{{"issuer " + certs[0].Issuer.String() + " is not among the acceptable CAs, and no intermediate was sent", authorities(d),
			[]chain.Advice{{Who: "app developer", Text: "send the intermediates with the identity (URLCredential's certificates, the chain in the .p12 or PEM), or use one issued under an acceptable CA"}}}}
	}
	return nil
}

// clientAnchors are the CAs the server ends a client's chain at, as far as that
// is known: those of its policy, else what is at hand of the CAs it announces –
// what the user trusts first, then what was sent. It may be empty.
func clientAnchors(c *chain.Case, certs []*x509read.Certificate, names announced) *chain.Anchors {
	if c.Question.ServerDemands.NamesCAs() {
		return c.Question.ServerDemands.Anchors()
	}
	var list []*chain.Anchor
	trusted := announced{}
	for _, a := range c.Anchors.Given() {
		if names[a.SubjectKey()] {
			list = append(list, chain.NewAnchor(a.DER, chain.Installed, a.Origin))
			trusted[a.SubjectKey()] = true
		}
	}
	for _, cert := range certs[1:] {
		// A CA below another announced one need not be where the chain ends.
		top := cert.Subject.Key() == cert.Issuer.Key() || !names.has(cert.Issuer)
		if names.has(cert.Subject) && !trusted.has(cert.Subject) && top {
			list = append(list, chain.NewAnchor(cert.Raw, chain.Installed, "sent with the identity"))
		}
	}
	return chain.NewAnchors(chain.StoreInfo{Name: "none"}, list...)
}

// endOfChain are the rules about where a chain ends, which depend on the anchors known.
var endOfChain = []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "basic-self-signed", "mtls-partial-chain"}

// judged takes the reasons out of a trust evaluation, but for those of some rules.
func judged(r *chain.Report, without []string) []reason {
	var out []reason
	for i := range r.Findings {
		f := &r.Findings[i]
		counts := f.Severity == chain.Error || f.Rule == "mtls-partial-chain" || f.Rule == "mtls-security-level"
		if f.Status != chain.Broken || !counts || slices.Contains(without, f.Rule) {
			continue
		}
		x := reason{what: f.Message, want: "an identity that passes trust evaluation for purpose client"}
		for _, a := range f.Advice {
			x.advice = append(x.advice, chain.Advice{Who: a.Who, Text: a.Text, Commands: a.Commands})
		}
		if f.Item != nil && r.Items[*f.Item].Origin == chain.OriginFile && !strings.Contains(f.Message, "item ") {
			x.what = fmt.Sprintf("item %d: %s", *f.Item, f.Message)
		}
		x.what += " [" + f.Rule + "]"
		if !strings.HasPrefix(f.Rule, "mtls-") && !strings.HasPrefix(f.Rule, "identity-") { // whose advice is to servers
			x.advice = []chain.Advice{{Who: "CA", Text: "issue the identity again, so that it passes `chainspect identity`"}}
		}
		if len(f.Evidence) > 0 && f.Evidence[0].Want != "" {
			x.want = f.Evidence[0].Want
		}
		out = append(out, x)
	}
	return out
}

// unfit is what trust evaluation has against an identity that the server took:
// where the chain ends is its own affair, unless its policy says so.
func unfit(c *chain.Case, o *chain.Observation) []reason {
	without, anchors := append([]string{"mtls-security-level"}, endOfChain...), chain.NewAnchors(chain.StoreInfo{Name: "none"})
	if d := c.Question.ServerDemands; d.NamesCAs() {
		without, anchors = []string{"mtls-security-level", "mtls-partial-chain"}, d.Anchors()
	}
	r := c.JudgeClient(identityOf(o.Presented), anchors)
	if r == nil {
		return nil
	}
	return judged(r, without)
}

// deep tells of a chain longer than nginx, or by its alert Apache, takes where
// nothing is set, unless the policy says what the limit is.
func deep(c *chain.Case, r *chain.Report, alert *tlsname.Alert) []reason {
	if len(r.Paths) == 0 || c.Question.ServerDemands != nil && c.Question.ServerDemands.MaxDepth >= 0 {
		return nil
	}
	n, allowed := between(len(r.Paths[0].Items), r.Paths[0].End), 1
	if alert != nil && *alert == tlsname.InternalError { // mod_ssl's answer to a chain too long
		allowed = 0
	}
	if n <= allowed {
		return nil
	}
	return []reason{{certificates(n) + " between item 0 and the trusted anchor", "1 for nginx (ssl_verify_depth), 0 for Apache (SSLVerifyDepth), where nothing is set; more where the limit is raised", []chain.Advice{raiseDepth(n)}}}
}

// AllowsClient reports whether a certificate's extended key usage lets it be a
// client identity: absent, any, or clientAuth (apple: M-01).
func AllowsClient(c *x509read.Certificate) bool {
	if c.ExtKeyUsage == nil {
		return true
	}
	for _, e := range c.ExtKeyUsage {
		if e == x509read.OIDClientAuth || e == x509read.OIDAnyExtKeyUsage {
			return true
		}
	}
	return false
}
