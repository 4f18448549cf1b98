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

// javaClient is HttpsURLConnection in one Java that answers for all servers: a line
// with the URL in, a line with what became of it out.
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
		c := exec.Command(homes[0], "-Djdk.net.hosts.file="+names, source, x.roots)
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
			io.WriteString(in, v.url()+"\n")
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("java says nothing: %v", err)
			}
			return strings.HasPrefix(line, "ok"), strings.TrimSpace(line)
		}, ""
	}
}

const javaSource = `import java.io.*;
import java.net.*;
import java.security.KeyStore;
import java.security.cert.*;
import javax.net.ssl.*;
public class Ask {
  public static void main(String[] a) throws Exception {
    KeyStore ks = KeyStore.getInstance("PKCS12");
    ks.load(null, null);
    try (InputStream in = new FileInputStream(a[0])) {
      ks.setCertificateEntry("root", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory tmf = TrustManagerFactory.getInstance("PKIX");
    tmf.init(ks);
    SSLContext ctx = SSLContext.getInstance("TLS");
    ctx.init(null, tmf.getTrustManagers(), null);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = lines.readLine()) != null; ) {
      try {
        HttpsURLConnection c = (HttpsURLConnection) new URL(line).openConnection();
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
