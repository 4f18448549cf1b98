package x509read

import (
	"encoding/asn1"
	"strings"
	"testing"
)

func mustOID(t testing.TB, dotted string) OID {
	t.Helper()
	o, ok := ParseOID(dotted)
	if !ok {
		t.Fatalf("%s is no object identifier", dotted)
	}
	return o
}

func TestOIDString(t *testing.T) {
	for dotted, encoded := range map[string]string{
		"0.0":         "\x00",
		"0.39":        "\x27",
		"1.0":         "\x28",
		"1.39":        "\x4f",
		"2.0":         "\x50",
		"2.39":        "\x77",
		"2.47":        "\x7f",
		"2.48":        "\x81\x00",
		"2.999.3":     "\x88\x37\x03",
		"1.2.127.128": "\x2a\x7f\x81\x00",
		"2.25.329800735698586629295641978511506172918": "\x69\x83\xf8\x9d\xb0\xe2\x94\xdd\xa1\xd7\xd7\xcd\xa1\x97\xb0\xa2\xaa\xfd\xcd\x36",
	} {
		o, ok := ParseOID(dotted)
		if !ok || o.String() != dotted || !o.Valid() {
			t.Errorf("%s: %v, %s", dotted, ok, o)
		}
		if len(dotted) < 20 && string(o) != encoded {
			t.Errorf("%s: % x, want % x", dotted, string(o), encoded)
		}
	}
	for _, bad := range []string{"", "1", "1.", ".1", "1..2", "3.1", "0.40", "1.40", "1.02", "1.2.x", "1.-2", "1.2." + strings.Repeat("1", 2000)} {
		if o, ok := ParseOID(bad); ok {
			t.Errorf("%q is read as %s", bad, o)
		}
	}
	for _, bad := range []OID{"", "\x80", "\x2a\x80\x01", "\x2a\x81"} {
		if bad.Valid() || !strings.HasPrefix(bad.String(), "#") {
			t.Errorf("%x counts as an object identifier: %s", string(bad), bad)
		}
	}
	if long := OID("\x2a" + strings.Repeat("\xff", maxArcOctets) + "\x01"); !long.Valid() || !strings.HasPrefix(long.String(), "#2aff") {
		t.Errorf("an arc beyond reason: %s", long)
	}
	if got := OID("\x2a\x03").Name(); got != "1.2.3" {
		t.Errorf("unknown OID: %s", got)
	}
	apple := mustOID(t, "1.2.840.113635.100.6.1.2")
	if !apple.HasPrefix(OIDAppleCertificateExtensions) || !OIDApple.HasPrefix(OIDApple) || OIDApple.HasPrefix(apple) || OIDServerAuth.HasPrefix(OIDApple) {
		t.Error("HasPrefix answers wrong")
	}
}

func FuzzOID(f *testing.F) {
	f.Add([]byte(OIDServerAuth))
	f.Add([]byte{0x80})
	f.Fuzz(func(t *testing.T, b []byte) {
		o := OID(b)
		s := o.String()
		if strings.HasPrefix(s, "#") {
			return
		}
		if back, ok := ParseOID(s); !ok && len(s) <= 1024 || ok && back != o {
			t.Errorf("% x gives %s, back % x", b, s, string(back))
		}
		var std asn1.ObjectIdentifier
		if rest, err := asn1.Unmarshal(append(header(idOID, len(b)), b...), &std); err == nil && len(rest) == 0 && std.String() != s {
			t.Errorf("% x gives %s, encoding/asn1 %s", b, s, std)
		}
	})
}
