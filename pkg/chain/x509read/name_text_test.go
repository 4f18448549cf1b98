package x509read

import (
	"strings"
	"testing"
)

func TestParseNameText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"CN=client ok,O=Eyes", "CN=client ok,O=Eyes"},
		{"CN=client ok, O=Eyes", "CN=client ok,O=Eyes"},
		{"cn = client ok ; o = Eyes ", "CN=client ok,O=Eyes"},
		{`CN="a, b",O=Eyes`, `CN=a\, b,O=Eyes`},
		{`CN=a\2C b\20,O=Eyes`, `CN=a\, b\ ,O=Eyes`},
		{`CN=\ a\+b`, `CN=\ a\+b`},
		{"emailAddress=a@example.com,2.5.4.3=x", "E=a@example.com,CN=x"},
		{"OU=a+CN=b,DC=example", "OU=a+CN=b,DC=example"},
		{"CN=#0c026869,O=x", "CN=hi,O=x"},
		{"CN=,O=x", "CN=,O=x"},
		{"1.2.3.4=#0402AABB", "1.2.3.4=#0402aabb"},
	} {
		n, err := ParseNameText(c.text)
		if err != nil || n.String() != c.want {
			t.Errorf("%s: %s, %v, want %s", c.text, n, err, c.want)
		}
	}
	for text, want := range map[string]string{"client ok": "has no type", "/O=Eyes/CN=x": `"/O" is neither`, "CN=a,": "has no type", `CN=a\`: "backslash",
		`CN="a`: "quotation mark", `CN="a"b`: "a comma", "CN=#0c0268": "hexadecimal", "CN=#zz": "hexadecimal", "": "has no type",
		"CN=\xff": "not UTF-8", `CN=\ff`: "not UTF-8", "x=y": `"x" is neither`} {
		if _, err := ParseNameText(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// What is written as RFC 4514 says is read as the same name.
func TestParseNameTextReadsString(t *testing.T) {
	for _, text := range []string{"client ok", " # a,+\"\\<>; ", "Ünïcode \u0000\u007f", "#"} {
		n := nameOf(t, cnName(12, text))
		got, err := ParseNameText(n.String())
		if err != nil || !got.Equal5280(n) {
			t.Errorf("%s: %s, %v", n, got, err)
		}
	}
}
