package load

import (
	"bytes"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// certificate adds a certificate and returns its index; one that stands there twice keeps both places.
func (r *identityReader) certificate(der []byte) int {
	r.id.Certificates = append(r.id.Certificates, der)
	r.id.Facts.Certificates = append(r.id.Facts.Certificates, chain.BlobKey(der))
	return len(r.id.Certificates) - 1
}

// again reports whether the key stands in the file already: --key may name a
// copy of a key that a .p12 holds.
func (r *identityReader) again(k *pfx.Key) bool {
	for _, known := range r.fitters {
		if len(k.SPKI) > 0 && bytes.Equal(k.SPKI, known.SPKI) {
			return true
		}
	}
	return false
}

// key adds a key and, where Go can sign with it, its signer; it returns the key's index.
func (r *identityReader) key(k *pfx.Key, pkcs8 []byte, bag int) int {
	index := len(r.id.Facts.Keys)
	facts := chain.IdentityKey{Type: k.Type, Curve: k.Curve, Bits: k.Bits, SPKI: k.SPKI, NotDER: k.NotDER, Fits: []int{}, Bag: bag}
	if s := signerOf(pkcs8); s != nil {
		facts.Usable = true
		r.id.Signers = append(r.id.Signers, Signer{Signer: s, SPKI: k.SPKI, Key: index, Certificate: -1})
	}
	r.id.Facts.Keys = append(r.id.Facts.Keys, facts)
	r.fitters = append(r.fitters, k)
	return index
}

// match finds which key fits which certificate, by public key alone: bag
// attributes are a writer's opinion.
func (r *identityReader) match() {
	certs := r.id.parsed()
	for i, k := range r.fitters {
		facts := &r.id.Facts.Keys[i]
		for n, c := range certs {
			switch k.Fits(c.PublicKey.Algorithm.OID.String(), c.PublicKey.Key) {
			case pfx.FitYes:
				facts.Fits = append(facts.Fits, n)
			case pfx.FitUnknown:
				facts.Unmatched = true
			}
		}
		facts.Unmatched = facts.Unmatched && len(facts.Fits) == 0
	}
	for i := range r.id.Signers {
		s := &r.id.Signers[i]
		for _, n := range r.id.Facts.Keys[s.Key].Fits {
			// Of a renewed certificate and the old one with the same key the newer is meant.
			if s.Certificate < 0 || certs[n].NotAfter.After(certs[s.Certificate].NotAfter) {
				s.Certificate = n
			}
		}
	}
}

func (id *Identity) parsed() []*x509read.Certificate {
	certs := make([]*x509read.Certificate, len(id.Certificates))
	for i, der := range id.Certificates {
		c, _ := x509read.Parse(der)
		if c == nil {
			c = &x509read.Certificate{Raw: der}
		}
		certs[i] = c
	}
	return certs
}

// leaf is the index of the certificate a key of the file fits, else of the first
// that is not a CA, else 0; -1 without certificates.
func (id *Identity) leaf() int {
	for _, s := range id.Signers {
		if s.Certificate >= 0 {
			return s.Certificate
		}
	}
	for _, k := range id.Facts.Keys {
		if len(k.Fits) > 0 {
			return k.Fits[0]
		}
	}
	for i, c := range id.parsed() {
		if c.BasicConstraints == nil || !c.BasicConstraints.CA {
			return i
		}
	}
	return min(0, len(id.Certificates)-1)
}

// Chain lists the certificates as a client should send them: the leaf with this
// index, then each one's issuer as far as the file has it, the root included.
func (id *Identity) Chain(leaf int) [][]byte {
	var out [][]byte
	for _, i := range id.order(leaf) {
		out = append(out, id.Certificates[i])
	}
	return out
}

// maxCandidates bounds the signatures checked for one issuer.
const maxCandidates = 16

func (id *Identity) order(leaf int) []int {
	if leaf < 0 || leaf >= len(id.Certificates) {
		return nil
	}
	certs := id.parsed()
	used := make([]bool, len(certs))
	order := []int{leaf}
	used[leaf] = true
	for at := certs[leaf]; len(order) < 16 && !bytes.Equal(at.Subject.Raw, at.Issuer.Raw); {
		next, candidates := -1, 0
		for i, c := range certs {
			if used[i] || !c.Subject.Equal5280(at.Issuer) {
				continue
			}
			if candidates++; candidates > maxCandidates {
				break
			}
			if x509read.CheckSignature(at, &c.PublicKey).Status == x509read.Verified {
				next = i
				break
			}
			if next < 0 {
				next = i
			}
		}
		if next < 0 {
			break
		}
		order, used[next] = append(order, next), true
		at = certs[next]
	}
	return order
}

// Capture makes a capture of the file: its certificates are the list being
// judged, the leaf first, then its issuers, then what else is there.
func (id *Identity) Capture(now time.Time) *chain.Capture {
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: id.Facts.File, TakenAt: now, Blobs: map[string][]byte{}, Identity: id.Facts}
	transport := chain.TransportFile
	if id.Facts.File == "-" {
		transport = chain.TransportStdin
	}
	o := chain.Observation{Transport: transport, Outcome: chain.Outcome{OK: true}, Sent: []string{}}
	lines := map[int]int{}
	for _, b := range id.Facts.Bags {
		if b.Certificate >= 0 {
			lines[b.Certificate] = b.Line
		}
	}
	order := id.order(id.leaf())
	seen := map[int]bool{}
	for _, i := range order {
		seen[i] = true
	}
	for i := range id.Certificates {
		if !seen[i] {
			order = append(order, i)
		}
	}
	for _, i := range order {
		Add(c, &o, id.Certificates[i], chain.Position{File: id.Facts.File, Line: lines[i]})
	}
	c.Observations = []chain.Observation{o}
	return c
}
