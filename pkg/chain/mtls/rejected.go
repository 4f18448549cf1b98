package mtls

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(rejected)

var rejected = &chain.Rule{
	ID: "mtls-rejected", Level: chain.LevelIdentity,
	Title: "the server rejected the client identity",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 6.2"}, {Doc: "nginx", Section: "ngx_http_ssl_module, codes 495 and 496"},
		{Doc: "SecBase.h", Section: "M-06", Confidence: chain.ConfidenceSource}},
	Explain:   "The server was shown a client identity and refused it: with a TLS alert, or in TLS 1.3 and behind nginx with a page over HTTP after a handshake that looked fine. The likely reasons named here are found by looking at the identity itself; the decision is the server's, and its log is final. An app sees -1205.",
	Advice:    []chain.Advice{{Who: "app developer and server administrator", Text: "compare the identity with what the server demands, and read the server's log for the moment of the attempt", Config: serverLog()}},
	Apple:     chain.AppleError{Class: chain.ClassTLS, URL: -1205, SSL: -9825},
	InsteadOf: []string{"mtls-answer-unknown"},
	Needs:     identityShown,
	Instants:  chain.AtValidity,
	Check:     chain.PerList(checkRejected),
}

// checkRejected makes one finding of all the ways the identity was shown in. A
// way or a version the server takes beside one it refuses makes it a warning:
// it says which to use.
func checkRejected(c *chain.Case) []chain.Hit {
	now, older := attempts(c)
	refused := withFate(now, chain.FateRefused)
	before := withFate(older, chain.FateRefused)
	if len(refused)+len(before) == 0 {
		return nil
	}
	if len(refused) == 0 && silent(now) { // the older version is the only one that tells
		refused, before = before, nil
	}
	if len(refused) == 0 {
		return []chain.Hit{refusedBefore(c, now, before)}
	}
	first := refused[0]
	who, how, as := named(c, first.Presented), refusedOver(first.Presented), sentAs(first.Presented)
	h := chain.Hit{Identity: new(int), Message: fmt.Sprintf("the server refused %s %s, sent as %s", who, how, as), Apple: rejection(first.Presented)}
	newest := first.Presented.Version == now[0].Presented.Version
	if !newest {
		h.Message = fmt.Sprintf("the server refused %s %s in %s, sent as %s, and %s", who, how, first.Presented.Version, as, without(now[0].Presented))
	}
	for _, o := range append(refused, before...) {
		h.Evidence = append(h.Evidence, evidence(o, "no refusal"))
	}
	for _, o := range withFate(now, chain.FateUnknown) {
		h.Evidence = append(h.Evidence, evidence(o, "an answer"))
	}
	var taken []string
	for _, o := range withFate(now, chain.FateAccepted) {
		taken = append(taken, sentAs(o.Presented))
	}
	if len(taken) > 0 {
		better := strings.Join(taken, ", ")
		h.AtMost = chain.Warning
		h.Message = fmt.Sprintf("the server refused %s %s, sent as %s, and takes it sent as %s", who, how, as, better)
		h.Advise("app developer", fmt.Sprintf("send the identity as %s: put the intermediates into the .p12 or PEM file, and give them to URLCredential's certificates", better))
	}
	reasons := preflight(c, first)
	switch {
	case len(taken) > 0:
	case len(reasons) > 0:
		h.Short = fmt.Sprintf("the server refused %s: %s", who, cmp.Or(reasons[0].short, reasons[0].what))
	case newest:
		h.Short = fmt.Sprintf("the server refused %s %s", who, refusedWith(first.Presented))
	}
	h.Evidence = append(h.Evidence, asEvidence(reasons)...)
	switch {
	case len(taken) > 0:
	case len(reasons) > 0:
		h.Advice = steps(reasons)
	default:
		h.Evidence = append(h.Evidence, unexplained(c, first)...)
	}
	return []chain.Hit{h}
}

// unexplained says what was looked at where nothing explains the refusal, and what is left.
func unexplained(c *chain.Case, o *chain.Observation) []chain.Evid {
	pre, certs := preflightOf(c, o), certificatesOf(c, o.Presented)
	if !pre.judged {
		return nil
	}
	var list []chain.Evid
	if len(pre.excluded) == 0 {
		got := "the identity's dates, extended key usage, key and signatures are in order"
		if o.ClientAuth != nil && len(o.ClientAuth.Authorities) > 0 {
			got += ", and it leads to a CA of a name that the server announces"
		}
		list = append(list, chain.Evid{Field: checked, Got: got})
	}
	for _, x := range pre.excluded {
		list = append(list, chain.Evid{Field: "wrong, and not what this answer means", Got: x.what, Want: x.want})
	}
	var left []string
	if last := certs[len(certs)-1]; (o.ClientAuth == nil || len(o.ClientAuth.Authorities) == 0) && !excludes(o.Presented, causeChain) && !selfIssued(last) {
		left = append(left, fmt.Sprintf("no trust in %s", last.Issuer.Short()))
	}
	if !excludes(o.Presented, causePolicy) {
		left = append(left, "a list of its own that lacks this identity")
	}
	if !excludes(o.Presented, causeOldCRL) {
		left = append(left, "a CRL that is out of date")
	}
	if len(left) == 0 {
		left = []string{"nothing that can be seen from here"}
	}
	return append(list, chain.Evid{Field: whatIsLeft, Got: strings.Join(left, ", or ") + "; its log of the moment says which"})
}

// Fields of the evidence of a refusal that nothing explains.
const (
	checked    = "what was checked"
	whatIsLeft = "what the server may have against it"
)

// silent reports whether no attempt has any answer to the identity: none came, or
// it was not shown.
func silent(list []*chain.Observation) bool {
	for _, o := range list {
		if p := o.Presented; p.Fate != chain.FateUnknown || p.Status != 0 && len(p.Sent) > 0 {
			return false
		}
	}
	return true
}

// refusedBefore is about clients that speak no newer version.
func refusedBefore(c *chain.Case, now, before []*chain.Observation) chain.Hit {
	p := before[0].Presented
	h := chain.Hit{AtMost: chain.Warning, Message: fmt.Sprintf("in %s the server refused %s %s, and %s", p.Version, named(c, p), refusedOver(p), without(now[0].Presented)),
		Advice: []chain.Advice{{Who: "server administrator", Text: "ask for the identity alike in every version of TLS"}}}
	for _, o := range append(now, before...) {
		h.Evidence = append(h.Evidence, evidence(o, "no refusal"))
	}
	h.Evidence = append(h.Evidence, asEvidence(preflight(c, before[0]))...)
	return h
}

// without says what became of the identity in a version in which it was not refused.
func without(p *chain.Presented) string {
	switch {
	case p.Fate == chain.FateUnasked:
		return "in " + p.Version + " asked for none"
	case len(p.Sent) == 0:
		return "in " + p.Version + " it was not shown"
	case p.Fate == chain.FateAccepted:
		return "in " + p.Version + " did not"
	}
	return "gave no answer in " + p.Version
}

// refusedWith is the server's own answer, for a first line.
func refusedWith(p *chain.Presented) string {
	if p.Status == 0 && p.Alert == nil {
		return "and closed the connection"
	}
	return "with " + answer(p)
}

func refusedOver(p *chain.Presented) string {
	if p.Over == chain.OverHTTP {
		return "over HTTP"
	}
	return "over TLS"
}

// serverLog has a server say why it refuses an identity.
func serverLog() []string {
	return []string{chain.Nginx + "error_log /var/log/nginx/error.log info;", chain.Apache + "LogLevel ssl:info"}
}
