package mtls

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(notOfferedRule)

var notOfferedRule = &chain.Rule{
	ID: "mtls-not-offered", Level: chain.LevelIdentity,
	Title: "clients that filter by acceptable CAs will not offer it",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.2.4"},
		{Doc: "SecItemServer.c", Section: "M-04", Confidence: chain.ConfidenceSource}},
	Explain: "A server names the CAs it accepts; Safari, and an app that filters by distinguishedNames, offer only identities that lead to one of them. Where the server names just the root, the intermediate has to be in the keychain too, or the identity is never offered and the app sees -1206.",
	Advice: []chain.Advice{{Who: "app developer", Text: "import the intermediate together with the identity (put it into the .p12)", Commands: []string{"openssl pkcs12 -export -in cert.pem -inkey key.pem -certfile intermediate.pem -out identity.p12"}},
		{Who: "server administrator", Text: "or announce the intermediate's name as well", Config: []string{chain.Nginx + "ssl_client_certificate client-ca.pem;", chain.Apache + "SSLCADNRequestFile client-ca.pem"}}},
	Needs: func(c *chain.Case) bool {
		d := demands(c)
		return d != nil && len(d.AcceptableCAs) > 0 || identityShown(c)
	},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if d := demands(c); d != nil && len(d.AcceptableCAs) > 0 && c.Leaf() != nil {
			var certs []*x509read.Certificate
			for _, it := range c.Sent() {
				certs = append(certs, it.Cert)
			}
			return notOffered(c.Leaf(), certs, d.AcceptableCAs, "nothing in this file leads to a CA the server announces")
		}
		now, _ := attempts(c)
		for _, o := range withFate(now, chain.FateAccepted) {
			if o.ClientAuth == nil || len(o.ClientAuth.Authorities) == 0 {
				continue
			}
			if hits := notOffered(nil, certificatesOf(c, o.Presented), o.ClientAuth.Authorities, fmt.Sprintf("the server takes %s, and announces no CA that it leads to: Safari and apps that filter do not offer it", named(c, o.Presented))); hits != nil {
				return hits
			}
		}
		return nil
	}),
}

// notOffered is the finding where no certificate leads to an announced name.
func notOffered(leaf *chain.Item, certs []*x509read.Certificate, announces [][]byte, message string) []chain.Hit {
	if len(certs) == 0 {
		return nil
	}
	_, at := reach(certs, announcedBy(announces))
	if at == reachYes {
		return nil
	}
	h := chain.Hit{Item: leaf, AtMost: chain.Warning, Message: message,
		Evidence: []chain.Evid{{Field: "issuer", Got: certs[0].Issuer.String(), Want: authorities(&chain.ClientAuthDemand{Authorities: announces})}}}
	if at == reachForeign {
		h.Advice = []chain.Advice{{Who: "app developer", Text: "use an identity issued under one of the CAs the server announces"},
			{Who: "server administrator", Text: "or trust and announce this identity's CA", Config: chain.ClientCAs()}}
	}
	return []chain.Hit{h}
}

// certificatesOf reads the certificates of the identity given in an attempt.
func certificatesOf(c *chain.Case, p *chain.Presented) []*x509read.Certificate {
	var out []*x509read.Certificate
	for _, key := range identityOf(p) {
		if cert, err := x509read.Parse(c.Capture.Blobs[key]); err == nil {
			out = append(out, cert)
		}
	}
	return out
}
