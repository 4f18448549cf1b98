package revocation

import (
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

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
