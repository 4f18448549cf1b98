package tlsname

import (
	"slices"
	"strings"
	"sync"
)

// A Hello is a ClientHello as data: what is offered, and in which order. It
// holds nothing that differs from one connection to the next.
type Hello struct {
	Name       string // as in a capture's observation
	Sender     Sender
	Versions   []Version   // highest first
	Suites     []Suite     // in the order offered, without GREASE
	Groups     []Group     // supported_groups, without GREASE
	Shares     []Group     // groups a key share is sent for (TLS 1.3)
	Signatures []Scheme    // signature_algorithms, in the order offered; repeated ones are kept
	ALPN       []string    // offered to HTTPS targets only
	Extensions []Extension // in the order sent; those without content for this connection are left out
	Grease     bool        // RFC 8701: random reserved values first among suites, groups, shares, versions, and two extensions
}

// A Sender says who says such a hello.
type Sender byte

// The senders.
const (
	Probe       Sender = iota // this program alone, to learn more
	Narrowed                  // the same, with a part of Apple's hello
	Apple                     // an Apple platform under some Info.plist
	Library                   // crypto/tls, where a handshake is made with an identity
	OtherClient               // one of the clients of package client
)

// The names of the table.
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
	HelloH2        = "apple-ats-h2"       // apple-ats with HTTP/2 as its only protocol
	HelloHTTP11    = "apple-ats-http11"   // apple-ats with HTTP/1.1 as its only protocol
	HelloWide12    = "wide-tls12"         // everything a server may know up to TLS 1.2
	HelloWide13    = "wide-tls13"         // everything a server may know in TLS 1.3
	HelloECDHE     = "wide-ecdhe"         // every suite with ECDHE, in every group, up to TLS 1.2
	HelloPSK       = "psk-only"           // pre-shared key suites only
	HelloSSL3      = "ssl3"               // SSL 3.0
	HelloGo13      = "go-tls13"           // crypto/tls, with an identity or with none
	HelloGo12      = "go-tls12"           // the same in TLS 1.0 to 1.2
)

// Marks behind the name of a hello that had to be changed.
const (
	markNoALPN = "-no-alpn"
	markSmall  = "-small"
)

// ATSSuites is Apple's list under App Transport Security, in its order
// (apple: ATS-03): TLS 1.3, and ECDHE with AES-GCM, ChaCha20-Poly1305 or AES-CBC-SHA.
func ATSSuites() []Suite {
	return []Suite{0x1302, 0x1303, 0x1301,
		0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0xc00a, 0xc009, 0xc014, 0xc013}
}

// StaticRSASuites is what NSExceptionRequiresForwardSecrecy = NO adds (apple: ATS-44).
func StaticRSASuites() []Suite { return []Suite{0x009d, 0x009c, 0x0035, 0x002f} }

// DefaultSuites is what a process offers that no list restricts.
func DefaultSuites() []Suite {
	return append(append(ATSSuites(), StaticRSASuites()...), 0xc008, 0xc012, 0x000a)
}

// ats is Apple's hello under App Transport Security. The others are made of it, and
// share its lists where they have the same.
func ats() Hello {
	return Hello{
		Name: HelloATS, Sender: Apple, Versions: []Version{TLS13, TLS12}, Suites: ATSSuites(),
		Groups: []Group{X25519MLKEM768, X25519, P256, P384, P521},
		Shares: []Group{X25519MLKEM768, X25519},
		// rsa_pss_rsae_sha384 stands twice in Apple's own list.
		Signatures: []Scheme{ECDSAP256SHA256, PSSSHA256, PKCS1SHA256, ECDSAP384SHA384, PSSSHA384,
			PSSSHA384, PKCS1SHA384, PSSSHA512, PKCS1SHA512, PKCS1SHA1},
		ALPN: []string{"h2", "http/1.1"},
		// No signature_algorithms_cert: Apple sends none, and a server that
		// obeys it would keep its certificate back.
		Extensions: []Extension{GreaseFirst, ExtServerName, ExtExtendedMasterSecret, ExtRenegotiationInfo,
			ExtSupportedGroups, ExtPointFormats, ExtALPN, ExtStatusRequest, ExtSignatureAlgorithms, ExtSCT,
			ExtKeyShare, ExtPSKModes, ExtSupportedVersions, ExtCompressCertificate, GreaseLast},
		Grease: true,
	}
}

// as is the hello under another name, with other versions and suites.
func (h Hello) as(name string, sender Sender, versions []Version, suites []Suite) Hello {
	h.Name, h.Sender, h.Versions, h.Suites = name, sender, versions, suites
	return h
}

// only is the hello narrowed to one version: TLS 1.3 suites belong to TLS 1.3 alone.
func (h Hello) only(name string, sender Sender, v Version) Hello {
	return h.as(name, sender, []Version{v}, slices.DeleteFunc(slices.Clone(h.Suites), func(s Suite) bool { return !s.in(v) }))
}

// half is the hello narrowed to servers with a certificate of one key type: a
// server that has two shows the other one.
func (h Hello) half(name string, signer Signer) Hello {
	other := func(s Scheme) bool { return s.Signer() != signer }
	h.Signatures = slices.DeleteFunc(slices.Clone(h.Signatures), other)
	return h.as(name, Narrowed, h.Versions, slices.DeleteFunc(slices.Clone(h.Suites), func(s Suite) bool {
		return s.Signer() != signer && s.Signer() != ByAnyKey
	}))
}

// speaking is the hello with one application protocol: a server may have another
// set of certificates behind it.
func (h Hello) speaking(name, protocol string) Hello {
	h.ALPN = []string{protocol}
	return h.as(name, Narrowed, h.Versions, h.Suites)
}

// wide offers everything with a certificate behind it, without ALPN.
func wide(name string, versions []Version, suites []Suite) Hello {
	return Hello{
		Name: name, Versions: versions, Suites: suites,
		Groups: allGroups(), Shares: []Group{X25519, P256}, Signatures: allSchemes(),
		Extensions: []Extension{ExtServerName, ExtExtendedMasterSecret, ExtRenegotiationInfo, ExtSupportedGroups,
			ExtPointFormats, ExtStatusRequest, ExtSignatureAlgorithms, ExtSCT, ExtKeyShare, ExtPSKModes,
			ExtSupportedVersions},
	}
}

// library is the part of crypto/tls's hello that a server can be judged by.
func library(name string, versions []Version, suites []Suite) Hello {
	return Hello{Name: name, Sender: Library, Versions: versions, Suites: suites,
		Groups: []Group{X25519MLKEM768, X25519, P256, P384, P521}, Shares: []Group{X25519MLKEM768, X25519},
		Signatures: []Scheme{PSSSHA256, ECDSAP256SHA256, Ed25519, PSSSHA384, PSSSHA512, PKCS1SHA256, PKCS1SHA384,
			PKCS1SHA512, ECDSAP384SHA384, ECDSAP521SHA512}}
}

// The table, in parts that are made when the first hello of theirs is asked for:
// most runs say none but the two that are said to every server.
var (
	firstHellos  = sync.OnceValue(makeFirstHellos)
	appleHellos  = sync.OnceValue(makeAppleHellos)
	clientHellos = sync.OnceValue(makeClientHellos)
	otherHellos  = sync.OnceValue(makeOtherHellos)
)

func makeFirstHellos() []Hello {
	ats := ats()
	small := ats.Small()
	small.Name = HelloSmall
	return []Hello{ats, small}
}

func makeAppleHellos() []Hello {
	all, old := []Version{TLS13, TLS12, TLS11, TLS10}, []Version{TLS12, TLS11, TLS10}
	ats := firstHellos()[0]
	return []Hello{
		ats.as(HelloRSA, Apple, ats.Versions, append(ATSSuites(), StaticRSASuites()...)),
		ats.as(HelloTLS10, Apple, all, ats.Suites),
		ats.as(HelloDefault, Apple, all, DefaultSuites()),
		ats.only(HelloOnly13, Apple, TLS13), // NSExceptionMinimumTLSVersion = TLSv1.3
		ats.only(HelloOnly12, Narrowed, TLS12),
		ats.only(HelloOnly11, Narrowed, TLS11),
		ats.only(HelloOnly10, Narrowed, TLS10),
		ats.as(HelloStaticRSA, Narrowed, old, StaticRSASuites()),
		ats.half(HelloECDSA, ByECDSA),
		ats.half(HelloRSACert, ByRSA),
		ats.speaking(HelloH2, "h2"),
		ats.speaking(HelloHTTP11, "http/1.1"),
	}
}

func makeOtherHellos() []Hello {
	old := []Version{TLS12, TLS11, TLS10}
	return []Hello{
		wide(HelloWide12, old, suitesOf(ECDHE, DHE, StaticRSA, StaticECDH, StaticDH, Export)),
		wide(HelloWide13, []Version{TLS13}, suitesOf(KeyShare)),
		wide(HelloECDHE, old, suitesOf(ECDHE)),
		wide(HelloPSK, old, suitesOf(RSAPSK, PSK)),
		{Name: HelloSSL3, Versions: []Version{SSL30}, Suites: suitesOf(DHE, StaticRSA, StaticDH, Export)},
		library(HelloGo13, []Version{TLS13}, []Suite{0x1301, 0x1302, 0x1303}),
		library(HelloGo12, old, []Suite{0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014,
			0x009c, 0x009d, 0x002f, 0x0035, 0xc012, 0x000a, 0xc023, 0xc027, 0x003c, 0xc007, 0xc011, 0x0005}),
	}
}

// Hellos lists the names of the table.
func Hellos() []string {
	var out []string
	for _, h := range slices.Concat(firstHellos(), appleHellos(), otherHellos(), clientHellos()) {
		out = append(out, h.Name)
	}
	return out
}

// HelloNamed gives the hello that an observation names, be it of the table or
// one of those changed by WithoutALPN and Small. Its lists are the table's own.
func HelloNamed(name string) (Hello, bool) {
	table := otherHellos
	switch prefix, _, _ := strings.Cut(name, "-"); {
	case name == HelloATS, name == HelloSmall:
		table = firstHellos
	case prefix == "apple":
		table = appleHellos
	case prefix == "client":
		table = clientHellos
	}
	for i, list := 0, table(); i < len(list); i++ {
		if list[i].Name == name {
			return list[i], true
		}
	}
	if base, ok := strings.CutSuffix(name, markNoALPN); ok {
		h, ok := HelloNamed(base)
		return h.WithoutALPN(), ok && len(h.ALPN) > 0
	}
	if base, ok := strings.CutSuffix(name, markSmall); ok {
		h, ok := HelloNamed(base)
		h = h.Small()
		return h, ok && h.Name == name
	}
	return Hello{}, false
}

// BaseHello is the entry of the table that a hello was made of, apple-small
// being one that was made of apple-ats.
func BaseHello(name string) string {
	name = strings.TrimSuffix(name, markNoALPN)
	if name == HelloSmall {
		return HelloATS
	}
	return strings.TrimSuffix(name, markSmall)
}

// WithoutALPN is the same hello with no application protocol; servers that
// know none of those offered answer alert 120 before they send a certificate.
func (h Hello) WithoutALPN() Hello {
	h.ALPN = nil
	h.Name += markNoALPN
	return h
}

// Small is the same hello without ML-KEM: it fits one packet. The entry
// apple-small of the table is Small of apple-ats.
func (h Hello) Small() Hello {
	if h.Name == HelloSmall || !h.Large() {
		return h
	}
	hybrid := func(g Group) bool { return g == X25519MLKEM768 }
	h.Groups, h.Shares = slices.DeleteFunc(slices.Clone(h.Groups), hybrid), slices.DeleteFunc(slices.Clone(h.Shares), hybrid)
	h.Name += markSmall
	return h
}

// Large reports whether the hello carries the post-quantum key share, and so no
// longer fits one packet.
func (h *Hello) Large() bool { return h.Offers(TLS13) && slices.Contains(h.Shares, X25519MLKEM768) }

// Offers reports whether a version is among those offered.
func (h *Hello) Offers(v Version) bool { return slices.Contains(h.Versions, v) }

// Covers reports whether the hello offers the version with every one of the
// suites that belong to it.
func (h *Hello) Covers(v Version, suites []Suite) bool {
	return h.Offers(v) && !slices.ContainsFunc(suites, func(s Suite) bool { return s.in(v) && !slices.Contains(h.Suites, s) })
}

// MaxVersion is the highest version offered.
func (h *Hello) MaxVersion() Version { return h.Versions[0] }

// MinVersion is the lowest version offered.
func (h *Hello) MinVersion() Version { return h.Versions[len(h.Versions)-1] }

// in reports whether a suite belongs to a version: those of TLS 1.3 to no other.
func (s Suite) in(v Version) bool { return (s.Exchange() == KeyShare) == (v == TLS13) }
