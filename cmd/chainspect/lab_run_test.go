package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// fixOfFaults is what fix says of some faults: a list in order is no green light for a server
// that sends another one as well, or whose certificate, or handshake, is wrong.
var fixOfFaults = map[string]struct {
	code int
	says string
	mute string // what may not be said
}{
	"good":               {exitClean, "the chain is as it should be", ""},
	"wrong-order":        {exitClean, "put in order: 0, 2, 1", ""},
	"expired-cross-sign": {exitClean, "is of the same CA and is taken instead", ""},
	"two-certificates": {exitFindings,
		"another list that it sends, to hello apple-ats-rsa-cert, is not as it should be, and no order mends it: item 0 expired", ""},
	"one-of-three":         {exitFindings, "another list that it sends", ""},
	"no-digital-signature": {exitFindings, "[reach-key-usage]", ""},
	"unparseable":          {exitFindings, "[basic-unreadable]", ""},
	"tls11":                {exitClean, "what no certificate mends: the highest version the server speaks is TLS 1.1", ""},
	"issuer-unavailable":   {exitFindings, "it could not be had at http://127.0.0.1:", "can be had"},
	"leaf-last":            {exitClean, "put in order: 1, 0", "no certificate mends"},
	"big-list":             {exitClean, "left out: item 9", "no certificate mends"},
	"certificate-twice":    {exitClean, "[reach-protocol-error]", ""},
}

// TestLabRunCommands starts the servers and types every command that is printed:
// the exit code is the one that the expectation beside it means.
func TestLabRunCommands(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
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
		if !strings.HasPrefix(words[1], "hang.") {
			words = append(words, "--timeout", "60s") // for a busy machine
		}
		var stdout, stderr bytes.Buffer
		if code := run(ctx, words, strings.NewReader(""), &stdout, &stderr); code != want[i] {
			t.Errorf("%s: exit code %d, want %d\n%s%s", command, code, want[i], stdout.String(), stderr.String())
		}
		name, _, _ := strings.Cut(words[1], ".")
		expect, ok := fixOfFaults[name]
		if !ok {
			continue
		}
		words[0] = "fix"
		stdout.Reset()
		stderr.Reset()
		if code := run(ctx, words, strings.NewReader(""), &stdout, &stderr); code != expect.code || !strings.Contains(stderr.String(), expect.says) ||
			strings.Contains(stderr.String(), "certificate of #") || expect.mute != "" && strings.Contains(stderr.String(), expect.mute) {
			t.Errorf("%s: exit code %d, want %d and %q\n%s", strings.Join(words, " "), code, expect.code, expect.says, stderr.String())
		}
	}
	go io.Copy(io.Discard, r)
	stop()
	if code := <-ended; code != exitClean {
		t.Errorf("the lab ended with %d", code)
	}
}

// TestLabListen has the program ask itself: what one end sent, the other one saw.
func TestLabListen(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	dir := t.TempDir()
	command := func(want int, args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), args, strings.NewReader(""), &stdout, &stderr); code != want {
			t.Fatalf("chainspect %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), code, want, stdout.String(), stderr.String())
		}
		return stdout.String()
	}
	command(exitClean, "lab", "init", dir)
	command(exitClean, "lab", "client", "alice", "--dir", dir)
	rootFile, capture := filepath.Join(dir, "root.crt"), filepath.Join(dir, "capture.json")

	r, stderr := io.Pipe()
	var stdout bytes.Buffer
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"lab", "listen", "--dir", dir, "--port", "0", "--format", "ndjson", "--capture", capture}, strings.NewReader(""),
			&stdout, stderr)
		stderr.Close()
	}()
	said := bufio.NewReader(r)
	line, err := said.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address, _, _ := strings.Cut(strings.TrimPrefix(line, "chainspect: listening on "), " ")
	go io.Copy(io.Discard, said)
	command(exitClean, "check", "www.example.test:443", "--connect", address, "--anchor", rootFile, "--timeout", "60s",
		"--identity", filepath.Join(dir, "alice.p12"), "--password-file", filepath.Join(dir, "alice.p12.password"))
	stop()
	if code := <-ended; code != exitClean {
		t.Fatalf("listen ended with %d", code)
	}
	type visit struct {
		Hello struct {
			ServerName string `json:"server_name"`
		} `json:"hello"`
		LooksLike string `json:"looks_like"`
		Accepted  bool   `json:"accepted"`
		Identity  *struct{ Verdict, Subject string }
	}
	var all []visit
	for l := range strings.Lines(stdout.String()) {
		var v visit
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		all = append(all, v)
	}
	// Connections end in any order.
	apple, identity := false, false
	for _, v := range all {
		apple = apple || v.LooksLike == "apple-ats" && v.Hello.ServerName == "www.example.test" && v.Accepted && v.Identity == nil
		identity = identity || v.Identity != nil && v.Identity.Verdict == "trusted" && strings.Contains(v.Identity.Subject, "CN=alice")
	}
	if len(all) < 3 || !apple || !identity {
		t.Errorf("%s", stdout.String())
	}
	command(exitClean, "check", capture, "--purpose", "client", "--trust-store", "none", "--anchor", rootFile)
	command(exitFindings, "check", capture, "--purpose", "client", "--trust-store", "mozilla")
}
