package basic

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(knownIssuerRule)

var knownIssuerRule = &chain.Rule{
	ID:    "basic-known-issuer",
	Level: chain.LevelX509,
	Title: "the issuer is known, and no device is meant to trust it",
	Sources: []chain.Source{
		{Doc: "Cloudflare", Section: "Origin CA certificates"},
		{Doc: "Let's Encrypt", Section: "Staging Environment"},
	},
	Explain: "Some CAs are made for one purpose and are trusted by nobody else: Cloudflare's Origin CA by Cloudflare's own servers, Let's Encrypt's staging CA by test programs, the default certificates of ingress controllers and hosting panels by none, and a TLS inspection product's CA by the devices of its network. " +
		"Their root is not missing on the device, it does not belong there: the server shows the wrong certificate, or is reached in a way it is not meant for.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "show the certificate that is meant for clients, from a CA that the platform trusts"}},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	InsteadOf: []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "basic-self-signed"},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if p.End != chain.SelfSigned && p.End != chain.NoIssuer || clientIdentity(c) {
			return nil
		}
		for _, it := range p.Items {
			if k := knownIssuer(it.Cert.Issuer); k.name != "" {
				return []chain.Hit{{Item: p.Last(), Message: fmt.Sprintf("the chain up to {item} is of %s, %s", k.name, k.trust),
					Evidence: []chain.Evid{{Field: "issuer", Got: it.Cert.Issuer.String(), Want: "a CA that the clients trust"}},
					Advice:   []chain.Advice{{Who: "server administrator", Text: k.advice}}}}
			}
		}
		return nil
	}),
}

// A known is an issuer that is told by its name.
type known struct {
	word   string // in a common name, an organisation or a unit, lower case
	name   string
	trust  string
	advice string
}

// knownIssuer finds what is known of an issuer; its name is "" where nothing is.
func knownIssuer(n x509read.Name) known {
	const staging = "issue {item} again from the production service (certbot: without --test-cert and --staging; the directory is https://acme-v02.api.letsencrypt.org/directory)"
	text := strings.ToLower(strings.Join(n.All(x509read.OIDCommonName), " ") + " " + strings.Join(n.All(x509read.OIDOrganization), " ") +
		" " + strings.Join(n.All(x509read.OIDOrganizationalUnit), " "))
	for _, k := range [...]known{
		{"cloudflare origin", "Cloudflare's Origin CA", "which Cloudflare's own servers trust and nobody else does",
			"proxy the host through Cloudflare, so that clients see its public certificate; or, for clients that connect directly, get item 0 from a public CA"},
		{"(staging)", "Let's Encrypt's staging CA", "which is for tests of issuing and is in no trust store", staging},
		{"fake le ", "Let's Encrypt's former staging CA", "which is for tests of issuing and is in no trust store", staging},
		{"pebble root ca", "Pebble, a test server for ACME", "whose root is a new one with every start", staging},
		{"pebble intermediate ca", "Pebble, a test server for ACME", "whose root is a new one with every start", staging},
		{"kubernetes ingress controller fake certificate", "ingress-nginx itself", "which shows it where no certificate is configured for the host",
			"give the Ingress a tls entry with this host and a secret that holds its certificate and key, in the same namespace"},
		{"traefik default cert", "Traefik itself", "which shows it where no certificate is configured for the host",
			"configure a certificate or a certificate resolver for this host's router"},
	} {
		if strings.Contains(text, k.word) {
			return k
		}
	}
	if product := inspector(n); product != "" {
		return known{name: product, trust: "which inspects TLS traffic: it is not the server's own certificate",
			advice: "nothing on the server: compare with what another network sees; the network's administrator exempts the host from inspection, or manages the devices that trust the product"}
	}
	return known{}
}
