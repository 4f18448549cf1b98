package reach

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(defaultCertificate)

var defaultCertificate = &chain.Rule{
	ID: "reach-default-certificate", Level: chain.LevelX509, Severity: chain.Note,
	Title:   "a client that names no host gets another certificate",
	Sources: []chain.Source{{Doc: "RFC 6066", Section: "section 3"}},
	Explain: "A server with many hosts has one that it shows to clients that send no server_name. Apps on Apple platforms always send one for a DNS name, so they are not concerned; old devices, scanners, health checks and whoever connects by IP address see this certificate and no other, and report an error that nobody can repeat in an app.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "where such clients matter make the host they want the default one (in Apache its VirtualHost stands first), or have them send the name",
		Config: []string{chain.Nginx + "listen 443 ssl default_server;"}}},
	Needs: func(c *chain.Case) bool { return nameless(c) != nil },
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		o := nameless(c)
		if strings.Join(o.Sent, " ") == strings.Join(c.Observation.Sent, " ") || byChance(c, o) {
			return nil
		}
		leaf, err := x509read.Parse(c.Capture.Blobs[o.Sent[0]])
		if leaf == nil || err != nil {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("without server_name the server shows the certificate of %s, with %s that of %s", leaf.Subject.Short(), c.Observation.ServerName, c.Leaf().Cert.Subject.Short()),
			Evidence: []chain.Evid{{Field: "item 0 without server_name", Got: fmt.Sprintf("SHA-256 %.16s…", o.Sent[0]), Want: fmt.Sprintf("SHA-256 %.16s…", c.Observation.Sent[0])}}}}
	}),
}

// byChance reports whether the same hello with the name got different lists from the
// same peer, too: then the name does not explain the difference.
func byChance(c *chain.Case, nameless *chain.Observation) bool {
	list := ""
	for i := range c.Capture.Observations {
		o := &c.Capture.Observations[i]
		if o.ServerName != c.Observation.ServerName || o.Hello != nameless.Hello || o.Network != nameless.Network || len(o.Sent) == 0 {
			continue
		}
		if got := strings.Join(o.Sent, " "); list == "" {
			list = got
		} else if got != list {
			return true
		}
	}
	return false
}

// nameless is an answer of the judged peer to Apple's hello without a server_name,
// where the list that is judged was asked for with one; nil: there is none.
func nameless(c *chain.Case) *chain.Observation {
	if c.Observation == nil || c.Observation.ServerName == "" || c.Leaf() == nil || c.Leaf().Err != nil {
		return nil
	}
	for i := range c.Capture.Observations {
		o := &c.Capture.Observations[i]
		if o.Transport == chain.TransportTLS && o.ServerName == "" && len(o.Sent) > 0 && likeApple(o.Hello) && samePeer(c, o) {
			return o
		}
	}
	return nil
}
