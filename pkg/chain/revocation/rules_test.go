package revocation

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/chainspect/chainspect/pkg/chain"
)

// expect compares what was said with prefixes of lines and parts of their messages, "prefix…part".
func expect(t *testing.T, label string, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: said %q, want %q", label, got, want)
		return
	}
	for i, w := range want {
		prefix, part, _ := strings.Cut(w, "…")
		if !strings.HasPrefix(got[i], prefix) || !strings.Contains(got[i], part) {
			t.Errorf("%s: said %q, want %q", label, got[i], w)
		}
	}
}

func TestCRLs(t *testing.T) {
	root := issue(t, nil, "Root", 1, asCA(caUsage))
	inter := issue(t, root, "Intermediate", 2, asCA(caUsage))
	leaf := issue(t, inter, "leaf", 3, nil)
	quiet := issue(t, root, "No CRLs", 4, asCA(x509.KeyUsageCertSign))
	quietLeaf := issue(t, quiet, "leaf of quiet", 5, nil)
	stranger := issue(t, nil, "Intermediate", 9, func(c *x509.Certificate) { asCA(caUsage)(c); c.SubjectKeyId = []byte{9} })
	stranger.key = keyOf(t, "stranger")
	rootList := crlOf(t, root, nil)
	day := func(n int) func(*x509.RevocationList) {
		return func(l *x509.RevocationList) {
			l.ThisUpdate, l.NextUpdate = clock.AddDate(0, 0, n), clock.AddDate(0, 0, n+1)
		}
	}
	issued := func(ago time.Duration) func(*x509.RevocationList) {
		return func(l *x509.RevocationList) { l.ThisUpdate = clock.Add(ago) }
	}
	numbered := func(n int64) func(*x509.RevocationList) {
		return func(l *x509.RevocationList) { l.Number = big.NewInt(n) }
	}
	extension := func(oid asn1.ObjectIdentifier, critical bool, value string) func(*x509.RevocationList) {
		return func(l *x509.RevocationList) {
			l.ExtraExtensions = []pkix.Extension{{Id: oid, Critical: critical, Value: []byte(value)}}
		}
	}
	private := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 55738, 1}
	idp := asn1.ObjectIdentifier{2, 5, 29, 28}
	sent := []*authority{leaf, inter}
	for _, tt := range []struct {
		label string
		sent  []*authority
		mode  chain.RevocationMode
		crls  [][]byte
		want  []string
	}{
		{"no list, given-crls", sent, chain.RevocationGiven, nil, nil},
		{"no list, require", sent, chain.RevocationRequire, nil, []string{"revocation-unknown 0…no CRL", "revocation-unknown 1…no CRL"}},
		{"both lists", sent, chain.RevocationRequire, [][]byte{rootList, crlOf(t, inter, nil, 77)}, nil},
		{"leaf revoked", sent, chain.RevocationSoft, [][]byte{crlOf(t, inter, nil, 3)}, []string{"revocation-revoked 0…2026-05-30 00:00 UTC (keyCompromise)"}},
		{"intermediate revoked", sent, chain.RevocationSoft, [][]byte{crlOf(t, root, nil, 2)}, []string{"revocation-revoked 1…the CRL of CN=Root"}},
		{"serial on the list of another issuer", sent, chain.RevocationSoft, [][]byte{crlOf(t, root, nil, 3)}, nil},
		{"one list missing, hard", sent, chain.RevocationGiven, [][]byte{crlOf(t, inter, nil)}, []string{"revocation-unknown 1"}},
		{"one list missing, soft", sent, chain.RevocationSoft, [][]byte{crlOf(t, inter, nil)}, nil},
		{"nextUpdate reached", sent, chain.RevocationGiven, [][]byte{rootList, crlOf(t, inter, day(-1))}, nil},
		{"nextUpdate passed", sent, chain.RevocationGiven,
			[][]byte{rootList,
				crlOf(t, inter,
					func(l *x509.RevocationList) { l.NextUpdate = clock.Add(-time.Second) })},
			[]string{"revocation-unknown 0…ran out on 2026-05-31 23:59 UTC"}},
		{"thisUpdate reached", sent, chain.RevocationGiven, [][]byte{rootList, crlOf(t, inter, day(0))}, nil},
		{"thisUpdate to come", sent, chain.RevocationGiven,
			[][]byte{rootList,
				crlOf(t, inter, func(l *x509.RevocationList) { l.ThisUpdate = clock.Add(time.Second) })}, []string{"revocation-unknown 0…holds from"}},
		{"revoked on a list that ran out", sent, chain.RevocationGiven, [][]byte{rootList, crlOf(t, inter, day(-3), 3)}, []string{"revocation-revoked 0"}},
		{"revoked on the newer of two lists", sent, chain.RevocationGiven,
			[][]byte{rootList, crlOf(t, inter, issued(-time.Hour)), crlOf(t, inter, issued(-time.Minute), 3)}, []string{"revocation-revoked 0"}},
		{"no longer on the newer of two lists", sent, chain.RevocationGiven,
			[][]byte{rootList, crlOf(t, inter, issued(-time.Hour), 3), crlOf(t, inter, issued(-time.Minute))}, nil},
		{"revoked on the higher number of two of one second", sent, chain.RevocationGiven,
			[][]byte{rootList, crlOf(t, inter, numbered(7)), crlOf(t, inter, numbered(8), 3)}, []string{"revocation-revoked 0"}},
		{"the newer of two lists ran out", sent, chain.RevocationGiven,
			[][]byte{rootList, crlOf(t, inter, issued(-time.Hour), 3), crlOf(t, inter, func(l *x509.RevocationList) {
				l.ThisUpdate, l.NextUpdate = clock.Add(-time.Minute), clock.Add(-time.Second)
			})}, []string{"revocation-evidence-ignored list.crl: the CRL of CN=Intermediate does not count, since it ran out on", "revocation-revoked 0"}},
		{"signed by another key of the name", sent, chain.RevocationGiven, [][]byte{rootList, crlOf(t, stranger, nil, 3)},
			[]string{"revocation-unknown 0…not signed by any"}},
		{"keyUsage without cRLSign", []*authority{quietLeaf, quiet}, chain.RevocationGiven, [][]byte{rootList, crlOf(t, quiet, nil)},
			[]string{"revocation-unknown 0…lacks cRLSign"}},
		{"unknown critical extension", sent, chain.RevocationGiven, [][]byte{rootList, crlOf(t, inter, extension(private, true, "\x05\x00"))},
			[]string{"revocation-unknown 0…critical extension"}},
		{"unknown extension", sent, chain.RevocationGiven, [][]byte{rootList, crlOf(t, inter, extension(private, false, "\x05\x00"))}, nil},
		{"only CA certificates", sent, chain.RevocationGiven, [][]byte{rootList, crlOf(t, inter, extension(idp, true, "\x30\x03\x82\x01\xff"))},
			[]string{"revocation-unknown 0…CA certificates only"}},
		{"only user certificates", sent, chain.RevocationGiven, [][]byte{rootList, crlOf(t, inter, extension(idp, true, "\x30\x03\x81\x01\xff"))}, nil},
		{"delta without base", sent, chain.RevocationGiven,
			[][]byte{rootList, crlOf(t, inter, extension(asn1.ObjectIdentifier{2, 5, 29, 27}, true, "\x02\x01\x01"))}, []string{"revocation-unknown 0"}},
		{"ran out, soft", sent, chain.RevocationSoft, [][]byte{crlOf(t, inter, day(-3))},
			[]string{"revocation-evidence-ignored list.crl: the CRL of CN=Intermediate does not count, since it ran out on"}},
		{"another key's list that revokes, soft", sent, chain.RevocationSoft, [][]byte{crlOf(t, stranger, nil, 3)},
			[]string{"revocation-evidence-ignored …is not signed by any"}},
		{"of nobody here, soft", sent, chain.RevocationSoft, [][]byte{crlOf(t, quiet, nil)},
			[]string{"revocation-evidence-ignored …CN=No CRLs does not count, since it is about no certificate here"}},
		{"another answered first, soft", sent, chain.RevocationSoft, [][]byte{crlOf(t, inter, nil), crlOf(t, inter, nil)}, nil},
		{"a lone delta that revokes, soft", sent, chain.RevocationSoft,
			[][]byte{crlOf(t, inter, extension(asn1.ObjectIdentifier{2, 5, 29, 27}, true, "\x02\x01\x01"),
				3)}, []string{"revocation-evidence-ignored …number 1 to 4, of the same"}},
		{"not a CRL", sent, chain.RevocationSoft, [][]byte{[]byte("hello")}, []string{"revocation-crl-unreadable list.crl is left aside"}},
	} {
		expect(t, tt.label, said(scene{sent: tt.sent, root: root, crls: tt.crls, mode: tt.mode}.build()), tt.want...)
	}
}

func TestDeltaLists(t *testing.T) {
	root := issue(t, nil, "Root", 1, asCA(caUsage))
	leaf := issue(t, root, "leaf", 3, nil)
	change := func(base, number int64, reason int, next time.Duration) []byte {
		value, _ := asn1.Marshal(base)
		return crlOf(t, root, func(l *x509.RevocationList) {
			l.Number, l.NextUpdate = big.NewInt(number), clock.Add(next)
			l.RevokedCertificateEntries[0].ReasonCode = reason
			l.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: value}}
		}, 3)
	}
	clean, held := crlOf(t, root, nil), crlOf(t, root, nil, 3)
	for _, tt := range []struct {
		label       string
		base, delta []byte
		want        []string
	}{
		{"newly revoked", clean, change(5, 6, 1, time.Hour), []string{"revocation-revoked 0"}},
		{"base newer than the list", clean, change(6, 7, 1, time.Hour), []string{"revocation-evidence-ignored list.crl: …number 6 to 6, of"}},
		{"no newer than the list", clean, change(5, 5, 1, time.Hour), []string{"revocation-evidence-ignored …is a delta list"}},
		{"ran out", clean, change(5, 6, 1, -time.Second), []string{"revocation-evidence-ignored …delta list that ran out on"}},
		{"taken off again", held, change(5, 6, 8, time.Hour), nil},
	} {
		expect(t, tt.label, said(scene{sent: []*authority{leaf}, root: root, crls: [][]byte{tt.base, tt.delta}, mode: chain.RevocationGiven}.build()),
			tt.want...)
	}
}

func TestOCSP(t *testing.T) {
	root := issue(t, nil, "Root", 1, asCA(caUsage))
	leaf := issue(t, root, "leaf", 3, nil)
	delegate := func(cn string, change func(*x509.Certificate)) *authority {
		return issue(t, root, cn, 50, func(c *x509.Certificate) {
			c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
			if change != nil {
				change(c)
			}
		})
	}
	answer := func(by *authority, change func(*ocsp.Response)) []byte {
		tmpl := ocsp.Response{Status: ocsp.Good, SerialNumber: big.NewInt(3), ThisUpdate: clock.Add(-time.Hour), NextUpdate: clock.Add(time.Hour)}
		if by != root {
			tmpl.Certificate = by.cert
		}
		if change != nil {
			change(&tmpl)
		}
		der, err := ocsp.CreateResponse(root.cert, by.cert, tmpl, by.key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	revokedNow := func(r *ocsp.Response) {
		r.Status, r.RevokedAt, r.RevocationReason = ocsp.Revoked, clock.AddDate(0, 0, -2), ocsp.Superseded
	}
	for _, tt := range []struct {
		label string
		der   []byte
		want  []string // in mode require
	}{
		{"good, by the issuer", answer(root, nil), nil},
		{"good, by a delegate", answer(delegate("OCSP", nil), nil), nil},
		{"revoked", answer(root, revokedNow), []string{"revocation-revoked 0…(superseded), says the stapled OCSP response"}},
		{"revoked, ran out", answer(root, func(r *ocsp.Response) { revokedNow(r); r.NextUpdate = clock.Add(-time.Minute) }), []string{"revocation-revoked 0"}},
		{"nextUpdate reached", answer(root, func(r *ocsp.Response) { r.NextUpdate = clock }), nil},
		{"ran out", answer(root, func(r *ocsp.Response) { r.NextUpdate = clock.Add(-time.Second) }),
			[]string{"revocation-staple-ignored 0…ran out", "revocation-unknown 0…ran out"}},
		{"to come", answer(root, func(r *ocsp.Response) { r.ThisUpdate = clock.Add(time.Second) }),
			[]string{"revocation-staple-ignored 0…holds from", "revocation-unknown 0"}},
		{"unknown", answer(root, func(r *ocsp.Response) { r.Status = ocsp.Unknown }),
			[]string{"revocation-staple-ignored 0…does not know", "revocation-unknown 0"}},
		{"another serial", answer(root, func(r *ocsp.Response) { r.SerialNumber = big.NewInt(4) }),
			[]string{"revocation-staple-ignored 0…another certificate", "revocation-unknown 0"}},
		{"delegate without purpose", answer(delegate("NoEKU", func(c *x509.Certificate) { c.ExtKeyUsage = nil }), nil),
			[]string{"revocation-staple-ignored 0…without the purpose", "revocation-unknown 0"}},
		{"delegate that is a CA", answer(delegate("CA", asCA(caUsage|x509.KeyUsageDigitalSignature)), nil),
			[]string{"revocation-staple-ignored 0…a CA other", "revocation-unknown 0"}},
		{"delegate without digitalSignature", answer(delegate("KU", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }), nil),
			[]string{"revocation-staple-ignored 0…lacks digitalSignature", "revocation-unknown 0"}},
		{"delegate that ran out", answer(delegate("Old", func(c *x509.Certificate) { c.NotAfter = clock.Add(-time.Hour) }), nil),
			[]string{"revocation-staple-ignored 0…ran out", "revocation-unknown 0"}},
		{"tryLater", ocsp.TryLaterErrorResponse, []string{"revocation-staple-ignored 0…tryLater", "revocation-unknown 0"}},
		{"no response at all", []byte{0x30, 0x00}, []string{"revocation-staple-ignored 0…not an OCSP response", "revocation-unknown 0"}},
	} {
		s := scene{sent: []*authority{leaf}, root: root, staples: map[int][]byte{0: tt.der}, mode: chain.RevocationRequire}
		got := said(s.build())
		// The book's order is that of the file names; only the set matters here.
		if len(got) == 2 && strings.HasPrefix(got[0], "revocation-unknown") {
			got[0], got[1] = got[1], got[0]
		}
		expect(t, tt.label, got, tt.want...)
		if o, err := ParseOCSP(tt.der); err == nil {
			theirs, theirErr := ocsp.ParseResponse(tt.der, nil)
			if theirErr == nil &&
				(theirs.Status != o.Singles[0].Status || !theirs.ThisUpdate.Equal(o.Singles[0].ThisUpdate) ||
					!theirs.NextUpdate.Equal(o.Singles[0].NextUpdate)) {
				t.Errorf("%s: read %+v, x/crypto/ocsp reads %+v", tt.label, o.Singles[0], theirs)
			}
		}
	}
	s := scene{sent: []*authority{leaf}, root: root, ocsp: [][]byte{answer(root, revokedNow)}}
	expect(t, "given beside", said(s.build()), "revocation-revoked 0…answer.der")
	for label, tt := range map[string]struct {
		der  []byte
		want string
	}{
		"ran out":             {answer(root, func(r *ocsp.Response) { r.NextUpdate = clock.Add(-time.Second) }), "ran out on"},
		"revoked by a nobody": {answer(delegate("NoEKU", func(c *x509.Certificate) { c.ExtKeyUsage = nil }), revokedNow), "without the purpose"},
		"unknown":             {answer(root, func(r *ocsp.Response) { r.Status = ocsp.Unknown }), "does not know"},
		"another serial":      {answer(root, func(r *ocsp.Response) { r.SerialNumber = big.NewInt(4) }), "about no certificate here"},
		"tryLater":            {ocsp.TryLaterErrorResponse, "answered tryLater"},
	} {
		s := scene{sent: []*authority{leaf}, root: root, ocsp: [][]byte{tt.der}}
		expect(t, "given, "+label, said(s.build()), "revocation-evidence-ignored the OCSP response of answer.der …"+tt.want)
	}
}

func TestRulesAreComplete(t *testing.T) {
	seen := map[string]string{}
	for _, r := range Rules() {
		if r.Level != chain.LevelX509 || r.Title == "" || len(r.Title) > 60 || len(r.Sources) == 0 || r.Explain == "" || len(r.Advice) == 0 || r.Check == nil {
			t.Errorf("%s is incomplete", r.ID)
		}
		if other, ok := seen[r.Explain]; ok {
			t.Errorf("%s and %s share an explanation", r.ID, other)
		}
		seen[r.Explain] = r.ID
	}
}
