package anchors

import (
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"

	"howett.net/plist"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestNothingIsLostSilently: what follows or surrounds an anchor is read, named
// in a remark, or the error.
func TestNothingIsLostSilently(t *testing.T) {
	one, two := roots()
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: one}))
	behind := fmt.Sprintf("line %d: ", strings.Count(text, "\n")+1)
	key := "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
	payload := func(content string) string {
		b, err := plist.Marshal(map[string]any{"PayloadContent": []any{
			map[string]any{"PayloadType": "com.apple.security.pem", "PayloadDisplayName": "Roots", "PayloadContent": []byte(content)},
		}}, plist.BinaryFormat)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, tc := range []struct {
		name, data  string
		n           int
		remark, err string
	}{
		{"DER", string(one), 1, "", ""},
		{"DER after DER", string(slices.Concat(one, two)), 2, "", ""},
		{"DER and a line end", string(one) + "\r\n", 0, "", "white space follows the DER"},
		{"PEM", text, 1, "", ""},
		{"PEM and a key", text + key, 1, "f: " + behind + `the PEM block "PRIVATE KEY" is no certificate`, ""},
		{"PEM cut off", text + text[:len(text)-60], 0, "", "f, " + behind + `the PEM block "CERTIFICATE" that begins here has no END line`},
		{"a key alone", key, 0, "", "f: this is a private key, not a certificate; give"},
		{"no bytes", "", 0, "", "f: the file is empty"},
		{"white space", " \n", 0, "", "f: the file is empty"},
		{"words", "hello", 0, "", "f: this is text; give the CA's certificate"},
		{"a payload cut off", payload(text + text[:90]), 1, `payload "Roots", ` + behind + `the PEM block "CERTIFICATE" that begins here has no END line`, ""},
		{"nothing but a payload cut off", payload(text[:90]), 0, "", `payload "Roots", line 1: the PEM block`},
	} {
		list, remarks, err := FromFile("f", []byte(tc.data), chain.App)
		if len(list) != tc.n || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s: %d anchors, %v; want %d, %q", tc.name, len(list), err, tc.n, tc.err)
		}
		if all := strings.Join(remarks, "\n"); tc.remark == "" && all != "" || !strings.Contains(all, tc.remark) {
			t.Errorf("%s: remarks %q, want %q", tc.name, all, tc.remark)
		}
	}
}
