package report

import (
	"bufio"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/chainspect/chainspect/internal/suite"
)

const jobSchema = "../../docs/schema/job.schema.json"

func TestJobsFollowTheSchema(t *testing.T) {
	s, err := jsonschema.NewCompiler().Compile(jobSchema)
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]bool{
		`{"target":"www.example.com:443"}`:                                                   true,
		`{"id":"a","chain_pem":["-----BEGIN"],"roots_pem":[],"time":"2026-11-25T00:00:00Z"}`: true,
		`{"id":null,"name":null,"roots_pem":null,"max_depth":null,"policy":null}`:            true,
		`{"anchor":"root.pem","name_kind":"dns","name":"","max_depth":-1}`:                   true,
		`{"policy":{"initial_policy_set":["2.5.29.32.0"],"initial_explicit_policy":true}}`:   true,
		`{"something_new":1}`:                      true,
		`{"target":7}`:                             false,
		`{"max_depth":"two"}`:                      false,
		`{"chain_pem":[1]}`:                        false,
		`{"policy":{"initial_explicit_policy":1}}`: false,
		`{"anchor_kind":"system"}`:                 false,
		`[]`:                                       false,
	} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Validate(v); (got == nil) != want {
			t.Errorf("%s: valid %v, want %v: %v", line, got == nil, want, got)
		}
	}
}

// TestJobSchemaTakesTheSuites: the lines of the conformance suites are jobs.
func TestJobSchemaTakesTheSuites(t *testing.T) {
	s, err := jsonschema.NewCompiler().Compile(jobSchema)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"limbo", "openssl"} {
		lines := bufio.NewScanner(suite.Open(t, name+".jsonl.gz"))
		lines.Buffer(nil, 1<<24)
		n := 0
		for ; lines.Scan(); n++ {
			v, err := jsonschema.UnmarshalJSON(strings.NewReader(lines.Text()))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(v); err != nil {
				t.Errorf("%s line %d: %v", name, n+1, err)
			}
		}
		if n == 0 || lines.Err() != nil {
			t.Errorf("%s: %d lines, %v", name, n, lines.Err())
		}
	}
}
