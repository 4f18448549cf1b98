package revocation

import (
	"bytes"
	"crypto"
	"fmt"
	"slices"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// reply is one OCSP response of the capture.
type reply struct {
	*OCSP
	source string
	url    string // where it was fetched; "" it was not
	item   int    // number of the item it was stapled to; -1: it was given or fetched
	err    error
	use    usage
}

// from is how the response came.
func (r *reply) from() string {
	switch {
	case r.item >= 0:
		return "stapled"
	case r.url != "":
		return "fetched-ocsp"
	}
	return "given"
}

// readReplies reads stapled responses – every certificate of the list may have
// one (apple: R-08) – and those of the evidence.
func (b *book) readReplies() {
	add := func(der []byte, source, url string, item int) {
		if len(b.replies) < maxLists {
			r := &reply{source: source, url: url, item: item}
			r.OCSP, r.err = ParseOCSP(der)
			b.replies = append(b.replies, r)
		}
	}
	if obs := b.c.Observation; obs != nil {
		numbers := make([]int, 0, len(obs.Staples))
		for n := range obs.Staples {
			numbers = append(numbers, n)
		}
		slices.Sort(numbers)
		for _, n := range numbers {
			add(obs.Staples[n], "the stapled OCSP response", "", n)
		}
	}
	for i := range b.c.Capture.Evidence {
		if e := &b.c.Capture.Evidence[i]; e.Kind == chain.EvidenceOCSP && e.Error == "" {
			url := ""
			if e.Origin == string(chain.OriginFetched) {
				url = e.Source
			}
			add(e.Data, "the OCSP response of "+e.Source, url, -1)
		}
	}
}

// byReplies determines the status by OCSP responses (RFC 6960 section 3.2).
func (b *book) byReplies(it, issuer *chain.Item) answer {
	var a answer
	other := "" // why an answer that was meant for it is about something else
	for _, r := range b.replies {
		s, why := r.about(it.Cert, issuer.Cert)
		if s == nil {
			if r.item == it.Index || r.url != "" && names(it.Cert, x509read.OIDAccessOCSP, r.url) {
				other = r.source + " " + why
			}
			continue
		}
		if why := r.usable(s, issuer.Cert, b.c.Question.Time); why != "" {
			r.use.ignored(why)
			if a.why == "" {
				a.why = r.source + " " + why
			}
			continue
		}
		r.use.counted = true
		switch s.Status {
		case 1:
			return answer{state: revoked, reason: s.Reason, date: s.RevokedAt, from: r.from(), source: r.source}
		case 0:
			a = answer{state: good, source: r.source}
		}
	}
	if a.state == undetermined && a.why == "" {
		a.why = other
	}
	return a
}

// about finds the answer for a certificate under an issuer: hashes of the
// issuer's name and key, and the serial number (RFC 6960 section 4.1.1).
func (r *reply) about(cert, issuer *x509read.Certificate) (*Single, string) {
	if r.err != nil {
		return nil, "cannot be used: " + r.err.Error()
	}
	for i := range r.Singles {
		s := &r.Singles[i]
		if s.Hash != 0 && sameSerial(s.Serial, cert.Serial) &&
			bytes.Equal(s.IssuerName, hashOf(s.Hash, cert.Issuer.Raw)) && bytes.Equal(s.IssuerKey, hashOf(s.Hash, issuer.PublicKey.Key)) {
			return s, ""
		}
	}
	return nil, "is about another certificate"
}

func hashOf(h crypto.Hash, data []byte) []byte {
	w := h.New()
	w.Write(data)
	return w.Sum(nil)
}

// usable says why an answer does not count; "" where it does. A revocation does
// not lapse with nextUpdate.
func (r *reply) usable(s *Single, issuer *x509read.Certificate, t time.Time) string {
	if len(r.Critical) > 0 || s.CriticalExtensions {
		return "has a critical extension that is not known"
	}
	if why := r.responder(issuer, t); why != "" {
		return why
	}
	switch {
	case s.Status == 2:
		return "says that the responder does not know the certificate"
	case s.Status == 1:
		return ""
	case t.Before(s.ThisUpdate):
		return fmt.Sprintf("holds from %s on", chain.Instant(s.ThisUpdate))
	case !s.NextUpdate.IsZero() && t.After(s.NextUpdate):
		return fmt.Sprintf("ran out on %s", chain.Instant(s.NextUpdate))
	}
	return ""
}

// responder says why the signer may not answer for the issuer: it has to be the
// issuer itself, or a certificate the issuer signed for OCSPSigning, which is no
// CA and may make signatures (RFC 6960 section 4.2.2.2; apple: R-07).
func (r *reply) responder(issuer *x509read.Certificate, t time.Time) string {
	signed := func(key *x509read.PublicKey) bool {
		return x509read.CheckSignatureOver(r.Algorithm, r.Signed, r.Signature, key).Status == x509read.Verified
	}
	if r.is(issuer) && signed(&issuer.PublicKey) {
		return ""
	}
	why := "is not signed by the issuer or a responder it named"
	for _, c := range r.Certificates {
		if !r.is(c) || !signed(&c.PublicKey) {
			continue
		}
		switch {
		case !c.Issuer.Equal5280(issuer.Subject) || x509read.CheckSignature(c, &issuer.PublicKey).Status != x509read.Verified:
			why = "is signed by a responder that the issuer did not sign"
		case !slices.Contains(c.ExtKeyUsage, x509read.OIDOCSPSigning):
			why = "is signed by a certificate without the purpose OCSPSigning"
		case c.IsCA():
			why = "is signed by a CA other than the issuer"
		case c.KeyUsage != nil && c.KeyUsage.Bits&x509read.DigitalSignature == 0:
			why = "is signed by a certificate whose keyUsage lacks digitalSignature"
		case t.Before(c.NotBefore) || t.After(c.NotAfter):
			why = fmt.Sprintf("is signed by a responder whose certificate ran out on %s", chain.Instant(c.NotAfter))
		default:
			return ""
		}
	}
	return why
}

// is reports whether a certificate is the responder the response names.
func (r *reply) is(c *x509read.Certificate) bool {
	if r.Responder != nil {
		return c.Subject.Equal5280(*r.Responder)
	}
	return bytes.Equal(r.ResponderKey, hashOf(crypto.SHA1, c.PublicKey.Key))
}

// noReply says why there is no evidence about a certificate at all: what was asked
// gave no answer, there is nobody to ask, or nobody was asked.
func (b *book) noReply(it *chain.Item) string {
	for i := range b.c.Capture.Evidence {
		e := &b.c.Capture.Evidence[i]
		if e.Error == "" || e.Kind != chain.EvidenceOCSP && e.Kind != chain.EvidenceCRL {
			continue
		}
		if names(it.Cert, x509read.OIDAccessOCSP, e.Source) || lists(it.Cert, e.Source) {
			return e.Source + ": " + e.Error
		}
	}
	if !reachable(it.Cert) {
		return "no CRL and no OCSP response here is about it, and it names nobody to ask"
	}
	return "no CRL and no OCSP response here is about it"
}

// names reports whether a certificate has an address in authorityInfoAccess.
func names(cert *x509read.Certificate, method x509read.OID, address string) bool {
	return slices.ContainsFunc(cert.AuthorityInfo, func(a x509read.AccessDescription) bool {
		return a.Method == method && a.Location.Tag == x509read.TagURI && a.Location.Text() == address
	})
}

// lists reports whether a certificate has an address among its distribution points.
func lists(cert *x509read.Certificate, address string) bool {
	for _, points := range [][]x509read.DistributionPoint{cert.CRLDistribution, cert.FreshestCRL} {
		for _, p := range points {
			for _, g := range p.FullName {
				if g.Tag == x509read.TagURI && g.Text() == address {
					return true
				}
			}
		}
	}
	return false
}

// reachable reports whether a certificate says where it can be asked about.
func reachable(cert *x509read.Certificate) bool {
	return len(cert.CRLDistribution) > 0 || slices.ContainsFunc(cert.AuthorityInfo, func(a x509read.AccessDescription) bool { return a.Method == x509read.OIDAccessOCSP })
}
