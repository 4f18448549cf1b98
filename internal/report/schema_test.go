package report

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// schema compiles a schema, with its formats asserted.
func schema(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decoded(t *testing.T, s string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const schemas = "../../docs/schema/"

func TestReportsFollowTheSchema(t *testing.T) {
	s := schema(t, schemas+"report.schema.json")
	all := append(recorded(), "hostile", "hostile-failure")
	for _, names := range [][]string{nil, recorded()} {
		if err := s.Validate(decoded(t, written(t, "json", Options{}, names...))); err != nil {
			t.Error(err)
		}
	}
	for _, name := range all {
		if strings.HasPrefix(name, "hostile") {
			continue // its enumerations are not ours
		}
		if err := s.Validate(decoded(t, written(t, "ndjson", Options{}, name))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := written(t, "ndjson", Options{}, "missing-intermediate")
	for old, wrong := range map[string]string{
		`"verdict":"untrusted"`: `"verdict":"not trusted"`,
		`"evidence":[]`:         `"evidence":null`,
		`"good_until":null,`:    ``,
		`"fix_checked":true`:    `"fix_checked":"yes"`,
		`report/v1`:             `report/v2`,
		`"end":"no_issuer"`:     `"end":"lost"`,
	} {
		bad := strings.ReplaceAll(good, old, wrong)
		if bad == good {
			t.Errorf("%s is not in the report", old)
		}
		if s.Validate(decoded(t, bad)) == nil {
			t.Errorf("%s instead of %s is let through", wrong, old)
		}
	}
	if s.Validate(decoded(t, `{"target":"x","error":{"kind":"weather","message":"m"}}`)) == nil {
		t.Error("a failure of an unknown kind is let through")
	}
}

func TestCapturesFollowTheSchema(t *testing.T) {
	s := schema(t, schemas+"capture.schema.json")
	yes, alert := true, tlsname.BadCertificate
	full := &chain.Capture{Schema: chain.CaptureSchema, Target: "www.example.com", TakenAt: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC),
		Blobs: map[string][]byte{strings.Repeat("0a", 32): {0x30, 0}},
		Observations: []chain.Observation{{Transport: "tls", Sent: []string{strings.Repeat("0a", 32)}, Staples: map[int][]byte{0: {1}}, SCTs: [][]byte{{1}},
			Outcome: chain.Outcome{OK: true, EMS: &yes, Alert: &alert}, Positions: []chain.Position{{File: "a.pem", Line: 1}},
			ClientAuth: &chain.ClientAuthDemand{Mode: "required"}, Presented: &chain.Presented{Fate: "refused", Alert: &alert}}},
		Evidence: []chain.Evidence{{Kind: chain.EvidenceCRL, Origin: "given", Source: "a.crl", Data: []byte{1}}},
		Identity: &chain.Identity{File: "id.p12", Keys: []chain.IdentityKey{{}}}}
	for _, c := range []*chain.Capture{full, {Schema: chain.CaptureSchema}} {
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(decoded(t, string(b))); err != nil {
			t.Errorf("%v\n%s", err, b)
		}
		bad := strings.Replace(string(b), "capture/v1", "capture/v9", 1)
		if s.Validate(decoded(t, bad)) == nil {
			t.Error("another version is let through")
		}
	}
}

// TestSchemasKnowEveryField: a field added to a type is added to its schema.
func TestSchemasKnowEveryField(t *testing.T) {
	for file, v := range map[string][]any{
		"report.schema.json":  {chain.Report{}, chain.Failure{}, Tool{}},
		"capture.schema.json": {chain.Capture{}},
	} {
		b, err := os.ReadFile(schemas + file)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Defs map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"$defs"`
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		seen := map[reflect.Type]bool{}
		var walk func(reflect.Type)
		walk = func(typ reflect.Type) {
			switch typ.Kind() {
			case reflect.Pointer, reflect.Slice, reflect.Map:
				walk(typ.Elem())
				return
			case reflect.Struct:
			default:
				return
			}
			if seen[typ] || typ == reflect.TypeFor[time.Time]() {
				return
			}
			seen[typ] = true
			for i := range typ.NumField() {
				name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
				if name == "-" || name == "" {
					continue
				}
				if _, ok := doc.Defs[typ.Name()].Properties[name]; !ok {
					t.Errorf("%s does not know %s.%s", file, typ.Name(), name)
				}
				walk(typ.Field(i).Type)
			}
		}
		for _, x := range v {
			walk(reflect.TypeOf(x))
		}
	}
}

func TestSARIFFollowsTheStandard(t *testing.T) {
	s := schema(t, "testdata/sarif-2.1.0.schema.json")
	for _, names := range [][]string{nil, recorded(), {"hostile", "hostile-failure"}} {
		if err := s.Validate(decoded(t, written(t, "sarif", Options{}, names...))); err != nil {
			t.Errorf("%v: %v", names, err)
		}
	}
	if s.Validate(decoded(t, strings.Replace(written(t, "sarif", Options{}, "trusted"), `"2.1.0"`, `"2.2"`, 1))) == nil {
		t.Error("another version is let through")
	}
}
