package pfx

import (
	"errors"
	"fmt"
)

// Content types (RFC 5652).
const (
	oidData          = "1.2.840.113549.1.7.1"
	oidSignedData    = "1.2.840.113549.1.7.2"
	oidEnvelopedData = "1.2.840.113549.1.7.3"
	oidEncryptedData = "1.2.840.113549.1.7.6"
)

// IsPFX reports whether data begins as a PKCS#12 file does, in DER or BER and
// cut off or not: a version number and a ContentInfo of type data or signedData.
func IsPFX(data []byte) bool {
	r := berReader{in: data, cut: true}
	h, err := r.header(len(data))
	if err != nil || h.id[0] != idSequence {
		return false
	}
	for _, want := range []byte{idInteger, idSequence, idOID} {
		if h, err = r.header(len(data)); err != nil || h.id[0] != want {
			return false
		}
		if want == idInteger {
			if h.length != 1 {
				return false
			}
			r.pos = h.end
		}
	}
	if h.end > len(data) || h.length < 0 {
		return false
	}
	oid, _ := dotted(data[h.start:h.end])
	return oid == oidData || oid == oidSignedData
}

// authenticatedSafe reads SEQUENCE OF ContentInfo (RFC 7292 section 4.1).
func (o *opener) authenticatedSafe(content []byte) error {
	der, used, err := toDER(content)
	if err != nil {
		return inContent("AuthenticatedSafe", err)
	}
	o.noteEncoding(content[:used], der)
	in := cursor{der}
	seq, ok := in.sequence()
	if !ok {
		return damaged("AuthenticatedSafe", "is not a SEQUENCE")
	}
	for !seq.empty() {
		if len(o.file.Safes) == maxBags {
			return damaged("AuthenticatedSafe", "more than %d safes", maxBags)
		}
		where := fmt.Sprintf("safe %d", len(o.file.Safes)+1)
		info, ok := seq.sequence()
		oid, ok2 := info.oid()
		if !ok || !ok2 {
			return damaged(where, "is not a ContentInfo")
		}
		s := Safe{Content: oid}
		before := len(o.file.Bags)
		o.file.Safes = append(o.file.Safes, s)
		s.Problem = o.safe(where, &s, info)
		s.Bags = len(o.file.Bags) - before
		o.file.Safes[len(o.file.Safes)-1] = s
	}
	return nil
}

// inContent says that a fault of BER lies inside content that was rewritten or decrypted.
func inContent(where string, err error) error {
	var d *DamagedError
	if errors.As(err, &d) {
		return damaged(where, "byte %d of its content: %s", d.Offset, d.What)
	}
	return err
}

func (o *opener) safe(where string, s *Safe, info cursor) error {
	switch s.Content {
	case oidData:
		s.Content = "data"
		content, ok := explicitOctets(&info)
		if !ok {
			return damaged(where, "data without content")
		}
		return o.safeContents(where, content)
	case oidEncryptedData:
		s.Content = "encryptedData"
		return o.encryptedSafe(where, s, info)
	case oidEnvelopedData:
		s.Content = "envelopedData"
		return &UnsupportedError{Where: where, Kind: "content", Algorithm: "envelopedData (encrypted to a public key)"}
	}
	return &UnsupportedError{Where: where, Kind: "content", Algorithm: s.Content}
}

// encryptedSafe reads EncryptedData (RFC 5652 section 8).
func (o *opener) encryptedSafe(where string, s *Safe, info cursor) error {
	wrapped, ok := info.take(idExplicit0)
	in := cursor{wrapped}
	seq, ok2 := in.sequence()
	_, ok3 := seq.integer()
	eci, ok4 := seq.sequence()
	_, ok5 := eci.oid()
	if !ok || !ok2 || !ok3 || !ok4 || !ok5 {
		return damaged(where, "EncryptedData without content")
	}
	sch, err := readScheme(where, &eci)
	s.Encryption = &sch.Encryption
	if err != nil {
		return err
	}
	data, ok := implicitOctets(&eci)
	if !ok {
		return damaged(where, "EncryptedContentInfo without encrypted content")
	}
	plain, err := o.decrypt(where, sch, data, isSequence)
	if err != nil {
		return err
	}
	return o.safeContents(where, plain)
}

// implicitOctets takes [0] IMPLICIT OCTET STRING, primitive or constructed.
func implicitOctets(c *cursor) ([]byte, bool) {
	if c.is(idContext0) {
		return c.take(idContext0)
	}
	parts, ok := c.take(idExplicit0)
	if !ok {
		return nil, false
	}
	var all []byte
	for in := (cursor{parts}); !in.empty(); {
		part, ok := in.take(idOctetString)
		if !ok {
			return nil, false
		}
		all = append(all, part...)
	}
	return all, true
}

// isSequence tells a decrypted SafeContents from noise: one SEQUENCE, to the end.
func isSequence(plain []byte) bool {
	der, used, err := toDER(plain)
	return err == nil && used == len(plain) && der[0] == idSequence
}

// safeContents reads SEQUENCE OF SafeBag (RFC 7292 section 4.2).
func (o *opener) safeContents(where string, content []byte) error {
	der, used, err := toDER(content)
	if err != nil {
		return inContent(where, err)
	}
	o.noteEncoding(content[:used], der)
	return o.bags(where, der, 0)
}
