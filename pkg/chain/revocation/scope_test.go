package revocation

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// raw wraps contents in an element of the given class, tag and form.
func raw(t testing.TB, class, tag int, compound bool, contents ...[]byte) []byte {
	t.Helper()
	var body []byte
	for _, c := range contents {
		body = append(body, c...)
	}
	der, err := asn1.Marshal(asn1.RawValue{Class: class, Tag: tag, IsCompound: compound, Bytes: body})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func context(t testing.TB, tag int, compound bool, contents ...[]byte) []byte {
	return raw(t, asn1.ClassContextSpecific, tag, compound, contents...)
}

func sequence(t testing.TB, contents ...[]byte) []byte {
	return raw(t, asn1.ClassUniversal, asn1.TagSequence, true, contents...)
}

// fullName is a DistributionPointName in its tag [0]: one URI.
func fullName(t testing.TB, uri string) []byte {
	return context(t, 0, true, context(t, 0, true, context(t, 6, false, []byte(uri))))
}

// TestScope partitions the lists of a CA by place, reason and issuer (RFC 5280
// sections 5.2.5 and 6.3.3 (b) to (d)).
func TestScope(t *testing.T) {
	idp, points, certIssuer := asn1.ObjectIdentifier{2, 5, 29, 28}, asn1.ObjectIdentifier{2, 5, 29, 31}, asn1.ObjectIdentifier{2, 5, 29, 29}
	root := issue(t, nil, "Root", 1, asCA(caUsage))
	at := func(value []byte) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{{Id: points, Value: value}} }
	}
	first, second := "http://crl.example/1", "http://crl.example/2"
	onFirst := issue(t, root, "on first", 10, at(sequence(t, sequence(t, fullName(t, first)))))
	elsewhere := issue(t, nil, "CRL issuer", 1, asCA(caUsage))
	indirectIssuer := issue(t, root, "CRL issuer", 20, func(c *x509.Certificate) {
		c.KeyUsage = x509.KeyUsageCRLSign
		at(sequence(t, sequence(t, fullName(t, second))))(c)
	})
	directory := context(t, 4, true, indirectIssuer.cert.RawSubject)
	indirect := issue(t, root, "indirect", 11, at(sequence(t, sequence(t, context(t, 2, true, directory)))))
	list := func(by *authority, value []byte, change func(*x509.RevocationList), serials ...int64) []byte {
		return crlOf(t, by, func(l *x509.RevocationList) {
			l.ExtraExtensions = append(l.ExtraExtensions, pkix.Extension{Id: idp, Critical: true, Value: value})
			if change != nil {
				change(l)
			}
		}, serials...)
	}
	isIndirect := sequence(t, context(t, 4, false, []byte{0xff}))
	reasons := func(octet byte) []byte {
		return sequence(t, fullName(t, first), context(t, 3, false, []byte{0, octet}))
	}
	// The first entry is of the CRL issuer's own; the second names the root, which holds for the third.
	ofRoot := func(l *x509.RevocationList) {
		l.RevokedCertificateEntries[1].ExtraExtensions = []pkix.Extension{{Id: certIssuer, Critical: true,
			Value: sequence(t, context(t, 4, true, root.cert.RawSubject))}}
	}
	for _, tt := range []struct {
		label string
		leaf  *authority
		crls  [][]byte
		want  []string
	}{
		{"its own place", onFirst, [][]byte{list(root, sequence(t, fullName(t, first)), nil)}, nil},
		{"another place", onFirst, [][]byte{list(root, sequence(t, fullName(t, second)), nil)}, []string{"revocation-unknown 0…another distribution point"}},
		{"revoked at another place", onFirst, [][]byte{list(root, sequence(t, fullName(t, second)), nil, 10)}, []string{"revocation-unknown 0"}},
		{"some reasons", onFirst, [][]byte{list(root, reasons(0x60), nil)}, []string{"revocation-unknown 0…some reasons"}},
		{"all reasons by two lists", onFirst,
			[][]byte{list(root, reasons(0x60), nil), list(root, sequence(t, fullName(t, first), context(t, 3, false, []byte{7, 0x1f, 0x80})), nil)}, nil},
		{"attribute certificates", onFirst, [][]byte{list(root, sequence(t, context(t, 5, false, []byte{0xff})), nil)},
			[]string{"revocation-unknown 0…attribute certificates only"}},
		{"indirect", indirect, [][]byte{list(indirectIssuer, isIndirect, nil), crlOf(t, root, nil)}, nil},
		{"indirect, not marked so", indirect, [][]byte{crlOf(t, indirectIssuer, nil)}, []string{"revocation-unknown 0…not an indirect one"}},
		{"indirect, serial of the issuer's own", indirect, [][]byte{list(indirectIssuer, isIndirect, nil, 11), crlOf(t, root, nil)}, nil},
		{"indirect, revoked", indirect, [][]byte{list(indirectIssuer, isIndirect, ofRoot, 5, 6, 11), crlOf(t, root, nil)},
			[]string{"revocation-revoked 0…CRL issuer"}},
		{"indirect, signer of another anchor", indirect, [][]byte{list(elsewhere, isIndirect, nil)}, []string{"revocation-unknown 0"}},
		{"indirect, signer in order", indirect, [][]byte{list(indirectIssuer, isIndirect, nil), list(root, sequence(t, fullName(t, second)), nil)}, nil},
		{"indirect, signer revoked", indirect, [][]byte{list(indirectIssuer, isIndirect, nil), list(root, sequence(t, fullName(t, second)), nil, 20)},
			[]string{"revocation-unknown 0…revoked itself"}},
		{"indirect, nothing known of the signer", indirect, [][]byte{list(indirectIssuer, isIndirect, nil)},
			[]string{"revocation-unknown 0…own status is not known"}},
	} {
		sent := []*authority{tt.leaf, indirectIssuer}
		got := said(scene{sent: sent, root: root, crls: tt.crls, mode: chain.RevocationGiven}.build())
		expect(t, tt.label, got, tt.want...)
	}
}
