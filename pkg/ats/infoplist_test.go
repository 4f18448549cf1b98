package ats

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"howett.net/plist"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

const plistHead = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">`

func xmlPlist(body string) []byte { return []byte(plistHead + body + `</plist>`) }

func TestReadInfoPlistNotations(t *testing.T) {
	root := map[string]any{keyATS: map[string]any{keyArbitraryLoads: true,
		keyDomains: map[string]any{"example.com": map[string]any{keyMinimumTLS: "TLSv1.0", keySubdomains: uint64(1)}}}}
	notations := map[string][]byte{}
	for name, format := range map[string]int{"xml": plist.XMLFormat, "binary": plist.BinaryFormat} {
		data, err := plist.Marshal(root, format)
		if err != nil {
			t.Fatal(err)
		}
		notations[name] = data
	}
	text := strings.Replace(string(notations["xml"]), "UTF-8", "UTF-16", 1)
	for name, order := range map[string]binary.AppendByteOrder{"UTF-16, big endian": binary.BigEndian, "UTF-16, little endian": binary.LittleEndian} {
		var data []byte
		for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
			data = order.AppendUint16(data, unit)
		}
		notations[name] = data
	}
	for name, data := range notations {
		s, err := ReadInfoPlist("Info.plist", data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d := decideFor(s, "www.example.com", "ios26")
		if d.Basis != basisException || d.Floor != tlsname.TLS10 || s.Source != "Info.plist" {
			t.Errorf("%s: decision %+v from %+v", name, d, s)
		}
	}
}

func nested(n int) []byte {
	return xmlPlist(strings.Repeat("<array>", n) + strings.Repeat("</array>", n))
}

func TestReadInfoPlistRefuses(t *testing.T) {
	loop := append([]byte("bplist00"), 0xa1, 0x00, 8) // an array that holds itself
	trailer := make([]byte, 32)
	trailer[6], trailer[7], trailer[15], trailer[31] = 1, 1, 1, 10
	loop = append(loop, trailer...)
	wide := append([]byte("bplist00"), bytes.Repeat([]byte{0xaf, 0x10, 200}, 1)...)
	for _, tc := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "the file is empty"},
		{"openstep", []byte("{ a = b; }"), "neither an XML nor a binary"},
		{"gnustep parentheses", bytes.Repeat([]byte("("), 4096), "neither an XML nor a binary"},
		{"gnustep data", []byte("<abcd>"), "neither an XML nor a binary"},
		{"too large", bytes.Repeat([]byte(" "), MaxInfoPlist+1), "more than an Info.plist has"},
		{"deep", nested(maxPlistDepth + 3), "nested more than"},
		{"entities", []byte(`<!DOCTYPE plist [<!ENTITY a "b">]><plist><dict/></plist>`), "entities of its own"},
		{"UTF-16, no property list", []byte("\xfe\xff\x00a\x00b"), "neither an XML nor a binary"},
		{"UTF-16, cut", []byte("\xff\xfe<"), "the file is empty"},
		{"cut", []byte("<?xml version='1.0'"), "ends inside a tag"},
		{"not a dictionary", xmlPlist("<array/>"), "not a dictionary"},
		{"bad XML", xmlPlist("<dict><key>a</key></dict>"), "does not decode"},
		{"binary cut", []byte("bplist00abc"), "cut short"},
		{"binary loop", loop, "nested more than"},
		{"binary trailer", append(wide, make([]byte, 32)...), "does not fit the file"},
	} {
		_, err := ReadInfoPlist("f", tc.data)
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one line with %q", tc.name, err, tc.want)
		}
	}
}

func TestReadInfoPlistDepthBoundary(t *testing.T) {
	in := "<dict><key>k</key>" + strings.Repeat("<array>", maxPlistDepth-1) + strings.Repeat("</array>", maxPlistDepth-1) + "</dict>"
	if _, err := ReadInfoPlist("f", xmlPlist(in)); err != nil {
		t.Errorf("%d levels are refused: %v", maxPlistDepth, err)
	}
}

func FuzzReadInfoPlist(f *testing.F) {
	f.Add(xmlPlist("<dict><key>NSAppTransportSecurity</key><dict><key>NSAllowsArbitraryLoads</key><true/></dict></dict>"))
	b, err := plist.Marshal(map[string]any{"a": []any{"b", uint64(1), true}}, plist.BinaryFormat)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("bplist00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadInfoPlist("f", data)
		if err != nil {
			return
		}
		for _, host := range []string{"example.com", "localhost", "192.0.2.1", ""} {
			if d := decideFor(s, host, "ios26"); d.Floor < tlsname.TLS10 || len(d.Suites) == 0 {
				t.Errorf("%s: decision %+v", host, d)
			}
		}
	})
}
