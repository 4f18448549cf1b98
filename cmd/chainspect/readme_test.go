package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// TestReadmeTranscript holds the README's transcript to what its command prints
// today, and the README to one screen.
func TestReadmeTranscript(t *testing.T) {
	t.Chdir("../..")
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), "\n```\n")
	have, after, closed := strings.Cut(rest, "```\n")
	lines := strings.Split(strings.TrimSpace(before), "\n")
	command, shown := strings.CutPrefix(lines[len(lines)-1], "    go run ./cmd/chainspect ")
	if !ok || !closed || !shown {
		t.Fatal("README.md has no command followed by its output")
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), strings.Fields(command), strings.NewReader(""), &out, &errs); code != exitFindings || errs.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(before+"\n```\n"+out.String()+"```\n"+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have != out.String() {
		t.Errorf("the README's transcript is not today's output: go test ./cmd/chainspect -run Readme -update\n%s", out.String())
	}
	ci, err := os.ReadFile(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	if tests := "go vet ./... && go tool staticcheck ./... && go test ./...\n"; !strings.Contains(string(b), "    "+tests) ||
		!strings.Contains(string(ci), "\n"+tests) {
		t.Error("the README and .ci/run do not have the same command for the tests")
	}
	if n := strings.Count(string(b), "\n"); n > 110 {
		t.Errorf("the README has %d lines", n)
	}
}
