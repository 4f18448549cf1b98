package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestJSONGolden(t *testing.T) {
	golden(t, "all.json", written(t, "json", Options{}, recorded()...))
	golden(t, "hostile.json", written(t, "json", Options{}, "hostile", "hostile-failure"))
	golden(t, "none.json", written(t, "json", Options{}))
	golden(t, "all.ndjson", written(t, "ndjson", Options{}, recorded()...))
}

// TestJSONRoundTrip: what was recorded comes out again, and no list is null.
func TestJSONRoundTrip(t *testing.T) {
	for _, name := range []string{"trusted", "missing-intermediate", "cross-sign", "mtls", "hostile"} {
		b, err := os.ReadFile(filepath.Join("testdata", "reports", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatal(err)
		}
		line := written(t, "ndjson", Options{}, name)
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(want, got) {
			t.Errorf("%s:\n%s", name, line)
		}
	}
}

func TestJSONHasNoNullLists(t *testing.T) {
	r := &chain.Report{Items: []chain.ItemReport{{}}, Paths: []chain.PathReport{{}}, Findings: []chain.Finding{{}},
		Connection: &chain.Connection{}, Identity: &chain.IdentityReport{}, Device: &chain.DeviceError{}}
	var b strings.Builder
	if err := newNDJSON(&b, Options{}).Report(r); err != nil {
		t.Fatal(err)
	}
	out := b.String()
	for _, may := range []string{`"good_until":null`, `"anchor":null`, `"item":null`} {
		out = strings.ReplaceAll(out, may, "")
	}
	if strings.Contains(out, "null") {
		t.Error(out)
	}
	if r.Findings[0].Paths != nil || r.Connection.ClientAuth.Authorities != nil {
		t.Error("the report handed in was changed")
	}
}

func TestJSONIsHarmlessToATerminal(t *testing.T) {
	for _, format := range []string{"json", "ndjson"} {
		for _, r := range strings.ReplaceAll(written(t, format, Options{}, "hostile"), "\n", "") {
			if !unicode.IsPrint(r) {
				t.Fatalf("%s: %U in the output", format, r)
			}
		}
	}
	var back string
	if err := json.Unmarshal(harmlessJSON([]byte("\"\U000e0001\u202e\u009b\"")), &back); err != nil || back != "\U000e0001\u202e\u009b" {
		t.Errorf("%q, %v", back, err)
	}
}
