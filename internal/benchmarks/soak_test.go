package benchmarks

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/internal/testserver"
)

// soaked reads how much is asked for, or skips: a soak takes minutes of every processor.
func soaked[T any](t *testing.T, variable string, parse func(string) (T, error)) T {
	t.Helper()
	text, ok := os.LookupEnv(variable)
	if !ok {
		t.Skipf("%s is not set; docs/performance.md says how to soak", variable)
	}
	v, err := parse(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return v
}

// program is chainspect, built as it is shipped.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "chainspect")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "../../cmd/chainspect").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// A fleet is servers on loopback: what a run over many targets meets.
type fleet struct {
	root                    string   // file
	good                    []string // addresses; several, or the ports of the other end run out
	silent, resets, garbage string
}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	made, err := (&testpki.Maker{Clock: time.Now(), Keys: testpki.NewKey}).Make(map[string]testpki.Recipe{
		"root":    {Subject: "CN=Soak Root", CA: true},
		"issuing": {Subject: "CN=Soak Issuing", Issuer: "root", CA: true},
		"leaf":    {Subject: "CN=*.lab.example", Issuer: "issuing", DNS: []string{"*.lab.example"}, Begins: "-10d", Ends: "30d"},
	})
	if err != nil {
		t.Fatal(err)
	}
	f := &fleet{root: filepath.Join(t.TempDir(), "root.pem")}
	if err := os.WriteFile(f.root, []byte(made["root"].PEM()), 0o600); err != nil {
		t.Fatal(err)
	}
	conf := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{made["leaf"].DER, made["issuing"].DER}, PrivateKey: made["leaf"].Key}},
		SessionTicketsDisabled: true}
	for range 8 {
		f.good = append(f.good, serve(t, func(c net.Conn) {
			s := tls.Server(c, conf)
			if s.Handshake() == nil {
				io.Copy(io.Discard, s)
			}
		}))
	}
	f.silent = serve(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	f.resets = serve(t, func(c net.Conn) {
		c.Read(make([]byte, 64))
		c.(*net.TCPConn).SetLinger(0)
	})
	f.garbage = serve(t, func(c net.Conn) {
		noise := make([]byte, 1<<rand.IntN(16))
		for i := range noise {
			noise[i] = byte(rand.Uint32())
		}
		c.Write(noise)
		c.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, c)
	})
	return f
}

func serve(t *testing.T, each func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go testserver.Accept(l, func(c net.Conn) {
		c.SetDeadline(time.Now().Add(time.Minute))
		each(c)
	})
	return l.Addr().String()
}

// address is that of target n: of a hundred one is silent, one resets, one talks garbage.
func (f *fleet) address(n int) (address, kind string) {
	switch n % 100 {
	case 17:
		return f.silent, "silent"
	case 42:
		return f.resets, "resets"
	case 77:
		return f.garbage, "garbage"
	}
	return f.good[n%len(f.good)], "good"
}

// targets writes a file of n jobs, each with a name of its own.
func (f *fleet) targets(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "targets.jsonl")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(out)
	for i := range n {
		address, _ := f.address(i)
		fmt.Fprintf(w, `{"id":"%d","target":"h%d.lab.example:443","connect":%q,"anchor":%q,"timeout":"2s"}`+"\n", i, i, address, f.root)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	return path
}

const soakJobs = 64

// check is the command over the targets, its answers in a file that is added to.
func check(binary, targets, out string) *exec.Cmd {
	cmd := exec.Command(binary, "check", "--targets", targets, "--jobs", strconv.Itoa(soakJobs), "--format", "ndjson", "-o", out, "--skip-done", out)
	cmd.Stderr = io.Discard
	return cmd
}

// answered holds a file of answers: every target once, and said of it what it is.
func (f *fleet) answered(t *testing.T, out string, n int) {
	t.Helper()
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := make([]bool, n)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r struct {
			ID      string
			Verdict string
			Error   *struct{ Kind string }
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		i, err := strconv.Atoi(r.ID)
		if err != nil || i < 0 || i >= n || seen[i] {
			t.Fatalf("target %s is answered twice, or was not asked for", r.ID)
		}
		seen[i] = true
		switch _, kind := f.address(i); {
		case kind == "good" && r.Verdict != "trusted":
			t.Errorf("target %d: %s", i, lines.Text())
		case kind != "good" && r.Error == nil:
			t.Errorf("target %d is %s: %s", i, kind, lines.Text())
		}
	}
	for i, ok := range seen {
		if !ok {
			t.Fatalf("target %d is not answered", i)
		}
	}
}

// A gauge watches a process: its memory and its descriptors.
type gauge struct {
	most, descriptors int
	samples           []int // resident memory, KiB
}

func (g *gauge) watch(pid int, done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-time.After(200 * time.Millisecond):
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(status)) {
			if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
				kib, _ := strconv.Atoi(fields[1])
				g.samples, g.most = append(g.samples, kib), max(g.most, kib)
			}
		}
		if open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid)); err == nil {
			g.descriptors = max(g.descriptors, len(open))
		}
	}
}

// flat fails where the second half of a run needs more memory than the first.
func (g *gauge) flat(t *testing.T, limit int) {
	t.Helper()
	half := len(g.samples) / 2
	first, second := 0, 0
	for i, kib := range g.samples {
		if i < half {
			first = max(first, kib)
		} else {
			second = max(second, kib)
		}
	}
	t.Logf("memory at most %d KiB in the first half, %d in the second; %d descriptors", first, second, g.descriptors)
	if g.most > limit<<10 || second > first+4<<10 {
		t.Errorf("memory is not flat, or above %d MiB", limit)
	}
}

// TestSoak asks CHAINSPECT_SOAK targets: memory stays flat, descriptors are given
// back, every target is answered once.
func TestSoak(t *testing.T) {
	n := soaked(t, "CHAINSPECT_SOAK", strconv.Atoi)
	f, binary := newFleet(t), program(t)
	targets, out := f.targets(t, n), filepath.Join(t.TempDir(), "answers.ndjson")
	cmd := check(binary, targets, out)
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	g, done := &gauge{}, make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { g.watch(cmd.Process.Pid, done) })
	cmd.Wait() // the exit code is that of targets that could not be inspected
	close(done)
	watching.Wait()
	took := time.Since(begun)
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("%d targets in %.0f s: %.0f a second, %.2f ms of processor each; at most %d KiB", n, took.Seconds(), float64(n)/took.Seconds(),
		cpu.Seconds()*1000/float64(n), usage.Maxrss)
	g.flat(t, 40)
	if g.descriptors > 4*soakJobs {
		t.Errorf("%d descriptors were open at once, for %d jobs", g.descriptors, soakJobs)
	}
	f.answered(t, out, n)
}

// TestSoakServe probes the exporter with 200 requests at a time for
// CHAINSPECT_SOAK_SERVE: memory stays flat, each is answered within its time.
func TestSoakServe(t *testing.T) {
	long := soaked(t, "CHAINSPECT_SOAK_SERVE", time.ParseDuration)
	f, binary := newFleet(t), program(t)
	port, err := testserver.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	const limit = 5 * time.Second
	config := filepath.Join(t.TempDir(), "modules.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "modules:\n  soak: {name: www.lab.example, anchor: %q, timeout: %s}\n", f.root, limit), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.Command(binary, "serve", "--listen", "127.0.0.1:"+port, "--config", config, "--allow-private", "--probes", "200")
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	g, done := &gauge{}, make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { g.watch(cmd.Process.Pid, done) })
	time.Sleep(time.Second)
	ctx, stop := context.WithTimeout(context.Background(), long)
	defer stop()
	const clients, within = 200, 2 * limit // the machine is busy with the clients, too
	var probes, late, wrong atomic.Int64
	var odd answers
	h := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}, Timeout: 30 * time.Second}
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for n := client; ctx.Err() == nil; n += clients {
				address, kind := f.address(n)
				begun := time.Now()
				answer, err := h.Get("http://127.0.0.1:" + port + "/probe?module=soak&target=" + address)
				took := time.Since(begun)
				if err != nil {
					wrong.Add(1)
					odd.add("%s after %s: %v", kind, took, err)
					continue
				}
				body, _ := io.ReadAll(answer.Body)
				answer.Body.Close()
				success := strings.Contains(string(body), "\nprobe_success 1\n")
				switch {
				case took > within, kind == "good" && !success && took >= limit:
					late.Add(1) // for want of a processor: the module's time was over
					odd.add("%s after %s:\n%s", kind, took, body)
				case success != (kind == "good"):
					wrong.Add(1)
					odd.add("%s after %s: %s\n%s", kind, took, answer.Status, body)
				}
				probes.Add(1)
			}
		})
	}
	all.Wait()
	close(done)
	watching.Wait()
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	t.Logf("%d probes in %s: %.0f a second; %d late, %d wrong", probes.Load(), long, float64(probes.Load())/long.Seconds(), late.Load(), wrong.Load())
	g.flat(t, 128)
	if late.Load() > 0 || wrong.Load() > 0 || probes.Load() == 0 {
		t.Errorf("%d late, %d wrong of %d\n%s\n%s", late.Load(), wrong.Load(), probes.Load(), said.String(), strings.Join(odd.first, "\n"))
	}
}

// answers keeps the first few that were not as they should be.
type answers struct {
	mu    sync.Mutex
	first []string
}

func (a *answers) add(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.first) < 5 {
		a.first = append(a.first, fmt.Sprintf(format, args...))
	}
}
