package lab

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/fetch/web"
	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestFaults starts every server and holds what chainspect says of it.
func TestFaults(t *testing.T) {
	l, err := New(Options{Dir: t.TempDir(), Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, name := range FaultNames(l.Faults) {
		if _, err := l.Start(name, "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	r := &inspect.Runner{Ask: dial.Ask, Fetch: new(web.Client).Fetch, Now: time.Now}
	for _, o := range l.SelfTest(context.Background(), r, 8) {
		if o.Wrong != "" {
			t.Errorf("%s: %s; %s", o.Name, o.Got, o.Wrong)
		}
	}
}

// TestExport has nginx serve what was exported; what chainspect says of it is
// what the lab expects.
func TestExport(t *testing.T) {
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		if nginx, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			t.Skip("nginx is not installed")
		}
	}
	dir := t.TempDir()
	l, err := New(Options{Dir: dir, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	first, err := freePorts(len(l.Faults) + 1)
	if err != nil {
		t.Skip(err)
	}
	files, left, err := l.Export(FaultNames(l.Faults), first)
	if err != nil || len(files)+len(left) != len(l.Faults)+1 {
		t.Fatalf("%d exported, %d left out: %v", len(files), len(left), err)
	}
	for name, mode := range map[string]os.FileMode{"good/key.pem": secret, "good/fullchain.pem": public, "alice.pem": secret, "www/issuing.cer": public} {
		if fi, err := os.Stat(filepath.Join(dir, name)); err != nil || fi.Mode().Perm() != mode {
			t.Errorf("%s: %v", name, err)
		}
	}
	cmd := exec.Command(nginx, "-g", "user root;", "-e", "stderr", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"))
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(os.Interrupt)
	r := &inspect.Runner{Ask: dial.Ask, Fetch: new(web.Client).Fetch, Now: time.Now}
	port := first
	for i := range l.Faults {
		f := &l.Faults[i]
		if f.notExported() != "" {
			continue
		}
		port++
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		for range 3000 {
			if c, err := net.Dial("tcp", address); err == nil {
				c.Close()
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		s := &Server{Fault: f, Addr: address, lab: l}
		if o := s.compare(r.Inspect(context.Background(), s.Job())); o.Wrong != "" {
			t.Errorf("%s behind nginx: %s; %s", f.Name, o.Got, o.Wrong)
		}
	}
	if t.Failed() {
		t.Log(log.String())
	}
}

// freePorts finds so many free ports in a row, away from those of testserver.
func freePorts(n int) (first int, err error) {
	for range 100 {
		first = 11000 + rand.IntN(8000)
		free := true
		for i := 0; i < n && free; i++ {
			l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(first+i)))
			if free = err == nil; free {
				l.Close()
			}
		}
		if free {
			return first, nil
		}
	}
	return 0, errors.New("no free ports in a row")
}

// TestCompareFails: the self-test sees a server that is not as it should be.
func TestCompareFails(t *testing.T) {
	l, err := New(Options{Dir: t.TempDir(), Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := l.Start("expired", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &inspect.Runner{Ask: dial.Ask, Fetch: new(web.Client).Fetch, Now: time.Now}
	for want, e := range map[string]Expect{
		"":                              {Verdict: chain.Untrusted, Findings: []string{"basic-expired"}},
		"want trusted":                  {Verdict: chain.Trusted, Findings: []string{"basic-expired"}},
		"basic-expired is not expected": {Verdict: chain.Untrusted},
		"hostname-cn-only is missing":   {Verdict: chain.Untrusted, Findings: []string{"basic-expired", "hostname-cn-only"}},
		"want timeout":                  {Error: chain.ErrorTimeout, Findings: []string{"basic-expired"}},
	} {
		f := *s.Fault
		f.Expect = e
		other := &Server{Fault: &f, Addr: s.Addr, lab: l}
		if o := other.compare(r.Inspect(context.Background(), other.Job())); o.Wrong != want {
			t.Errorf("expecting %s: %q, want %q", e, o.Wrong, want)
		}
	}
}

// TestLabOfACA runs a server under the root of a test CA.
func TestLabOfACA(t *testing.T) {
	f := newLab(t, CA{})
	top, err := f.Root()
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(Options{Dir: t.TempDir(), Now: time.Now(), Root: top})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := l.Start("good", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(top.Cert)
	c, err := tls.Dial("tcp", s.Addr, &tls.Config{RootCAs: pool, ServerName: s.Host})
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}
