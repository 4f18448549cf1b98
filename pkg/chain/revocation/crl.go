package revocation

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// CRL is one certificate revocation list as read from its DER (RFC 5280 section
// 5). The entries stay encoded and are walked when asked for: a list may have
// millions. Byte slices point into the input.
type CRL struct {
	Signed    []byte // TBSCertList, tag and length included
	Algorithm x509read.Algorithm
	Signature []byte

	Version    int // 1 or 2 as meant
	Issuer     x509read.Name
	ThisUpdate time.Time
	NextUpdate time.Time // zero: absent

	Number       *big.Int // nil: no cRLNumber
	BaseNumber   *big.Int // of a delta CRL; nil: a complete one
	AuthorityKey []byte   // keyIdentifier of authorityKeyIdentifier
	Distribution *IssuingDistributionPoint
	Unprocessed  []x509read.OID // critical extensions that are not processed
	Faults       []string       // why it says nothing that can be relied on, lower case, for messages
	Lacks        []string       // what RFC 5280 section 5 asks of the CA and section 6.3.3 of no one who reads the list

	rawDistribution []byte
	entries         cryptobyte.String
}

// IssuingDistributionPoint is RFC 5280 section 5.2.5.
type IssuingDistributionPoint struct {
	FullName      []x509read.GeneralName
	RelativeName  []x509read.Attribute
	HasName       bool
	OnlyUser      bool
	OnlyCA        bool
	OnlyAttribute bool
	Indirect      bool
	Reasons       uint16 // 1<<n for bit n; 0: all
}

const maxListExtensions = 64

var errCRL = errors.New("not a certificate revocation list")

// ParseCRL reads a CRL. What is not as RFC 5280 section 5 wants it and can be
// read all the same is kept in Faults; the error says that it is no CRL at all.
func ParseCRL(der []byte) (*CRL, error) {
	c := &CRL{Version: 1}
	in := cryptobyte.String(der)
	var outer, tbs, alg cryptobyte.String
	var unused uint8
	if !in.ReadASN1(&outer, asn1.SEQUENCE) || !outer.ReadASN1Element(&tbs, asn1.SEQUENCE) || !outer.ReadASN1Element(&alg, asn1.SEQUENCE) {
		return nil, errCRL
	}
	var bits cryptobyte.String
	if !outer.ReadASN1(&bits, asn1.BIT_STRING) || !bits.ReadUint8(&unused) || unused != 0 {
		return nil, fmt.Errorf("%w: the signature is no BIT STRING of whole octets", errCRL)
	}
	c.Signed, c.Signature = tbs, bits
	if !in.Empty() || !outer.Empty() {
		c.fault("octets follow the list")
	}
	var ok bool
	if c.Algorithm, ok = x509read.ParseAlgorithm(alg); !ok {
		c.fault("the signature algorithm does not decode")
	}
	return c, c.list(tbs, alg)
}

func (c *CRL) fault(format string, args ...any) {
	c.Faults = append(c.Faults, fmt.Sprintf(format, args...))
}

func (c *CRL) list(tbs, alg cryptobyte.String) error {
	var body, inner, issuer cryptobyte.String
	if !tbs.ReadASN1(&body, asn1.SEQUENCE) {
		return errCRL
	}
	if body.PeekASN1Tag(asn1.INTEGER) {
		var v int64
		if !body.ReadASN1Integer(&v) || v < 0 || v > 100 {
			return fmt.Errorf("%w: the version does not decode", errCRL)
		}
		c.Version = int(v) + 1
	}
	if !body.ReadASN1Element(&inner, asn1.SEQUENCE) || !body.ReadASN1Element(&issuer, asn1.SEQUENCE) {
		return fmt.Errorf("%w: algorithm and issuer do not decode", errCRL)
	}
	if !bytes.Equal(inner, alg) {
		c.fault("the inner and the outer signature algorithm differ")
	}
	var faults []x509read.Fault
	if c.Issuer, faults = x509read.ParseName(issuer); len(faults) > 0 && c.Issuer.RDNs == nil {
		return fmt.Errorf("%w: the issuer does not decode", errCRL)
	}
	if c.Issuer.Empty() {
		c.fault("the issuer is empty")
	}
	var ok bool
	if c.ThisUpdate, ok = readTime(&body); !ok {
		return fmt.Errorf("%w: thisUpdate does not decode", errCRL)
	}
	if body.PeekASN1Tag(asn1.UTCTime) || body.PeekASN1Tag(asn1.GeneralizedTime) {
		if c.NextUpdate, ok = readTime(&body); !ok {
			return fmt.Errorf("%w: nextUpdate does not decode", errCRL)
		}
	} else {
		c.Lacks = append(c.Lacks, "nextUpdate")
	}
	if body.PeekASN1Tag(asn1.SEQUENCE) && !body.ReadASN1(&c.entries, asn1.SEQUENCE) {
		return fmt.Errorf("%w: revokedCertificates does not decode", errCRL)
	}
	var wrapped cryptobyte.String
	var present bool
	if !body.ReadOptionalASN1(&wrapped, &present, asn1.Tag(0).Constructed().ContextSpecific()) {
		return fmt.Errorf("%w: the extensions do not decode", errCRL)
	}
	if !body.Empty() {
		c.fault("unknown fields follow the extensions")
	}
	if present {
		if err := c.extensions(wrapped); err != nil {
			return err
		}
	}
	switch {
	case c.Version == 1:
		c.Lacks = append(c.Lacks, "version 2")
	case c.Version != 2:
		c.fault("version %d, 2 is wanted", c.Version)
	}
	if c.Number == nil {
		c.Lacks = append(c.Lacks, "cRLNumber")
	}
	return nil
}

// readTime reads a Time; fractions and offsets are not allowed (RFC 5280 section
// 5.1.2.4).
func readTime(s *cryptobyte.String) (time.Time, bool) {
	var t time.Time
	if s.PeekASN1Tag(asn1.UTCTime) {
		ok := s.ReadASN1UTCTime(&t)
		return t.UTC(), ok
	}
	ok := s.ReadASN1GeneralizedTime(&t)
	return t.UTC(), ok
}

// Current reports whether a time lies between thisUpdate and nextUpdate, both
// inclusive; a list without nextUpdate does not run out.
func (c *CRL) Current(t time.Time) bool {
	return !t.Before(c.ThisUpdate) && (c.NextUpdate.IsZero() || !t.After(c.NextUpdate))
}

// Delta reports whether the list only says what changed since another one.
func (c *CRL) Delta() bool { return c.BaseNumber != nil }
