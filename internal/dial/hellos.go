package dial

import "slices"

// Names of the hellos in the table, as they stand in chain.Observation.Hello.
const (
	HelloATS       = "apple-ats"          // URLSession under ATS, iOS/macOS 26
	HelloSmall     = "apple-small"        // the same without ML-KEM: it fits one packet
	HelloRSA       = "apple-rsa"          // NSExceptionRequiresForwardSecrecy = NO
	HelloTLS10     = "apple-tls10"        // NSExceptionMinimumTLSVersion = TLSv1.0
	HelloDefault   = "apple-default"      // ATS off: also static RSA and 3DES, TLS 1.0 to 1.3
	HelloOnly13    = "apple-only-tls13"   // exactly TLS 1.3
	HelloOnly12    = "apple-only-tls12"   // exactly TLS 1.2, ATS suites
	HelloOnly11    = "apple-only-tls11"   // exactly TLS 1.1
	HelloOnly10    = "apple-only-tls10"   // exactly TLS 1.0
	HelloStaticRSA = "apple-static-rsa"   // nothing but the static RSA suites of ATS-44, TLS 1.0 to 1.2
	HelloECDSA     = "apple-ats-ecdsa"    // the ECDSA half of apple-ats
	HelloRSACert   = "apple-ats-rsa-cert" // the RSA half of apple-ats
	HelloWide12    = "wide-tls12"         // everything a server may know up to TLS 1.2
	HelloWide13    = "wide-tls13"         // everything a server may know in TLS 1.3
	HelloECDHE     = "wide-ecdhe"         // every suite with ECDHE, in every group, up to TLS 1.2
	HelloPSK       = "psk-only"           // pre-shared key suites only
	HelloSSL3      = "ssl3"               // SSL 3.0
)

// atsSuites is Apple's list under App Transport Security, in its order
// (apple: ATS-03).
func atsSuites() []uint16 {
	return []uint16{0x1302, 0x1303, 0x1301,
		0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0xc00a, 0xc009, 0xc014, 0xc013}
}

// staticRSASuites is what NSExceptionRequiresForwardSecrecy = NO adds (apple: ATS-44).
func staticRSASuites() []uint16 { return []uint16{0x009d, 0x009c, 0x0035, 0x002f} }

func appleATS() Hello {
	return Hello{
		Name:     HelloATS,
		Versions: []uint16{tls13, tls12},
		Suites:   atsSuites(),
		Groups:   []uint16{groupX25519MLKEM768, groupX25519, groupP256, groupP384, groupP521},
		Shares:   []uint16{groupX25519MLKEM768, groupX25519},
		// rsa_pss_rsae_sha384 stands twice in Apple's own list.
		Signatures: []uint16{ecdsaP256SHA256, pssSHA256, pkcs1SHA256, ecdsaP384SHA384, pssSHA384,
			pssSHA384, pkcs1SHA384, pssSHA512, pkcs1SHA512, pkcs1SHA1},
		ALPN: []string{"h2", "http/1.1"},
		// No signature_algorithms_cert: Apple sends none, and a server that
		// obeys it would keep its certificate back.
		Extensions: []uint16{extGreaseFirst, extServerName, extExtendedMasterSecret, extRenegotiationInfo,
			extSupportedGroups, extPointFormats, extALPN, extStatusRequest, extSignatureAlgorithms, extSCT,
			extKeyShare, extPSKModes, extSupportedVersions, extCompressCertificate, extGreaseLast},
		Grease: true,
	}
}

// wide offers everything with a certificate behind it, without ALPN.
func wide(name string, versions, suites []uint16) Hello {
	return Hello{
		Name:       name,
		Versions:   versions,
		Suites:     suites,
		Groups:     codes(groupNames[:]),
		Shares:     []uint16{groupX25519, groupP256},
		Signatures: codes(signatureNames[:]),
		Extensions: []uint16{extServerName, extExtendedMasterSecret, extRenegotiationInfo, extSupportedGroups,
			extPointFormats, extStatusRequest, extSignatureAlgorithms, extSCT, extKeyShare, extPSKModes,
			extSupportedVersions},
	}
}

// NamedHello gives the hello of that name from the table.
func NamedHello(name string) (Hello, bool) {
	h := appleATS()
	h.Name = name
	switch name {
	case HelloATS:
	case HelloSmall:
		h.Groups, h.Shares = h.Groups[1:], h.Shares[1:]
	case HelloRSA:
		h.Suites = append(h.Suites, staticRSASuites()...)
	case HelloTLS10:
		h.Versions = []uint16{tls13, tls12, tls11, tls10}
	case HelloDefault:
		h.Versions = []uint16{tls13, tls12, tls11, tls10}
		h.Suites = append(append(h.Suites, staticRSASuites()...), 0xc008, 0xc012, 0x000a)
	case HelloOnly13:
		h = h.only(tls13)
	case HelloOnly12:
		h = h.only(tls12)
	case HelloOnly11:
		h = h.only(tls11)
	case HelloOnly10:
		h = h.only(tls10)
	case HelloStaticRSA:
		h.Versions, h.Suites = []uint16{tls12, tls11, tls10}, staticRSASuites()
	case HelloECDSA:
		h = h.certificates(suffixECDSA)
	case HelloRSACert:
		h = h.certificates(suffixRSA)
	case HelloWide12:
		h = wide(name, []uint16{tls12, tls11, tls10},
			suitesOf(suiteECDHE, suiteDHE, suiteRSA, suiteECDH, suiteDH, suiteExport))
	case HelloWide13:
		h = wide(name, []uint16{tls13}, suitesOf(suiteTLS13))
	case HelloECDHE:
		h = wide(name, []uint16{tls12, tls11, tls10}, suitesOf(suiteECDHE))
	case HelloPSK:
		h = wide(name, []uint16{tls12, tls11, tls10}, suitesOf(suiteRSAPSK, suitePSK))
	case HelloSSL3:
		h = Hello{Name: name, Versions: []uint16{ssl30},
			Suites: suitesOf(suiteDHE, suiteRSA, suiteDH, suiteExport)}
	default:
		return Hello{}, false
	}
	return h, true
}

// HelloNames lists the table.
func HelloNames() []string {
	return []string{HelloATS, HelloSmall, HelloRSA, HelloTLS10, HelloDefault, HelloOnly13, HelloOnly12,
		HelloOnly11, HelloOnly10, HelloStaticRSA, HelloECDSA, HelloRSACert, HelloWide12, HelloWide13,
		HelloECDHE, HelloPSK, HelloSSL3}
}

// only narrows h to one version: TLS 1.3 suites belong to TLS 1.3 alone.
func (h Hello) only(version uint16) Hello {
	h.Versions = []uint16{version}
	h.Suites = slices.DeleteFunc(h.Suites, func(id uint16) bool {
		return (suiteByID(id).kind == suiteTLS13) != (version == tls13)
	})
	return h
}

type certificateKind int

const (
	suffixECDSA certificateKind = iota
	suffixRSA
)

// certificates narrows h to servers with a certificate of one key type: a
// server that has two shows the other one.
func (h Hello) certificates(kind certificateKind) Hello {
	h.Signatures = slices.DeleteFunc(h.Signatures, func(id uint16) bool {
		return (id&0xff == 3) != (kind == suffixECDSA)
	})
	h.Suites = slices.DeleteFunc(h.Suites, func(id uint16) bool {
		switch id {
		case 0xc02c, 0xc02b, 0xcca9, 0xc00a, 0xc009:
			return kind != suffixECDSA
		case 0xc030, 0xc02f, 0xcca8, 0xc014, 0xc013:
			return kind != suffixRSA
		}
		return false
	})
	return h
}
