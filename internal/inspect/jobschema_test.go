package inspect

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the pages that the table of job fields makes anew")

// TestFieldsAreTheJob: each field of the struct has one line of the table, in the
// notation its type wants.
func TestFieldsAreTheJob(t *testing.T) {
	var tags []string
	for i := range reflect.TypeFor[Job]().NumField() {
		if tag := reflect.TypeFor[Job]().Field(i).Tag.Get("json"); tag != "-" {
			tags = append(tags, tag)
		}
	}
	keys := JobKeys()
	if !slices.Equal(tags, keys) {
		t.Fatalf("the struct has %v\nthe table has %v", tags, keys)
	}
	kinds := map[reflect.Type][]Kind{
		reflect.TypeFor[string](): {Text, Choice, ChoiceOrFile, File}, reflect.TypeFor[*string](): {Text}, reflect.TypeFor[List](): {Files, Texts},
		reflect.TypeFor[*List](): {Texts}, reflect.TypeFor[bool](): {Switch}, reflect.TypeFor[Duration](): {Span},
		reflect.TypeFor[*int](): {Number}, reflect.TypeFor[*PolicyJSON](): {Object},
	}
	for i, f := range Fields() {
		var j Job
		if f.In(&j) != reflect.ValueOf(&j).Elem().Field(i).Addr().Interface() {
			t.Errorf("%s is in another field of the struct", f.Key)
		}
		if names := strings.Join(f.Choices(), ", "); f.Key == "starttls" && !strings.Contains(f.Help, ": "+names+" (") {
			t.Errorf("the help of %s does not list %s", f.Key, names)
		}
		in := reflect.TypeOf(f.In(&j)).Elem()
		if !slices.Contains(kinds[in], f.Kind) {
			t.Errorf("%s is a %s, and no kind %d", f.Key, in, f.Kind)
		}
		if f.Help == "" && f.Doc == "" || (f.Group != "") != (f.Help != "") {
			t.Errorf("%s: a flag has a help, any other field a doc", f.Key)
		}
		if f.Empty != (in == reflect.TypeFor[*string]()) {
			t.Errorf("%s: only a field whose absence is told from its emptiness may be empty", f.Key)
		}
	}
}

// schemaOf is the JSON schema of one field.
func schemaOf(f *Field) any {
	null := map[string]any{"type": "null"}
	switch f.Kind {
	case Choice:
		values := []any{}
		for _, v := range f.Choices() {
			values = append(values, v)
		}
		return map[string]any{"type": []any{"string", "null"}, "enum": append(values, nil)}
	case Files, Texts:
		return map[string]any{"anyOf": []any{map[string]any{"type": "array", "items": map[string]any{"type": "string"}},
			map[string]any{"type": "string"}, null}}
	case Switch:
		return map[string]any{"type": []any{"boolean", "null"}}
	case Number:
		return map[string]any{"type": []any{"integer", "null"}}
	case Object:
		return map[string]any{"anyOf": []any{map[string]any{"$ref": "#/$defs/PolicyJSON"}, null}}
	}
	return map[string]any{"type": []any{"string", "null"}}
}

// TestJobSchema holds docs/schema/job.schema.json to the table.
func TestJobSchema(t *testing.T) {
	const path = "../../docs/schema/job.schema.json"
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(have, &doc); err != nil {
		t.Fatal(err)
	}
	job := doc["$defs"].(map[string]any)["Job"].(map[string]any)
	properties := map[string]any{}
	for _, f := range Fields() {
		p := schemaOf(f).(map[string]any)
		p["description"] = f.meaning()
		properties[f.Key] = p
	}
	job["properties"] = properties
	job["description"] = "One thing to inspect and how to judge it. In JSON the fields have the names of the flags with underscores; null means absent."
	want, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, path, string(have), string(want)+"\n")
}

func (f *Field) meaning() string {
	if f.Doc != "" {
		return f.Doc
	}
	return f.Help
}

// TestJobsPage holds the table of docs/jobs.md to that of the fields.
func TestJobsPage(t *testing.T) {
	const path = "../../docs/jobs.md"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	have := string(data)
	begin, end := strings.Index(have, "| key | type | meaning |"), strings.Index(have, "\nnull means absent")
	if begin < 0 || end < begin {
		t.Fatal("docs/jobs.md has no table of fields")
	}
	var table strings.Builder
	table.WriteString("| key | type | meaning |\n|---|---|---|\n")
	for _, f := range Fields() {
		kind := [...]string{Text: "string", Choice: strings.Join(f.Choices(), ", "), ChoiceOrFile: strings.Join(f.Choices(), ", ") + ", file", File: "file",
			Files: "file or list", Texts: "string or list", Switch: "true, false", Span: "such as 10s", Number: "number", Object: "object"}[f.Kind]
		fmt.Fprintf(&table, "| %s | %s | %s |\n", f.Key, kind, strings.ReplaceAll(f.meaning(), "|", `\|`))
	}
	compare(t, path, have, have[:begin]+table.String()+have[end:])
}

func compare(t *testing.T, path, have, want string) {
	t.Helper()
	if have == want {
		return
	}
	if !*update {
		t.Fatalf("%s is not what the table of job fields says: go test ./internal/inspect -update", path)
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFlagsOfJob: what a job is judged by is said again as flags, the target and the way
// to it aside.
func TestFlagsOfJob(t *testing.T) {
	name := "www.example.com"
	j := Job{Target: "192.0.2.1", Name: &name, Timeout: Duration(time.Second), Anchor: List{"my root.pem", "-odd.pem"}, TrustStore: "none", Profile: "rfc",
		With: List{"a.crl"}, At: "+30d", AllowUnknown: true, ChainPEM: List{"x"}}
	want := []string{"--anchor", "'my root.pem'", "--anchor", "./-odd.pem", "--trust-store", "none", "--with", "a.crl", "--profile", "rfc",
		"--at", "+30d", "--allow-unknown"}
	if got := j.flags(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	j = Job{Purpose: "any", Time: "2026-12-01"}
	if got, want := j.flags(), []string{"--purpose", "any", "--at", "2026-12-01"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestLookAt: the command opens the file without a prompt where the job does.
func TestLookAt(t *testing.T) {
	const plain = "chainspect identity 'my new.p12'"
	for file, want := range map[string]string{"": plain, "p.txt": plain + " --password-file p.txt"} {
		if got := (&Job{PasswordFile: file}).LookAt("my new.p12"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
