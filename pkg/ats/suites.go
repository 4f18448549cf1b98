package ats

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Protocol versions as they stand on the wire.
const (
	ssl30 uint16 = 0x0300
	tls10 uint16 = 0x0301
	tls11 uint16 = 0x0302
	tls12 uint16 = 0x0303
	tls13 uint16 = 0x0304
)

// versionNumber reads the name of a version as an observation gives it; 0: unknown.
func versionNumber(name string) uint16 {
	switch name {
	case "SSL 3.0":
		return ssl30
	case "TLS 1.0":
		return tls10
	case "TLS 1.1":
		return tls11
	case "TLS 1.2":
		return tls12
	case "TLS 1.3":
		return tls13
	}
	return 0
}

// versionName is the inverse of versionNumber.
func versionName(v uint16) string {
	switch v {
	case ssl30:
		return "SSL 3.0"
	case tls10:
		return "TLS 1.0"
	case tls11:
		return "TLS 1.1"
	case tls12:
		return "TLS 1.2"
	case tls13:
		return "TLS 1.3"
	}
	return ""
}

func tls13Suites() []uint16 { return []uint16{0x1302, 0x1303, 0x1301} }

// CipherSuites is the list of App Transport Security: the three of TLS 1.3, and
// ECDHE with AES-GCM, ChaCha20-Poly1305 or AES-CBC-SHA (apple: ATS-03).
func CipherSuites() []uint16 {
	return append(tls13Suites(),
		0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0xc00a, 0xc009, 0xc014, 0xc013)
}

// staticRSASuites is what NSExceptionRequiresForwardSecrecy = NO adds (apple: ATS-44).
func staticRSASuites() []uint16 { return []uint16{0x009d, 0x009c, 0x0035, 0x002f} }

// defaultSuites is what a process offers that no list restricts.
func defaultSuites() []uint16 {
	return append(append(CipherSuites(), staticRSASuites()...), 0xc008, 0xc012, 0x000a)
}

// gcmSuites is ECDHE with AES-GCM in TLS 1.2 (apple: ATS-49, section 6f).
func gcmSuites() []uint16 { return []uint16{0xc02c, 0xc02b, 0xc030, 0xc02f} }

// isTLS13Suite reports whether the suite belongs to TLS 1.3.
func isTLS13Suite(id uint16) bool { return id>>8 == 0x13 }

// appleGroups are the key exchange groups of URLSession's hello.
func appleGroups() []string {
	return []string{"X25519MLKEM768", "X25519", "P-256", "P-384", "P-521"}
}

// appleSignatures are the signature algorithms of URLSession's hello.
func appleSignatures() []uint16 {
	return []uint16{0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201}
}

// staticRSA reports whether the suite encrypts the secret to the certificate's
// own key: no forward secrecy.
func staticRSA(name string) bool { return strings.HasPrefix(name, "TLS_RSA_WITH_") }

// preSharedKey reports whether the suite proves the server by a pre-shared key.
func preSharedKey(name string) bool { return strings.Contains(name, "_PSK_") }

// suiteFault says in a few words why Apple's hello does not have the suite.
func suiteFault(name string) string {
	switch {
	case strings.Contains(name, "_EXPORT_"):
		return "export-grade encryption"
	case strings.Contains(name, "_RC4_"):
		return "RC4"
	case strings.Contains(name, "_3DES_"):
		return "3DES"
	case strings.Contains(name, "_DES_"), strings.Contains(name, "_IDEA_"), strings.Contains(name, "_SEED_"),
		strings.Contains(name, "_CAMELLIA_"), strings.Contains(name, "_ARIA_"):
		return "a block cipher other than AES"
	case strings.HasPrefix(name, "TLS_DHE_"):
		return "finite-field Diffie-Hellman (DHE)"
	case strings.HasPrefix(name, "TLS_ECDH_"), strings.HasPrefix(name, "TLS_DH_"):
		return "static Diffie-Hellman: no forward secrecy"
	case strings.Contains(name, "_CCM"):
		return "AES-CCM"
	case strings.HasSuffix(name, "_CBC_SHA384"), strings.HasSuffix(name, "_CBC_SHA256"):
		return "AES-CBC with a SHA-2 MAC"
	case staticRSA(name):
		return "static RSA: no forward secrecy"
	}
	return "not among them"
}

func has(list []uint16, id uint16) bool { return slices.Contains(list, id) }

// allows reports whether the handshake's suite is in the list. A capture that
// does not tell the suite is taken to have one that the hello offered.
func allows(list []uint16, o *chain.Observation) bool {
	if o.Outcome.SuiteID != 0 {
		return has(list, o.Outcome.SuiteID)
	}
	return o.Outcome.Suite == "" || slices.ContainsFunc(list, func(id uint16) bool { return suiteName(id) == o.Outcome.Suite })
}

// suiteName gives the IANA name of the suites an Apple platform can offer.
func suiteName(id uint16) string {
	switch id {
	case 0x1301:
		return "TLS_AES_128_GCM_SHA256"
	case 0x1302:
		return "TLS_AES_256_GCM_SHA384"
	case 0x1303:
		return "TLS_CHACHA20_POLY1305_SHA256"
	case 0xc02b:
		return "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
	case 0xc02c:
		return "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
	case 0xc02f:
		return "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
	case 0xc030:
		return "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
	case 0xcca8:
		return "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
	case 0xcca9:
		return "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
	case 0xc009:
		return "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
	case 0xc00a:
		return "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
	case 0xc013:
		return "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
	case 0xc014:
		return "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"
	case 0x009c:
		return "TLS_RSA_WITH_AES_128_GCM_SHA256"
	case 0x009d:
		return "TLS_RSA_WITH_AES_256_GCM_SHA384"
	case 0x002f:
		return "TLS_RSA_WITH_AES_128_CBC_SHA"
	case 0x0035:
		return "TLS_RSA_WITH_AES_256_CBC_SHA"
	case 0x000a:
		return "TLS_RSA_WITH_3DES_EDE_CBC_SHA"
	case 0xc008:
		return "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"
	case 0xc012:
		return "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"
	}
	return ""
}
