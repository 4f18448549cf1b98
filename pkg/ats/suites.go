package ats

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// gcmSuites is ECDHE with AES-GCM in TLS 1.2 (apple: ATS-49, section 6f).
func gcmSuites() []tlsname.Suite { return []tlsname.Suite{0xc02c, 0xc02b, 0xc030, 0xc02f} }

// staticRSA reports whether the suite encrypts the secret to the certificate's
// own key: no forward secrecy.
func staticRSA(name string) bool { return tlsname.SuiteNamed(name).Exchange() == tlsname.StaticRSA }

// preSharedKey reports whether the suite proves the server by a pre-shared key.
func preSharedKey(name string) bool {
	e := tlsname.SuiteNamed(name).Exchange()
	return e == tlsname.PSK || e == tlsname.RSAPSK
}

// suiteFault says in a few words why Apple's hello does not have the suite. The
// ciphers are told by the parts of the registered name.
func suiteFault(name string) string {
	exchange := tlsname.SuiteNamed(name).Exchange()
	switch {
	case exchange == tlsname.Export:
		return "export-grade encryption"
	case strings.Contains(name, "_RC4_"):
		return "RC4"
	case strings.Contains(name, "_3DES_"):
		return "3DES"
	case strings.Contains(name, "_DES_"), strings.Contains(name, "_IDEA_"), strings.Contains(name, "_SEED_"),
		strings.Contains(name, "_CAMELLIA_"), strings.Contains(name, "_ARIA_"):
		return "a block cipher other than AES"
	case exchange == tlsname.DHE:
		return "finite-field Diffie-Hellman (DHE)"
	case exchange == tlsname.StaticECDH, exchange == tlsname.StaticDH:
		return "static Diffie-Hellman: no forward secrecy"
	case strings.Contains(name, "_CCM"):
		return "AES-CCM"
	case strings.HasSuffix(name, "_CBC_SHA384"), strings.HasSuffix(name, "_CBC_SHA256"):
		return "AES-CBC with a SHA-2 MAC"
	case exchange == tlsname.StaticRSA:
		return "static RSA: no forward secrecy"
	}
	return "not among them"
}

// allows reports whether the handshake's suite is in the list. A capture that
// does not tell the suite is taken to have one that the hello offered.
func allows(list []tlsname.Suite, o *chain.Observation) bool {
	if o.Outcome.SuiteID != 0 {
		return slices.Contains(list, o.Outcome.SuiteID)
	}
	return o.Outcome.Suite == "" || slices.Contains(list, tlsname.SuiteNamed(o.Outcome.Suite))
}
