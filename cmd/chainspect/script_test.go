package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/chainspect/chainspect/internal/processors"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/internal/testserver"
	"github.com/chainspect/chainspect/pkg/chain"
)

func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"chainspect": func() {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}})
}

// tests run with all processors, which the commands they start do not.
type tests struct{ *testing.M }

func (t tests) Run() int {
	processors.All()
	_ = flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)))
	return t.M.Run()
}

// TestScripts runs the sessions of testdata/script: what a user types, and what
// comes back. $CERTS are the example files; keys and certificates of the
// examples lie in the session's folder as NAME.pem and NAME.key.
func TestScripts(t *testing.T) {
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			certs, err := filepath.Abs("../../testdata/certs")
			if err != nil {
				return err
			}
			e.Setenv("CERTS", certs)
			e.Setenv("AT", "2026-12-01T00:00:00Z")
			for name, m := range made {
				key, err := m.KeyPEM()
				if err != nil {
					return err
				}
				for file, text := range map[string]string{name + ".pem": m.PEM(), name + ".key": key} {
					if err := os.WriteFile(filepath.Join(e.WorkDir, file), []byte(text), 0o600); err != nil {
						return err
					}
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve":   func(ts *testscript.TestScript, neg bool, args []string) { startServer(ts, made, args) },
			"exits":   exits,
			"listen":  listen,
			"mkbig":   mkbig,
			"nginx":   nginx,
			"sserver": sserver,
			"secret":  secret, "no-secret": noSecret, "for-each-format": forEachFormat, "for-each-profile": forEachProfile, "tutorial": tutorial,
		},
	})
}

// serve NAME MODE ITEM...: starts a TLS server that sends the items, and puts
// its address into $NAME. MODE is plain, tls12, mtls, or the HTTP status of a
// server that takes every identity in the handshake.
func startServer(ts *testscript.TestScript, made map[string]*testpki.Made, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: serve NAME plain|tls12|mtls|STATUS ITEM...")
	}
	cert := tls.Certificate{PrivateKey: made[args[2]].Key}
	for _, name := range args[2:] {
		cert.Certificate = append(cert.Certificate, made[name].DER)
	}
	conf, status := &tls.Config{Certificates: []tls.Certificate{cert}}, "200"
	switch args[1] {
	case "plain":
	case "tls12":
		conf.MaxVersion = tls.VersionTLS12
	case "mtls":
		conf.ClientAuth = tls.RequireAndVerifyClientCert
		conf.ClientCAs = x509.NewCertPool()
		conf.ClientCAs.AddCert(made["root"].Cert)
		conf.Time = func() time.Time { return testpki.ExampleClock() }
	default:
		conf.ClientAuth, status = tls.RequestClientCert, args[1]
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", conf)
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], l.Addr().String())
	go testserver.Accept(l, func(c net.Conn) {
		if c.(*tls.Conn).Handshake() == nil {
			buf := make([]byte, 512)
			if n, err := c.Read(buf); err == nil && n > 0 {
				c.Write([]byte("HTTP/1.1 " + status + " Status\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
			}
		}
	})
}

// listen NAME silent|TEXT: a server that never answers, or says something that is not TLS.
func listen(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], l.Addr().String())
	text := strings.Join(args[1:], " ")
	go testserver.Accept(l, func(c net.Conn) {
		if text != "silent" {
			c.Write([]byte(text + "\r\n"))
		}
		buf := make([]byte, 4096)
		for {
			if _, err := c.Read(buf); err != nil {
				return
			}
		}
	})
}

// exits CODE ARG...: runs the command, which has to end in this code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE ARG...")
	}
	code := 0
	if err := ts.Exec("chainspect", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// mkbig FILE: ten megabytes of noise that repeats.
func mkbig(ts *testscript.TestScript, neg bool, args []string) {
	noise := make([]byte, 10<<20)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), noise, 0o600))
}

// for-each-profile ARG...: runs the command in every profile; it must exit with 0.
func forEachProfile(ts *testscript.TestScript, neg bool, args []string) {
	for _, p := range chain.Profiles() {
		ts.Check(ts.Exec(args[0], append(append([]string(nil), args[1:]...), "--profile", p.Name)...))
	}
}

// tutorial FILE: types the commands of a page, one block after the other, on a
// free port; what the page shows of their output has to be there.
func tutorial(ts *testscript.TestScript, neg bool, args []string) {
	page, err := os.ReadFile(filepath.Join("../../docs", args[0]))
	ts.Check(err)
	page = []byte(strings.ReplaceAll(string(page), "8443", freePort(ts)))
	script, shown := "set -eu\ntrap 'kill ${!:-} 2>/dev/null || :' EXIT\n", []string{}
	blocks := strings.Split(string(page), "\n```")
	for _, block := range blocks {
		kind, body, _ := strings.Cut(block, "\n")
		switch kind {
		case "sh":
			script += body + "\n"
		case "text":
			shown = append(shown, strings.Split(body, "\n")...)
		}
	}
	if len(shown) < 10 || strings.Count(script, "chainspect ") < 10 {
		ts.Fatalf("%s holds few commands or none: the blocks are not found", args[0])
	}
	err = ts.Exec("sh", "-c", script)
	out := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	if err != nil {
		ts.Fatalf("%v\n%s", err, out)
	}
	for _, line := range shown {
		if !strings.Contains(out, line) {
			ts.Fatalf("%s shows %q, and the commands do not\n%s", args[0], line, out)
		}
	}
}
