package ats

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// judged reports whether App Transport Security has a say for the case at all:
// a server, reached by URLSession or a system process over HTTPS. Input without
// a connection counts; its certificates can still break a rule.
func judged(c *chain.Case) bool { return inapplicable(c) == "" }

// inapplicable says why App Transport Security has no say; "" where it has.
func inapplicable(c *chain.Case) string {
	q := c.Question
	if q.Purpose == chain.PurposeClient {
		return "App Transport Security judges servers, not client identities"
	}
	if q.For == forNetwork {
		return fmt.Sprintf("App Transport Security covers URLSession; Network.framework and sockets have only the floor of the SDK the app is built with, here %s (TLS 1.2 from the iOS 26 and macOS 26 SDK on, TLS 1.0 before)", decision(c).floorName())
	}
	if trustAlone(c) {
		return "the job brings its own chain and anchors and no app: trust evaluation is asked for, info_plist brings App Transport Security in"
	}
	if c.Observation != nil && connected(c.Observation) {
		if p := otherProtocol(c.Observation); p != "" {
			return p + " is not HTTPS: App Transport Security covers URLSession, which does not speak it"
		}
	}
	return ""
}

// trustAlone reports a chain that came in a job, without an app's settings: the
// question of SecTrustEvaluateWithError, in which ATS has no part.
func trustAlone(c *chain.Case) bool {
	q := c.Question
	return q.AppSettings == nil && q.For != forSystem && c.Observation != nil && c.Observation.Transport == chain.TransportJob
}

// Applies says whether level 3 can be judged, and if not, why (design: level
// verdicts). Without a connection it cannot, unless one of its own rules about
// certificates is broken: then the engine keeps that failure.
func Applies(c *chain.Case) (bool, string) {
	if why := inapplicable(c); why != "" {
		return false, why
	}
	if c.Observation == nil || !connected(c.Observation) {
		return false, "App Transport Security judges a connection, and none was made"
	}
	return true, ""
}

// Required reports whether ATS is required for the case's host: trust failures
// then show as -1200/-9802, otherwise as -1202/-9807 (apple: ATS-07).
func Required(c *chain.Case) bool {
	return c.Question.Purpose != chain.PurposeClient && c.Question.For != forNetwork && decision(c).Required
}

// Reason says in a few words what the level's verdict rests on:
// "TLS 1.3, for URLSession".
func Reason(c *chain.Case) string {
	who := "for URLSession"
	switch c.Question.For {
	case forSystem:
		who = "for system processes"
	case forWebView:
		who = "for web views"
	}
	if c.Observation == nil {
		return who
	}
	d := decision(c)
	if clearText(c) {
		return "clear text allowed, " + who
	}
	s := serverOf(c)
	text := c.Observation.Outcome.Version
	if got, o := s.answers(d); got == accepts {
		text = o.Outcome.Version
	}
	switch {
	case text == "":
		text = who
	default:
		text += ", " + who
	}
	switch d.Basis {
	case basisLocal:
		text += ", local host"
	case basisArbitrary:
		text += ", App Transport Security off"
	case basisException, basisBuiltin:
		text += ", with an exception"
	}
	return text
}

// Annotate adds level 3's own part to a report: the smallest exception that lets
// a refused connection through.
func Annotate(c *chain.Case, r *chain.Report) {
	if ok, _ := Applies(c); !ok {
		return
	}
	out := &chain.ATSReport{}
	if f := neededException(c); f.ok {
		out.Exception = &f.exception
	}
	r.ATS = out
}

// AnnotateRows adds nscurl's sixteen rows where the observations tell them all,
// or every version was asked for by itself. It comes after Annotate.
func AnnotateRows(c *chain.Case, r *chain.Report) {
	if r.ATS == nil || clearText(c) || c.Question.For == forSystem {
		return
	}
	if rows, known := nscurlRows(c); known || askedSingly(c) {
		r.ATS.Rows = rows
	}
}

// askedSingly reports whether the probe asked for each version by itself, as it
// does when the table of nscurl is wanted.
func askedSingly(c *chain.Case) bool {
	for i := range c.Capture.Observations {
		if tlsname.BaseHello(c.Capture.Observations[i].Hello) == tlsname.HelloOnly12 {
			return true
		}
	}
	return false
}

// connected reports whether the observation is a connection, not a file.
func connected(o *chain.Observation) bool { return !o.Transport.Given() }

// otherProtocol names the protocol of a connection that is not HTTPS by nature; "": HTTPS.
func otherProtocol(o *chain.Observation) string {
	if o.StartTLS != "" {
		return strings.ToUpper(o.StartTLS) + " with STARTTLS"
	}
	switch o.Scheme {
	case "https", "http", "wss", "ws":
		return ""
	case "":
	default:
		return strings.ToUpper(o.Scheme)
	}
	switch o.Transport {
	case chain.TransportTLS, chain.TransportHTTP, "quic":
	default:
		return strings.ToUpper(string(o.Transport))
	}
	_, port, _ := cutPort(o.Address)
	return protocolOfPort(port)
}

func cutPort(address string) (host, port string, ok bool) {
	i := strings.LastIndexByte(address, ':')
	if i < 0 {
		return address, "", false
	}
	return address[:i], address[i+1:], true
}

// protocolOfPort names the well-known protocols that speak TLS at once without
// being HTTP (IANA Service Name and Port Number Registry).
func protocolOfPort(port string) string {
	switch port {
	case "465":
		return "SMTP"
	case "563":
		return "NNTP"
	case "636", "3269":
		return "LDAP"
	case "853":
		return "DNS over TLS"
	case "990":
		return "FTP"
	case "993":
		return "IMAP"
	case "995":
		return "POP3"
	case "5061":
		return "SIP"
	case "5223", "5270":
		return "XMPP"
	case "5671":
		return "AMQP"
	case "6697":
		return "IRC"
	case "8883":
		return "MQTT"
	}
	return ""
}

// clearText reports whether the target was given as http://, and clear text is
// what the app would speak; the chain judged is then that of the HTTPS server
// beside it.
func clearText(c *chain.Case) bool {
	if c.Capture == nil {
		return false
	}
	for i := range c.Capture.Observations {
		if c.Capture.Observations[i].Transport == chain.TransportHTTP {
			return true
		}
	}
	return false
}

// host is the reference name as the user wrote it: whether it is local is judged
// on that, never on the address connected to.
func host(q chain.Question) string {
	if q.NameKind == chain.NameDNS || q.NameKind == chain.NameIP {
		return q.Name
	}
	return ""
}

type decisionKey struct{}

// decision is decideFor for the case, once.
func decision(c *chain.Case) requirement {
	return chain.Once(c, decisionKey{}, func() requirement { return decisionFor(c, c.Question) })
}

// decisionFor is decideFor for the case and a question; system processes have no
// Info.plist, and Network.framework reads nothing of it but the SDK. A host that
// may be local or not is judged both ways: where both give the same answer that is
// the answer, else nothing is asked, and what would be asked of a host that is not
// local is kept beside it (rule ats-local-unknown).
func decisionFor(c *chain.Case, q chain.Question) requirement {
	switch q.For {
	case forSystem:
		return decideFor(nil, "", q.Platform)
	case forNetwork:
		return requirement{Basis: basisProcess, Why: "Network.framework", HTTP: true,
			Floor: processFloor(q.AppSettings, q.Platform), Suites: tlsname.DefaultSuites()}
	}
	decide := func(direct bool) requirement {
		return decide(q.AppSettings, host(q), q.Platform, direct, q.For == forWebView)
	}
	direct := localityOf(q.AppSettings, host(q), q.Platform, clearText(c))
	if direct != perhaps {
		return decide(direct == local)
	}
	strict, loose := decide(false), decide(true)
	if c.Observation == nil || !connected(c.Observation) || shortfall(c, strict) == "" || shortfall(c, loose) != "" {
		return strict
	}
	loose.Basis, loose.Else = basisEither, &strict
	loose.Why = host(q) + " may be a local host"
	return loose
}

// shortfall says in a few words why a connection fails level 3 under a decision; "": it does not.
func shortfall(c *chain.Case, d requirement) string {
	if clearText(c) {
		if d.HTTP {
			return ""
		}
		return "clear text"
	}
	f := compare(c, serverOf(c), d)
	switch {
	case f.version != nil:
		return f.version.Outcome.Version + ", below the floor of " + d.floorName()
	case f.forward != nil:
		return "no forward secrecy, " + f.forward.Outcome.Suite
	case f.cipher != nil:
		return f.cipher.Outcome.Suite + ", which is on no list"
	case f.group != nil:
		return "a group that is not offered, " + f.group.Outcome.Group
	case f.signature != nil:
		return "a signature of the handshake that is not offered"
	case f.niap != nil:
		return f.niap.Outcome.Suite + ", which " + niapFCP + " does not allow"
	case f.keyless != nil:
		return "no certificate to trust"
	case f.handshake != nil:
		return "a handshake that comes to nothing"
	case f.unseen:
		return "no handshake with its hello was seen to end"
	case d.Required && c.DefaultTrust == chain.Untrusted && c.AppTrust == chain.Trusted:
		return "trust by an anchor that the app adds itself"
	case d.Strength && belowMinimum(c):
		return "a key or a hash of the chain below its minimum"
	}
	return ""
}

// Values of chain.Question.For; the empty text is URLSession.
const (
	forWebView = "webview"
	forNetwork = "network"
	forSystem  = "system"
)
