package dial

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/tlsscript"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// An oracle is another client; it says which of the servers it shakes hands with.
type oracle struct {
	name string
	ask  func(t *testing.T, targets []ask.Target, patience time.Duration) (took []bool, asked bool)
}

// each asks one server after the other by a command, which succeeds where the
// handshake did.
func each(program string, args func(ask.Target) []string) func(*testing.T, []ask.Target, time.Duration) ([]bool, bool) {
	return func(t *testing.T, targets []ask.Target, patience time.Duration) ([]bool, bool) {
		path, err := exec.LookPath(program)
		if err != nil {
			return nil, false
		}
		took := make([]bool, len(targets))
		limit := make(chan struct{}, 16)
		var all sync.WaitGroup
		for i, target := range targets {
			all.Add(1)
			go func() {
				defer all.Done()
				limit <- struct{}{}
				defer func() { <-limit }()
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				defer cancel()
				cmd := exec.CommandContext(ctx, path, args(target)...)
				cmd.Stdin = strings.NewReader(getRequest)
				took[i] = cmd.Run() == nil
			}()
		}
		all.Wait()
		return took, true
	}
}

const getRequest = "GET / HTTP/1.0\r\n\r\n"

func askGo(_ *testing.T, targets []ask.Target, patience time.Duration) ([]bool, bool) {
	took := make([]bool, len(targets))
	var all sync.WaitGroup
	ask := func(i int, target ask.Target) {
		defer all.Done()
		d := &net.Dialer{Timeout: patience}
		c, err := tls.DialWithDialer(d, "tcp", target.Address(),
			&tls.Config{InsecureSkipVerify: true, ServerName: "localhost", NextProtos: []string{"http/1.1"},
				CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
					tls.TLS_RSA_WITH_AES_128_GCM_SHA256}})
		if err == nil {
			_ = c.SetDeadline(time.Now().Add(patience))
			_, _ = io.WriteString(c, getRequest)
			_, err = io.ReadAll(c) // and what comes with the answer
			took[i] = err == nil
			c.Close()
		}
	}
	for i, target := range targets {
		all.Add(1)
		go ask(i, target)
	}
	all.Wait()
	return took, true
}

// askChromium has one page fetch from every server; certificates do not matter.
func askChromium(t *testing.T, targets []ask.Target, patience time.Duration) ([]bool, bool) {
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
  const one = async u => { try { await fetch(u, {mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(%d)}); return "1"; } catch (e) { return "0"; } };
  const out = [];
  for (let i = 0; i < urls.length; i += 16) out.push(...await Promise.all(urls.slice(i, i + 16).map(one)));
  await fetch("/result?" + out.join(""));
})();
</script>`, strings.Join(urls, ","), patience.Milliseconds())
	}))
	defer page.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--ignore-certificate-errors", "--host-resolver-rules=MAP * 127.0.0.1",
		"--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessSendPreflights",
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
		{"openssl", each("openssl", func(t ask.Target) []string {
			return []string{"s_client", "-connect", t.Address(), "-servername", "localhost", "-alpn", "http/1.1", "-status", "-cipher",
				"ALL:@SECLEVEL=0", "-groups", "X25519:P-256:P-384", "-ign_eof"}
		})},
		{"gnutls-cli", each("gnutls-cli", func(t ask.Target) []string {
			return []string{"--insecure", "--no-ca-verification", "--priority", "NORMAL:+RSA", "--sni-hostname", "localhost", "--alpn", "http/1.1",
				"-p", t.Port, "127.0.0.1"}
		})},
		{"chromium", askChromium},
	}
}

// answers is what the clients made of a server, ours among them.
type answers struct {
	accepted, refused []string
	ours              bool
	why               string
}

// agree asks everybody, and once more, with more time, where our client and
// BoringSSL's differ or nobody else answers as ours does: on a busy machine a
// handshake takes longer than anybody waits.
func agree(t *testing.T, cases []tlsscript.Case, patience time.Duration) (out []answers, complete bool) {
	out, complete = everybody(t, cases, patience)
	var again []tlsscript.Case
	var places []int
	for i, a := range out {
		if complete && a.ours != slices.Contains(a.accepted, "chromium") || a.ours && len(a.accepted) == 0 || !a.ours && len(a.refused) == 0 {
			again, places = append(again, cases[i]), append(places, i)
		}
	}
	if len(again) > 0 {
		second, _ := everybody(t, again, 5*patience)
		for i, place := range places {
			out[place] = second[i]
		}
	}
	return out, complete
}

// everybody asks every server with every client at hand; complete: with all of them.
func everybody(t *testing.T, cases []tlsscript.Case, patience time.Duration) (out []answers, complete bool) {
	ids := scriptIdentities(t)
	targets := make([]ask.Target, len(cases))
	out, complete = make([]answers, len(cases)), true
	for i, c := range cases {
		targets[i] = scriptServer(t, c, ids)
	}
	for _, o := range oracles() {
		took, asked := o.ask(t, targets, patience)
		if !asked {
			t.Logf("%s is not at hand", o.name)
			complete = false
			continue
		}
		for i := range cases {
			if took[i] {
				out[i].accepted = append(out[i].accepted, o.name)
			} else {
				out[i].refused = append(out[i].refused, o.name)
			}
		}
	}
	var all sync.WaitGroup
	for i := range cases {
		all.Add(1)
		go func() {
			defer all.Done()
			obs, _ := asked(t, targets[i], tlsname.HelloDefault)
			p := obs.Presented
			refused := p != nil && p.Fate == chain.FateRefused                              // as who shows no identity is
			out[i].ours = obs.Outcome.OK && !refused && obs.SentBytes <= tlsname.MaxMessage // which is a finding of its own
			out[i].why = obs.Outcome.Error
		}()
	}
	all.Wait()
	return out, complete
}

// What every client at hand refuses is never a handshake to us, and what all
// accept is never refused. A server has to be said to each by all of them: where
// one is not installed the rest is asked, and nothing is concluded from it.
func TestGrammarAgainstOtherClients(t *testing.T) {
	if testing.Short() {
		t.Skip("asks other clients")
	}
	cases := tlsscript.Cases()
	all, complete := agree(t, cases, 3*time.Second)
	for i, c := range cases {
		switch a := all[i]; {
		case complete && a.ours != slices.Contains(a.accepted, "chromium"): // BoringSSL
			t.Errorf("%s: ours %v, %q; accepted by %v", c.Name, a.ours, a.why, a.accepted)
		case a.ours && len(a.accepted) == 0:
			t.Errorf("%s: taken for a handshake, and %v refuse it", c.Name, a.refused)
		case !a.ours && len(a.refused) == 0 && complete:
			t.Errorf("%s: %q, and %v accept it", c.Name, a.why, a.accepted)
		case len(a.accepted) > 0 && len(a.refused) > 0:
			t.Logf("%s: ours %v, accepted by %v, refused by %v", c.Name, a.ours, a.accepted, a.refused)
		}
	}
}
