package conformance

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/lab"
	"github.com/chainspect/chainspect/pkg/chain"
)

// visited is a server that real clients are sent to.
type visited struct {
	name, host, address, port string
	roots                     string // the file of what is trusted
	rig                       int    // its number
}

func (v *visited) url() string { return "https://" + net.JoinHostPort(v.host, v.port) + "/" }

// A liveClient is an installed client. prepare says why it cannot be run here, and
// gives what asks it: whether it accepts the server, and in its own words why not.
type liveClient struct {
	client, version string
	prepare         func(t *testing.T, x *excursion) (ask func(*visited) (bool, string), why string)
	browser         bool // takes a second for each server, and is spared some
}

// An excursion is what the clients share: a folder, and the servers with what
// chainspect says of them.
type excursion struct {
	dir       string
	servers   []visited
	predicted []map[string]chain.ClientVerdict
	measured  []*measured // what results are kept in; nil of the lab's servers
	nss       string      // the database with all roots, once it is made
}

// unvisited are the lab's servers that do not give everybody the same answer.
var unvisited = []string{"hang", "one-of-three", "plain-http", "large-hello"}

// TestClientsLive sends the clients that are installed to the lab's servers and to
// the rigs, and compares what they do with what is predicted. A client that is not
// here is skipped with a line.
func TestClientsLive(t *testing.T) {
	if os.Getenv("CHAINSPECT_LIVE_CLIENTS") == "" {
		t.Skip("runs real clients for minutes: set CHAINSPECT_LIVE_CLIENTS=1, as .ci/run does, or all, which takes half an hour")
	}
	x := &excursion{dir: t.TempDir()}
	r := &inspect.Runner{Now: time.Now, Ask: dial.Ask}
	x.visitLab(t, r)
	x.visitRigs(t, r)
	for _, k := range liveClients {
		t.Run(k.client+" "+k.version, func(t *testing.T) {
			ask, why := k.prepare(t, x)
			if ask == nil {
				t.Skipf("%s %s: %s", k.client, k.version, why)
			}
			visits, right, open := 0, 0, 0
			for i := range x.servers {
				v := &x.servers[i]
				if k.browser && x.spared(i) {
					continue
				}
				want, ok := x.predicted[i][k.client+" "+k.version]
				if !ok {
					t.Fatalf("there is no row %s %s", k.client, k.version)
				}
				accepted, said := ask(v)
				visits++
				x.keep(i, k.client+" "+k.version, accepted, said)
				switch reason := differs[k.client+" "+v.name]; {
				case reason != "" && (want.Verdict == chain.Trusted) != accepted:
					t.Logf("%s: predicted %s, it accepted: %v: %s", v.name, want.Verdict, accepted, reason)
				case reason != "":
					t.Errorf("%s: it does what is predicted, and is listed as different: %s", v.name, reason)
				case want.Verdict == chain.Trusted && accepted, want.Verdict == chain.Untrusted && !accepted, want.Fetches != "":
					right++
				case want.Verdict == chain.Undecided:
					open++
					t.Logf("%s: cannot tell (%s); it accepted: %v %s", v.name, want.Message, accepted, clip(said))
				default:
					t.Errorf("%s: predicted %s by %q (%s), it accepted: %v %s", v.name, want.Verdict, want.Rule, want.Message, accepted, clip(said))
				}
			}
			t.Logf("%d of %d servers predicted, %d cannot be told", right, visits, open)
		})
	}
	x.write(t)
}

func (x *excursion) visitLab(t *testing.T, r *inspect.Runner) {
	l, err := lab.New(lab.Options{Dir: x.dir, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	roots := filepath.Join(x.dir, "root.crt")
	for _, name := range lab.FaultNames(l.Faults) {
		if slices.Contains(unvisited, name) {
			continue
		}
		s, err := l.Start(name, "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(s.Addr)
		v := visited{name: name, host: s.Host, address: s.Addr, port: port, roots: roots}
		job := inspect.Job{Target: net.JoinHostPort(v.host, port), Connect: v.address, Anchor: inspect.List{roots}, Thorough: true, Clients: "all",
			Timeout: inspect.Duration(time.Minute)}
		res := r.Inspect(t.Context(), job)
		if len(res) == 0 || res[0].Report == nil {
			continue
		}
		rows := map[string]chain.ClientVerdict{}
		for _, c := range res[0].Report.Clients {
			rows[c.Client+" "+c.Version] = c
		}
		x.add(v, rows, nil)
	}
	if len(x.servers) < 40 {
		t.Errorf("only %d servers of the lab", len(x.servers))
	}
}

func (x *excursion) visitRigs(t *testing.T, r *inspect.Runner) {
	maker := rigMaker{now: time.Now().UTC().Truncate(time.Second)}
	list := rigs()
	only := os.Getenv("CHAINSPECT_LIVE_RIGS") // a part of their names
	for i := range list {
		name := list[i].kind + ": " + list[i].what
		if !strings.Contains(name, only) || only == "" && i%everyRig != 0 && !everything() {
			continue
		}
		m := maker.make(t, i, &list[i])
		address, why := m.serve(t)
		if address == "" {
			t.Logf("%s (%s) is not served: %s", m.ID, m.What, why)
			continue
		}
		roots := filepath.Join(x.dir, fmt.Sprintf("rig%03d.crt", i))
		if err := os.WriteFile(roots, []byte(strings.Join(m.Roots, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		answers := m.ask(t, r, address)
		if len(answers) == 0 {
			continue
		}
		_, port, _ := net.SplitHostPort(address)
		x.add(visited{name: name, host: *m.Name, address: address, port: port, roots: roots, rig: i}, answers, m)
	}
}

// Without CHAINSPECT_LIVE_CLIENTS=all one rig in ten is visited, and by browsers
// one in fifty: a run of the module's tests has ten minutes for this package.
const (
	everyRig     = 10
	everyBrowsed = 50
)

func everything() bool { return os.Getenv("CHAINSPECT_LIVE_CLIENTS") == "all" }

// spared reports whether browsers leave a server out.
func (x *excursion) spared(i int) bool {
	return x.measured[i] != nil && x.servers[i].rig%everyBrowsed != 0 && !everything()
}

func (x *excursion) add(v visited, rows map[string]chain.ClientVerdict, m *measured) {
	x.servers, x.predicted, x.measured = append(x.servers, v), append(x.predicted, rows), append(x.measured, m)
}

// keep and write keep what the clients did, in the form of the suite of clients,
// where CHAINSPECT_LIVE_RESULTS names a file for it.
func (x *excursion) keep(i int, client string, accepted bool, said string) {
	m := x.measured[i]
	if m == nil {
		return
	}
	verdict := "refused"
	if accepted {
		verdict = "accepted"
	}
	if m.Results == nil {
		m.Results = map[string]result{}
	}
	for _, row := range rows {
		if row.name+" "+row.version == client {
			client = row.suite
		}
	}
	m.Results[client] = result{Verdict: verdict, Text: clip(said)}
}

func (x *excursion) write(t *testing.T) {
	file := os.Getenv("CHAINSPECT_LIVE_RESULTS")
	if file == "" {
		return
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := gzip.NewWriter(f)
	defer z.Close()
	for _, m := range x.measured {
		if m == nil {
			continue
		}
		if err := json.NewEncoder(z).Encode(m); err != nil {
			t.Fatal(err)
		}
	}
}

// differs are the servers of which a client says something else, with the reason.
var differs = map[string]string{
	"firefox revoked-ocsp": "Firefox asks the responder; what it would say is not known here without --fetch ocsp",
}

// installed finds a program whose answer to the argument version has the needle; ""
// where it is not here, with the reason.
func installed(program, version, needle string) (path, why string) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", program + " is not installed"
	}
	if out, _ := exec.Command(path, version).CombinedOutput(); !strings.Contains(string(out), needle) {
		first, _, _ := strings.Cut(string(out), "\n")
		return "", fmt.Sprintf("%q is another version than %s", first, needle)
	}
	return path, ""
}

// command is a client that is run once for each server; exit code 0 is acceptance.
func command(program, version, needle string, args func(x *excursion, v *visited) []string) func(*testing.T,
	*excursion) (func(*visited) (bool, string), string) {
	return func(t *testing.T, x *excursion) (func(*visited) (bool, string), string) {
		path, why := installed(program, version, needle)
		if path == "" {
			return nil, why
		}
		proxy := ""
		if program == "wget" || program == "git" {
			proxy = tunnel(t)
		}
		return func(v *visited) (bool, string) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			c := exec.CommandContext(ctx, path, args(x, v)...)
			c.Env = append(os.Environ(), "HOME="+x.dir, "GIT_SSL_CAINFO="+v.roots, "https_proxy="+proxy)
			in, err := c.StdinPipe() // stays open until the client ends
			if err != nil {
				return false, err.Error()
			}
			var out bytes.Buffer
			c.Stdout, c.Stderr = &out, &out
			if err := c.Start(); err != nil {
				return false, err.Error()
			}
			io.WriteString(in, "GET / HTTP/1.0\r\nHost: "+v.host+"\r\n\r\n")
			err = c.Wait()
			said := strings.TrimSpace(out.String())
			switch program {
			case "openssl", "gnutls-cli": // they end well whatever the server says after the handshake
				return strings.Contains(said, "HTTP/1.") && strings.Contains(said, " 200 "), said
			case "git": // no server of the lab has a repository
				return strings.Contains(said, "is this a git repository") || strings.Contains(said, "not found"), said
			}
			return err == nil, said
		}, ""
	}
}

// tunnel is a CONNECT proxy to loopback whatever the name, for wget and git, which
// cannot be told where a name lies.
func tunnel(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, port, _ := net.SplitHostPort(r.Host)
		up, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			http.Error(w, "no", http.StatusBadGateway)
			return
		}
		down, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		fmt.Fprint(down, "HTTP/1.1 200 OK\r\n\r\n")
		var both sync.WaitGroup
		for _, way := range [][2]net.Conn{{up, down}, {down, up}} {
			both.Go(func() { copyAll(way[0], way[1]) })
		}
		both.Wait()
	}))
	return "http://" + l.Addr().String()
}

func copyAll(to, from net.Conn) {
	io.Copy(to, from)
	to.Close()
	from.Close()
}

// goClient is net/http of the Go that runs the test.
func goClient(*testing.T, *excursion) (func(*visited) (bool, string), string) {
	return func(v *visited) (bool, string) {
		pem, err := os.ReadFile(v.roots)
		if err != nil {
			return false, err.Error()
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		c := http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true,
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, v.address)
			}}}
		res, err := c.Get(v.url())
		if err != nil {
			return false, err.Error()
		}
		res.Body.Close()
		return res.StatusCode < 400, res.Status
	}, ""
}

var liveClients = []liveClient{
	{client: "go", version: "1.26", prepare: goClient},
	{client: "openssl", version: "3.0 level 2",
		prepare: command("openssl", "version", "OpenSSL 3.0", func(x *excursion, v *visited) []string { return sclientArgs(x, v, "DEFAULT@SECLEVEL=2") })},
	{client: "openssl", version: "3.0 level 1",
		prepare: command("openssl", "version", "OpenSSL 3.0", func(x *excursion, v *visited) []string { return sclientArgs(x, v, "DEFAULT@SECLEVEL=1") })},
	{client: "curl", version: "7.88 OpenSSL", prepare: command("curl", "--version", "OpenSSL/3.0", func(x *excursion, v *visited) []string {
		return []string{"-sSf", "--max-time", "30", "--cacert", v.roots, "--connect-to", "::127.0.0.1:" + v.port, v.url()}
	})},
	{client: "gnutls", version: "3.7", prepare: command("gnutls-cli", "--version", " 3.7", func(x *excursion, v *visited) []string {
		return []string{"--x509cafile", v.roots, "--sni-hostname", v.host, "--verify-hostname", v.host, "-p", v.port, "127.0.0.1"}
	})},
	{client: "wget", version: "1.21 GnuTLS", prepare: command("wget", "--version", "+ssl/gnutls", func(x *excursion, v *visited) []string {
		return []string{"-q", "-t", "1", "-T", "30", "-O", "/dev/null", "--ca-certificate=" + v.roots, v.url()}
	})},
	{client: "git", version: "2.39 GnuTLS", prepare: command("git", "--version", "git version 2", func(x *excursion, v *visited) []string {
		return []string{"-c", "http.sslCAInfo=" + v.roots, "ls-remote", v.url()}
	})},
	{client: "python", version: "3.11", prepare: pythonClient("3.11")},
	{client: "python", version: "3.12", prepare: pythonClient("3.12")},
	{client: "python", version: "3.13", prepare: pythonClient("3.13")},
	{client: "node", version: "20", prepare: asking("node", "--version", "v20.", "-e", nodeSource)},
	{client: "ruby", version: "3.1", prepare: asking("ruby", "--version", "ruby 3.1", "-e", rubySource)},
	{client: "php", version: "8.2", prepare: asking("php", "--version", "PHP 8.2", "-r", phpSource)},
	{client: "java", version: "17", prepare: javaClient("17")},
	{client: "java", version: "25", prepare: javaClient("25")},
	{client: "chrome", version: "156", prepare: chromeClient, browser: true},
	{client: "firefox", version: "153", prepare: firefoxClient, browser: true},
}

// nameFlag: s_client compares a name or an address, and does not tell which by itself.
func nameFlag(v *visited) string {
	if net.ParseIP(v.host) != nil {
		return "-verify_ip"
	}
	return "-verify_hostname"
}

func sclientArgs(x *excursion, v *visited, ciphers string) []string {
	args := []string{"s_client", "-connect", v.address, "-verify_return_error", nameFlag(v), v.host, "-CAfile", v.roots, "-cipher", ciphers, "-quiet",
		"-ign_eof"}
	if net.ParseIP(v.host) != nil {
		return append(args, "-noservername")
	}
	return append(args, "-servername", v.host)
}
