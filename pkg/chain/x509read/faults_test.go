package x509read

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// faultCase changes one thing in a certificate without fault; codes are all
// the faults that must follow, at is the octets the first one's offset points to.
type faultCase struct {
	name   string
	change func(*parts)
	codes  []FaultCode
	field  string
	at     []byte
}

func codes(c ...FaultCode) []FaultCode { return c }

func runFaults(t *testing.T, cases []faultCase) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			p := goodParts(t)
			tc.change(p)
			der := p.der()
			c, err := Parse(der)
			if err != nil {
				t.Fatalf("does not read: %v", err)
			}
			var got []FaultCode
			for i, f := range c.Faults {
				got = append(got, f.Code)
				if f.Message == "" || f.Message != strings.TrimRight(f.Message, ".") {
					t.Errorf("message %q", f.Message)
				}
				if i > 0 && f.Offset < c.Faults[i-1].Offset {
					t.Errorf("the faults are not in order of position: %+v", c.Faults)
				}
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(tc.codes))
			if !slices.Equal(got, want) {
				t.Fatalf("faults %v, want %v\n%+v", got, want, c.Faults)
			}
			if len(c.Faults) == 0 {
				return
			}
			f := c.Faults[slices.IndexFunc(c.Faults, func(f Fault) bool { return f.Code == tc.codes[0] })]
			if f.Field != tc.field {
				t.Errorf("field %q, want %q", f.Field, tc.field)
			}
			if tc.at != nil && !bytes.HasPrefix(der[f.Offset:], tc.at) {
				t.Errorf("offset %d points to % x, want % x", f.Offset, der[f.Offset:min(len(der), f.Offset+12)], tc.at)
			}
			if c.Subject.CommonName() == "" && tc.field != "subject" || c.SHA256 == [32]byte{} {
				t.Error("subject or hash is lost")
			}
		})
	}
}

func TestFieldFaults(t *testing.T) {
	long := bytes.Repeat([]byte{0x11}, 21)
	md5 := seq(oidTLV(OIDMD5WithRSA), tlv(idNull))
	runFaults(t, []faultCase{
		{"explicit v1", func(p *parts) { p.version = tlv(0xa0, ints(0)) }, codes(FaultVersionExplicitV1), "version", []byte{0xa0, 3}},
		{"version 4", func(p *parts) { p.version = tlv(0xa0, ints(3)) }, codes(FaultVersionUnknown), "version", []byte{0xa0, 3}},
		{"version 2", func(p *parts) { p.version = tlv(0xa0, ints(1)) }, nil, "", nil},
		{"version 1", func(p *parts) { p.version = nil }, nil, "", nil},
		{"version negative", func(p *parts) { p.version = tlv(0xa0, ints(0xff)) }, codes(FaultVersionSyntax), "version", nil},
		{"version trailing", func(p *parts) { p.version = tlv(0xa0, ints(2), ints(1)) }, codes(FaultTrailingField), "version", nil},
		{"version padded", func(p *parts) { p.version = tlv(0xa0, ints(0, 2)) }, codes(FaultIntegerNotMinimal), "version", nil},

		{"serial empty", func(p *parts) { p.serial = ints() }, codes(FaultSerialEmpty), "serialNumber", []byte{2, 0}},
		{"serial negative", func(p *parts) { p.serial = ints(0x80) }, codes(FaultSerialNegative), "serialNumber", []byte{2, 1, 0x80}},
		{"serial 0x7f", func(p *parts) { p.serial = ints(0x7f) }, nil, "", nil},
		{"serial zero", func(p *parts) { p.serial = ints(0) }, codes(FaultSerialZero), "serialNumber", []byte{2, 1, 0}},
		{"serial padded zero", func(p *parts) { p.serial = ints(0, 0) }, codes(FaultSerialZero, FaultSerialNotMinimal), "serialNumber", nil},
		{"serial 21 octets", func(p *parts) { p.serial = ints(long...) }, codes(FaultSerialTooLong), "serialNumber", nil},
		{"serial 20 octets", func(p *parts) { p.serial = ints(long[:20]...) }, nil, "", nil},
		{"serial padded", func(p *parts) { p.serial = ints(0, 0x12) }, codes(FaultSerialNotMinimal), "serialNumber", nil},
		{"serial with sign octet", func(p *parts) { p.serial = ints(0, 0x92) }, nil, "", nil},
		{"serial padded negative", func(p *parts) { p.serial = ints(0xff, 0x92) }, codes(FaultSerialNegative, FaultSerialNotMinimal), "serialNumber", nil},

		{"algorithms differ", func(p *parts) { p.inner = seq(oidTLV(OIDECDSAWithSHA384)) }, codes(FaultAlgorithmMismatch), "signatureAlgorithm", nil},
		{"NULL with an octet", func(p *parts) {
			p.inner = seq(oidTLV(OIDSHA256WithRSA), tlv(idNull, []byte{0}))
			p.outer = p.inner
		}, codes(FaultAlgorithmSyntax, FaultAlgorithmParameters, FaultAlgorithmSyntax), "signature", []byte{5, 1}},
		{"parameters differ", func(p *parts) { p.inner = seq(oidTLV(OIDECDSAWithSHA256), tlv(idNull)) }, codes(FaultParametersMismatch),
			"signatureAlgorithm", nil},
		{"ecdsa with NULL", func(p *parts) { p.inner = seq(oidTLV(OIDECDSAWithSHA256), tlv(idNull)); p.outer = p.inner },
			codes(FaultAlgorithmParameters), "signatureAlgorithm", nil},
		{"rsa without NULL", func(p *parts) { p.inner = seq(oidTLV(OIDSHA256WithRSA)); p.outer = p.inner }, codes(FaultAlgorithmParameters),
			"signatureAlgorithm", nil},
		{"rsa with NULL", func(p *parts) { p.inner, p.outer = md5, md5 }, nil, "", nil},
		{"pss without parameters", func(p *parts) { p.inner = seq(oidTLV(OIDRSASSAPSS)); p.outer = p.inner }, codes(FaultAlgorithmParameters),
			"signatureAlgorithm", nil},
		{"algorithm not an OID", func(p *parts) { p.inner = seq(ints(1)) }, codes(FaultAlgorithmSyntax, FaultAlgorithmMismatch), "signature", nil},
		{"algorithm trailing", func(p *parts) { p.inner = seq(oidTLV(OIDMD5WithRSA), tlv(idNull), tlv(idNull)); p.outer = md5 },
			codes(FaultTrailingField), "signature", nil},
		{"OID padded", func(p *parts) { p.inner = seq(tlv(idOID, []byte{0x2a, 0x80, 1})); p.outer = p.inner }, codes(FaultOID, FaultOID), "signature",
			[]byte{6, 3}},

		{"signature unused bits", func(p *parts) { p.signature = tlv(idBitString, []byte{4, 0xf0}) }, codes(FaultSignatureUnusedBits), "signatureValue", nil},
		{"signature syntax", func(p *parts) { p.signature = tlv(idBitString, []byte{9, 0xf0}) }, codes(FaultSignatureSyntax), "signatureValue", nil},

		{"unique id", func(p *parts) { p.uniqueIDs = tlv(0x81, []byte{0, 1}) }, codes(FaultUniqueID), "issuerUniqueID", []byte{0x81}},
		{"unique id in v1", func(p *parts) { p.version = nil; p.uniqueIDs = tlv(0x82, []byte{0, 1}) }, codes(FaultUniqueID, FaultUniqueIDVersion),
			"subjectUniqueID", nil},
		{"unique id syntax", func(p *parts) { p.uniqueIDs = tlv(0x82) }, codes(FaultUniqueID, FaultUniqueIDSyntax), "subjectUniqueID", nil},

		{"trailing data", func(p *parts) { p.after = []byte("\n") }, codes(FaultTrailingData), "certificate", []byte("\n")},
		{"trailing in certificate", func(p *parts) { p.outerTail = tlv(idNull) }, codes(FaultTrailingOuter), "certificate", []byte{5, 0}},
		{"trailing in tbs", func(p *parts) { p.tail = tlv(idNull) }, codes(FaultTrailingTBS), "tbsCertificate", []byte{5, 0}},
		{"validity trailing", func(p *parts) {
			p.validity = seq(str(idUTCTime, "260101000000Z"), str(idUTCTime, "270101000000Z"), tlv(idNull))
		}, codes(FaultTrailingField), "validity", []byte{5, 0}},
		{"validity without end", func(p *parts) { p.validity = seq(str(idUTCTime, "260101000000Z")) }, codes(FaultTimeSyntax), "validity.notAfter", nil},

		{"length not minimal", func(p *parts) { p.serial = []byte{2, 0x81, 1, 5} }, codes(FaultLengthNotMinimal), "serialNumber", []byte{2, 0x81}},
		{"length with leading zero", func(p *parts) { p.serial = []byte{2, 0x82, 0, 1, 5} }, codes(FaultLengthNotMinimal), "serialNumber", []byte{2, 0x82}},
		{"length indefinite", func(p *parts) {
			p.issuer = append(append([]byte{idSequence, 0x80}, p.issuer[2:]...), 0, 0)
		}, codes(FaultLengthIndefinite), "issuer", []byte{idSequence, 0x80}},
	})
}

func TestNameFaults(t *testing.T) {
	subject := func(attributes ...[]byte) func(*parts) {
		return func(p *parts) { p.subject = seq(attributes...) }
	}
	cn := func(id byte, s string) func(*parts) { return subject(rdn(OIDCommonName, id, s)) }
	pair := func(o OID, s string) []byte { return seq(oidTLV(o), str(TagUTF8String, s)) }
	runFaults(t, []faultCase{
		{"not a set", subject(seq()), codes(FaultNameSyntax), "subject", []byte{0x30, 0}},
		{"not a pair", subject(tlv(idSet, seq(oidTLV(OIDCommonName)))), codes(FaultNameSyntax), "subject", nil},
		{"attribute not a sequence", subject(tlv(idSet, ints(1))), codes(FaultNameSyntax), "subject", []byte{2, 1, 1}},
		{"attribute trailing", subject(tlv(idSet, seq(oidTLV(OIDCommonName), str(TagUTF8String, "a"), tlv(idNull)))), codes(FaultTrailingField),
			"subject", []byte{5, 0}},
		{"empty RDN", subject(tlv(idSet), rdn(OIDCommonName, TagUTF8String, "a")), codes(FaultNameEmptyRDN), "subject", []byte{0x31, 0}},
		{"empty name", subject(), nil, "subject", nil},
		{"RDN order", subject(tlv(idSet, pair(OIDOrganization, "b"), pair(OIDCommonName, "a"))), codes(FaultNameRDNOrder), "subject", nil},
		{"RDN in order", subject(tlv(idSet, pair(OIDCommonName, "a"), pair(OIDOrganization, "b"))), nil, "subject", nil},
		{"empty value", cn(TagUTF8String, ""), codes(FaultNameValueEmpty), "subject", []byte{12, 0}},
		{"value an integer", cn(idInteger, "\x01"), codes(FaultNameStringType), "subject", []byte{2, 1}},
		{"value constructed", cn(TagUTF8String|idConstructed, "\x0c\x01a"), codes(FaultNameStringType), "subject", []byte{0x2c}},
		{"bits where they belong", subject(rdn(OIDUniqueIdentifier, idBitString, "\x00a")), nil, "", nil},
		{"a date in an attribute unknown here", subject(rdn("\x2a\x03\x04", idGeneralizedTime, "20000101000000Z")), nil, "", nil},
		{"printable with @", cn(TagPrintableString, "a@b"), codes(FaultPrintableString), "subject", []byte{19, 3}},
		{"printable, all of it", cn(TagPrintableString, "Aa0 '()+,-./:=?"), nil, "", nil},
		{"printable with *", cn(TagPrintableString, "*.example.com"), codes(FaultPrintableString), "subject", nil},
		{"utf8 invalid", cn(TagUTF8String, "a\xff"), codes(FaultUTF8String), "subject", nil},
		{"utf8 valid", cn(TagUTF8String, "ä"), nil, "", nil},
		{"ia5", cn(TagIA5String, "\xe4"), codes(FaultIA5String), "subject", nil},
		{"numeric", cn(TagNumericString, "1a"), codes(FaultNumericString), "subject", nil},
		{"numeric good", cn(TagNumericString, "1 2"), nil, "", nil},
		{"visible", cn(TagVisibleString, "\t"), codes(FaultVisibleString), "subject", nil},
		{"bmp odd", cn(TagBMPString, "\x00a\x00"), codes(FaultBMPString), "subject", nil},
		{"bmp surrogate", cn(TagBMPString, "\xd8\x00\xdc\x00"), codes(FaultBMPString), "subject", nil},
		{"bmp good", cn(TagBMPString, "\x00a"), nil, "", nil},
		{"universal", cn(TagUniversalString, "\x00\x11\x00\x00"), codes(FaultUniversalString), "subject", nil},
		{"universal good", cn(TagUniversalString, "\x00\x00\x00a"), nil, "", nil},
		{"teletex", cn(TagTeletexString, "\xe4"), nil, "", nil},
	})
}
