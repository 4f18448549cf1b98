package reach

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(serverName)

var serverName = &chain.Rule{
	ID: "reach-server-name", Level: chain.LevelATS, Severity: chain.Warning, Otherwise: chain.LevelX509,
	Title:     "the server refuses the server_name it is asked for",
	Sources:   []chain.Source{{Doc: "RFC 6066", Section: "section 3"}, {Doc: "RFC 8446", Section: "section 6.2, alert 112"}},
	Explain:   "A client says in its first message which host it wants (server_name, SNI), so that one address can serve many. This server has no such host and ends the handshake; the certificates judged here are those of its default host, which it shows to clients that name none. Apps always name the host of the URL, so none of them connects.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "serve that name, in the server block that has its certificate", Config: []string{chain.Nginx + "server_name www.example.com;", chain.Apache + "ServerName www.example.com"}}},
	Apple:     chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9802},
	InsteadOf: []string{"ats-handshake"},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		var refused, nameless *chain.Observation
		for _, o := range handshakes(c) {
			if len(o.Sent) > 0 || o.ServerName == "" {
				return nil
			}
			if o.Outcome.Alert != nil && *o.Outcome.Alert == tlsname.UnrecognizedName {
				refused = o
			}
		}
		for i := range c.Capture.Observations {
			if o := &c.Capture.Observations[i]; o.Transport == chain.TransportTLS && o.ServerName == "" && len(o.Sent) > 0 {
				nameless = o
			}
		}
		if refused == nil || nameless == nil {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("the server knows no server_name %q and shows its certificates only to a client that sends none", refused.ServerName),
			Evidence: []chain.Evid{{Field: "with server_name " + refused.ServerName, Got: refused.Outcome.Error, Want: "certificates, as without it (" + nameless.Outcome.Version + ")"}},
			Advice: []chain.Advice{{Who: "server administrator", Text: "serve that name, in the server block that has its certificate; or judge a host that it serves, with --name or --servername",
				Config: []string{chain.Nginx + "server_name " + refused.ServerName + ";", chain.Apache + "ServerName " + refused.ServerName}}},
			Apple: chain.HandshakeError(&refused.Outcome)}}
	}),
}
