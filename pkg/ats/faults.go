package ats

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// faults says in which respects the server falls short of a Decision. Each is
// the handshake that shows it best, nil where that respect is in order.
type faults struct {
	version   *chain.Observation // the highest version it speaks is below the floor
	forward   *chain.Observation // it does static RSA, no ECDHE suite
	cipher    *chain.Observation // none of its suites is on the list
	group     *chain.Observation // none of its key exchange groups is in Apple's hello
	signature *chain.Observation // it signs the handshake with an algorithm Apple's hello has not
	niap      *chain.Observation // it meets App Transport Security, but not the NIAP package
	keyless   *chain.Observation // it shows no certificate at all
	handshake *chain.Observation // it refuses Apple's hello although nothing of the above explains it
}

type faultsKey struct{}

// faultsOf compares the server with the decision in force, once per case.
func faultsOf(c *chain.Case) faults {
	return c.Once(faultsKey{}, func() any {
		if !judged(c) || c.Observation == nil || !connected(c.Observation) || clearText(c) {
			return faults{}
		}
		return compare(c, serverOf(c), decision(c))
	}).(faults)
}

// compare finds what stands between the server and the decision.
func compare(c *chain.Case, s *server, d Decision) (f faults) {
	got, _ := s.answers(d)
	if got == accepts {
		return f
	}
	if len(s.reached) == 0 {
		if len(s.keyless) > 0 {
			f.keyless = s.keyless[0]
		}
		return f
	}
	best := s.best()
	fit := s.pick(func(o *chain.Observation) bool { return versionNumber(o.Outcome.Version) >= d.Floor })
	if len(fit) == 0 {
		// What it picks in an old version says nothing about its suites in a new one.
		f.version = s.pick(func(o *chain.Observation) bool { return versionNumber(o.Outcome.Version) == best })[0]
		return f
	}
	listed := among(fit, func(o *chain.Observation) bool { return allows(d.Suites, o) })
	if len(listed) == 0 {
		f.forward, f.cipher = suiteFaults(fit, d)
		return f
	}
	if known := among(listed, groupKnown); len(known) == 0 {
		f.group = listed[0]
	} else if among(known, signatureKnown) == nil {
		if !unusableKey(c) {
			f.signature = known[0]
		}
	} else if d.NIAP != NIAPNone {
		f.niap = among(known, signatureKnown)[0]
	} else if got == refuses && !unusableKey(c) {
		f.handshake = s.refusedApple()
	}
	return f
}

// suiteFaults tells a lack of forward secrecy, which has its own key in
// Info.plist, from every other lack of a suite.
func suiteFaults(list []*chain.Observation, d Decision) (forward, cipher *chain.Observation) {
	for _, o := range list {
		if d.Forward && allows(staticRSASuites(), o) {
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

// unusableKey reports whether item 0 has a key that no Apple platform takes: the
// rules of level 1 explain that, and why the handshake fails with it.
func unusableKey(c *chain.Case) bool {
	leaf := c.Leaf()
	if leaf == nil {
		return false
	}
	k := leaf.Cert.PublicKey
	switch k.Type {
	case x509read.RSA:
		return k.BlockSize() < 128 || k.Bits > 8192
	case x509read.ECDSA:
		return k.Curve != "P-256" && k.Curve != "P-384" && k.Curve != "P-521"
	}
	return true
}

// refusedApple is the refusal of the hello that URLSession sends.
func (s *server) refusedApple() *chain.Observation {
	for _, o := range s.refused {
		if byApple(o.Hello) {
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
