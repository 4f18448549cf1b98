package mtls

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(&chain.Rule{
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
})

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
	h := chain.Hit{Identity: new(int), Message: fmt.Sprintf("the server refused the identity %s (%s)", refusedOver(first.Presented), sentAs(first.Presented)), Apple: rejection(first.Presented)}
	if first.Presented.Version != now[0].Presented.Version {
		h.Message = fmt.Sprintf("the server refused the identity %s in %s (%s), and %s", refusedOver(first.Presented), first.Presented.Version, sentAs(first.Presented), without(now[0].Presented))
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
		as := strings.Join(taken, ", ")
		h.AtMost = chain.Warning
		h.Message = fmt.Sprintf("the server refused the identity %s (%s), and takes it sent as %s", refusedOver(first.Presented), sentAs(first.Presented), as)
		h.Advise("app developer", "send the identity as "+as+": put the intermediates into the .p12 or PEM file, and give them to URLCredential's certificates")
	}
	reasons := preflight(c, first)
	if len(reasons) > 0 && len(taken) == 0 {
		who := ""
		if certs := certificatesOf(c, first.Presented); len(certs) > 0 {
			who = " " + certs[0].Subject.Short()
		}
		h.Short = fmt.Sprintf("the server refused the identity%s: %s", who, cmp.Or(reasons[0].short, reasons[0].what))
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
	got := "its dates, extended key usage, key and signatures"
	var want []string
	if o.ClientAuth != nil && len(o.ClientAuth.Authorities) > 0 {
		got += ", and that it leads to a CA of a name the server announces"
	} else if last := certs[len(certs)-1]; !excludes(o.Presented, causeChain) && !selfIssued(last) {
		want = append(want, "a server that trusts "+last.Issuer.Short())
	}
	if !excludes(o.Presented, causePolicy) {
		want = append(want, "a list of the server's own that has it")
	}
	if !excludes(o.Presented, causeOldCRL) {
		want = append(want, "a CRL of today at the server, where it reads one")
	}
	left := strings.Join(append(want, "what the server's log says of the moment: it is final"), ", or ")
	if len(pre.excluded) == 0 {
		return []chain.Evid{{Field: checked, Got: got, Want: left}}
	}
	list := []chain.Evid{{Field: "likely reason", Got: "one of the server's own: what is wrong with the identity gets another answer", Want: left}}
	for _, x := range pre.excluded {
		list = append(list, chain.Evid{Field: "not the reason", Got: x.what, Want: x.want})
	}
	return list
}

const checked = "in order"

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
	h := chain.Hit{AtMost: chain.Warning, Message: fmt.Sprintf("in %s the server refused the identity %s, and %s", p.Version, refusedOver(p), without(now[0].Presented)),
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

func refusedOver(p *chain.Presented) string {
	if p.Over == chain.OverHTTP {
		return "over HTTP"
	}
	return "over TLS"
}

// serverLog has a server say why it refuses an identity.
func serverLog() []string {
	return chain.Servers("error_log /var/log/nginx/error.log info;", "LogLevel ssl:info")
}
