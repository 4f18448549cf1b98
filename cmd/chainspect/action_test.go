package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestActionDownloads runs the step of the GitHub action that fetches a release,
// with a gh that has one release, v1.2.3: it is used where its digest is right,
// refused where it is not, and where there is none the next steps build.
func TestActionDownloads(t *testing.T) {
	script := downloadStep(t)
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash: ", err)
	}
	const gh = `#!/bin/sh
case "$1 $2 $3" in
"release view --repo") echo v1.2.3 ;;
"release view v1.2.3") echo found ;;
"release download v1.2.3") cp "$RELEASE"/* . ;;
*) echo "release not found" >&2; exit 1 ;;
esac
`
	for _, tc := range []struct{ name, version, damage, want, fails string }{
		{name: "a release", version: "v1.2.3", want: "program="},
		{name: "the latest", version: "latest", want: "program="},
		{name: "none of that version", version: "v9.9.9"},
		{name: "another archive than SHA256SUMS says", version: "v1.2.3", damage: "chainspect-1.2.3-linux-amd64.tar.gz", fails: "FAILED"},
		{name: "not in SHA256SUMS", version: "v1.2.3", damage: "SHA256SUMS", fails: ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			shell := func(line string) {
				t.Helper()
				c := exec.Command(bash, "-ec", line)
				c.Dir = dir
				if out, err := c.CombinedOutput(); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
			}
			if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "bin", "gh"), []byte(gh), 0o755); err != nil {
				t.Fatal(err)
			}
			shell("mkdir release temp chainspect-1.2.3-linux-amd64 && echo program > chainspect-1.2.3-linux-amd64/chainspect" +
				" && tar -czf release/chainspect-1.2.3-linux-amd64.tar.gz chainspect-1.2.3-linux-amd64 && cd release && sha256sum *.tar.gz > SHA256SUMS")
			if tc.damage != "" {
				shell(": > release/" + tc.damage)
			}
			c := exec.Command(bash, "-eo", "pipefail", "-c", script)
			c.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "RELEASE="+filepath.Join(dir, "release"),
				"RUNNER_OS=Linux", "RUNNER_ARCH=X64", "RUNNER_TEMP="+filepath.Join(dir, "temp"), "GITHUB_OUTPUT="+filepath.Join(dir, "output"),
				"VERSION="+tc.version)
			out, err := c.CombinedOutput()
			output, _ := os.ReadFile(filepath.Join(dir, "output"))
			if bad := tc.damage != ""; (err != nil) != bad || !strings.Contains(string(out), tc.fails) ||
				!strings.HasPrefix(string(output), tc.want) || (tc.want == "") != (len(output) == 0) {
				t.Errorf("%v, output %q:\n%s", err, output, out)
			}
			if tc.want != "" {
				if _, err := os.Stat(strings.TrimSpace(strings.TrimPrefix(string(output), "program="))); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// downloadStep is the script of the action's first step.
func downloadStep(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Runs struct {
			Steps []struct {
				ID  string `yaml:"id"`
				Run string `yaml:"run"`
			} `yaml:"steps"`
		} `yaml:"runs"`
	}
	if err := yaml.Unmarshal(b, &action); err != nil {
		t.Fatal(err)
	}
	for _, s := range action.Runs.Steps {
		if s.ID == "download" {
			return s.Run
		}
	}
	t.Fatal("action.yml has no step that downloads")
	return ""
}
