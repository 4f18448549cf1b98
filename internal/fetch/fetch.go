// Package fetch gets what certificates point at – their issuers, OCSP responses,
// revocation lists – when it is asked to, and writes it into a capture as
// evidence: with address, time and digest, or with the reason why nothing came.
// It judges nothing. The network is handed in (package web is one), so that what
// describes a question links no HTTP.
package fetch

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
)

// A Request is one thing to get.
type Request struct {
	URL  string
	Body []byte // sent by POST; nil: GET
	Type string // of Body, or what is wanted
	Max  int64  // octets of the answer, decompressed

	// From is the address of the server that is inspected: its own class of
	// addresses may be asked. The zero value is a public one.
	From    netip.Addr
	Private bool // every address may be asked
	Way     ask.Way
}

// An Answer is what came.
type Answer struct {
	Data    []byte
	Address string // IP:port of the server; "" behind a proxy
	Time    time.Time
}

// A Func gets one thing; its error is one line, facts only.
type Func func(context.Context, Request) (Answer, error)

// Kinds of what is fetched.
const (
	AIA  = "aia"
	OCSP = "ocsp"
	CRL  = "crl"
)

// Names lists the kinds, as --fetch takes them.
func Names() []string { return []string{AIA, OCSP, CRL} }

// The limits on what strangers make us do.
const (
	MaxRequests  = 32                     // for one list of certificates
	MaxPerItem   = 3                      // downloads for one certificate and kind (apple)
	MaxAddresses = 10                     // a certificate with more of a kind is asked about at none (apple)
	MaxDepth     = 5                      // issuers above one another
	MaxURL       = 2048                   // octets of an address
	MaxIssuer    = 1 << 20                // octets of an issuer's body
	MaxIssuers   = 16                     // certificates of one body
	MaxOCSP      = 256 << 10              // octets of an OCSP response
	MaxCRL       = 128 << 20              // octets of a revocation list
	MaxRedirects = 3                      // of one download
	MaxOne       = 5 * time.Second        // for one download
	MinOne       = 300 * time.Millisecond // less time left, and none is begun
)

// usable picks the addresses of a certificate that are asked: http alone, for the
// answers are signed, and https could need what it is to bring; for lists https too.
// Apple leaves a certificate that has more than MaxAddresses aside.
func usable(list []string, schemes ...string) []string {
	var out []string
	for _, text := range list {
		u, err := url.Parse(text)
		if err == nil && u.Host != "" && len(text) <= MaxURL && slices.Contains(schemes, u.Scheme) && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if len(out) > MaxAddresses {
		return nil
	}
	return out[:min(len(out), MaxPerItem)]
}
