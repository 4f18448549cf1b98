package stories

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// soundChain are the recipes of a chain nothing is wrong with.
func soundChain() map[string]testpki.Recipe {
	return map[string]testpki.Recipe{
		"root":         {Subject: "CN=Example Root CA", CA: true},
		"intermediate": {Subject: "CN=Example Issuing CA 3", Issuer: "root", CA: true},
		"leaf":         {Subject: "CN=www.example.com", Issuer: "intermediate", DNS: []string{"www.example.com"}},
	}
}

// field is a recipe's change of one field, hex as it stands in the certificate.
func field(name, der string) func(*testpki.Recipe) {
	return func(r *testpki.Recipe) { r.Fields = []testpki.Field{{Name: name, Hex: der}} }
}

// lost drops bytes of the finished certificate.
func lost(from, count int) func(*testpki.Recipe) {
	return func(r *testpki.Recipe) { r.Lose = [2]int{from, count} }
}

// extension is an element of the list of extensions.
type extension struct {
	ID       asn1.ObjectIdentifier
	Critical bool `asn1:"optional"`
	Value    []byte
}

// extensions writes the list anew.
func extensions(t *testing.T, list []extension) func(*testpki.Recipe) {
	t.Helper()
	der, err := asn1.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	outer, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 3, IsCompound: true, Bytes: der})
	if err != nil {
		t.Fatal(err)
	}
	return field("extensions", hex.EncodeToString(outer))
}

// brokenFields are faults of one field each, and of bytes that got lost.
func brokenFields() map[string]func(*testpki.Recipe) {
	date := func(text string) string { return fmt.Sprintf("17%02x%x", len(text), text) }
	validity := func(from, until string) func(*testpki.Recipe) {
		return field("validity", fmt.Sprintf("30%02x%s%s", (len(from)+len(until))/2, from, until))
	}
	good, late := date("260501120000Z"), date("260801120000Z")
	m := map[string]func(*testpki.Recipe){
		"version empty":             field("version", "a000"),
		"version a string":          field("version", "a0030c0102"),
		"version 1":                 field("version", ""),
		"version 2":                 field("version", "a003020101"),
		"version 9":                 field("version", "a003020108"),
		"serial absent":             field("serial", ""),
		"serial empty":              field("serial", "0200"),
		"serial negative":           field("serial", "0201ff"),
		"serial zero":               field("serial", "020100"),
		"serial a string":           field("serial", "0c0101"),
		"serial of 30 octets":       field("serial", "021e11"+strings.Repeat("22", 29)),
		"signature absent":          field("signature", ""),
		"signature empty":           field("signature", "3000"),
		"signature unknown":         field("signature", "3005 0603 2a0304"),
		"issuer absent":             field("issuer", ""),
		"issuer empty":              field("issuer", "3000"),
		"issuer no name":            field("issuer", "3003 020101"),
		"issuer a string":           field("issuer", "0c0141"),
		"validity absent":           field("validity", ""),
		"validity empty":            field("validity", "3000"),
		"notBefore month 13":        validity(date("261301120000Z"), late),
		"notAfter month 13":         validity(good, date("261301120000Z")),
		"notBefore empty":           validity("1700", late),
		"notAfter empty":            validity(good, "1700"),
		"notAfter a number":         validity(good, "020101"),
		"notAfter with offset":      validity(good, date("2608011200+0100")),
		"notAfter without seconds":  validity(good, date("2608011200Z")),
		"notAfter before notBefore": validity(late, good),
		"subject absent":            field("subject", ""),
		"subject no name":           field("subject", "3003 020101"),
		"subject a string":          field("subject", "0c0141"),
		"subject's text not UTF-8":  field("subject", "3025 3109 3007 060355040a 0c00 3118 3016 0603550403 0c0f"+hex.EncodeToString([]byte("www.example.com"))),
		"key absent":                field("spki", ""),
		"key empty":                 field("spki", "3000"),
		"key of no algorithm":       field("spki", "3008 3002 0500 03020001"),
		"key of unknown algorithm":  field("spki", "300b 3005 06032a0304 03020001"),
		"key not on its curve":      field("spki", "3059301306072a8648ce3d020106082a8648ce3d03010703420004"+strings.Repeat("11", 64)),
		"RSA key of garbage":        field("spki", "3013 300d06092a864886f70d0101010500 03020001"),
		"extensions a string":       field("extensions", "a3030c0141"),
		"extensions cut off":        field("extensions", "a3043002 300a"),
		"extension of no kind":      field("extensions", "a306 3004 3002 0500"),
		"unique identifier":         field("unique_id", "8102 00ff"),
		"outer algorithm empty":     func(r *testpki.Recipe) { r.Outer = "3000" },
		"outer algorithm unknown":   func(r *testpki.Recipe) { r.Outer = "3005 0603 2a0304" },
		"all lost":                  lost(4, 10000),
	}
	for at := 60; at < 400; at += 48 {
		m[fmt.Sprintf("48 bytes lost at %d", at)] = lost(at, 48)
		m[fmt.Sprintf("cut off at %d", at)] = lost(at, 10000)
	}
	return m
}

// TestOneBrokenFieldIsOneError breaks one field at a time in item 0 and in the
// intermediate: it is one error at most, and rules that could not read what they
// ask about say nothing.
func TestOneBrokenFieldIsOneError(t *testing.T) {
	t.Parallel()
	recipes, clock := soundChain(), time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	made := testpki.Must(t, recipes, clock)
	for _, item := range []string{"leaf", "intermediate"} {
		cases := brokenFields()
		var list []extension
		for _, e := range made[item].Cert.Extensions {
			list = append(list, extension{e.Id, e.Critical, e.Value})
		}
		for _, arc := range []int{14, 15, 17, 18, 19, 30, 31, 32, 33, 35, 36, 37, 46, 54} {
			id := asn1.ObjectIdentifier{2, 5, 29, arc}
			at := slices.IndexFunc(list, func(e extension) bool { return e.ID.Equal(id) })
			for name, garbage := range map[string][]byte{"garbage": {0xff, 0xff, 0xff}, "nothing": {}, "a string": {0x0c, 1, 'A'},
				"an empty list": {0x30, 0}, "a cut list": {0x30, 9, 0x82, 1}} {
				changed := slices.Clone(list)
				if at < 0 {
					changed = append(changed, extension{ID: id, Critical: arc == 30 || arc == 36 || arc == 54, Value: garbage})
				} else {
					changed[at].Value = garbage
				}
				cases[fmt.Sprintf("extension 2.5.29.%d with %s", arc, name)] = extensions(t, changed)
			}
			if at >= 0 {
				changed := slices.Clone(list)
				changed[at].Value = append(slices.Clone(changed[at].Value), 5, 0)
				cases[fmt.Sprintf("extension 2.5.29.%d with bytes behind it", arc)] = extensions(t, changed)
				cases[fmt.Sprintf("extension 2.5.29.%d twice", arc)] = extensions(t, append(slices.Clone(list), list[at]))
				cases[fmt.Sprintf("extension 2.5.29.%d absent", arc)] = extensions(t, slices.Delete(slices.Clone(list), at, at+1))
			}
		}
		if item == "intermediate" {
			delete(cases, "subject's text not UTF-8") // another name than item 0's issuer as well
		}
		for name, change := range cases {
			broken := soundChain()
			r := broken[item]
			change(&r)
			broken[item] = r
			for _, profile := range []string{"apple", "rfc", "webpki"} {
				scene := &testpki.Scene{At: clock, Name: "www.example.com", Profile: profile, Certs: broken, Send: []string{"leaf", "intermediate"},
					Installed: []string{"root"}}
				report := judge(t, scene)
				var errors []string
				for _, f := range report.Findings {
					if f.Status == chain.Broken && f.Severity == chain.Error {
						errors = append(errors, f.Rule+": "+f.Message)
					}
				}
				if len(errors) > 1 {
					t.Errorf("%s, %s, profile %s: %q", item, name, profile, errors)
				}
				if (report.Verdict == chain.Untrusted) != (len(errors) > 0) {
					t.Errorf("%s, %s, profile %s: %s with %d errors", item, name, profile, report.Verdict, len(errors))
				}
			}
		}
	}
}

// TestAdviceForDamage: what is damaged is fetched again, what a CA made so is
// issued again, and an unreadable item is not taken for one that was not sent.
func TestAdviceForDamage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		item   string
		change func(*testpki.Recipe)
		rule   string
		fix    string // how the advice begins
	}{
		{"leaf", lost(200, 48), "basic-unreadable", "server administrator: get the certificate from the CA once more"},
		{"leaf", lost(200, 10000), "basic-unreadable", "server administrator: get the certificate from the CA once more"},
		{"leaf", func(r *testpki.Recipe) { r.Outer = "3000" }, "basic-unreadable", "server administrator: get the certificate from the CA once more"},
		{"leaf", field("subject", "3003 020101"), "basic-unreadable", `CA: issue item 0 "#3003020101" again with software`},
		{"leaf", field("version", ""), "basic-unreadable", `CA: issue item 0 "www.example.com" again as version 3`},
		{"intermediate", lost(200, 48), "basic-intermediate-missing",
			"server administrator: put an undamaged copy of the certificate of Example Issuing CA 3, from the CA, in the place of item 1"},
		{"intermediate", lost(4, 10000), "basic-intermediate-missing", "server administrator: put an undamaged copy"},
		{"intermediate", field("issuer", "3000"), "basic-anchor-not-trusted", "CA: issue item 1 again with the CA's own subject as its issuer"},
	} {
		certs := soundChain()
		r := certs[tt.item]
		tt.change(&r)
		certs[tt.item] = r
		report := judge(t, &testpki.Scene{Name: "www.example.com", Profile: "rfc", Certs: certs, Send: []string{"leaf", "intermediate"},
			Installed: []string{"root"}})
		i := slices.IndexFunc(report.Findings, func(f chain.Finding) bool { return f.Severity == chain.Error })
		if i < 0 || report.Findings[i].Rule != tt.rule || !strings.HasPrefix(report.Findings[i].Fix, tt.fix) {
			t.Errorf("%s: want %s, %q in %+v", tt.item, tt.rule, tt.fix, report.Findings)
		}
	}
}
