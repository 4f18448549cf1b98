package ats

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// server is what the observations of a capture say about the server judged.
type server struct {
	platform string
	bare     bool                 // the client sends no application protocols of its own: Network.framework
	reached  []*chain.Observation // handshakes that brought a certificate
	refused  []*chain.Observation // handshakes that came to nothing, by an answer or a hang-up
	silent   []*chain.Observation // handshakes that came to nothing within the time
	keyless  []*chain.Observation // handshakes that agreed on a pre-shared key, without a certificate
}

// answer is what the observations say about a requirement.
type answer int

const (
	unseen  answer = iota // nothing was tried that tells
	accepts               // a handshake that satisfies it was seen
	refuses               // the server was asked and cannot
)

type serverKey struct{}

// serverOf collects the observations of the judged server under the name it was
// asked for first: that one a device sends.
func serverOf(c *chain.Case) *server {
	return chain.Once(c, serverKey{}, func() *server {
		s := &server{platform: c.Question.Platform, bare: c.Question.For == forNetwork}
		if c.Observation == nil || c.Capture == nil {
			return s
		}
		var asked *chain.Observation
		for i := range c.Capture.Observations {
			o := &c.Capture.Observations[i]
			if !connected(o) || o.Transport == chain.TransportHTTP {
				continue
			}
			if asked == nil {
				asked = o
			}
			if o.ServerName == asked.ServerName && samePeer(o, c.Observation) {
				s.add(o)
			}
		}
		return s
	})
}

func (s *server) add(o *chain.Observation) {
	shown := len(o.Sent) > 0 && tlsname.VersionNamed(o.Outcome.Version) != 0
	if shown {
		s.reached = append(s.reached, o)
	}
	switch {
	case shown && finished(o):
	case preSharedKey(o.Outcome.Suite):
		s.keyless = append(s.keyless, o)
	case s.bare && o.Outcome.Alert != nil && *o.Outcome.Alert == tlsname.NoApplicationProtocol:
	case o.Outcome.Alert != nil || o.Outcome.ErrorKind == chain.ErrorTLS || o.Outcome.ErrorKind == chain.ErrorClosed:
		s.refused = append(s.refused, o)
	case o.Outcome.ErrorKind == chain.ErrorTimeout:
		s.silent = append(s.silent, o)
	}
}

// offer describes the hello of an observation, as the client in question sends it.
func (s *server) offer(o *chain.Observation) (offer, bool) {
	f, ok := offered(o.Hello)
	if s.bare {
		f.apple = f.Sender == tlsname.Apple
	}
	return f, ok
}

// finished reports whether the handshake went as far as a client takes it. A
// wrong proof of the key has a rule of its own, and is no matter of what was offered.
func finished(o *chain.Observation) bool {
	return o.Outcome.OK || o.Outcome.KeyProof == chain.ProofWrong
}

func samePeer(a, b *chain.Observation) bool {
	return a.Network == b.Network || a.Network == "" || b.Network == ""
}

// best is the highest version the server was seen to agree on; 0: none.
func (s *server) best() tlsname.Version {
	v := tlsname.Version(0)
	for _, o := range s.reached {
		v = max(v, tlsname.VersionNamed(o.Outcome.Version))
	}
	return v
}

// answers says whether a connection under the decision would be agreed on. The
// very hello that the platform then sends decides; where it was not said, a
// handshake of another Apple hello does whose outcome the decision allows, and
// at last refusals of everything that the decision offers. A hello that no
// Apple platform sends proves nothing.
func (s *server) answers(d requirement) (answer, *chain.Observation) {
	var implied *chain.Observation
	for _, o := range s.reached {
		f, ok := s.offer(o)
		if !ok || !finished(o) || !satisfies(d, o) || !f.provesFor(s.platform) {
			continue
		}
		if f.exactly(d, s.platform) {
			return accepts, o
		}
		if implied == nil {
			implied = o
		}
	}
	switch {
	case s.refusedExactly(d):
		return refuses, nil
	case implied != nil:
		return accepts, implied
	case s.refuses(d):
		return refuses, nil
	}
	return unseen, nil
}

// refusedExactly reports whether the hello that the platform sends under the
// decision was refused.
func (s *server) refusedExactly(d requirement) bool {
	for _, o := range s.refused {
		if f, ok := s.offer(o); ok && f.exactly(d, s.platform) {
			return true
		}
	}
	return false
}

// satisfies reports whether the handshake is one that the decision allows.
func satisfies(d requirement, o *chain.Observation) bool {
	v := tlsname.VersionNamed(o.Outcome.Version)
	return v >= d.Floor && allows(d.Suites, o) && groupKnown(o) && signatureKnown(o) && (d.NIAP == niapNone || meetsFCP(o))
}

func groupKnown(o *chain.Observation) bool {
	return o.Outcome.Group == "" || slices.Contains(appleHello().Groups, tlsname.GroupNamed(o.Outcome.Group))
}

func signatureKnown(o *chain.Observation) bool {
	return o.Outcome.SignatureID == 0 || slices.Contains(appleHello().Signatures, o.Outcome.SignatureID)
}

// meetsFCP is the functional package for TLS of NIAP, as Apple documents it:
// in TLS 1.2 ECDHE with AES-GCM and the extended master secret, and nowhere
// rsa_pkcs1_sha1 (apple: ATS-49).
func meetsFCP(o *chain.Observation) bool {
	return strictTLS12(o) && o.Outcome.SignatureID != tlsname.PKCS1SHA1
}

// strictTLS12 reports whether a handshake is TLS 1.3, or TLS 1.2 with ECDHE,
// AES-GCM and extended master secret (apple: section 6f; RFC 7627).
func strictTLS12(o *chain.Observation) bool {
	if tlsname.VersionNamed(o.Outcome.Version) != tlsname.TLS12 {
		return tlsname.VersionNamed(o.Outcome.Version) == tlsname.TLS13
	}
	return allows(gcmSuites(), o) && o.Outcome.EMS != nil && *o.Outcome.EMS
}

// refuses reports whether every version the decision allows was asked for with
// at least its suites, and was refused or answered with a lower version.
func (s *server) refuses(d requirement) bool {
	for v := d.Floor; v <= tlsname.TLS13; v++ {
		if !s.missesSuites(v, d) {
			return false
		}
	}
	return len(s.reached)+len(s.refused)+len(s.keyless) > 0
}

// missesSuites reports whether the server was seen not to agree on a version with any
// of the suites. The version is chosen before the suite (RFC 8446 section
// 4.2.1): a lower one, or a protocol_version alert, speaks for every suite.
func (s *server) missesSuites(version tlsname.Version, d requirement) bool {
	for _, o := range s.refused {
		f, ok := s.offer(o)
		if ok && (f.Covers(version, d.Suites) || f.Offers(version) && o.Outcome.Alert != nil && *o.Outcome.Alert == tlsname.ProtocolVersion) {
			return true
		}
	}
	for _, o := range s.reached {
		f, ok := s.offer(o)
		if !ok || !f.Offers(version) {
			continue
		}
		got := tlsname.VersionNamed(o.Outcome.Version)
		if got < version || got == version && d.NIAP != niapNone && f.Covers(version, d.Suites) && !satisfies(d, o) {
			return true
		}
	}
	return false
}

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

// provesFor reports whether a handshake with this hello says what becomes of one
// that the platform starts: a platform that offers ML-KEM learns nothing from a
// hello without it, an older one may take a hello with one group more.
func (f offer) provesFor(platform string) bool {
	return f.apple && (f.Large() || !chain.OffersMLKEM(platform))
}

// exactly reports whether the platform sends this very hello under the decision.
func (f offer) exactly(d requirement, platform string) bool {
	return f.apple && f.MinVersion() == d.Floor && f.Large() == chain.OffersMLKEM(platform) && f.sameSuites(d)
}

// sameSuites reports whether the hello offers the suites of the decision, and
// no others, in the versions it spans.
func (f offer) sameSuites(d requirement) bool {
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

// serveToday is the repair that the server's administrator is advised to make: the
// same certificates in a handshake of TLS 1.3 that agrees on what Apple's hello
// offers first. What was seen of the server before has no part in it.
func serveToday(in chain.Input) (chain.Input, bool) {
	if in.Observation >= len(in.Capture.Observations) {
		return in, false
	}
	o := in.Capture.Observations[in.Observation]
	if !connected(&o) || o.Transport == chain.TransportHTTP || len(o.Sent) == 0 {
		return in, false
	}
	apple, proof := appleHello(), chain.ProofVerified
	if o.Outcome.KeyProof == chain.ProofWrong {
		proof = chain.ProofWrong // which no setting of TLS mends
	}
	suite := tlsname.ATSSuites()[0]
	o.Hello = tlsname.HelloATS
	o.Outcome = chain.Outcome{OK: true, Version: tlsname.TLS13.String(), SuiteID: suite, Suite: suite.String(),
		Group: apple.Groups[0].String(), KeyProof: proof}
	capture := *in.Capture
	capture.Observations = []chain.Observation{o}
	in.Capture, in.Observation = &capture, 0
	return in, true
}

// What a server is told, so that Apple platforms and it have something in common.

func groups() []string {
	return []string{chain.Nginx + "ssl_ecdh_curve X25519:prime256v1;", chain.Apache + "SSLOpenSSLConfCmd Groups X25519:P-256"}
}

func strongSuites() []string {
	return []string{chain.NginxVersions, chain.ApacheVersions, chain.Nginx + "ssl_ciphers ECDHE+AESGCM;", chain.Apache + "SSLCipherSuite ECDHE+AESGCM"}
}
