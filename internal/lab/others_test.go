package lab

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"

	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program finds a program, or skips the test and says so.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

func runs(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program(t, name), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// mutual is a server of Go's with what the lab issued, that wants the lab's
// identities, and answers with the name of who came.
func mutual(t *testing.T, f *Folder, server *Issued) (address string) {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(server.Base+".fullchain.pem", server.Base+".key")
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(server.Root.Cert)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: pool})
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if len(r.TLS.PeerCertificates) > 0 {
			who = r.TLS.PeerCertificates[0].Subject.CommonName
		}
		io.WriteString(w, "hello "+who)
	})}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

// TestOthersTrust holds that other programs trust what the lab issued, with its
// root installed, and not without it.
func TestOthersTrust(t *testing.T) {
	f := newLab(t, CA{Constrain: []string{"example.test", "127.0.0.0/8"}})
	server, err := f.Server([]string{"www.example.test", "127.0.0.1"}, Issue{})
	if err != nil {
		t.Fatal(err)
	}
	alice, err := f.Client("alice", Issue{Password: func(string) (string, bool, error) { return "open sesame", true, nil }})
	if err != nil {
		t.Fatal(err)
	}
	rootFile := f.path("root.crt")
	t.Run("openssl", func(t *testing.T) {
		runs(t, "openssl", "verify", "-x509_strict", "-CAfile", rootFile, "-untrusted", f.path("intermediate.crt"), "-purpose", "sslserver",
			"-verify_hostname", "www.example.test", server.Base+".crt")
		runs(t, "openssl", "verify", "-x509_strict", "-CAfile", rootFile, "-untrusted", f.path("intermediate.crt"), "-purpose", "sslclient", alice.Base+".crt")
		out := runs(t, "openssl", "pkcs12", "-in", alice.Base+".p12", "-passin", "pass:open sesame", "-nokeys")
		if strings.Count(out, "BEGIN CERTIFICATE") != 2 {
			t.Errorf("the .p12 holds %s", out)
		}
	})
	t.Run("gnutls", func(t *testing.T) {
		out := runs(t, "certtool", "--verify", "--load-ca-certificate", rootFile, "--infile", server.Base+".fullchain.pem", "--verify-hostname",
			"www.example.test")
		if !strings.Contains(out, "The certificate is trusted") {
			t.Error(out)
		}
	})
	address := mutual(t, f, server)
	t.Run("Go", func(t *testing.T) {
		pool := x509.NewCertPool()
		pool.AddCert(server.Root.Cert)
		pair, err := tls.LoadX509KeyPair(alice.Base+".fullchain.pem", alice.Base+".key")
		if err != nil {
			t.Fatal(err)
		}
		c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: pool, ServerName: "www.example.test", Certificates: []tls.Certificate{pair}})
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		if _, err := tls.Dial("tcp", address, &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "www.example.test"}); err == nil {
			t.Error("Go trusts it without the root")
		}
	})
	t.Run("curl", func(t *testing.T) {
		_, port, _ := net.SplitHostPort(address)
		args := []string{"-sS", "--max-time", "10", "--noproxy", "*", "--connect-to", "www.example.test:" + port + ":" + address,
			"https://www.example.test:" + port + "/"}
		out := runs(t, "curl", append([]string{"--cacert", rootFile, "--cert", alice.Base + ".fullchain.pem", "--key", alice.Base + ".key"}, args...)...)
		if out != "hello alice" {
			t.Errorf("curl got %q", out)
		}
		if err := exec.Command("curl", args...).Run(); err == nil {
			t.Error("curl trusts it without the root")
		}
	})
	t.Run("Java", func(t *testing.T) {
		program(t, "java")
		program(t, "javac")
		dir := t.TempDir()
		store, source := filepath.Join(dir, "trust.p12"), filepath.Join(dir, "Ask.java")
		runs(t, "keytool", "-importcert", "-noprompt", "-alias", "chainspect-lab", "-file", rootFile, "-keystore", store, "-storepass", "changeit")
		if err := os.WriteFile(source, []byte(askJava), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		out, err := exec.CommandContext(ctx, "java", source, store, alice.Base+".p12", "open sesame", "https://"+address+"/").CombinedOutput()
		if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), "hello alice") {
			t.Errorf("Java: %v\n%s", err, out)
		}
	})
}

// askJava shows an identity to a server and prints what it answers.
const askJava = `
import java.io.*; import java.net.*; import java.security.*; import javax.net.ssl.*;
public class Ask {
	public static void main(String[] a) throws Exception {
		KeyStore trust = KeyStore.getInstance(new File(a[0]), "changeit".toCharArray());
		KeyStore own = KeyStore.getInstance(new File(a[1]), a[2].toCharArray());
		TrustManagerFactory t = TrustManagerFactory.getInstance("PKIX"); t.init(trust);
		KeyManagerFactory k = KeyManagerFactory.getInstance("PKIX"); k.init(own, a[2].toCharArray());
		SSLContext c = SSLContext.getInstance("TLS"); c.init(k.getKeyManagers(), t.getTrustManagers(), null);
		HttpsURLConnection u = (HttpsURLConnection) new URI(a[3]).toURL().openConnection(Proxy.NO_PROXY);
		u.setSSLSocketFactory(c.getSocketFactory());
		System.out.println(new BufferedReader(new InputStreamReader(u.getInputStream())).readLine());
	}
}
`
