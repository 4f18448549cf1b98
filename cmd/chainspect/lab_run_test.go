package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

// TestLabRunCommands starts the servers and types every command that is printed:
// the exit code is the one that the expectation beside it means.
func TestLabRunCommands(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	r, w := io.Pipe()
	ended := make(chan int)
	go func() {
		var stderr bytes.Buffer
		ended <- run(ctx, []string{"lab", "run", "--port", "0"}, strings.NewReader(""), w, &stderr)
		w.Close()
	}()
	commands, want := []string{}, []int{}
	lines := bufio.NewScanner(r)
	for lines.Scan() && !strings.Contains(lines.Text(), "they end with Ctrl-C") {
		line := strings.TrimSpace(lines.Text())
		if command, ok := strings.CutPrefix(line, "chainspect "); ok {
			commands = append(commands, command)
		}
		if expect, ok := strings.CutPrefix(line, "expect  "); ok {
			verdict, _, _ := strings.Cut(expect, ":")
			want = append(want, map[string]int{"trusted": exitClean, "untrusted": exitFindings, "not inspected": exitUninspected}[verdict])
		}
	}
	if len(commands) < 40 || len(commands) != len(want) {
		t.Fatalf("%d commands, %d expectations", len(commands), len(want))
	}
	for i, command := range commands {
		words := strings.Fields(command)
		for k := range words {
			if words[k] == "''" { // the one word that is quoted
				words[k] = ""
			}
		}
		var stdout, stderr bytes.Buffer
		if code := run(ctx, words, strings.NewReader(""), &stdout, &stderr); code != want[i] {
			t.Errorf("%s: exit code %d, want %d\n%s%s", command, code, want[i], stdout.String(), stderr.String())
		}
	}
	go io.Copy(io.Discard, r)
	stop()
	if code := <-ended; code != exitClean {
		t.Errorf("the lab ended with %d", code)
	}
}
