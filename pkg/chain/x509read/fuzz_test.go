package x509read

import (
	"bytes"
	"crypto/x509"
	"testing"
)

// FuzzParse: the reader never panics, and reads whatever crypto/x509 reads,
// with the same result.
func FuzzParse(f *testing.F) {
	for _, kind := range []string{"ECDSA", "RSA", "Ed25519"} {
		f.Add(leafDER(f, kind))
	}
	p := goodParts(f)
	f.Add(p.der())
	p.exts = [][]byte{
		ext(OIDExtNameConstraints, boolean(0xff), seq(tlv(0xa0, seq(tlv(0xa4, p.subject)), seq(tlv(0x87, make([]byte, 8)))))),
		ext(OIDExtPolicyMappings, nil, seq(seq(oidTLV(OIDAnyPolicy), oidTLV(OIDAnyPolicy)))),
		ext(OIDExtBasicConstraints, boolean(0xff), seq(boolean(0xff), ints(3))),
	}
	f.Add(p.der())
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := Parse(der)
		want, stdErr := x509.ParseCertificate(der)
		if stdErr == nil && err != nil {
			t.Fatalf("crypto/x509 reads it, we say %v", err)
		}
		if c == nil {
			return
		}
		if stdErr == nil {
			agree(t, c, want)
		}
		for _, fault := range c.Faults {
			if fault.Offset < 0 || fault.Offset > len(der) || fault.Code == "" || fault.Field == "" {
				t.Errorf("fault %+v", fault)
			}
		}
		if raw, ok := SubjectRaw(der); ok && err == nil && !bytes.Equal(raw, c.Subject.Raw) {
			t.Errorf("SubjectRaw %x, subject %x", raw, c.Subject.Raw)
		}
		if !c.Subject.Equal5280(c.Subject) && c.Subject.RDNs != nil || !c.Subject.EqualApple(c.Subject) {
			t.Error("the subject does not equal itself")
		}
		if c.Subject.Equal5280(c.Issuer) && c.Subject.Key() != c.Issuer.Key() {
			t.Error("equal names have different keys")
		}
		_ = c.Issuer.String()
		_ = CheckSignature(c, &c.PublicKey)
	})
}

// What was read as a name is read as the same name once it is written again.
func FuzzParseNameText(f *testing.F) {
	for _, seed := range []string{"CN=client ok, O=Eyes", `CN="a, b"+OU=x;C=NL`, `CN=\2C\20`, "2.5.4.3=#0c026869", "1.2.3=#0402AABB"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParseNameText(text)
		if err != nil {
			return
		}
		again, err := ParseNameText(n.String())
		if err != nil || again.Key() != n.Key() {
			t.Errorf("%q: %q, %v", text, again.String(), err)
		}
	})
}
