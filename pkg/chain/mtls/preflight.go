package mtls

import (
	"bytes"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// reason is one thing about an identity a server is likely to refuse it for.
type reason struct{ what, want, fix string }

func fixes(list []reason) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.fix)
	}
	return out
}

// preflight looks at an identity as the server's demands let it be looked at.
func preflight(c *chain.Case, o *chain.Observation) []reason {
	var certs []*x509read.Certificate
	for _, key := range o.Presented.Sent {
		if cert, err := x509read.Parse(c.Capture.Blobs[key]); err == nil {
			certs = append(certs, cert)
		}
	}
	if len(certs) == 0 {
		return nil
	}
	var out []reason
	leaf := certs[0]
	if t := c.Question.Time; t.After(leaf.NotAfter) || t.Before(leaf.NotBefore) {
		out = append(out, reason{"the identity is valid from " + leaf.NotBefore.Format(time.RFC3339) + " to " + leaf.NotAfter.Format(time.RFC3339),
			"valid at " + t.UTC().Format(time.RFC3339), "have the CA issue the identity again"})
	}
	if !AllowsClient(leaf) {
		out = append(out, reason{"its extended key usage lacks clientAuth", "clientAuth, anyExtendedKeyUsage, or no such extension",
			"have the CA issue the identity with clientAuth"})
	}
	if d := o.ClientAuth; d != nil && len(d.Authorities) > 0 {
		switch reach(certs, d.Authorities) {
		case reachForeign:
			out = append(out, reason{"issuer " + certs[len(certs)-1].Issuer.String() + " is not among the acceptable CAs", authorities(d),
				"use an identity issued under one of the server's acceptable CAs, or have the server trust its CA"})
		case reachGap:
			out = append(out, reason{"issuer " + leaf.Issuer.String() + " is not among the acceptable CAs, and no intermediate was sent", authorities(d),
				"send the intermediates with the identity (URLCredential's certificates, the chain in the .p12 or PEM), or use one issued under an acceptable CA"})
		}
	}
	if len(certs) == 1 && leaf.Issuer.Key() != leaf.Subject.Key() && len(out) == 0 {
		out = append(out, reason{"only item 0 was sent", "item 0 and its intermediates", "send the intermediates with the identity"})
	}
	return out
}

// AllowsClient reports whether a certificate's extended key usage lets it be a
// client identity: absent, any, or clientAuth (apple: M-01).
func AllowsClient(c *x509read.Certificate) bool {
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

// reach says whether the certificates sent lead to one of the announced CA names.
func reach(certs []*x509read.Certificate, authorities [][]byte) reached {
	issuer := certs[0].Issuer
	for range certs {
		if announced(issuer, authorities) {
			return reachYes
		}
		next := false
		for _, c := range certs[1:] {
			if c.Subject.Equal5280(issuer) && !c.Subject.Equal5280(c.Issuer) {
				issuer, next = c.Issuer, true
				break
			}
		}
		if !next {
			break
		}
	}
	if announced(issuer, authorities) {
		return reachYes
	}
	if len(certs) == 1 {
		return reachGap
	}
	return reachForeign
}

func announced(n x509read.Name, authorities [][]byte) bool {
	for _, raw := range authorities {
		if bytes.Equal(raw, n.Raw) {
			return true
		}
		if a, _ := x509read.ParseName(raw); a.Equal5280(n) {
			return true
		}
	}
	return false
}
