package dial

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/testserver"
)

// program finds a server program, or skips the test and says so.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath(filepath.Join("/usr/sbin", name))
	}
	if err != nil {
		t.Skipf("%s is not installed (apt-get install %s)", name, name)
	}
	return path
}

func freePort(t testing.TB) string {
	t.Helper()
	port, err := testserver.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// A lockedBuffer takes what a server prints while the test runs.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// run starts a server program and waits until the port is open; it ends with
// the test.
func run(t testing.TB, port, name string, args ...string) ask.Target {
	t.Helper()
	target, _ := started(t, exec.Command(program(t, name), args...), port)
	return target
}

// started starts a server and waits until the port is open; stop ends it, and so
// does the end of the test.
func started(t testing.TB, cmd *exec.Cmd, port string) (target ask.Target, stop func()) {
	t.Helper()
	return startedWithin(t, cmd, port, 10*time.Second)
}

func startedWithin(t testing.TB, cmd *exec.Cmd, port string, limit time.Duration) (target ask.Target, stop func()) {
	t.Helper()
	var output lockedBuffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.WaitDelay = time.Second // a daemon may hold them
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Apache's workers outlive their parent
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() { cmd.Wait(); close(exited) }()
	stop = sync.OnceFunc(func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); <-exited })
	t.Cleanup(stop)
	address := "127.0.0.1:" + port
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); {
		select {
		case <-exited:
			t.Fatalf("%s ended at once: %s", strings.Join(cmd.Args, " "), output.String())
		case <-time.After(10 * time.Millisecond):
		}
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return targetAt(t, address), stop
		}
	}
	t.Fatalf("%s does not listen on %s: %s", cmd.Path, address, output.String())
	return ask.Target{}, stop
}

// openssl runs s_server with chain and key and further arguments.
func openssl(t testing.TB, chainFile, keyFile string, args ...string) ask.Target {
	t.Helper()
	port := freePort(t)
	all := []string{"s_server", "-accept", "127.0.0.1:" + port, "-quiet", "-naccept", "1000"}
	if chainFile != "" {
		all = append(all, "-cert", chainFile, "-key", keyFile)
		if _, err := os.Stat(chainFile + issuersSuffix); err == nil {
			all = append(all, "-cert_chain", chainFile+issuersSuffix)
		}
	}
	return run(t, port, "openssl", append(all, args...)...)
}

// opensslMake runs an openssl command that makes files.
func opensslMake(t testing.TB, args ...string) {
	t.Helper()
	if out, err := exec.Command(program(t, "openssl"), args...).CombinedOutput(); err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// selfSigned makes a self-signed certificate with a key crypto/x509 cannot make.
func selfSigned(t testing.TB, dir, name string, newkey ...string) (certFile, keyFile string) {
	t.Helper()
	certFile, keyFile = filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
	opensslMake(t, append([]string{"req", "-x509", "-nodes", "-subj", "/CN=" + name, "-days", "30",
		"-keyout", keyFile, "-out", certFile}, newkey...)...)
	return certFile, keyFile
}
