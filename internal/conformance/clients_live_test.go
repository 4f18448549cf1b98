package conformance

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
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
}

func (v *visited) url() string { return "https://" + net.JoinHostPort(v.host, v.port) + "/" }

// A liveClient is an installed client. prepare says why it cannot be run here, and
// gives what asks it: whether it accepts the server, and in its own words why not.
type liveClient struct {
	client, version string
	prepare         func(t *testing.T, x *excursion) (ask func(*visited) (bool, string), why string)
}

// An excursion is what the clients share: the trusted root, and the servers.
type excursion struct {
	dir, roots string
	servers    []visited
}

// unvisited are the lab's servers that do not give everybody the same answer.
var unvisited = []string{"hang", "one-of-three", "plain-http", "large-hello"}

// TestClientsLive sends the clients that are installed to the lab's servers and
// compares what they do with what is predicted. A client that is not here is
// skipped with a line.
func TestClientsLive(t *testing.T) {
	if os.Getenv("CHAINSPECT_LIVE_CLIENTS") == "" {
		t.Skip("runs real clients for minutes: set CHAINSPECT_LIVE_CLIENTS=1, as .ci/run does")
	}
	x := &excursion{dir: t.TempDir()}
	l, err := lab.New(lab.Options{Dir: x.dir, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	x.roots = filepath.Join(x.dir, "root.crt")
	r := &inspect.Runner{Now: time.Now, Ask: dial.Ask}
	predicted := map[string]map[string]chain.ClientVerdict{}
	for _, name := range lab.FaultNames(l.Faults) {
		if slices.Contains(unvisited, name) {
			continue
		}
		s, err := l.Start(name, "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(s.Addr)
		v := visited{name: name, host: s.Host, address: s.Addr, port: port}
		job := inspect.Job{Target: net.JoinHostPort(v.host, port), Connect: v.address, Anchor: inspect.List{x.roots}, Thorough: true, Clients: "all", Timeout: inspect.Duration(time.Minute)}
		res := r.Inspect(t.Context(), job)
		if len(res) == 0 || res[0].Report == nil {
			continue
		}
		x.servers = append(x.servers, v)
		predicted[name] = map[string]chain.ClientVerdict{}
		for _, c := range res[0].Report.Clients {
			predicted[name][c.Client+" "+c.Version] = c
		}
	}
	if len(x.servers) < 40 {
		t.Errorf("only %d servers", len(x.servers))
	}
	for _, k := range liveClients {
		t.Run(k.client+" "+k.version, func(t *testing.T) {
			ask, why := k.prepare(t, x)
			if ask == nil {
				t.Skipf("%s %s: %s", k.client, k.version, why)
			}
			right, open := 0, 0
			for i := range x.servers {
				v := &x.servers[i]
				want, ok := predicted[v.name][k.client+" "+k.version]
				if !ok {
					t.Fatalf("there is no row %s %s", k.client, k.version)
				}
				accepted, said := ask(v)
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
					t.Errorf("%s: predicted %s by %q (%s), it accepted: %v %s", v.name, want.Verdict, want.Rule, want.Message, accepted, said)
				}
			}
			t.Logf("%d of %d servers predicted, %d cannot be told", right, len(x.servers), open)
		})
	}
}

// differs are the servers of which a client says something else, with the reason.
var differs = map[string]string{
	"firefox revoked-ocsp": "Firefox asks the responder; what it would say is not known here without --fetch ocsp",
}

// command is a client that is run once for each server; exit code 0 is acceptance.
func command(program, version, needle string, args func(x *excursion, v *visited) []string) func(*testing.T, *excursion) (func(*visited) (bool, string), string) {
	return func(t *testing.T, x *excursion) (func(*visited) (bool, string), string) {
		path, err := exec.LookPath(program)
		if err != nil {
			return nil, program + " is not installed"
		}
		if out, _ := exec.Command(path, version).CombinedOutput(); !strings.Contains(string(out), needle) {
			first, _, _ := strings.Cut(string(out), "\n")
			return nil, fmt.Sprintf("%q is another version than %s", first, needle)
		}
		return func(v *visited) (bool, string) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			c := exec.CommandContext(ctx, path, args(x, v)...)
			c.Env = append(os.Environ(), "HOME="+x.dir, "GIT_SSL_CAINFO="+x.roots, "https_proxy="+proxyFor(t, v, program))
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

// proxyFor is a CONNECT proxy to one server, for wget, which cannot be told where a name lies.
func proxyFor(t *testing.T, v *visited, program string) string {
	if program != "wget" {
		return ""
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		up, err := net.Dial("tcp", v.address)
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
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if _, werr := to.Write(buf[:n]); werr != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	to.Close()
	from.Close()
}

// goClient is net/http of the Go that runs the test.
func goClient(t *testing.T, x *excursion) (func(*visited) (bool, string), string) {
	pem, err := os.ReadFile(x.roots)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return func(v *visited) (bool, string) {
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
	{"go", "1.26", goClient},
	{"openssl", "3.0 level 2", command("openssl", "version", "OpenSSL 3.0", func(x *excursion, v *visited) []string { return sclientArgs(x, v, "DEFAULT@SECLEVEL=2") })},
	{"openssl", "3.0 level 1", command("openssl", "version", "OpenSSL 3.0", func(x *excursion, v *visited) []string { return sclientArgs(x, v, "DEFAULT@SECLEVEL=1") })},
	{"curl", "7.88 OpenSSL", command("curl", "--version", "OpenSSL/3.0", func(x *excursion, v *visited) []string {
		return []string{"-sSf", "--max-time", "30", "--cacert", x.roots, "--resolve", v.host + ":" + v.port + ":127.0.0.1", v.url()}
	})},
	{"gnutls", "3.7", command("gnutls-cli", "--version", " 3.7", func(x *excursion, v *visited) []string {
		return []string{"--x509cafile", x.roots, "--sni-hostname", v.host, "--verify-hostname", v.host, "-p", v.port, "127.0.0.1"}
	})},
	{"wget", "1.21 GnuTLS", command("wget", "--version", "+ssl/gnutls", func(x *excursion, v *visited) []string {
		return []string{"-q", "-t", "1", "-T", "30", "-O", "/dev/null", "--ca-certificate=" + x.roots, v.url()}
	})},
	{"git", "2.39 GnuTLS", command("git", "--version", "git version 2", func(x *excursion, v *visited) []string {
		return []string{"-c", "http.sslCAInfo=" + x.roots, "-c", "http.curloptResolve=" + v.host + ":" + v.port + ":127.0.0.1", "ls-remote", v.url()}
	})},
	{"python", "3.11", command("python3", "--version", "Python 3.11", func(x *excursion, v *visited) []string {
		return []string{"-c", pythonClient, v.host, v.port, x.roots}
	})},
	{"node", "20", command("node", "--version", "v20.", func(x *excursion, v *visited) []string { return []string{"-e", nodeClient, v.host, v.port, x.roots} })},
	{"ruby", "3.1", command("ruby", "--version", "ruby 3.1", func(x *excursion, v *visited) []string { return []string{"-e", rubyClient, v.host, v.port, x.roots} })},
	{"php", "8.2", command("php", "--version", "PHP 8.2", func(x *excursion, v *visited) []string { return []string{"-r", phpClient, v.host, v.port, x.roots} })},
	{"java", "17", javaClient("17")},
	{"java", "25", javaClient("25")},
	{"chrome", "156", chromeClient},
	{"firefox", "153", firefoxClient},
}

// nameFlag: s_client compares a name or an address, and does not tell which by itself.
func nameFlag(v *visited) string {
	if net.ParseIP(v.host) != nil {
		return "-verify_ip"
	}
	return "-verify_hostname"
}

func sclientArgs(x *excursion, v *visited, ciphers string) []string {
	return []string{"s_client", "-connect", v.address, "-servername", v.host, "-verify_return_error", nameFlag(v), v.host, "-CAfile", x.roots, "-cipher", ciphers, "-quiet", "-ign_eof"}
}

// The clients that are libraries: a handshake and a request, with the library's defaults.
const (
	pythonClient = `import ssl, socket, sys
c = ssl.create_default_context(cafile=sys.argv[3])
s = c.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[2])), 30), server_hostname=sys.argv[1])
s.sendall(b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
sys.exit(0 if s.recv(64).split(b" ")[1] < b"400" else 1)`
	nodeClient = `const [host, port, roots] = process.argv.slice(1)
require("https").get({hostname: host, port, path: "/", timeout: 30000, ca: require("fs").readFileSync(roots),
  lookup: (h, o, cb) => o.all ? cb(null, [{address: "127.0.0.1", family: 4}]) : cb(null, "127.0.0.1", 4)},
  r => process.exit(r.statusCode < 400 ? 0 : 1)).on("error", e => { console.log(e.code, e.message); process.exit(1) })`
	rubyClient = `require "net/http"
h = Net::HTTP.new(ARGV[0], ARGV[1].to_i)
h.ipaddr = "127.0.0.1"
h.use_ssl = true
h.cert_store = OpenSSL::X509::Store.new.tap { |s| s.add_file(ARGV[2]) }
exit(h.get("/").code.to_i < 400 ? 0 : 1)`
	phpClient = `$c = stream_context_create(["ssl" => ["peer_name" => $argv[1], "cafile" => $argv[3], "verify_peer" => true, "verify_peer_name" => true]]);
$s = stream_socket_client("ssl://127.0.0.1:" . $argv[2], $no, $why, 30, STREAM_CLIENT_CONNECT, $c);
if (!$s) { exit(1); }
fwrite($s, "GET / HTTP/1.0\r\nHost: x\r\n\r\n");
exit(explode(" ", fgets($s) ?: "x 500")[1] < 400 ? 0 : 1);`
)
