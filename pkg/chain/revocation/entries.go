package revocation

import (
	"bytes"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Reason is a CRLReason (RFC 5280 section 5.3.1).
type Reason int

// RemoveFromList takes a certificate off a delta list again; the other reasons
// have names only.
const RemoveFromList Reason = 8

func (r Reason) String() string {
	switch r {
	case 0:
		return "unspecified"
	case 1:
		return "keyCompromise"
	case 2:
		return "cACompromise"
	case 3:
		return "affiliationChanged"
	case 4:
		return "superseded"
	case 5:
		return "cessationOfOperation"
	case 6:
		return "certificateHold"
	case 8:
		return "removeFromCRL"
	case 9:
		return "privilegeWithdrawn"
	case 10:
		return "aACompromise"
	}
	return "unknown reason"
}

// Entry is one revoked certificate of a CRL.
type Entry struct {
	Serial      []byte // content octets of the INTEGER
	Date        time.Time
	Reason      Reason
	Issuer      *x509read.Name // of the certificate, in an indirect CRL; nil: the CRL's issuer
	Unprocessed []x509read.OID // critical entry extensions that are not processed

	when cryptobyte.String // Date, encoded: of a million entries one is wanted
}

// find walks the entries for a certificate, by serial number and issuer; the
// issuer of an indirect CRL's entry holds until another one is named (RFC 5280
// section 5.3.3). The last entry that fits counts. unprocessed lists critical
// entry extensions anywhere in the list: with one, it says nothing of any
// certificate (section 5.3). ok is false where the entries do not decode.
func (c *CRL) find(serial []byte, issuer x509read.Name) (found *Entry, unprocessed []x509read.OID, ok bool) {
	current := c.Issuer
	fits := current.Equal5280(issuer)
	indirect := c.Distribution != nil && c.Distribution.Indirect
	for list := c.entries; !list.Empty(); {
		var e Entry
		if !e.read(&list, indirect) {
			return found, unprocessed, false
		}
		if e.Issuer != nil {
			if !bytes.Equal(current.Raw, e.Issuer.Raw) {
				current = *e.Issuer
				fits = current.Equal5280(issuer)
			}
		}
		if len(e.Unprocessed) > 0 && len(unprocessed) < 4 {
			unprocessed = append(unprocessed, e.Unprocessed...)
		}
		if fits && sameSerial(e.Serial, serial) {
			var decodes bool
			if e.Date, decodes = readTime(&e.when); !decodes {
				return found, unprocessed, false
			}
			entry := e
			found = &entry
		}
	}
	return found, unprocessed, true
}

// sameSerial compares INTEGER contents by value: serial numbers that are not
// minimally encoded, or negative, are met.
func sameSerial(a, b []byte) bool { return bytes.Equal(minimal(a), minimal(b)) }

func minimal(b []byte) []byte {
	for len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:]
	}
	return b
}

// skipTime passes over a Time and looks at its form alone: digits and a Z.
func skipTime(s *cryptobyte.String) (encoded cryptobyte.String, ok bool) {
	var value cryptobyte.String
	var tag asn1.Tag
	if !s.ReadAnyASN1Element(&encoded, &tag) {
		return nil, false
	}
	inner := encoded
	if !inner.ReadAnyASN1(&value, &tag) || tag != asn1.UTCTime && tag != asn1.GeneralizedTime {
		return nil, false
	}
	n := len("20060102150405Z")
	if tag == asn1.UTCTime {
		n -= 2
	}
	if len(value) != n || value[n-1] != 'Z' {
		return nil, false
	}
	for _, c := range value[:n-1] {
		if c < '0' || c > '9' {
			return nil, false
		}
	}
	return encoded, true
}

func (e *Entry) read(list *cryptobyte.String, indirect bool) bool {
	var seq, serial, extensions cryptobyte.String
	if !list.ReadASN1(&seq, asn1.SEQUENCE) || !seq.ReadASN1(&serial, asn1.INTEGER) {
		return false
	}
	e.Serial = serial
	var ok bool
	if e.when, ok = skipTime(&seq); !ok {
		return false
	}
	if seq.Empty() {
		return true
	}
	if !seq.ReadASN1(&extensions, asn1.SEQUENCE) || !seq.Empty() {
		return false
	}
	for n := 0; !extensions.Empty(); n++ {
		oid, critical, value, whole, ok := readExtension(&extensions)
		switch {
		case !ok || n >= maxListExtensions:
			return false
		case !whole && critical:
			e.Unprocessed = append(e.Unprocessed, oid)
		case whole && !e.extension(oid, critical, value, indirect):
			return false
		}
	}
	return true
}

func (e *Entry) extension(oid x509read.OID, critical bool, value cryptobyte.String, indirect bool) bool {
	switch oid {
	case x509read.OIDExtReasonCode:
		var reason int
		if !value.ReadASN1Enum(&reason) || !value.Empty() {
			return false
		}
		e.Reason = Reason(reason)
		return true
	case x509read.OIDExtInvalidityDate:
		return true
	case x509read.OIDExtCertificateIssuer:
		names, _, ok := x509read.ParseGeneralNames(value)
		if !ok || !indirect {
			return ok
		}
		for _, g := range names {
			if g.Tag == x509read.TagDirectoryName && g.Name != nil {
				e.Issuer = g.Name
				return true
			}
		}
		return false
	}
	if critical {
		e.Unprocessed = append(e.Unprocessed, oid)
	}
	return true
}
