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
	short      string // for a headline; "": what
	cause      cause
	advice     []chain.Advice
}

// asEvidence prints reasons as evidence.
func asEvidence(list []reason) []chain.Evid {
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
	return preflightOf(c, o).reasons
}

// preflightResult is what a preflight came to.
type preflightResult struct {
	reasons  []reason
	excluded []reason // what is wrong with it, and not what the answer means
	judged   bool     // the identity was looked at
}

func preflightOf(c *chain.Case, o *chain.Observation) preflightResult {
	return chain.Once(c, preflightKey{o}, func() preflightResult { return findReasons(c, o) })
}

func findReasons(c *chain.Case, o *chain.Observation) preflightResult {
	list := identityOf(o.Presented)
	certs := certificatesOf(c, o.Presented)
	if len(certs) == 0 {
		return preflightResult{}
	}
	var names announced
	if o.ClientAuth != nil {
		names = announcedBy(o.ClientAuth.Authorities)
	}
	out := announcedReasons(c, certs, o.ClientAuth, names)
	anchors := clientAnchors(c, certs, names)
	r := c.JudgeClient(list, anchors)
	if r != nil {
		var without []string
		if anchors.Len() == 0 || len(out) > 0 {
			without = endOfChain
		}
		out = append(out, evaluationReasons(r, without)...)
	}
	var excluded []reason
	out = slices.DeleteFunc(out, func(x reason) bool {
		not := excludes(o.Presented, x.cause)
		if not {
			excluded = append(excluded, x)
		}
		return not
	})
	if len(out) > 0 {
		return preflightResult{reasons: out}
	}
	if len(names) == 0 && !c.Question.ServerDemands.NamesCAs() {
		out = unnamedReason(c, o.Presented, certs)
	}
	if r != nil {
		out = append(out, depthReason(c, r, o.Presented)...)
	}
	out = append(out, serverReasons(o.Presented, certs, names, anchors.Len() > 0)...)
	return preflightResult{out, excluded, r != nil}
}

func selfIssued(c *x509read.Certificate) bool { return c.Subject.Key() == c.Issuer.Key() }

// announcedReasons compares the names with the CAs the server announces.
func announcedReasons(c *chain.Case, certs []*x509read.Certificate, d *chain.ClientAuthDemand, names announced) []reason {
	if len(names) == 0 {
		return nil
	}
	missing, at := reach(certs, names)
	otherCA := []chain.Advice{{Who: "app developer", Text: "use an identity issued under one of the server's acceptable CAs"},
		{Who: "server administrator", Text: "or trust its CA", Config: chain.ClientCAs()}}
	switch at {
	case reachForeign:
		if len(certs) == 1 { // its own issuer
			return []reason{{what: "it is self-signed: only a server that lists this very certificate takes it", want: authorities(d), cause: causeChain, advice: otherCA}}
		}
		return []reason{{what: fmt.Sprintf("issuer %s is not among the acceptable CAs", missing.String()), want: authorities(d), cause: causeChain, advice: otherCA}}
	case reachGap:
		if rootOf(c, certs[len(certs)-1], missing) {
			return []reason{{what: fmt.Sprintf("it leads to the root %s, which is not among the acceptable CAs", missing), want: authorities(d), cause: causeChain, advice: otherCA}}
		}
		send := "send the intermediates with the identity (URLCredential's certificates, the chain in the .p12 or PEM), or use one issued under an acceptable CA"
		what := fmt.Sprintf("issuer %s is not among the acceptable CAs, and its certificate was not sent", missing)
		if len(certs) == 1 {
			what = fmt.Sprintf("issuer %s is not among the acceptable CAs, and no intermediate was sent", missing)
		}
		if found, where := findCertificate(c, missing); found != nil {
			if _, at := reach(append(slices.Clone(certs), found), names); at == reachYes {
				what = fmt.Sprintf("issuer %s is not among the acceptable CAs, and was not sent; %s has it, and with it the chain leads to one of them", missing, where)
				send = "send " + missing.String() + " with the identity (URLCredential's certificates, the chain in the .p12 or PEM)"
			}
		}
		return []reason{{what: what, want: authorities(d), cause: causeChain, advice: []chain.Advice{{Who: "app developer", Text: send}}}}
	}
	return nil
}

// rootOf reports whether a root of that name is here and signed the certificate: then
// the identity is whole, and more of it would not help.
func rootOf(c *chain.Case, last *x509read.Certificate, name x509read.Name) bool {
	signed := func(root *x509read.Certificate) bool {
		return root != nil && selfIssued(root) && x509read.CheckSignature(last, &root.PublicKey).Status == x509read.Verified
	}
	if found, _ := findCertificate(c, name); signed(found) {
		return true
	}
	return slices.ContainsFunc(c.Anchors.BySubject(name.Key()), func(a *chain.Anchor) bool { return signed(a.Cert()) })
}

// findCertificate finds a certificate of that subject among those the server itself sent
// and those that were given.
func findCertificate(c *chain.Case, subject x509read.Name) (found *x509read.Certificate, where string) {
	for i := range c.Capture.Observations {
		for _, key := range c.Capture.Observations[i].Sent {
			if cert, err := x509read.Parse(c.Capture.Blobs[key]); err == nil && cert.Subject.Equal5280(subject) {
				return cert, "the server's own list"
			}
		}
	}
	for i := range c.Capture.Evidence {
		e := &c.Capture.Evidence[i]
		if e.Kind != chain.EvidenceCert {
			continue
		}
		if cert, err := x509read.Parse(e.Data); err == nil && cert.Subject.Equal5280(subject) {
			return cert, e.Source
		}
	}
	return nil, ""
}

// unnamedReason is where the list that was sent ends, for a server that names no CA: it is
// not known whether it has the one above. Where the answer says nothing of that, only a list of one
// makes it likely.
func unnamedReason(c *chain.Case, p *chain.Presented, certs []*x509read.Certificate) []reason {
	unknownCA := p.Alert != nil && *p.Alert == tlsname.UnknownCA
	if !unknownCA && len(certs) > 1 || p.Status == 401 || p.Status == 403 || excludes(p, causeChain) {
		return nil
	}
	trust := chain.Advice{Who: "server administrator", Text: "trust its CA and announce it", Config: chain.ClientCAs()}
	missing, at := reach(certs, nil)
	if at == reachForeign {
		what, want := fmt.Sprintf("the server names no CA, and may not trust the root that was sent, %s", missing), "a CA the server trusts"
		if len(certs) == 1 {
			what, want = "it is self-signed: only a server that lists this very certificate takes it", "an identity of a CA the server trusts"
		}
		return []reason{{what: what, want: want, cause: causeChain, advice: []chain.Advice{trust}}}
	}
	r := reason{want: "a list that leads to a CA the server trusts", cause: causeChain}
	send := chain.Advice{Who: "app developer", Text: fmt.Sprintf("send the certificate of %s with the identity (URLCredential's certificates, the chain in the .p12 or PEM)", missing)}
	switch found, where := findCertificate(c, missing); {
	case found == nil:
		send.Text += ", if it is an intermediate"
		r.what, r.advice = fmt.Sprintf("the issuer of the last certificate sent, %s, was not sent, and the server, which names no CA, may not have it", missing), []chain.Advice{send, trust}
	case selfIssued(found):
		r.what, r.advice = fmt.Sprintf("the server names no CA, and may not trust the root above the last certificate sent, %s", missing), []chain.Advice{trust}
	default:
		r.what, r.advice = fmt.Sprintf("the intermediate above the last certificate sent, %s, was not sent; %s has it", missing, where), []chain.Advice{send}
	}
	return []reason{r}
}

// serverReasons is what an alert says where nothing is wrong with the identity: the
// fault is then the server's, and its log is final. known says that the server's CAs
// are at hand.
func serverReasons(p *chain.Presented, certs []*x509read.Certificate, names announced, known bool) []reason {
	if p.Alert == nil {
		return nil
	}
	var out []reason
	add := func(k cause, who, what, want, text string, config ...string) {
		if !excludes(p, k) {
			out = append(out, reason{what: what, want: want, cause: k, advice: []chain.Advice{{Who: who, Text: text, Config: config}}})
		}
	}
	last := certs[len(certs)-1]
	const admin = "server administrator"
	if *p.Alert == 44 {
		add(causeRevoked, "CA", "it, or a CA above it, is revoked, says the server", "an identity that is not on the server's list", "issue another identity, for a new key")
	}
	if len(certs) == 1 && names.has(last.Issuer) {
		add(causePartial, admin, "the server names the issuer and may not have the root above it: OpenSSL takes no partial chain", "a self-signed root in the file of client CAs",
			"put the root beside the intermediate into the file of client CAs", chain.ClientCAs()...)
	}
	add(causeCRL, admin, "the server may lack a CRL that it wants", "a CRL of every CA on the path",
		"give the server the CRL of every CA on the path, or let it ask for none", chain.Nginx+"ssl_crl list.pem;", chain.Apache+"SSLCARevocationFile list.pem")
	if *p.Alert == tlsname.UnknownCA && names.has(last.Issuer) && !known {
		add(causeChain, admin, fmt.Sprintf("the server may have another %s than the one that signed the last certificate sent: the same name, another key", last.Issuer.Short()), "the issuer's own certificate in the file of client CAs",
			"put the certificate of the CA that issued it into the file of client CAs", chain.ClientCAs()...)
	}
	if *p.Alert == tlsname.CertificateExpired {
		add(causeOldCRL, admin, "every certificate of it is in date: the server's CRL, or its clock, is not", "a CRL and a clock of today",
			"renew the CRL the server reads (`openssl crl -noout -nextupdate`), and look at its clock")
	}
	return out
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
		top := selfIssued(cert) || !names.has(cert.Issuer)
		if names.has(cert.Subject) && !trusted.has(cert.Subject) && top {
			list = append(list, chain.NewAnchor(cert.Raw, chain.Installed, "sent with the identity"))
		}
	}
	return chain.NewAnchors(chain.StoreInfo{Name: "none"}, list...)
}

// endOfChain are the rules about where a chain ends, which depend on the anchors known.
var endOfChain = []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "basic-self-signed", "mtls-partial-chain"}

// evaluationReasons takes the reasons out of a trust evaluation, but for those of some rules.
func evaluationReasons(r *chain.Report, without []string) []reason {
	var out []reason
	for i := range r.Findings {
		f := &r.Findings[i]
		counts := f.Severity == chain.Error || f.Rule == "mtls-partial-chain" || f.Rule == "mtls-security-level"
		if f.Status != chain.Broken || !counts || slices.Contains(without, f.Rule) {
			continue
		}
		x := reason{what: fmt.Sprintf("%s [%s]", f.Fault(), f.Rule), want: "an identity that passes trust evaluation for purpose client", short: f.Fault(), cause: causeOf(f.Rule)}
		for _, a := range f.Advice {
			x.advice = append(x.advice, chain.Advice{Who: a.Who, Text: a.Text, Commands: a.Commands, Config: a.Config})
		}
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

// unfitReasons is what trust evaluation has against an identity that the server took:
// where the chain ends is its own affair, unless its policy says so.
func unfitReasons(c *chain.Case, o *chain.Observation) []reason {
	without, anchors := append([]string{"mtls-security-level"}, endOfChain...), chain.NewAnchors(chain.StoreInfo{Name: "none"})
	if d := c.Question.ServerDemands; d.NamesCAs() {
		without, anchors = []string{"mtls-security-level", "mtls-partial-chain"}, d.Anchors()
	}
	r := c.JudgeClient(identityOf(o.Presented), anchors)
	if r == nil {
		return nil
	}
	return evaluationReasons(r, without)
}

// depthReason tells of a chain longer than nginx, or by its alert Apache, takes where
// nothing is set, unless the policy says what the limit is.
func depthReason(c *chain.Case, r *chain.Report, p *chain.Presented) []reason {
	known := c.Question.ServerDemands != nil && c.Question.ServerDemands.MaxDepth >= 0
	if len(r.Paths) == 0 || known || p.Alert == nil && p.Status != 400 || excludes(p, causeDepth) {
		return nil
	}
	n, allowed := between(len(r.Paths[0].Items), r.Paths[0].End), 1
	if p.Alert != nil && *p.Alert == tlsname.InternalError { // mod_ssl's answer to a chain too long
		allowed = 0
	}
	if n <= allowed {
		return nil
	}
	return []reason{{what: fmt.Sprintf("%s between identity item 0 and the trusted anchor", certificates(n)), want: "1 for nginx (ssl_verify_depth), 0 for Apache (SSLVerifyDepth), where nothing is set; more where the limit is raised",
		cause: causeDepth, advice: []chain.Advice{raiseDepth(n)}}}
}

// allowsClient reports whether a certificate's extended key usage lets it be a
// client identity: absent, any, or clientAuth (apple: M-01).
func allowsClient(c *x509read.Certificate) bool {
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

type reached int

const (
	reachYes     reached = iota
	reachForeign         // nothing sent leads to an announced name
	reachGap             // it might, if the intermediate had been sent
)

// announced are the names of CAs a server accepts, by x509read.Name.Key: read
// once, since the list is the server's to make long.
type announced map[string]bool

func announcedBy(authorities [][]byte) announced {
	set := announced{}
	for _, raw := range authorities {
		set[x509read.NameKey(raw)] = true
	}
	return set
}

func (a announced) has(n x509read.Name) bool { return a[n.Key()] }

// reach says whether the certificates sent lead to one of the announced CA names,
// and if not, which issuer is the first that is neither sent nor announced.
func reach(certs []*x509read.Certificate, names announced) (missing x509read.Name, at reached) {
	last := certs[0]
	for range certs {
		if names.has(last.Issuer) || names.has(last.Subject) && last != certs[0] {
			return missing, reachYes
		}
		var next *x509read.Certificate
		for _, c := range certs[1:] {
			if c != last && c.Subject.Equal5280(last.Issuer) {
				next = c
				break
			}
		}
		if next == nil || selfIssued(last) {
			break
		}
		last = next
	}
	if selfIssued(last) {
		return last.Issuer, reachForeign
	}
	return last.Issuer, reachGap
}
