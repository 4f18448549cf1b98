// Package x509read reads X.509 certificates tolerantly: every field is a value,
// or a Fault that names the field and its position. Nothing is judged here and
// nothing is refused as long as the outer structure can be walked, so that a
// report can show subject, issuer and dates of a certificate that other
// libraries drop.
package x509read

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"time"
)

// Certificate is one certificate as read from its DER. All byte slices point
// into Raw and must not be modified.
type Certificate struct {
	Raw    []byte            // the whole certificate, without trailing bytes
	RawTBS []byte            // the TBSCertificate, tag and length included
	SHA256 [sha256.Size]byte // over Raw

	Version int    // 1, 2 or 3 as meant (encoded value + 1); other numbers as they stand
	Serial  []byte // content octets of the INTEGER, as encoded

	TBSSignature Algorithm // the inner signature AlgorithmIdentifier
	Signature    Algorithm // the outer one, beside the signature value
	SignatureBit []byte    // content of the signature BIT STRING without its unused-bits octet

	Issuer, Subject     Name
	NotBefore, NotAfter time.Time // UTC; zero where a Fault says why

	PublicKey PublicKey

	Extensions []Extension // in order; repeated ones included

	// Decoded extensions: nil where the extension is absent or does not parse
	// (then a Fault with the extension's OID says so).
	KeyUsage          *KeyUsage
	BasicConstraints  *BasicConstraints
	SubjectAltName    []GeneralName // nil when absent; empty, not nil, when present and empty
	IssuerAltName     []GeneralName
	NameConstraints   *NameConstraints
	ExtKeyUsage       []OID // nil when absent
	SubjectKeyID      []byte
	AuthorityKeyID    *AuthorityKeyID
	Policies          []Policy // nil when absent
	PolicyMappings    []PolicyMapping
	PolicyConstraints *PolicyConstraints
	InhibitAnyPolicy  *int
	CRLDistribution   []DistributionPoint
	FreshestCRL       []DistributionPoint
	AuthorityInfo     []AccessDescription
	TLSFeatures       []int
	SCTList           []byte // content of the CT extension: the serialised SignedCertificateTimestampList
	CTPoison          bool

	// Unread holds what could not be read: whether it is there and what it says
	// is not known. A Fault says why.
	Unread Fields

	Faults []Fault // everything that is not as RFC 5280 section 4 wants it, in order of position
}

// IsCA reports whether the certificate says that it is a CA's.
func (c *Certificate) IsCA() bool { return c.BasicConstraints != nil && c.BasicConstraints.CA }

// OID is an object identifier as its DER content octets; compare with ==.
type OID string

// Algorithm is an AlgorithmIdentifier.
type Algorithm struct {
	OID    OID
	Params []byte // the parameters element, tag and length included; nil when absent
}

// KeyType names a public key's kind the way reports print it.
type KeyType string

// The kinds of public keys the reader tells apart.
const (
	RSA     KeyType = "RSA"
	RSAPSS  KeyType = "RSA-PSS" // id-RSASSA-PSS in the SubjectPublicKeyInfo
	ECDSA   KeyType = "ECDSA"   // id-ecPublicKey
	Ed25519 KeyType = "Ed25519"
	Ed448   KeyType = "Ed448"
	X25519  KeyType = "X25519"
	X448    KeyType = "X448"
	DSA     KeyType = "DSA"
	MLDSA   KeyType = "ML-DSA"
	Unknown KeyType = "unknown"
)

// PublicKey is the SubjectPublicKeyInfo.
type PublicKey struct {
	Raw       []byte            // the whole SubjectPublicKeyInfo
	SHA256    [sha256.Size]byte // over Raw: the "SPKI pin"
	Algorithm Algorithm
	Type      KeyType
	Bits      int    // modulus bits (RSA, DSA), field bits (ECDSA), 256 / 456 for Edwards keys; 0 unknown
	Curve     string // "P-256", "P-384", …, "secp256k1", "explicit parameters"; dotted OID when unknown
	Key       []byte // content of the BIT STRING without its unused-bits octet
}

// Name is a distinguished name, raw and decoded.
type Name struct {
	Raw  []byte        // the RDNSequence, tag and length included
	RDNs [][]Attribute // in order of encoding; nil when it does not decode
	key  string        // of Key, where the reader has made it: names are compared far more often than read
}

// Attribute is one AttributeTypeAndValue.
type Attribute struct {
	OID   OID
	Tag   int    // ASN.1 tag number of the string: 12 UTF8String, 19 PrintableString …; the identifier octet when not of universal class
	Value []byte // content octets as encoded
	Text  string // decoded to UTF-8; invalid bytes as U+FFFD
}

// Extension is one certificate extension.
type Extension struct {
	OID      OID
	Critical bool
	Value    []byte // content of the OCTET STRING
}

// KeyUsage holds the bits of the keyUsage extension: bit 0 digitalSignature …
// bit 8 decipherOnly (RFC 5280 section 4.2.1.3).
type KeyUsage struct {
	Bits     uint16 // 1<<n for bit n
	Critical bool
	Empty    bool // no bit is set
}

// String lists the bits in the words of RFC 5280 section 4.2.1.3: "keyCertSign, cRLSign".
func (k *KeyUsage) String() string {
	names := [...]string{"digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement",
		"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"}
	var set []string
	for i, n := range names {
		if k.Bits&(1<<i) != 0 {
			set = append(set, n)
		}
	}
	if set == nil {
		return "none"
	}
	return strings.Join(set, ", ")
}

// The bits of KeyUsage.
const (
	DigitalSignature  uint16 = 1 << 0
	ContentCommitment uint16 = 1 << 1
	KeyEncipherment   uint16 = 1 << 2
	DataEncipherment  uint16 = 1 << 3
	KeyAgreement      uint16 = 1 << 4
	KeyCertSign       uint16 = 1 << 5
	CRLSign           uint16 = 1 << 6
	EncipherOnly      uint16 = 1 << 7
	DecipherOnly      uint16 = 1 << 8
)

// BasicConstraints is RFC 5280 section 4.2.1.9.
type BasicConstraints struct {
	CA       bool
	PathLen  int // -1 when absent
	Critical bool
}

// The context tags of GeneralName (RFC 5280 section 4.2.1.6).
const (
	TagOtherName     = 0
	TagEmail         = 1 // rfc822Name
	TagDNS           = 2
	TagX400          = 3
	TagDirectoryName = 4
	TagEDIParty      = 5
	TagURI           = 6
	TagIP            = 7
	TagRegisteredID  = 8
)

// GeneralName is one alternative of a GeneralName.
type GeneralName struct {
	Tag        int    // context tag; -1 when the element is no GeneralName
	Value      []byte // content octets; in a constraint an iPAddress has 8 or 32
	text       string // the same as a string, where the reader has it
	Name       *Name  // directoryName only
	OtherName  OID    // otherName only: its type-id
	OtherValue []byte // otherName only: the element inside its [0] value
}

// NameConstraints is RFC 5280 section 4.2.1.10.
type NameConstraints struct {
	Permitted, Excluded []Subtree
	Critical            bool
}

// Subtree is a GeneralSubtree.
type Subtree struct {
	Base    GeneralName
	Minimum int
	Maximum int // -1 when absent
}

// AuthorityKeyID is RFC 5280 section 4.2.1.1.
type AuthorityKeyID struct {
	KeyID  []byte // nil when absent
	Issuer []GeneralName
	Serial []byte // content octets; nil when absent
}

// OtherKey reports whether it names another key than a subject key identifier does,
// where both are there; a nil one names none.
func (a *AuthorityKeyID) OtherKey(subject []byte) bool {
	return a != nil && len(a.KeyID) > 0 && len(subject) > 0 && !bytes.Equal(a.KeyID, subject)
}

// DirectoryName is the first directory name of its issuer, the one that OpenSSL
// compares (X509_check_akid); nil: there is none.
func (a *AuthorityKeyID) DirectoryName() *Name {
	for _, g := range a.Issuer {
		if g.Name != nil {
			return g.Name
		}
	}
	return nil
}

// Policy is one PolicyInformation.
type Policy struct {
	OID        OID
	Qualifiers []byte // the qualifiers element, raw; nil when absent
}

// PolicyMapping is one pair of RFC 5280 section 4.2.1.5.
type PolicyMapping struct{ IssuerDomain, SubjectDomain OID }

// PolicyConstraints is RFC 5280 section 4.2.1.11; -1 for an absent field.
type PolicyConstraints struct{ RequireExplicit, InhibitMapping int }

// DistributionPoint is one CRL distribution point.
type DistributionPoint struct {
	FullName     []GeneralName
	RelativeName []Attribute // nameRelativeToCRLIssuer; nil when absent
	Reasons      uint16      // 1<<n for bit n; 0 when absent
	HasReasons   bool
	CRLIssuer    []GeneralName
}

// AccessDescription is one entry of authorityInfoAccess.
type AccessDescription struct {
	Method   OID
	Location GeneralName
}

// A Fault says that one field is not as it should be.
type Fault struct {
	Code    FaultCode
	Field   string // in the words of RFC 5280: "serialNumber", "extensions.subjectAltName" …
	OID     OID    // of the extension concerned, if one is
	Offset  int    // of the field in Certificate.Raw, bytes
	Message string // what was found and what was wanted; lower case, no full stop
}

// FaultCode names a kind of fault; rules select by it.
type FaultCode string
