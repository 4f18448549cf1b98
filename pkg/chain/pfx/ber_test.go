package pfx

import (
	"bytes"
	"strings"
	"testing"
)

func TestToDER(t *testing.T) {
	long := bytes.Repeat([]byte{'x'}, 300)
	tests := []struct {
		name     string
		ber, der []byte
	}{
		{"DER stays", seq(num(3), octets(long)), seq(num(3), octets(long))},
		{"indefinite lengths", indefinite(0x30, num(3), indefinite(0xa0, num(1))), seq(num(3), explicit0(num(1)))},
		{"long form of a short length", []byte{0x04, 0x82, 0, 1, 'a'}, octets([]byte("a"))},
		{"constructed OCTET STRING", indefinite(0x24, octets([]byte("ab")), octets(nil), octets([]byte("c"))), octets([]byte("abc"))},
		{"constructed in constructed", indefinite(0x24, tlv(0x24, octets([]byte("a"))), octets([]byte("b"))), octets([]byte("ab"))},
		{"constructed string of octets", tlv(0x2c, octets([]byte("ab"))), tlv(0x0c, []byte("ab"))},
		{"constructed BIT STRING", tlv(0x23, tlv(3, []byte{0, 1}), tlv(3, []byte{4, 0xf0})), tlv(3, []byte{4, 1, 0xf0})},
		{"constructed, no parts", tlv(0x23), tlv(3, []byte{0})},
		{"string contents are left alone", octets(indefinite(0x30, num(1))), octets(indefinite(0x30, num(1)))},
		{"high tag number", []byte{0xbf, 0x81, 0x01, 0x80, 0x02, 0x01, 0x05, 0, 0}, []byte{0xbf, 0x81, 0x01, 3, 2, 1, 5}},
		{"bytes after the end", append(num(1), "more"...), num(1)},
	}
	for _, test := range tests {
		der, err := ToDER(test.ber)
		if err != nil || !bytes.Equal(der, test.der) {
			t.Errorf("%s: %x, %v; want %x", test.name, der, err, test.der)
		}
	}
}

func TestToDERRefuses(t *testing.T) {
	nested := func(n int) []byte {
		b := num(1)
		for range n {
			b = seq(b)
		}
		return b
	}
	if _, err := ToDER(nested(maxDepth)); err != nil {
		t.Errorf("%d levels: %v", maxDepth, err)
	}
	for name, ber := range map[string][]byte{
		"deep nesting":            nested(maxDepth + 1),
		"deep constructed string": bytes.Repeat([]byte{0x24, 0x80}, 100_000),
		"no end-of-contents":      {0x30, 0x80, 2, 1, 1},
		"indefinite primitive":    {0x04, 0x80, 0, 0},
		"length beyond the end":   {0x04, 5, 1},
		"huge length":             {0x04, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"child beyond its parent": {0x30, 2, 0x04, 3, 1, 1, 1},
		"tag number too large":    {0x1f, 0xff, 0xff, 0xff, 0xff, 0x01, 0},
		"mixed string parts":      tlv(0x24, num(1)),
		"unused bits in between":  tlv(0x23, tlv(3, []byte{4, 0xf0}), tlv(3, []byte{0, 1})),
		"too large":               make([]byte, maxSize+1),
	} {
		if der, err := ToDER(ber); kind(err) != "damaged" {
			t.Errorf("%s: %d bytes, %v", name, len(der), err)
		}
	}
}

func TestIndefiniteFile(t *testing.T) {
	content := indefinite(0x30, indefinite(0x30, oidDER(oidData), indefinite(0xa0, tlv(0x24, octets(seq(certBag([]byte("A"))))))))
	half := len(content) / 2
	file := indefinite(0x30, num(3), indefinite(0x30, oidDER(oidData),
		indefinite(0xa0, indefinite(0x24, octets(content[:half]), octets(content[half:])))), macSHA256(wide("pw"), 2)(content))
	f, err := Open(append(file, '\n'), []string{"pw"}, nil)
	if err != nil || f.Encoding != "BER" || f.Trailing != 1 || len(f.Bags) != 1 || string(f.Bags[0].DER) != "A" {
		t.Errorf("%v, %+v", err, f)
	}
	if !IsPFX(pfxFile(nil, dataSafe(certBag(make([]byte, 200))))[:40]) {
		t.Error("a file that is cut off is not recognised")
	}
	if !IsPFX(file) || !IsPFX(pfxFile(nil)) || IsPFX(seq(num(3), seq(oidDER(oidEncryptedData)))) || IsPFX(nil) {
		t.Error("IsPFX does not tell a PKCS#12 file")
	}
}

func TestNotDER(t *testing.T) {
	for _, test := range []struct {
		name string
		ber  []byte
		want string // "" for DER
	}{
		{"DER", seq(num(1), []byte{1, 1, 0xff}, octets(nil), tlv(3, []byte{4, 0xf0})), ""},
		{"INTEGER with a leading zero", seq([]byte{2, 2, 0, 0x7f}), "superfluous leading 00"},
		{"INTEGER that needs its zero", seq([]byte{2, 2, 0, 0x80}), ""},
		{"INTEGER with a leading FF", seq([]byte{2, 2, 0xff, 0x80}), "superfluous leading ff"},
		{"INTEGER that needs its FF", seq([]byte{2, 2, 0xff, 0x7f}), ""},
		{"empty INTEGER", seq([]byte{2, 0}), "without content"},
		{"BOOLEAN 1", seq([]byte{1, 1, 1}), "BOOLEAN"},
		{"long length", []byte{0x30, 0x81, 3, 2, 1, 1}, "shortest"},
		{"indefinite", indefinite(0x30, num(1)), "indefinite"},
		{"constructed string", tlv(0x24, octets(nil)), "constructed"},
		{"unused bits that are set", tlv(3, []byte{4, 0xff}), "unused bits"},
		{"after the end", append(num(1), 0), "1 bytes after the end"},
	} {
		got := notDER(test.ber)
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
