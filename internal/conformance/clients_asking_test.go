package conformance

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A client that is a library runs in one process for all servers: it reads a line
// of host, port and the file of roots, with tabs between, and writes "ok", or "no"
// and what it says.

// asking is one in an interpreter.
func asking(program, version, needle string, args ...string) func(*testing.T, *excursion) (func(*visited) (bool, string), string) {
	return func(t *testing.T, _ *excursion) (func(*visited) (bool, string), string) {
		path, why := installed(program, version, needle)
		if path == "" {
			return nil, why
		}
		return converse(t, exec.Command(path, args...))
	}
}

// pythonClient is ssl.create_default_context of a version of Python, from the path
// or as pyenv installs it.
func pythonClient(version string) func(*testing.T, *excursion) (func(*visited) (bool, string), string) {
	return func(t *testing.T, x *excursion) (func(*visited) (bool, string), string) {
		home, _ := os.UserHomeDir()
		installed, _ := filepath.Glob(filepath.Join(home, ".pyenv/versions", version+".*", "bin", "python"))
		for _, program := range append(installed, "python"+version, "python3") {
			path, err := exec.LookPath(program)
			if err != nil {
				continue
			}
			// Debian builds Python with OpenSSL's own cipher suites: another client.
			out, _ := exec.Command(path, "-c",
				`import ssl, sys, sysconfig; print(sys.version, ssl.OPENSSL_VERSION, sysconfig.get_config_var("CONFIG_ARGS"))`).Output()
			if text := string(out); strings.HasPrefix(text, version+".") && strings.Contains(text, "OpenSSL 3.0") &&
				!strings.Contains(text, "with-ssl-default-suites=openssl") {
				return converse(t, exec.Command(path, "-u", "-c", pythonSource))
			}
		}
		return nil, "Python " + version + " as python.org makes it, with OpenSSL 3.0, is not installed"
	}
}

// javaClient is HttpsURLConnection.
func javaClient(version string) func(*testing.T, *excursion) (func(*visited) (bool, string), string) {
	return func(t *testing.T, x *excursion) (func(*visited) (bool, string), string) {
		homes, _ := filepath.Glob("/usr/lib/jvm/*" + version + "*/bin/java")
		if len(homes) == 0 {
			return nil, "Java " + version + " is not installed"
		}
		var hosts strings.Builder
		for i := range x.servers {
			fmt.Fprintf(&hosts, "127.0.0.1 %s\n", x.servers[i].host)
		}
		names, source := filepath.Join(x.dir, "hosts"), filepath.Join(x.dir, "Ask.java")
		for file, text := range map[string]string{names: hosts.String(), source: javaSource} {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return converse(t, exec.Command(homes[0], "-Djdk.net.hosts.file="+names, source))
	}
}

func converse(t *testing.T, c *exec.Cmd) (func(*visited) (bool, string), string) {
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		return nil, err.Error()
	}
	t.Cleanup(func() { in.Close(); c.Process.Kill(); c.Wait() })
	lines := bufio.NewReader(out)
	return func(v *visited) (bool, string) {
		io.WriteString(in, v.host+"\t"+v.port+"\t"+v.roots+"\n")
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%s says nothing: %v", c.Path, err)
		}
		return strings.HasPrefix(line, "ok"), strings.TrimSpace(line)
	}, ""
}

const (
	pythonSource = `import ssl, socket, sys
for line in sys.stdin:
    host, port, roots = line.rstrip("\n").split("\t")
    try:
        c = ssl.create_default_context(cafile=roots)
        with socket.create_connection(("127.0.0.1", int(port)), 30) as plain, c.wrap_socket(plain, server_hostname=host) as s:
            s.sendall(b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
            print("ok" if s.recv(64).split(b" ")[1] < b"400" else "no")
    except Exception as e:
        print("no", repr(e).replace("\n", " "))
`
	nodeSource = `const https = require("https"), fs = require("fs")
require("readline").createInterface({input: process.stdin}).on("line", line => {
  const [host, port, roots] = line.split("\t")
  try {
    https.get({hostname: host, port, path: "/", timeout: 30000, agent: false, ca: fs.readFileSync(roots),
      lookup: (h, o, cb) => o.all ? cb(null, [{address: "127.0.0.1", family: 4}]) : cb(null, "127.0.0.1", 4)},
      r => { r.resume(); console.log(r.statusCode < 400 ? "ok" : "no " + r.statusCode) }).on("error", e => console.log("no", e.code, e.message.replace(/\n/g, " ")))
  } catch (e) { console.log("no", String(e)) }
})`
	rubySource = `require "net/http"
$stdout.sync = true
STDIN.each_line do |line|
  host, port, roots = line.chomp.split("\t")
  begin
    h = Net::HTTP.new(host, port.to_i)
    h.ipaddr = "127.0.0.1"
    h.use_ssl = true
    h.cert_store = OpenSSL::X509::Store.new.tap { |s| s.add_file(roots) }
    puts h.get("/").code.to_i < 400 ? "ok" : "no"
  rescue => e
    puts "no " + e.inspect.tr("\n", " ")
  end
end`
	phpSource = `while (($line = fgets(STDIN)) !== false) {
  [$host, $port, $roots] = explode("\t", rtrim($line, "\n"));
  $c = stream_context_create(["ssl" => ["peer_name" => $host, "cafile" => $roots, "verify_peer" => true, "verify_peer_name" => true]]);
  $s = @stream_socket_client("ssl://127.0.0.1:" . $port, $no, $why, 30, STREAM_CLIENT_CONNECT, $c);
  if (!$s) { echo "no ", strtr(error_get_last()["message"] ?? $why, "\n", " "), "\n"; continue; }
  fwrite($s, "GET / HTTP/1.0\r\nHost: x\r\n\r\n");
  echo explode(" ", fgets($s) ?: "x 500")[1] < 400 ? "ok\n" : "no\n";
  fclose($s);
}`
	javaSource = `import java.io.*;
import java.net.*;
import java.security.KeyStore;
import java.security.cert.*;
import javax.net.ssl.*;
public class Ask {
  public static void main(String[] a) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line; (line = lines.readLine()) != null; ) {
      String[] part = line.split("\t");
      try {
        KeyStore ks = KeyStore.getInstance("PKCS12");
        ks.load(null, null);
        int n = 0;
        try (InputStream in = new BufferedInputStream(new FileInputStream(part[2]))) {
          for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) ks.setCertificateEntry("root" + n++, c);
        }
        TrustManagerFactory tmf = TrustManagerFactory.getInstance("PKIX");
        tmf.init(ks);
        SSLContext ctx = SSLContext.getInstance("TLS");
        ctx.init(null, tmf.getTrustManagers(), null);
        HttpsURLConnection c = (HttpsURLConnection) new URL("https://" + part[0] + ":" + part[1] + "/").openConnection();
        c.setSSLSocketFactory(ctx.getSocketFactory());
        c.setConnectTimeout(30000);
        c.setReadTimeout(30000);
        System.out.println((c.getResponseCode() < 400 ? "ok " : "no ") + c.getResponseCode());
      } catch (Exception e) {
        System.out.println("no " + e.toString().replace('\n', ' '));
      }
    }
  }
}
`
)
