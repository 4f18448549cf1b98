package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/testpki"
)

// TestPipelines runs what the GitLab component and the pre-commit hooks run, with
// their defaults, in a folder that has a policy and a file.
func TestPipelines(t *testing.T) {
	commands := append(gitLab(t), preCommit(t)...)
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	t.Chdir(t.TempDir())
	policy := "version: 1\njobs:\n  - {target: file.pem, name: www.example.com, at: \"" + testpki.ExampleClock().Format(time.RFC3339) +
		"\", expect: {fail: [basic-intermediate-missing]}}\n"
	for name, data := range map[string]string{"chainspect.yaml": policy, "file.pem": made["leaf"].PEM()} {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range commands {
		want := exitClean
		if strings.HasPrefix(c, "chainspect check") {
			want, c = exitFindings, c+" file.pem"
		}
		words := strings.Fields(strings.ReplaceAll(c, `"`, ""))
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), words[1:], strings.NewReader(""), &stdout, &stderr); code != want || words[0] != "chainspect" {
			t.Errorf("%s: exit code %d, want %d\n%s%s", c, code, want, stdout.String(), stderr.String())
		}
	}
	for _, file := range []string{"chainspect.xml", "chainspect.html"} { // GitLab's artifacts
		if s, err := os.Stat(file); err != nil || s.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// gitLab is the component's commands of chainspect with the defaults of its inputs.
func gitLab(t *testing.T) (commands []string) {
	t.Helper()
	var spec struct {
		Spec struct {
			Inputs map[string]struct {
				Default any `yaml:"default"`
			} `yaml:"inputs"`
		} `yaml:"spec"`
	}
	var jobs map[string]struct {
		Script []string `yaml:"script"`
	}
	text, err := os.ReadFile("../../templates/gate.yml")
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&spec); err != nil {
		t.Fatal(err)
	}
	if err := d.Decode(&jobs); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	input := regexp.MustCompile(`\$\[\[ inputs\.([a-z-]+) \]\]`)
	for _, m := range input.FindAllStringSubmatch(string(text), -1) {
		if _, ok := spec.Spec.Inputs[m[1]]; !ok {
			t.Errorf("the component has no input %s", m[1])
		}
	}
	for _, line := range jobs["chainspect"].Script {
		line = input.ReplaceAllStringFunc(line, func(s string) string {
			b, err := yaml.Marshal(spec.Spec.Inputs[input.FindStringSubmatch(s)[1]].Default)
			if err != nil {
				t.Fatal(err)
			}
			return strings.TrimSpace(string(b))
		})
		if strings.HasPrefix(line, "chainspect ") {
			commands = append(commands, line)
		} else if line != "go install github.com/chainspect/chainspect/cmd/chainspect@latest" {
			t.Errorf("the component runs %s", line)
		}
	}
	return commands
}

// preCommit is the commands of the hooks, without the names of files.
func preCommit(t *testing.T) (commands []string) {
	t.Helper()
	text, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		Entry string   `yaml:"entry"`
		Args  []string `yaml:"args"`
	}
	if err := yaml.Unmarshal(text, &hooks); err != nil {
		t.Fatal(err)
	}
	for _, h := range hooks {
		commands = append(commands, strings.Join(append([]string{h.Entry}, h.Args...), " "))
	}
	if len(commands) != 2 {
		t.Errorf("%d hooks", len(commands))
	}
	return commands
}
