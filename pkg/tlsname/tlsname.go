// Package tlsname is the vocabulary of TLS, one table each: versions, cipher
// suites, groups, signature schemes, extensions, messages, alerts, and the
// ClientHellos this program sends. Whatever names one of them names it from here, and the
// String method of each type gives the name that reports and captures hold:
//
//	tlsname.TLS13.String()                  // "TLS 1.3"
//	tlsname.Alert(40).String()              // "handshake_failure"
//	hello, known := tlsname.HelloNamed("apple-ats-no-alpn")
//
// A number without a name is "0x1a2b". The tables are not to be changed.
package tlsname

import "fmt"

func hex16(v uint16) string { return fmt.Sprintf("0x%04x", v) }

// A Version of the protocol, as it stands on the wire.
type Version uint16

// The versions.
const (
	SSL30 Version = 0x0300
	TLS10 Version = 0x0301
	TLS11 Version = 0x0302
	TLS12 Version = 0x0303
	TLS13 Version = 0x0304
)

var versions = [...]struct {
	version Version
	name    string
}{{SSL30, "SSL 3.0"}, {TLS10, "TLS 1.0"}, {TLS11, "TLS 1.1"}, {TLS12, "TLS 1.2"}, {TLS13, "TLS 1.3"}}

func (v Version) String() string {
	for _, e := range versions {
		if e.version == v {
			return e.name
		}
	}
	return hex16(uint16(v))
}

// VersionNamed is the inverse of Version.String; 0: unknown.
func VersionNamed(name string) Version {
	for _, e := range versions {
		if e.name == name {
			return e.version
		}
	}
	return 0
}

// A Group is a key exchange group (IANA TLS Supported Groups).
type Group uint16

// The groups that something is made of.
const (
	P256               Group = 23
	P384               Group = 24
	P521               Group = 25
	X25519             Group = 29
	X448               Group = 30
	FFDHE2048          Group = 256
	FFDHE3072          Group = 257
	FFDHE4096          Group = 258
	FFDHE6144          Group = 259
	FFDHE8192          Group = 260
	SecP256r1MLKEM768  Group = 4587
	X25519MLKEM768     Group = 4588
	SecP384r1MLKEM1024 Group = 4589
)

// groups are in the order of preference of the wide hellos.
var groups = [...]struct {
	group Group
	name  string
}{
	{X25519MLKEM768, "X25519MLKEM768"}, {X25519, "X25519"},
	{P256, "P-256"}, {P384, "P-384"}, {P521, "P-521"}, {X448, "X448"},
	{SecP256r1MLKEM768, "SecP256r1MLKEM768"}, {SecP384r1MLKEM1024, "SecP384r1MLKEM1024"},
	{26, "brainpoolP256r1"}, {27, "brainpoolP384r1"}, {28, "brainpoolP512r1"},
	{31, "brainpoolP256r1tls13"}, {32, "brainpoolP384r1tls13"}, {33, "brainpoolP512r1tls13"},
	{22, "secp256k1"}, {21, "P-224"}, {20, "secp224k1"}, {19, "P-192"}, {18, "secp192k1"},
	{17, "secp160r2"}, {16, "secp160r1"}, {15, "secp160k1"},
	{14, "sect571r1"}, {13, "sect571k1"}, {12, "sect409r1"}, {11, "sect409k1"},
	{10, "sect283r1"}, {9, "sect283k1"}, {8, "sect239k1"}, {7, "sect233r1"}, {6, "sect233k1"},
	{5, "sect193r2"}, {4, "sect193r1"}, {3, "sect163r2"}, {2, "sect163r1"}, {1, "sect163k1"},
	{FFDHE2048, "ffdhe2048"}, {FFDHE3072, "ffdhe3072"}, {FFDHE4096, "ffdhe4096"},
	{FFDHE6144, "ffdhe6144"}, {FFDHE8192, "ffdhe8192"},
	{0x0200, "MLKEM512"}, {0x0201, "MLKEM768"}, {0x0202, "MLKEM1024"}, {0x6399, "X25519Kyber768Draft00"},
}

// String names NIST curves "P-256", the others as registered by IANA.
func (g Group) String() string {
	for _, e := range groups {
		if e.group == g {
			return e.name
		}
	}
	return hex16(uint16(g))
}

// GroupNamed is the inverse of Group.String; 0: unknown.
func GroupNamed(name string) Group {
	for _, e := range groups {
		if e.name == name {
			return e.group
		}
	}
	return 0
}

// InTLS12 reports whether the group is a curve that versions before TLS 1.3 name
// in their key exchange: no hybrid, none of finite fields, and not the Brainpool
// curves that have another number there (RFC 8422 section 5.1.1, RFC 7027, RFC 8734).
func (g Group) InTLS12() bool { return g <= X448 }

func allGroups() []Group {
	out := make([]Group, 0, len(groups))
	for _, e := range groups {
		out = append(out, e.group)
	}
	return out
}

// A Scheme is a SignatureScheme (IANA); before TLS 1.3 a hash and a signature
// algorithm (RFC 5246 section 7.4.1.4.1).
type Scheme uint16

// The schemes.
const (
	ECDSAP256SHA256     Scheme = 0x0403
	ECDSAP384SHA384     Scheme = 0x0503
	ECDSAP521SHA512     Scheme = 0x0603
	ECDSASHA224         Scheme = 0x0303
	ECDSASHA1           Scheme = 0x0203
	BrainpoolP256SHA256 Scheme = 0x081a
	BrainpoolP384SHA384 Scheme = 0x081b
	BrainpoolP512SHA512 Scheme = 0x081c
	PSSSHA256           Scheme = 0x0804
	PSSSHA384           Scheme = 0x0805
	PSSSHA512           Scheme = 0x0806
	PSSPSSSHA256        Scheme = 0x0809
	PSSPSSSHA384        Scheme = 0x080a
	PSSPSSSHA512        Scheme = 0x080b
	PKCS1SHA256         Scheme = 0x0401
	PKCS1SHA384         Scheme = 0x0501
	PKCS1SHA512         Scheme = 0x0601
	PKCS1SHA224         Scheme = 0x0301
	PKCS1SHA1           Scheme = 0x0201
	PKCS1MD5            Scheme = 0x0101
	DSASHA256           Scheme = 0x0402
	DSASHA384           Scheme = 0x0502
	DSASHA512           Scheme = 0x0602
	DSASHA224           Scheme = 0x0302
	DSASHA1             Scheme = 0x0202
	Ed25519             Scheme = 0x0807
	Ed448               Scheme = 0x0808
	MLDSA44, MLDSA65    Scheme = 0x0904, 0x0905
	MLDSA87             Scheme = 0x0906
)

// schemes are in the order of preference of the wide hellos.
var schemes = [...]struct {
	scheme Scheme
	name   string
	signer Signer
	curve  Group // that TLS 1.3 binds the scheme to
}{
	{ECDSAP256SHA256, "ecdsa_secp256r1_sha256", ByECDSA, P256},
	{ECDSAP384SHA384, "ecdsa_secp384r1_sha384", ByECDSA, P384},
	{ECDSAP521SHA512, "ecdsa_secp521r1_sha512", ByECDSA, P521},
	{PSSSHA256, "rsa_pss_rsae_sha256", ByRSA, 0}, {PSSSHA384, "rsa_pss_rsae_sha384", ByRSA, 0}, {PSSSHA512, "rsa_pss_rsae_sha512", ByRSA, 0},
	{PSSPSSSHA256, "rsa_pss_pss_sha256", ByRSAPSS, 0}, {PSSPSSSHA384, "rsa_pss_pss_sha384", ByRSAPSS, 0}, {PSSPSSSHA512, "rsa_pss_pss_sha512", ByRSAPSS, 0},
	{Ed25519, "ed25519", ByEd25519, 0}, {Ed448, "ed448", ByEd448, 0},
	{BrainpoolP256SHA256, "ecdsa_brainpoolP256r1tls13_sha256", ByECDSA, 31},
	{BrainpoolP384SHA384, "ecdsa_brainpoolP384r1tls13_sha384", ByECDSA, 32},
	{BrainpoolP512SHA512, "ecdsa_brainpoolP512r1tls13_sha512", ByECDSA, 33},
	{PKCS1SHA256, "rsa_pkcs1_sha256", ByRSA, 0}, {PKCS1SHA384, "rsa_pkcs1_sha384", ByRSA, 0}, {PKCS1SHA512, "rsa_pkcs1_sha512", ByRSA, 0},
	{DSASHA256, "dsa_sha256", ByDSA, 0}, {DSASHA384, "dsa_sha384", ByDSA, 0}, {DSASHA512, "dsa_sha512", ByDSA, 0},
	{ECDSASHA224, "ecdsa_sha224", ByECDSA, 0}, {PKCS1SHA224, "rsa_pkcs1_sha224", ByRSA, 0}, {DSASHA224, "dsa_sha224", ByDSA, 0},
	{ECDSASHA1, "ecdsa_sha1", ByECDSA, 0}, {PKCS1SHA1, "rsa_pkcs1_sha1", ByRSA, 0}, {DSASHA1, "dsa_sha1", ByDSA, 0},
	{PKCS1MD5, "rsa_pkcs1_md5", ByRSA, 0},
	{MLDSA44, "mldsa44", ByMLDSA, 0}, {MLDSA65, "mldsa65", ByMLDSA, 0}, {MLDSA87, "mldsa87", ByMLDSA, 0},
}

// A Signer is the kind of key that can sign by a scheme, or that a cipher suite
// up to TLS 1.2 wants item 0 to have.
type Signer byte

// The kinds.
const (
	ByAnyKey Signer = iota // TLS 1.3 suites
	ByNoKey                // anonymous or by a pre-shared key
	ByRSA
	ByRSAPSS // a key that is for RSASSA-PSS alone
	ByECDSA  // EdDSA keys serve these suites as well (RFC 8422 section 5.10)
	ByDSA
	ByEd25519
	ByEd448
	ByMLDSA
)

func (s Scheme) String() string {
	for _, e := range schemes {
		if e.scheme == s {
			return e.name
		}
	}
	return hex16(uint16(s))
}

// Signer is the kind of key that signs by the scheme; ByNoKey: not known.
func (s Scheme) Signer() Signer {
	for _, e := range schemes {
		if e.scheme == s {
			return e.signer
		}
	}
	return ByNoKey
}

// Curve is the curve that TLS 1.3 binds an ECDSA scheme to (RFC 8446 section
// 4.2.3); 0: none.
func (s Scheme) Curve() Group {
	for _, e := range schemes {
		if e.scheme == s {
			return e.curve
		}
	}
	return 0
}

// InTLS13 reports whether the scheme may sign a handshake of TLS 1.3, which has
// no PKCS #1 v1.5, DSA, SHA-1 or SHA-224 (RFC 8446 section 4.2.3).
func (s Scheme) InTLS13() bool {
	switch s.Signer() {
	case ByRSA:
		return s == PSSSHA256 || s == PSSSHA384 || s == PSSSHA512
	case ByECDSA:
		return s.Curve() != 0
	case ByRSAPSS, ByEd25519, ByEd448, ByMLDSA:
		return true
	}
	return false
}

func allSchemes() []Scheme {
	out := make([]Scheme, 0, len(schemes))
	for _, e := range schemes {
		out = append(out, e.scheme)
	}
	return out
}

// An Extension is the type of an extension (IANA TLS ExtensionType Values).
type Extension uint16

// The extensions that are sent, or understood in an answer.
const (
	ExtServerName           Extension = 0
	ExtStatusRequest        Extension = 5
	ExtSupportedGroups      Extension = 10
	ExtPointFormats         Extension = 11
	ExtSignatureAlgorithms  Extension = 13
	ExtALPN                 Extension = 16
	ExtSCT                  Extension = 18
	ExtExtendedMasterSecret Extension = 23
	ExtCompressCertificate  Extension = 27
	ExtSessionTicket        Extension = 35
	ExtPreSharedKey         Extension = 41
	ExtSupportedVersions    Extension = 43
	ExtCookie               Extension = 44
	ExtPSKModes             Extension = 45
	ExtAuthorities          Extension = 47
	ExtKeyShare             Extension = 51
	ExtRenegotiationInfo    Extension = 0xff01

	// Places of the two GREASE extensions in Hello.Extensions; the values sent
	// are random (RFC 8701).
	GreaseFirst Extension = 0x0a0a
	GreaseLast  Extension = 0x1a1a
)

var extensions = [...]struct {
	extension Extension
	name      string
}{
	{ExtServerName, "server_name"}, {1, "max_fragment_length"}, {ExtStatusRequest, "status_request"},
	{ExtSupportedGroups, "supported_groups"}, {ExtPointFormats, "ec_point_formats"},
	{ExtSignatureAlgorithms, "signature_algorithms"}, {14, "use_srtp"}, {15, "heartbeat"},
	{ExtALPN, "application_layer_protocol_negotiation"}, {17, "status_request_v2"},
	{ExtSCT, "signed_certificate_timestamp"}, {19, "client_certificate_type"}, {20, "server_certificate_type"},
	{21, "padding"}, {22, "encrypt_then_mac"}, {ExtExtendedMasterSecret, "extended_master_secret"},
	{ExtCompressCertificate, "compress_certificate"}, {28, "record_size_limit"}, {34, "delegated_credential"},
	{ExtSessionTicket, "session_ticket"}, {ExtPreSharedKey, "pre_shared_key"}, {42, "early_data"},
	{ExtSupportedVersions, "supported_versions"}, {ExtCookie, "cookie"}, {ExtPSKModes, "psk_key_exchange_modes"},
	{ExtAuthorities, "certificate_authorities"}, {48, "oid_filters"}, {49, "post_handshake_auth"},
	{50, "signature_algorithms_cert"}, {ExtKeyShare, "key_share"}, {57, "quic_transport_parameters"},
	{13172, "next_protocol_negotiation"}, {17613, "application_settings"}, {0xfe0d, "encrypted_client_hello"},
	{ExtRenegotiationInfo, "renegotiation_info"},
}

func (e Extension) String() string {
	for _, x := range extensions {
		if x.extension == e {
			return x.name
		}
	}
	return hex16(uint16(e))
}
