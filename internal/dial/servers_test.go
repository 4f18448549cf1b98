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
func run(t testing.TB, port, name string, args ...string) Target {
	t.Helper()
	cmd := exec.Command(program(t, name), args...)
	var output lockedBuffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Apache's workers outlive their parent
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() { cmd.Wait(); close(exited) }()
	t.Cleanup(func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); <-exited })
	address := "127.0.0.1:" + port
	for range 500 {
		select {
		case <-exited:
			t.Fatalf("%s %s ended at once: %s", name, strings.Join(args, " "), output.String())
		case <-time.After(10 * time.Millisecond):
		}
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return targetAt(t, address)
		}
	}
	t.Fatalf("%s does not listen on %s: %s", name, address, output.String())
	return Target{}
}

// openssl runs s_server with chain and key and further arguments.
func openssl(t testing.TB, chainFile, keyFile string, args ...string) Target {
	t.Helper()
	port := freePort(t)
	all := []string{"s_server", "-accept", "127.0.0.1:" + port, "-quiet", "-naccept", "100"}
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
