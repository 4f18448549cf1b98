package mtls

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(noClientAuth)

var noClientAuth = &chain.Rule{
	ID: "identity-no-client-auth", Level: chain.LevelX509,
	Title: "a server certificate is used as a client identity",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.12"},
		{Doc: "Chrome Root Program 1.8", Section: "A-04", Confidence: chain.ConfidenceField}},
	Explain:   "Public CAs have stopped putting clientAuth into server certificates, so that a renewed certificate no longer works where it served both sides of server-to-server mutual TLS. The server that checks it refuses the identity although nothing else changed.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue client identities from a private CA with extendedKeyUsage=clientAuth; the administrator of the server they go to trusts that CA", Config: chain.ClientCAs()}},
	Apple:     chain.AppleError{Class: chain.ClassUsage, Sec: -67609},
	InsteadOf: []string{"apple-eku", "basic-eku"},
	Needs:     isClient,
	Check: chain.PerLeaf(func(c *chain.Case, leaf *chain.Item) []chain.Hit {
		if allowsClient(leaf.Cert) {
			return nil
		}
		server := false
		var names []string
		for _, e := range leaf.Cert.ExtKeyUsage {
			server = server || e == x509read.OIDServerAuth
			names = append(names, e.Name())
		}
		if !server {
			return nil
		}
		h := chain.Hit{Item: leaf, Message: "{item} is a server certificate: its extended key usage lacks clientAuth",
			Evidence: []chain.Evid{{Field: "extendedKeyUsage", Got: strings.Join(names, ", "), Want: "clientAuth"}},
		}
		if c.Capture.Identity != nil {
			h.Advice = []chain.Advice{{Who: "whoever made the identity", Text: "judge a server's as one with --purpose server"},
				{Who: "CA", Text: "a client's: issue it from a private CA with extendedKeyUsage=clientAuth"}}
		}
		h.Try(chain.RepairReissue(leaf, func(x *x509read.Certificate) {
			x.ExtKeyUsage = append(append([]x509read.OID(nil), x.ExtKeyUsage...), x509read.OIDClientAuth)
		}), "")
		return []chain.Hit{h}
	}),
}
