package main

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// A container is what the test needs of one of a pod.
type container struct {
	Command, Args []string
	Env           []struct{ Name string }
}

// TestFleetJob runs the containers of deploy/fleet-job.yaml as a cluster would, for
// every index and twice, as for a pod that is started again: each target is answered
// once.
func TestFleetJob(t *testing.T) {
	text, err := os.ReadFile("../../deploy/fleet-job.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var job struct {
		Spec struct {
			Completions      int
			CompletionMode   string `yaml:"completionMode"`
			PodFailurePolicy struct {
				Rules []struct {
					OnExitCodes struct{ Values []int } `yaml:"onExitCodes"`
				}
			} `yaml:"podFailurePolicy"`
			Template struct {
				Spec struct {
					InitContainers []container `yaml:"initContainers"`
					Containers     []container
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &job); err != nil {
		t.Fatal(err)
	}
	pod := job.Spec.Template.Spec
	if job.Spec.CompletionMode != "Indexed" || len(pod.InitContainers) != 1 || len(pod.Containers) != 1 ||
		pod.Containers[0].Env[0].Name != "JOB_COMPLETION_INDEX" {
		t.Fatalf("not the job that is tested here: %+v", job.Spec)
	}
	const n = 83
	dir := t.TempDir()
	fleetOf(t, dir, n)
	for _, name := range []string{"list", "answers"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(dir, "hosts"), filepath.Join(dir, "list", "hosts.txt")); err != nil {
		t.Fatal(err)
	}
	answered := map[string]int{}
	for index := range job.Spec.Completions {
		share := filepath.Join(dir, "share"+strconv.Itoa(index))
		if err := os.Mkdir(share, 0o700); err != nil {
			t.Fatal(err)
		}
		inDir := strings.NewReplacer("/list/", dir+"/list/", "/share/", share+"/", "/answers/", dir+"/answers/", "$(JOB_COMPLETION_INDEX)", strconv.Itoa(index))
		var split, check []string
		for _, a := range pod.InitContainers[0].Command {
			split = append(split, inDir.Replace(a))
		}
		for _, a := range pod.Containers[0].Args {
			check = append(check, inDir.Replace(a))
		}
		for range 2 {
			cut := exec.Command(split[0], split[1:]...)
			cut.Env = append(os.Environ(), "JOB_COMPLETION_INDEX="+strconv.Itoa(index))
			if out, err := cut.CombinedOutput(); err != nil {
				t.Fatalf("%q: %v\n%s", split, err, out)
			}
			run := self(t.Context(), dir, check...)
			if out, err := run.CombinedOutput(); run.ProcessState == nil || run.ProcessState.ExitCode() == 2 {
				t.Fatalf("%q: %v\n%s", check, err, out)
			}
		}
		file, err := os.Open(filepath.Join(dir, "answers", strconv.Itoa(index)+".ndjson"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var r struct{ Target string }
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			answered[r.Target]++
		}
	}
	if len(answered) != n {
		t.Errorf("%d targets are answered, want %d", len(answered), n)
	}
	for target, times := range answered {
		if times != 1 {
			t.Errorf("%s is answered %d times", target, times)
		}
	}
}
