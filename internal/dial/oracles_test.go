package dial

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/tlsscript"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// An oracle is another client; it says which of the servers it shakes hands with.
type oracle struct {
	name string
	ask  func(t *testing.T, targets []Target) (took []bool, asked bool)
}

// each asks one server after the other by a command, which succeeds where the
// handshake did.
func each(program string, args func(Target) []string) func(*testing.T, []Target) ([]bool, bool) {
	return func(t *testing.T, targets []Target) ([]bool, bool) {
		path, err := exec.LookPath(program)
		if err != nil {
			return nil, false
		}
		took := make([]bool, len(targets))
		limit := make(chan struct{}, 4)
		var all sync.WaitGroup
		for i, target := range targets {
			all.Add(1)
			go func() {
				defer all.Done()
				limit <- struct{}{}
				defer func() { <-limit }()
				ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
				defer cancel()
				took[i] = exec.CommandContext(ctx, path, args(target)...).Run() == nil
			}()
		}
		all.Wait()
		return took, true
	}
}

func askGo(_ *testing.T, targets []Target) ([]bool, bool) {
	took := make([]bool, len(targets))
	for i, target := range targets {
		d := &net.Dialer{Timeout: 5 * time.Second}
		c, err := tls.DialWithDialer(d, "tcp", target.Address(), &tls.Config{InsecureSkipVerify: true, ServerName: "localhost",
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_128_GCM_SHA256}})
		if err == nil {
			took[i] = true
			c.Close()
		}
	}
	return took, true
}

// askChromium has one page fetch from every server; certificates do not matter.
func askChromium(t *testing.T, targets []Target) ([]bool, bool) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, false
	}
	var urls []string
	for _, target := range targets {
		urls = append(urls, fmt.Sprintf("%q", "https://localhost:"+target.Port+"/"))
	}
	var mu sync.Mutex
	result := make(chan string, 1)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/result" {
			mu.Lock()
			defer mu.Unlock()
			select {
			case result <- r.URL.RawQuery:
			default:
			}
			return
		}
		fmt.Fprintf(w, `<script>
(async () => {
  const urls = [%s];
  const one = async u => { try { await fetch(u, {mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(8000)}); return "1"; } catch (e) { return "0"; } };
  const out = [];
  for (let i = 0; i < urls.length; i += 16) out.push(...await Promise.all(urls.slice(i, i + 16).map(one)));
  await fetch("/result?" + out.join(""));
})();
</script>`, strings.Join(urls, ","))
	}))
	defer page.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--ignore-certificate-errors", "--host-resolver-rules=MAP * 127.0.0.1", "--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessSendPreflights",
		"--user-data-dir="+t.TempDir(), "--remote-debugging-port=0", page.URL)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	select {
	case answers := <-result:
		took := make([]bool, len(targets))
		for i := range took {
			took[i] = i < len(answers) && answers[i] == '1'
		}
		return took, true
	case <-ctx.Done():
		t.Log("chromium gave no answer")
		return nil, false
	}
}

func oracles() []oracle {
	return []oracle{
		{"crypto/tls", askGo},
		{"openssl", each("openssl", func(t Target) []string {
			return []string{"s_client", "-connect", t.Address(), "-servername", "localhost", "-cipher", "ALL:@SECLEVEL=0", "-groups", "X25519:P-256:P-384", "-sess_out", "/dev/null"}
		})},
		{"gnutls-cli", each("gnutls-cli", func(t Target) []string {
			return []string{"--insecure", "--no-ca-verification", "--priority", "NORMAL:+RSA", "--sni-hostname", "localhost", "-p", t.Port, "127.0.0.1"}
		})},
		{"chromium", askChromium},
	}
}

// What every client at hand refuses is never a handshake to us, and what all
// accept is never refused. A server has to be said to each by all of them: where
// one is not installed the rest is asked, and nothing is concluded from it.
func TestGrammarAgainstOtherClients(t *testing.T) {
	if testing.Short() {
		t.Skip("asks other clients")
	}
	ids := scriptIdentities(t)
	cases := tlsscript.Cases()
	targets := make([]Target, len(cases))
	refused, accepted := make([][]string, len(cases)), make([][]string, len(cases))
	for i, c := range cases {
		targets[i] = scriptServer(t, c, ids)
	}
	var missing []string
	for _, o := range oracles() {
		took, asked := o.ask(t, targets)
		if !asked {
			t.Logf("%s is not at hand", o.name)
			missing = append(missing, o.name)
			continue
		}
		for i := range cases {
			if took[i] {
				accepted[i] = append(accepted[i], o.name)
			} else {
				refused[i] = append(refused[i], o.name)
			}
		}
	}
	for i, c := range cases {
		obs, _ := asked(t, targets[i], tlsname.HelloDefault)
		switch ok := obs.Outcome.OK && obs.SentBytes <= tlsname.MaxMessage; { // which is a finding of its own
		case ok != slices.Contains(accepted[i], "chromium") && !slices.Contains(missing, "chromium"): // BoringSSL
			t.Errorf("%s: ours %v, %q; accepted by %v", c.Name, ok, obs.Outcome.Error, accepted[i])
		case ok && len(accepted[i]) == 0:
			t.Errorf("%s: taken for a handshake, and %v refuse it", c.Name, refused[i])
		case !ok && len(refused[i]) == 0 && len(missing) == 0:
			t.Errorf("%s: %q, and %v accept it", c.Name, obs.Outcome.Error, accepted[i])
		case len(accepted[i]) > 0 && len(refused[i]) > 0:
			t.Logf("%s: ours %v, accepted by %v, refused by %v", c.Name, ok, accepted[i], refused[i])
		}
	}
}
