package ats

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// faults says in which respects the server falls short of a requirement. Each is
// the handshake that shows it best, nil where that respect is in order.
type faults struct {
	version   *chain.Observation // the highest version it speaks is below the floor
	forward   *chain.Observation // it does static RSA, no ECDHE suite
	cipher    *chain.Observation // none of its suites is on the list
	group     *chain.Observation // none of its key exchange groups is in Apple's hello
	signature *chain.Observation // it has no signature algorithm of Apple's hello
	niap      *chain.Observation // it meets App Transport Security, but not the NIAP package
	keyless   *chain.Observation // it shows no certificate at all
	handshake *chain.Observation // Apple's hello comes to nothing although nothing of the above explains it
	unseen    bool               // no handshake tells; nothing of the above explains it
}

type faultsKey struct{}

// faultsOf compares the server with the decision in force, once per case.
func faultsOf(c *chain.Case) faults {
	return chain.Once(c, faultsKey{}, func() faults {
		network := c.Question.For == forNetwork && c.Question.Purpose != chain.PurposeClient
		if !judged(c) && !network || c.Observation == nil || !connected(c.Observation) || clearText(c) {
			return faults{}
		}
		return compare(c, serverOf(c), decision(c))
	})
}

// compare finds what stands between the server and the decision: nothing only
// where a handshake was seen that the decision allows.
func compare(c *chain.Case, s *server, d requirement) (f faults) {
	got, _ := s.answers(d)
	if got == accepts {
		return f
	}
	if len(s.reached) == 0 && len(s.keyless) > 0 {
		f.keyless = s.keyless[0]
		return f
	}
	if len(s.reached) > 0 && explain(c, s, d, &f) {
		return f
	}
	if f.handshake = s.refusedApple(); f.handshake == nil || got == unseen {
		f.handshake, f.unseen = nil, true
	}
	return f
}

// explain names the first respect in which what the server agreed on, with any
// hello, is not what the decision allows; false where there is none.
func explain(c *chain.Case, s *server, d requirement, f *faults) bool {
	// The version is chosen first: what the server does in an older one, asked
	// for that alone, explains nothing about a hello that offers both.
	best := s.best()
	fit := s.pick(func(o *chain.Observation) bool { return tlsname.VersionNamed(o.Outcome.Version) == best })
	if best < d.Floor {
		f.version = fit[0]
		return true
	}
	listed := among(fit, func(o *chain.Observation) bool { return allows(d.Suites, o) })
	if len(listed) == 0 {
		f.forward, f.cipher = suiteFaults(fit, d)
		return true
	}
	known := among(listed, groupKnown)
	if len(known) == 0 {
		f.group = listed[0]
		return true
	}
	signed := among(known, func(o *chain.Observation) bool { return signatureKnown(o) && keyKnown(c, o) })
	if len(signed) == 0 {
		f.signature = known[0]
		return true
	}
	if d.NIAP != niapNone && !slices.ContainsFunc(signed, meetsFCP) {
		f.niap = signed[0]
		return true
	}
	return false
}

// suiteFaults tells a lack of forward secrecy, which has its own key in
// Info.plist, from every other lack of a suite.
func suiteFaults(list []*chain.Observation, d requirement) (forward, cipher *chain.Observation) {
	for _, o := range list {
		if d.Forward && allows(tlsname.StaticRSASuites(), o) {
			return o, nil
		}
	}
	for _, o := range list {
		if d.Forward && staticRSA(o.Outcome.Suite) {
			return o, nil
		}
	}
	return nil, list[0]
}

// keyKnown reports whether item 0's key can make a signature that Apple's hello
// asks for: before TLS 1.3 its curve has to be among the groups offered (RFC 8422
// section 5.1), from then on each curve has one algorithm (RFC 8446 section 4.2.3).
func keyKnown(c *chain.Case, o *chain.Observation) bool {
	leaf := c.Leaf()
	if leaf == nil || staticRSA(o.Outcome.Suite) {
		return true
	}
	switch k := leaf.Cert.PublicKey; k.Type {
	case x509read.ECDSA:
		return k.Curve == "P-256" || k.Curve == "P-384" || k.Curve == "P-521" && o.Outcome.Version != tlsname.TLS13.String()
	case x509read.RSAPSS, x509read.Ed25519, x509read.Ed448, x509read.DSA, x509read.MLDSA:
		return false
	}
	return true
}

// refusedApple is the refusal of the hello that URLSession sends, or of another one.
func (s *server) refusedApple() *chain.Observation {
	for _, o := range s.refused {
		if f, ok := s.offer(o); ok && f.provesFor(s.platform) {
			return o
		}
	}
	if len(s.refused) > 0 {
		return s.refused[0]
	}
	return nil
}

func (s *server) pick(keep func(*chain.Observation) bool) []*chain.Observation {
	return among(s.reached, keep)
}

func among(list []*chain.Observation, keep func(*chain.Observation) bool) []*chain.Observation {
	var out []*chain.Observation
	for _, o := range list {
		if keep(o) {
			out = append(out, o)
		}
	}
	return out
}
