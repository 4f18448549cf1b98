package ats

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// An offer is the hello of an observation, as evidence of what becomes of one
// that the platform starts.
type offer struct {
	tlsname.Hello
	apple bool // an Apple platform sends it, application protocols and all
}

// offered gives the hello of an observation by its name. Unknown names give no
// evidence, nor do handshakes made for an identity: a refusal is about that.
func offered(name string) (offer, bool) {
	h, known := tlsname.HelloNamed(name)
	return offer{h, h.Sender == tlsname.Apple && len(h.ALPN) > 0}, known && h.Sender != tlsname.Library
}

// tells reports whether a handshake with this hello says what becomes of one
// that the platform starts: a platform that offers ML-KEM learns nothing from a
// hello without it, an older one may take a hello with one group more.
func (f offer) tells(platform string) bool {
	return f.apple && (f.Large() || !chain.OffersMLKEM(platform))
}

// exactly reports whether the platform sends this very hello under the decision.
func (f offer) exactly(d Decision, platform string) bool {
	return f.apple && f.MinVersion() == d.Floor && f.Large() == chain.OffersMLKEM(platform) && f.sameSuites(d)
}

// sameSuites reports whether the hello offers the suites of the decision, and
// no others, in the versions it spans.
func (f offer) sameSuites(d Decision) bool {
	for _, v := range f.Versions {
		if !f.Covers(v, d.Suites) {
			return false
		}
	}
	allowed := tlsname.Hello{Versions: f.Versions, Suites: d.Suites}
	for _, v := range f.Versions {
		if !allowed.Covers(v, f.Suites) {
			return false
		}
	}
	return true
}

// appleHello is what URLSession sends under App Transport Security.
func appleHello() tlsname.Hello {
	h, _ := tlsname.HelloNamed(tlsname.HelloATS)
	return h
}
