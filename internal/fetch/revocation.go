package fetch

import (
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/revocation"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// maxGET is the longest OCSP request that is sent by GET (RFC 5019 section 5).
const maxGET = 255

// revocation asks about every certificate of every candidate path that has an
// issuer there. A certificate of an OCSP responder may say that nobody is to be
// asked about it (RFC 6960 section 4.2.2.2.1).
func (e *Enricher) revocation() {
	for _, p := range e.Build(e.capture, e.list).Paths {
		for _, l := range p.Links {
			if l.Child.Err != nil || l.Signature.Status == x509read.Wrong || l.Child.Cert.Extension(x509read.OIDExtOCSPNoCheck) != nil {
				continue
			}
			if e.wants(OCSP) {
				e.ocsp(l.Child.Cert, l.Issuer.Cert)
			}
			if e.wants(CRL) {
				e.lists(l.Child.Cert)
			}
		}
	}
}

// ocsp asks the responders of a certificate until one answers.
func (e *Enricher) ocsp(cert, issuer *x509read.Certificate) {
	request, err := ocspRequest(cert, issuer)
	if err != nil {
		return // a serial number that does not encode is a finding of its own
	}
	encoded := base64.StdEncoding.EncodeToString(request)
	for _, address := range usable(locations(cert, x509read.OIDAccessOCSP), "http") {
		post := Request{URL: address, Body: request, Type: "application/ocsp-request", Max: MaxOCSP}
		ask := post
		if get := strings.TrimSuffix(address, "/") + "/" + url.QueryEscape(encoded); len(encoded) < maxGET && len(get) <= MaxURL {
			ask = Request{URL: get, Max: MaxOCSP}
		}
		if e.fetch(chain.EvidenceOCSP, address, encoded, ask, responseIn) {
			return
		}
	}
}

// responseIn takes any OCSP response that is successful; whose it is and what it
// is worth is judged later.
func responseIn(body []byte) ([]chain.Evidence, error) {
	if _, err := revocation.ParseOCSP(body); err != nil {
		return nil, err
	}
	return []chain.Evidence{{Data: body}}, nil
}

// ocspRequest is an OCSPRequest for one certificate (RFC 6960 section 4.1.1), with
// SHA-1 as RFC 5019 section 2.1.1 wants it, and without a nonce: the answers are
// made in advance, and their dates are what protects from old ones.
func ocspRequest(cert, issuer *x509read.Certificate) ([]byte, error) {
	name, key := sha1.Sum(cert.Issuer.Raw), sha1.Sum(issuer.PublicKey.Key)
	if len(cert.Serial) == 0 {
		return nil, errors.New("no serial number")
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // OCSPRequest
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // TBSRequest
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // requestList
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // Request
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // CertID
						b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes([]byte(x509read.OIDSHA1)) })
							b.AddASN1NULL()
						})
						b.AddASN1OctetString(name[:])
						b.AddASN1OctetString(key[:])
						b.AddASN1(asn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(cert.Serial) })
					})
				})
			})
		})
	})
	return b.Bytes()
}

// lists fetches the list of each distribution point, and what changed since.
func (e *Enricher) lists(cert *x509read.Certificate) {
	for _, points := range [][]x509read.DistributionPoint{cert.CRLDistribution, cert.FreshestCRL} {
		for _, p := range points[:min(len(points), MaxPerItem)] {
			var named []string
			for _, g := range p.FullName {
				if g.Tag == x509read.TagURI {
					named = append(named, g.Text())
				}
			}
			for _, address := range usable(named, "http", "https") {
				if e.fetch(chain.EvidenceCRL, address, "", Request{URL: address, Max: MaxCRL}, listIn) {
					break
				}
			}
		}
	}
}

// listIn reads a CRL in DER, or in PEM as some servers have it.
func listIn(body []byte) ([]chain.Evidence, error) {
	if _, err := revocation.ParseCRL(body); err == nil {
		return []chain.Evidence{{Data: body}}, nil
	}
	blocks, err := load.Blocks("what came", body)
	if err == nil && len(blocks) == 1 && blocks[0].Kind == chain.EvidenceCRL {
		return []chain.Evidence{{Data: blocks[0].DER, Form: "pem"}}, nil
	}
	return nil, fmt.Errorf("what came is %s, not a certificate revocation list", load.Recognise(body))
}
