package x509read

import (
	"bytes"
	"slices"
	"testing"
)

// TestUnread: each case leaves just these fields without a value.
func TestUnread(t *testing.T) {
	san := ext(OIDExtSubjectAltName, nil, seq(str(0x82, "a.example")))
	usage := ext(OIDExtKeyUsage, nil, tlv(idBitString, []byte{7, 0x80}))
	noValue := seq(oidTLV(OIDExtExtKeyUsage))
	for _, tc := range []struct {
		name   string
		change func(*parts)
		want   Fields
	}{
		{"nothing", func(p *parts) { p.exts = [][]byte{san, usage} }, 0},
		{"trailing bytes", func(p *parts) { p.exts = [][]byte{san}; p.after = []byte{1}; p.tail = tlv(idNull) }, 0},
		{"odd, but read", func(p *parts) { p.serial = ints(0, 0x12) }, 0},
		{"version", func(p *parts) { p.version = tlv(idContextCons) }, FieldVersion},
		{"serial", func(p *parts) { p.serial = ints() }, FieldSerial},
		{"inner algorithm", func(p *parts) { p.inner = seq() }, FieldSignature},
		{"outer algorithm", func(p *parts) { p.outer = seq() }, FieldSignature},
		{"signature", func(p *parts) { p.signature = tlv(idBitString) }, FieldSignature},
		{"issuer", func(p *parts) { p.issuer = seq(ints(1)) }, FieldIssuer},
		{"subject", func(p *parts) { p.subject = seq(ints(1)) }, FieldSubject},
		{"a date", func(p *parts) { p.validity = seq(str(idUTCTime, "260101000000Z"), str(idUTCTime, "x")) }, FieldValidity},
		{"key", func(p *parts) { p.spki = seq() }, FieldPublicKey},
		{"key's algorithm", func(p *parts) { p.spki = seq(seq(ints(1)), tlv(idBitString, []byte{0})) }, FieldPublicKey},
		{"one extension", func(p *parts) { p.exts = [][]byte{san, ext(OIDExtKeyUsage, nil, ints(1))} }, FieldKeyUsage},
		{"one name", func(p *parts) { p.exts = [][]byte{ext(OIDExtSubjectAltName, nil, seq(str(0x82, "a"), ints(1)))} }, FieldSubjectAltName},
		{"an extension without value", func(p *parts) { p.exts = [][]byte{san, noValue} }, FieldExtKeyUsage},
		{"an extension of no kind", func(p *parts) { p.exts = [][]byte{san, seq(ints(1)), usage} }, FieldExtensions &^ (FieldSubjectAltName | FieldKeyUsage)},
		{"an extension of unknown kind without value", func(p *parts) { p.exts = [][]byte{san, seq(oidTLV("\x55"), seq())} },
			FieldExtensions &^ FieldSubjectAltName},
		{"extensions that break off", func(p *parts) { p.exts = [][]byte{san, {idSequence, 9}} }, FieldExtensions &^ FieldSubjectAltName},
		{"extensions that are no list", func(p *parts) { p.extensions = tlv(idContextCons|3, ints(1)) }, FieldExtensions},
		{"something else in their place", func(p *parts) { p.tail = ints(1) }, FieldExtensions},
		{"no serial number", func(p *parts) { p.exts = [][]byte{san}; p.serial = nil }, FieldSerial | FieldPublicKey | FieldSignature},
		{"no key", func(p *parts) { p.exts = [][]byte{san}; p.spki = nil }, FieldPublicKey | FieldSignature},
	} {
		p := goodParts(t)
		tc.change(p)
		if c, _ := Parse(p.der()); c.Unread != tc.want {
			t.Errorf("%s: %b, want %b (%+v)", tc.name, c.Unread, tc.want, c.Faults)
		}
	}
	for _, der := range [][]byte{nil, []byte("hello"), seq(), {idSequence, 0x82}} {
		if c, err := Parse(der); err == nil || c.Unread != fieldsEnd-1 {
			t.Errorf("%x: %b, error %v; want nothing read", der, c.Unread, err)
		}
	}
}

// TestUnreadWhereCutOff: wherever a certificate breaks off, what was not
// reached is unread, and what was read is as in the whole.
func TestUnreadWhereCutOff(t *testing.T) {
	der := leafDER(t, "ECDSA")
	whole, err := Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	for n := range der {
		c, err := Parse(der[:n])
		if err == nil || c.Unread&FieldSignature == 0 || c.Unread&FieldPublicKey == 0 {
			t.Fatalf("%d octets: error %v, unread %b", n, err, c.Unread)
		}
		for field, same := range map[Fields]bool{
			FieldSerial:         bytes.Equal(c.Serial, whole.Serial),
			FieldIssuer:         bytes.Equal(c.Issuer.Raw, whole.Issuer.Raw),
			FieldValidity:       c.NotBefore.Equal(whole.NotBefore) && c.NotAfter.Equal(whole.NotAfter),
			FieldSubject:        bytes.Equal(c.Subject.Raw, whole.Subject.Raw),
			FieldSubjectAltName: slices.EqualFunc(c.SubjectAltName, whole.SubjectAltName, func(a, b GeneralName) bool { return a.Text() == b.Text() }),
			FieldExtKeyUsage:    slices.Equal(c.ExtKeyUsage, whole.ExtKeyUsage),
		} {
			if c.Unread&field == 0 && !same {
				t.Fatalf("%d octets: field %b is another, and not unread", n, field)
			}
		}
	}
}
