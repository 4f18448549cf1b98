package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/internal/testserver"
)

// self runs this program as the command line would, in a folder.
func self(ctx context.Context, dir string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, os.Args[0], args...)
	c.Args[0] = "chainspect" // testscript.Main knows it by its name
	c.Dir = dir
	return c
}

// fleetOf starts a server and writes a list of n names of it; every twentieth
// line cannot be reached.
func fleetOf(t *testing.T, dir string, n int) {
	t.Helper()
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{
		{Certificate: [][]byte{made["leaf"].DER, made["intermediate"].DER}, PrivateKey: made["leaf"].Key}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go testserver.Accept(l, func(c net.Conn) { _ = c.(*tls.Conn).Handshake() })
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	var b strings.Builder
	for i := range n {
		to := l.Addr()
		if i%20 == 7 {
			to = closed.Addr()
		}
		fmt.Fprintf(&b, "n%d.example connect=%s\n", i, to)
	}
	if err := os.WriteFile(filepath.Join(dir, "hosts"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestKilledRunGoesOn: a run that is killed at any instant and started again loses
// no answer and gives none twice.
func TestKilledRunGoesOn(t *testing.T) {
	const n, kills = 400, 20
	dir := t.TempDir()
	fleetOf(t, dir, n)
	args := []string{"check", "--targets", "hosts", "--format", "ndjson", "-o", "out.ndjson", "--skip-done", "out.ndjson", "--clients", "none",
		"--timeout", "20s"}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	for range kills {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(10+random.IntN(150))*time.Millisecond)
		_ = self(ctx, dir, args...).Run() // killed, or done
		cancel()
	}
	var said bytes.Buffer
	last := self(t.Context(), dir, args...)
	last.Stderr = &said
	if err := last.Run(); err == nil || last.ProcessState.ExitCode() != exitUninspected {
		t.Fatalf("seed %d: %v, exit code %d: %s", seed, err, last.ProcessState.ExitCode(), said.String())
	}
	data, err := os.ReadFile(filepath.Join(dir, "out.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	next := 0
	for line := range bytes.Lines(data) {
		var a struct{ Target string }
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatalf("seed %d: answer %d: %v: %.80s", seed, next, err, line)
		}
		if want := fmt.Sprintf("n%d.example", next); strings.TrimSuffix(a.Target, ":443") != want {
			t.Fatalf("seed %d: answer %d is about %s, want %s", seed, next, a.Target, want)
		}
		next++
	}
	if next != n {
		t.Errorf("seed %d: %d answers to %d targets", seed, next, n)
	}
}

// TestMuchThatLives: with little alive garbage is collected seldom, within a limit;
// with much, as Go has it, since the limit would be met by collecting all the time.
func TestMuchThatLives(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(math.MaxInt64))
	settings := func() (percent int, limit int64) {
		percent = debug.SetGCPercent(100)
		debug.SetGCPercent(percent)
		return percent, debug.SetMemoryLimit(-1)
	}
	answered := collectSeldom()
	if p, l := settings(); p <= 100 || l == math.MaxInt64 {
		t.Errorf("begun with %d %% and %d octets", p, l)
	}
	kept := make([]byte, 2*muchLives)
	runtime.GC()
	for range 512 {
		answered()
	}
	if p, l := settings(); p != 100 || l != math.MaxInt64 {
		t.Errorf("with %d octets alive: %d %% and %d octets", len(kept), p, l)
	}
	runtime.KeepAlive(kept)
}
