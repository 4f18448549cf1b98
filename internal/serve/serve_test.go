package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"golang.org/x/crypto/bcrypt"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/internal/testserver"
)

// house is an exporter with a healthy server that it may ask, and one that sends
// its leaf alone.
type house struct {
	*Server
	http             *httptest.Server
	target, leafOnly string
	said             []string
	broken           error // what reading the configuration says
	jobs             map[string]inspect.Job
}

func newHouse(t *testing.T, allow ...string) *house {
	t.Helper()
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	sends := func(list ...[]byte) string {
		pair := tls.Certificate{PrivateKey: made["leaf"].Key, Certificate: list}
		return listener(t, func(c net.Conn) {
			s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{pair}})
			if s.Handshake() == nil {
				_, _ = io.Copy(io.Discard, s)
			}
		})
	}
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, []byte(made["root"].PEM()), 0o600); err != nil {
		t.Fatal(err)
	}
	name := "www.example.com"
	h := &house{target: sends(made["leaf"].DER, made["intermediate"].DER), leafOnly: sends(made["leaf"].DER), jobs: map[string]inspect.Job{
		"default": {Name: &name, Anchor: inspect.List{root}},
		"plain":   {Name: &name},
	}}
	allowed, err := ParseAllowed(allow)
	if err != nil {
		t.Fatal(err)
	}
	h.Server, err = New(Config{
		Load: func() (map[string]inspect.Job, error) { return h.jobs, h.broken }, Allowed: allowed,
		Probes: 128, Timeout: time.Minute, Version: "test", Now: func() time.Time { return testpki.ExampleClock() },
		Log: func(s string) { h.said = append(h.said, s) },
	})
	if err != nil {
		t.Fatal(err)
	}
	h.http = httptest.NewServer(h.handler())
	t.Cleanup(h.http.Close)
	return h
}

// listener answers each connection with handle, on loopback.
func listener(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go testserver.Accept(l, handle)
	return l.Addr().String()
}

func (h *house) get(t *testing.T, path string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, h.http.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// values reads the text with the official parser: name, and value of the first sample.
func values(t *testing.T, text string) map[string]float64 {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	out := map[string]float64{}
	for name, f := range families {
		if g := f.Metric[0].GetGauge(); g != nil {
			out[name] = g.GetValue()
		} else {
			out[name] = f.Metric[0].GetCounter().GetValue()
		}
	}
	return out
}

func TestProbe(t *testing.T) {
	h := newHouse(t, "127.0.0.0/8")
	for _, c := range []struct {
		module    string
		success   float64
		goodUntil bool
	}{{"default", 1, true}, {"plain", 0, false}} {
		status, text := h.get(t, "/probe?target="+h.target+"&module="+c.module)
		if status != http.StatusOK {
			t.Fatalf("%s: %d %s", c.module, status, text)
		}
		v := values(t, text)
		if _, ok := v["chainspect_good_until_timestamp_seconds"]; v["chainspect_trusted"] != c.success || ok != c.goodUntil ||
			!(v["probe_duration_seconds"] > 0) {
			t.Errorf("module %s:\n%s", c.module, text)
		}
	}
	status, text := h.get(t, "/metrics")
	if v := values(t, text); status != http.StatusOK || v["chainspect_exporter_probes_total"] != 1 ||
		v["chainspect_exporter_config_last_reload_successful"] != 1 {
		t.Errorf("metrics: %d\n%s", status, text)
	}
}

func TestRefused(t *testing.T) {
	h := newHouse(t, "127.0.0.2", "*.example.com")
	for _, c := range []struct {
		query  string
		status int
		says   string
	}{
		{"", http.StatusBadRequest, "give one target"},
		{"target=a.example.com&target=b.example.com", http.StatusBadRequest, "give one target"},
		{"target=127.0.0.1:443", http.StatusForbidden, "127.0.0.1 is a loopback address"},
		{"target=[::1]:443", http.StatusForbidden, "::1 is a loopback address"},
		{"target=[::ffff:127.0.0.1]:443", http.StatusForbidden, "loopback"},
		{"target=[64:ff9b::7f00:1]:443", http.StatusForbidden, "loopback"},
		{"target=10.0.0.1", http.StatusForbidden, "private"},
		{"target=169.254.169.254", http.StatusForbidden, "link-local"},
		{"target=100.64.0.1", http.StatusForbidden, "private"},
		{"target=0.0.0.0", http.StatusForbidden, "0.0.0.0 is an unspecified address"},
		{"target=203.0.113.1", http.StatusForbidden, "not among the targets"},
		{"target=www.example.net", http.StatusForbidden, "not among the targets"},
		{"target=example.com", http.StatusForbidden, "not among the targets"},
		{"target=/etc/passwd", http.StatusBadRequest, ""},
		{"target=file:///etc/passwd", http.StatusBadRequest, ""},
		{"target=www.example.com&module=nothing", http.StatusBadRequest, `there is no module "nothing"; the configuration has default, plain`},
	} {
		if status, text := h.get(t, "/probe?"+c.query); status != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%s: %d %s", c.query, status, text)
		}
	}
	if status, text := h.get(t, "/probe?target=127.0.0.2:1", "X-Prometheus-Scrape-Timeout-Seconds", "NaN"); status != http.StatusBadRequest {
		t.Errorf("a scrape timeout that is no number: %d %s", status, text)
	}
}

// TestAddressConnectedTo: an allowed name whose address is not public is refused
// when it is resolved; localhost stands for a name that was pointed there.
func TestAddressConnectedTo(t *testing.T) {
	h := newHouse(t, "localhost")
	_, port, _ := net.SplitHostPort(h.target)
	status, text := h.get(t, "/probe?target=localhost:"+port)
	if status != http.StatusForbidden || !strings.Contains(text, "loopback address") {
		t.Errorf("%d %s", status, text)
	}
	h.config.Allowed.Private = true
	if status, text := h.get(t, "/probe?target=localhost:"+port); status != http.StatusOK || values(t, text)["chainspect_trusted"] != 1 {
		t.Errorf("with private addresses allowed: %d %s", status, text)
	}
}

func TestReload(t *testing.T) {
	h := newHouse(t, "127.0.0.0/8")
	post := func(site string) int {
		req, _ := http.NewRequest(http.MethodPost, h.http.URL+"/-/reload", nil)
		req.Header.Set("Sec-Fetch-Site", site)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	h.broken = errors.New("modules.yaml, line 3: there is no key \"ancor\"")
	if got := post(""); got != http.StatusInternalServerError || len(h.said) != 1 || !strings.Contains(h.said[0], "line 3") {
		t.Errorf("a broken configuration: %d, said %q", got, h.said)
	}
	if status, _ := h.get(t, "/probe?target="+h.target); status != http.StatusOK {
		t.Errorf("the configuration before is no longer in force: %d", status)
	}
	_, text := h.get(t, "/metrics")
	if v := values(t, text); v["chainspect_exporter_config_last_reload_successful"] != 0 ||
		!strings.Contains(text, `config_reloads_total{result="failure"} 1`) {
		t.Errorf("the failure is not counted:\n%s", text)
	}
	h.broken, h.jobs = nil, map[string]inspect.Job{"other": {}}
	if got := post("cross-site"); got != http.StatusForbidden {
		t.Errorf("from another site: %d", got)
	}
	if got := post("same-origin"); got != http.StatusOK {
		t.Errorf("a good configuration: %d", got)
	}
	if status, _ := h.get(t, "/probe?module=default&target="+h.target); status != http.StatusBadRequest {
		t.Errorf("the module of the configuration before is still there: %d", status)
	}
}

// TestFileOfAModule: what is wrong with a module's file is told once, until a reload.
func TestFileOfAModule(t *testing.T) {
	h := newHouse(t, "127.0.0.0/8")
	h.jobs["gone"] = inspect.Job{Anchor: inspect.List{"gone.pem"}}
	ask := func() {
		_, text := h.get(t, "/probe?target="+h.target+"&module=gone")
		if v := values(t, text); v["probe_success"] != 0 || v["chainspect_inspected"] != 0 {
			t.Errorf("%v", v)
		}
	}
	ask()
	ask()
	const want = "module gone: --anchor gone.pem: no such file; check the name"
	if len(h.said) != 1 || h.said[0] != want {
		t.Errorf("%q", h.said)
	}
	if err := h.Reload(); err != nil {
		t.Fatal(err)
	}
	ask()
	if len(h.said) != 2 {
		t.Errorf("%q", h.said)
	}
}

// TestHostileTargets: each probe is answered within its time, and nothing stays behind.
func TestHostileTargets(t *testing.T) {
	h := newHouse(t, "127.0.0.0/8")
	hostile := []string{
		listener(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }),                                        // silent
		listener(t, func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }),                                    // resets
		listener(t, func(c net.Conn) { _, _ = c.Write([]byte(strings.Repeat("garbage ", 4096))) }),             // no TLS
		listener(t, func(c net.Conn) { _, _ = io.Copy(c, strings.NewReader("\x16\x03\x03\xff\xff\x02\x00")) }), // cut short
		h.target,
	}
	before := runtime.NumGoroutine()
	start := time.Now()
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			limit := "3"
			if hostile[i%len(hostile)] == h.target { // the machine may be busy
				limit = "60"
			}
			status, text := h.get(t, "/probe?target="+hostile[i%len(hostile)], "X-Prometheus-Scrape-Timeout-Seconds", limit)
			switch {
			case status != http.StatusOK:
				t.Errorf("%d: %s", status, text)
			case i%len(hostile) == len(hostile)-1 && values(t, text)["chainspect_trusted"] != 1:
				t.Errorf("the healthy server among them:\n%s", text)
			}
		})
	}
	wg.Wait()
	if d := time.Since(start); d > 60*time.Second {
		t.Errorf("the probes took %s", d)
	}
	http.DefaultClient.CloseIdleConnections()
	for range 600 {
		if runtime.NumGoroutine() <= before+5 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

// TestBusy: what waits for a slot in vain is told so, in time, and is no fault of the target.
func TestBusy(t *testing.T) {
	h := newHouse(t, "127.0.0.0/8")
	for range cap(h.slots) {
		h.slots <- struct{}{}
	}
	start := time.Now()
	status, text := h.get(t, "/probe?target="+h.target, "X-Prometheus-Scrape-Timeout-Seconds", "2")
	if status != http.StatusServiceUnavailable || !strings.Contains(text, "128 probes") || time.Since(start) > time.Minute/2 {
		t.Errorf("%d %s after %s", status, text, time.Since(start))
	}
}

// TestPage: the page's files are handed out, nothing beside them, and its question
// is answered for the page alone, under the rules of probes.
func TestPage(t *testing.T) {
	h := newHouse(t, "127.0.0.0/8", "www.example.com")
	files := fstest.MapFS{"secret.txt": {Data: []byte("secret")}}
	if err := CheckPage(files); err == nil {
		t.Error("a folder without the page is taken for it")
	}
	for name := range pageFiles() {
		files[name] = &fstest.MapFile{Data: []byte(`<html lang="en">` + name)}
	}
	if err := CheckPage(files); err != nil {
		t.Error(err)
	}
	h.config.Page = files
	h.http = httptest.NewServer(h.handler())
	defer h.http.Close()
	if status, text := h.get(t, "/"); status != http.StatusOK || !strings.Contains(text, "data-live") {
		t.Errorf("%d %s", status, text)
	}
	for _, path := range []string{"/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt"} {
		if status, text := h.get(t, path); status != http.StatusNotFound || strings.Contains(text, "secret\n") {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	ask := func(body string, header ...string) (int, string) {
		req, err := http.NewRequest(http.MethodPost, h.http.URL+"/live", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(text)
	}
	own := []string{"Sec-Fetch-Site", "same-origin", "Content-Type", "application/json"}
	for _, c := range []struct {
		body   string
		header []string
		status int
		says   string
	}{
		{`{"target":"` + h.target + `"}`, own, http.StatusOK, `"schema":"chainspect/capture/v1"`},
		{`{"target":"` + h.target + `"}`, []string{"Sec-Fetch-Site", "cross-site", "Content-Type", "application/json"}, http.StatusForbidden, "own page"},
		{`{"target":"` + h.target + `"}`, []string{"Origin", "http://evil.example", "Content-Type", "application/json"}, http.StatusForbidden, "own page"},
		{`{"target":"` + h.target + `"}`, []string{"Origin", h.http.URL, "Content-Type", "application/json"}, http.StatusOK, "observations"},
		{`{"target":"` + h.target + `"}`, []string{"Sec-Fetch-Site", "same-origin"}, http.StatusForbidden, "own page"},
		{`{"target":"10.0.0.1:443"}`, own, http.StatusForbidden, "private"},
		{`{"target":"/etc/passwd"}`, own, http.StatusBadRequest, ""},
		{`{"target":""}`, own, http.StatusBadRequest, "HOST:PORT"},
		{`{"target":"` + strings.Repeat("a", maxLive) + `"}`, own, http.StatusBadRequest, "HOST:PORT"},
	} {
		if status, text := ask(c.body, c.header...); status != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%.60s %q: %d %.200s", c.body, c.header, status, text)
		}
	}
	h.pace.left, h.pace.since = 0, h.config.Now()
	if status, _ := ask(`{"target":"`+h.target+`"}`, own...); status != http.StatusTooManyRequests {
		t.Errorf("out of pace: %d", status)
	}
}

func TestPace(t *testing.T) {
	var p pace
	now := testpki.ExampleClock()
	for i := range liveAtOnce {
		if !p.take(now) {
			t.Errorf("question %d is refused", i)
		}
	}
	if p.take(now) {
		t.Error("one too many is taken")
	}
	if !p.take(now.Add(time.Second)) {
		t.Error("a second later none is taken")
	}
}

func TestRunAndStop(t *testing.T) {
	h := newHouse(t, "127.0.0.0/8")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	key, err := made["leaf"].KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	hash, err := bcrypt.GenerateFromPassword([]byte("secret"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"cert.pem": made["leaf"].PEM(), "key.pem": key} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(dir, "web.yaml")
	web := "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\nbasic_auth_users: {ops: '" + string(hash) + "'}\n"
	if err := os.WriteFile(config, []byte(web), 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := ReadWeb(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	reload, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- h.Run(ctx, l, read, reload) }()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	ask := func(user, password string) int {
		req, _ := http.NewRequest(http.MethodGet, fmt.Sprintf("https://%s/metrics", l.Addr()), nil)
		if user != "" {
			req.SetBasicAuth(user, password)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if a, b, c := ask("", ""), ask("ops", "wrong"), ask("ops", "secret"); a != 401 || b != 401 || c != 200 {
		t.Errorf("without a user %d, wrong password %d, right one %d", a, b, c)
	}
	reload <- struct{}{}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it does not stop")
	}
}

func TestWebConfigRefused(t *testing.T) {
	for text, says := range map[string]string{
		"tls_server_confg: {}":                                   `line 1: there is no key "tls_server_confg" here`,
		"tls_server_config: {cert_file: a.pem}":                  "needs cert_file and key_file",
		"tls_server_config: {cert_file: a.pem, key_file: b.pem}": "no such file",
		"tls_server_config: {cipher_suites: [x]}":                `line 1: there is no key "cipher_suites" here`,
		"basic_auth_users: {ops: secret}":                        "no bcrypt hash",
		"http_server_config: {headers: {X: y}}":                  "headers",
	} {
		path := filepath.Join(t.TempDir(), "web.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadWeb(path); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "secret") ||
			strings.Contains(err.Error(), "in type") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAllowedItems(t *testing.T) {
	for _, bad := range []string{"", "*", "*.com/", "*.com", "a b", "host:0", "host:70000", "127.0.0.1:443", "http://a"} {
		if _, err := ParseAllowed([]string{bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	a, err := ParseAllowed([]string{"www.example.com:8443", "*.example.org", "2001:db8::/32", "10.1.0.0/16"})
	if err != nil {
		t.Fatal(err)
	}
	for target, ok := range map[string]bool{
		"www.example.com:8443": true, "WWW.EXAMPLE.COM.:8443": true, "www.example.com:443": false, "a.b.example.org:1": true,
		"example.org:1": false, "badexample.org:1": false, "[2001:db8::1]:443": true, "[2001:db9::1]:443": false, "10.1.2.3:443": true, "10.2.2.3:443": false,
	} {
		host, port, _ := net.SplitHostPort(target)
		if err := a.Target(host, port); (err == nil) != ok {
			t.Errorf("%s: %v", target, err)
		}
	}
}
