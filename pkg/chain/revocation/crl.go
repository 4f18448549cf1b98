package revocation

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
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

// current reports whether a time lies between thisUpdate and nextUpdate, both
// inclusive; a list without nextUpdate does not run out.
func (c *CRL) current(t time.Time) bool {
	return !t.Before(c.ThisUpdate) && (c.NextUpdate.IsZero() || !t.After(c.NextUpdate))
}

// delta reports whether the list only says what changed since another one.
func (c *CRL) delta() bool { return c.BaseNumber != nil }

// readExtension reads one Extension. ok: its name, whether it is critical, and its value are read; without them
// nobody knows whether the list may be used. whole: nothing else is in it. One
// that is not whole is not processed, which RFC 5280 sections 5.2 and 5.3 allow
// where it is not critical.
func readExtension(s *cryptobyte.String) (oid x509read.OID, critical bool, value cryptobyte.String, whole, ok bool) {
	var ext, id, flag cryptobyte.String
	var present bool
	ok = s.ReadASN1(&ext, asn1.SEQUENCE) && ext.ReadASN1(&id, asn1.OBJECT_IDENTIFIER) &&
		ext.ReadOptionalASN1(&flag, &present, asn1.BOOLEAN) && (!present || len(flag) == 1) && ext.ReadASN1(&value, asn1.OCTET_STRING)
	critical = ok && present && flag[0] != 0
	return x509read.OID(id), critical, value, ext.Empty(), ok
}

func (c *CRL) extensions(wrapped cryptobyte.String) error {
	var list cryptobyte.String
	if !wrapped.ReadASN1(&list, asn1.SEQUENCE) {
		return fmt.Errorf("%w: the extensions do not decode", errCRL)
	}
	if !wrapped.Empty() {
		c.fault("unknown fields follow the extensions")
	}
	seen := map[x509read.OID]bool{}
	for n := 0; !list.Empty(); n++ {
		oid, critical, value, whole, ok := readExtension(&list)
		if !ok || n >= maxListExtensions {
			return fmt.Errorf("%w: extension %d does not decode", errCRL, n+1)
		}
		if seen[oid] {
			c.fault("the extension %s is there twice", oid.Name())
		}
		seen[oid] = true
		var known, good bool
		if whole {
			known, good = c.extension(oid, value)
		}
		if !good {
			c.fault("the extension %s does not decode", oid.Name())
		}
		if critical && (oid == x509read.OIDExtCRLNumber || oid == x509read.OIDExtAuthorityKeyID) {
			c.fault("the extension %s is critical, it must not be", oid.Name())
		}
		if critical && (!known || !good) {
			c.Unprocessed = append(c.Unprocessed, oid)
		}
	}
	return nil
}

// extension reads one extension of the list; known: it is processed.
func (c *CRL) extension(oid x509read.OID, value cryptobyte.String) (known, good bool) {
	integer := func() (*big.Int, bool) {
		n := new(big.Int)
		ok := len(value) <= 64 && value.ReadASN1Integer(n) && value.Empty() && n.Sign() >= 0
		return n, ok
	}
	switch oid {
	case x509read.OIDExtCRLNumber:
		n, ok := integer()
		if ok {
			c.Number = n
		}
		return true, ok
	case x509read.OIDExtDeltaCRLIndicator:
		n, ok := integer()
		c.BaseNumber = n // even where it does not decode: the list is no complete one
		return true, ok
	case x509read.OIDExtAuthorityKeyID:
		var seq, id cryptobyte.String
		var present bool
		ok := value.ReadASN1(&seq, asn1.SEQUENCE) && seq.ReadOptionalASN1(&id, &present, asn1.Tag(0).ContextSpecific())
		if ok && present {
			c.AuthorityKey = id
		}
		return true, ok
	case x509read.OIDExtIssuingDistributionPoint:
		c.rawDistribution = value
		c.Distribution = new(IssuingDistributionPoint)
		return true, c.Distribution.read(value)
	case x509read.OIDExtFreshestCRL:
		_, _, ok := x509read.ParseDistributionPoints(value)
		return true, ok
	case x509read.OIDExtIssuerAltName, x509read.OIDExtAuthorityInfoAccess:
		return true, true
	}
	return false, true
}

// read decodes the extension value; every part is optional, their order is fixed.
func (p *IssuingDistributionPoint) read(value cryptobyte.String) bool {
	var seq, part cryptobyte.String
	if !value.ReadASN1(&seq, asn1.SEQUENCE) || !value.Empty() {
		return false
	}
	name := asn1.Tag(0).Constructed().ContextSpecific()
	if seq.PeekASN1Tag(name) {
		if !seq.ReadASN1Element(&part, name) {
			return false
		}
		var ok bool
		if p.FullName, p.RelativeName, ok = x509read.ParseDistributionPointName(part); !ok {
			return false
		}
		p.HasName = true
	}
	flag := func(n uint8, to *bool) bool {
		tag := asn1.Tag(n).ContextSpecific()
		if !seq.PeekASN1Tag(tag) {
			return true
		}
		if !seq.ReadASN1(&part, tag) || len(part) != 1 {
			return false
		}
		*to = part[0] != 0
		return true
	}
	if !flag(1, &p.OnlyUser) || !flag(2, &p.OnlyCA) {
		return false
	}
	if tag := asn1.Tag(3).ContextSpecific(); seq.PeekASN1Tag(tag) {
		if !seq.ReadASN1(&part, tag) || len(part) < 2 || part[0] > 7 {
			return false
		}
		p.Reasons = reasonBits(part[1:], int(part[0]))
	}
	return flag(4, &p.Indirect) && flag(5, &p.OnlyAttribute) && seq.Empty()
}

// reasonBits turns the octets of ReasonFlags into 1<<n for bit n.
func reasonBits(octets []byte, unused int) (flags uint16) {
	for i := 0; i < len(octets)*8-unused && i < 9; i++ {
		if octets[i/8]>>(7-i%8)&1 != 0 {
			flags |= 1 << i
		}
	}
	return flags
}
