package pfx

import (
	"errors"
	"fmt"
)

// maxNested bounds SafeContents bags inside each other; maxKeys the keys of one
// file, since a public key costs milliseconds to compute.
const maxNested, maxKeys = 8, 100

// bags reads the SafeBags of a SafeContents.
func (o *opener) bags(where string, der []byte, nested int) error {
	in := cursor{der}
	seq, ok := in.sequence()
	if !ok {
		return damaged(where, "SafeContents is not a SEQUENCE")
	}
	if nested > maxNested {
		return damaged(where, "SafeContents bags nested deeper than %d levels", maxNested)
	}
	for !seq.empty() {
		if len(o.file.Bags) == maxBags {
			return damaged(where, "more than %d bags in the file", maxBags)
		}
		bag, ok := seq.sequence()
		oid, ok2 := bag.oid()
		value, ok3 := bag.take(idExplicit0)
		if !ok || !ok2 || !ok3 {
			return damaged(where, "bag %d of the file is not a SafeBag", len(o.file.Bags)+1)
		}
		if oid == "1.2.840.113549.1.12.10.1.6" {
			if err := o.bags(where, value, nested+1); err != nil {
				return err
			}
			continue
		}
		b := Bag{Kind: OtherBag, OID: oid, Safe: len(o.file.Safes) - 1}
		b.attributes(bag)
		o.file.Bags = append(o.file.Bags, b)
		b.Problem = o.bagValue(fmt.Sprintf("bag %d of %s", len(o.file.Bags), where), &b, cursor{value})
		o.file.Bags[len(o.file.Bags)-1] = b
	}
	return nil
}

func (o *opener) bagValue(where string, b *Bag, value cursor) error {
	switch b.OID {
	case "1.2.840.113549.1.12.10.1.1":
		b.Kind = PlainKeyBag
		return o.key(where, b, value.rest)
	case "1.2.840.113549.1.12.10.1.2":
		b.Kind = ShroudedKeyBag
		return o.shroudedKey(where, b, value)
	case "1.2.840.113549.1.12.10.1.3":
		b.Kind = CertificateBag
		return b.typedOctets(where, value, "1.2.840.113549.1.9.22.1")
	case "1.2.840.113549.1.12.10.1.4":
		b.Kind = CRLBag
		return b.typedOctets(where, value, "1.2.840.113549.1.9.23.1")
	case "1.2.840.113549.1.12.10.1.5":
		b.Kind = SecretBag
		return &UnsupportedError{Where: where, Kind: "content", Algorithm: "secret bag"}
	}
	return &UnsupportedError{Where: where, Kind: "content", Algorithm: "bag type " + b.OID}
}

// typedOctets reads a CertBag or CRLBag: type and [0] EXPLICIT OCTET STRING.
func (b *Bag) typedOctets(where string, value cursor, x509 string) error {
	seq, ok := value.sequence()
	oid, ok2 := seq.oid()
	content, ok3 := explicitOctets(&seq)
	if !ok || !ok2 || !ok3 {
		return damaged(where, "is not a type and an OCTET STRING")
	}
	if oid != x509 {
		b.OID = oid
		return &UnsupportedError{Where: where, Kind: "content", Algorithm: string(b.Kind) + " of type " + oid}
	}
	b.DER = content
	return nil
}

func (o *opener) shroudedKey(where string, b *Bag, value cursor) error {
	seq, ok := value.sequence()
	if !ok {
		return damaged(where, "is not an EncryptedPrivateKeyInfo")
	}
	sch, err := readScheme(where, &seq)
	b.Encryption = &sch.Encryption
	if err != nil {
		return err
	}
	data, ok := seq.take(idOctetString)
	if !ok {
		return damaged(where, "EncryptedPrivateKeyInfo without encrypted data")
	}
	plain, err := o.decrypt(where, sch, data, isPrivateKeyInfo)
	if err != nil {
		return err
	}
	return o.key(where, b, plain)
}

// key reads what is public about a key and lends it out.
func (o *opener) key(where string, b *Bag, pkcs8 []byte) error {
	if o.keys++; o.keys > maxKeys {
		return damaged(where, "more than %d keys in the file", maxKeys)
	}
	key, err := ReadKey(pkcs8)
	if err != nil {
		var d *DamagedError
		if errors.As(err, &d) {
			d.Where = where
		}
		return err
	}
	b.Key = key
	if o.lend != nil && !o.trial {
		o.lend(len(o.file.Bags)-1, append([]byte(nil), pkcs8...))
	}
	return nil
}

// attributes reads SET OF PKCS12Attribute; one that does not parse is left out.
func (b *Bag) attributes(bag cursor) {
	set, ok := bag.take(idSet)
	if !ok {
		return
	}
	for all := (cursor{set}); !all.empty(); {
		attr, ok := all.sequence()
		oid, ok2 := attr.oid()
		values, ok3 := attr.take(idSet)
		if !ok || !ok2 || !ok3 {
			return
		}
		in := cursor{values}
		id, body, _, _ := in.element()
		switch {
		case oid == "1.2.840.113549.1.9.20" && id == idBMPString:
			b.FriendlyName, b.HasFriendlyName = fromBMP(body), true
		case oid == "1.2.840.113549.1.9.21" && id == idOctetString:
			b.LocalKeyID = append([]byte{}, body...)
		case oid == "1.3.6.1.4.1.311.17.1" && id == idBMPString:
			b.CSPName = fromBMP(body)
		case oid == "2.16.840.1.113894.746875.1.1":
			b.JavaTrusted = true
		default:
			if len(b.OtherAttributes) < 16 {
				b.OtherAttributes = append(b.OtherAttributes, oid)
			}
		}
	}
}
