package inspect

import (
	"fmt"
	"net"
	"strings"

	"github.com/chainspect/chainspect/internal/dial/starttls"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// unreachable makes the one-line error of a server that showed nothing: what was
// found, where, and what to do about it. It is about the first hello, Apple's.
func unreachable(c *chain.Capture) error {
	e := &reachFailure{kind: chain.ErrorTLS, message: c.Target + ": nothing came back"}
	if len(c.Observations) == 0 {
		return e
	}
	for i := range c.Observations {
		o := c.Observations[i].Outcome
		what := o.Version + ", " + o.Suite
		x := tlsname.SuiteNamed(o.Suite).Exchange()
		if o.PreShared {
			what = "TLS 1.3, as its alert " + o.Alert.Numbered() + " to a pre-shared key shows"
		}
		if x == tlsname.PSK || x == tlsname.RSAPSK || o.PreShared {
			e.message = c.Target + ": the server speaks TLS-PSK only (" + what + "): a pre-shared key stands in for certificates, " +
				"as with local services and accessories, so there is no chain of trust to inspect; check the key on both sides, or use TLS-PKI"
			return e
		}
		if o.Version == "DTLS 1.3" {
			e.message = c.Target + ": " + o.Error + "; judge its certificates from a file, or have it speak DTLS 1.2 as well"
			return e
		}
	}
	o := &c.Observations[0]
	if kind := o.Outcome.ErrorKind; kind != "" && kind != chain.ErrorClosed {
		e.kind = kind
	}
	if asked := starttls.ByName(o.StartTLS); asked != nil && o.Outcome.ErrorKind == chain.ErrorNotTLS && o.Outcome.Stage != chain.StageConnect {
		e.message = fmt.Sprintf("%s: once %s had turned to TLS, the server %s; look into its log, and at what stands before it", c.Target, asked.Title, o.Outcome.Error)
		return e
	}
	e.message = c.Target + ": " + o.Outcome.Error + "; " + remedy(o)
	return e
}

// remedy says what to do about a server that showed no certificate.
func remedy(o *chain.Observation) string {
	switch o.Outcome.ErrorKind {
	case chain.ErrorDNS:
		if o.Outcome.NoFamily != "" {
			return "leave -" + o.Outcome.NoFamily + " out, or check the spelling"
		}
		return "check the spelling, or give the address with --connect"
	case chain.ErrorLocal:
		return "that is a limit of ours, not the server's: ask fewer at a time (--jobs), or raise the limit (ulimit -n)"
	case chain.ErrorRefused:
		if strings.HasPrefix(o.Via, unixPrefix) {
			return "check the path, and whether the server listens there"
		}
		if o.Via != "" {
			return "look at what the proxy lets through and into its log, or leave --proxy out"
		}
		return "check the port, and whether the server is running"
	case chain.ErrorTimeout:
		return "check address, port and firewall, or allow more with --timeout"
	case chain.ErrorNotTLS:
		return notTLS(o)
	case chain.ErrorClosed:
		return "check the port, and look into the server's log: it does not speak TLS there, turns this client away, or a firewall or load balancer before it does"
	}
	switch {
	case o.Outcome.Alert != nil:
		return alertRemedy(o, *o.Outcome.Alert)
	case o.Outcome.Stage == chain.StageCertificate:
		return "server administrator: give it a certificate chain and its key (nginx: ssl_certificate and ssl_certificate_key)"
	}
	return "no client can go on from there: check the port, and what answers on it"
}

// notTLS is the advice for a server that does not come to TLS.
func notTLS(o *chain.Observation) string {
	if asked := starttls.ByName(o.StartTLS); asked != nil {
		spoke := starttls.ByName(o.Outcome.Spoke)
		switch {
		case o.Outcome.Dialogue == chain.StartTLSNotOffered:
			return "server administrator: switch it on (" + asked.Enable + "); or check the port, and what --starttls says"
		case o.Outcome.Dialogue == chain.StartTLSRefused:
			return "server administrator: its log says why; where it is not set up for TLS: " + asked.Enable
		case o.Outcome.Dialogue == chain.StartTLSTurnedAway:
			return "look into the server's log, ask again later, or from a host that it lets in"
		case spoke != nil:
			return "that is " + spoke.Title + ": ask again with --starttls " + spoke.Name
		}
		return "check the port, and what --starttls says"
	}
	if spoke := starttls.ByName(o.Outcome.Spoke); spoke != nil {
		if _, port, err := net.SplitHostPort(o.Address); err == nil && spoke.Name == "smtp" && port == "21" { // FTP greets alike
			spoke = starttls.ByName("ftp")
		}
		return "this service turns to TLS later: ask again with --starttls " + spoke.Name
	}
	return "check the port: this service does not begin with TLS; where it turns to TLS later, --starttls says how"
}

// alertRemedy is the advice for an alert that answers every hello.
func alertRemedy(o *chain.Observation, alert tlsname.Alert) string {
	switch alert {
	case tlsname.UnrecognizedName:
		if o.ServerName == "" {
			return "the server wants to be told a name, which no client sends for an address: connect by name, with --name NAME here"
		}
		return fmt.Sprintf("it serves no host %q: give the name of one that it serves with --name or --servername", o.ServerName)
	case tlsname.ProtocolVersion:
		return "so it does whatever version is offered: look into the server's log; its versions may be switched off, " +
			"or its key be one that they cannot use (OpenSSL answers so when TLS 1.3 alone is on and the key is secp256k1 or Brainpool)"
	}
	advice := "so it does whatever version and suites are offered: look into the server's log; it may have no certificate, or no cipher suite with one"
	if o.ServerName != "" {
		advice += fmt.Sprintf(", or serve no host %q (--name, --servername)", o.ServerName)
	}
	return advice
}
