package conformance

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// nssDatabase makes a database of Network Security Services that trusts the root.
func nssDatabase(x *excursion, dir string) (why string) {
	certutil, err := exec.LookPath("certutil")
	if err != nil {
		return "certutil, which installs the root, is not installed (libnss3-tools)"
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err.Error()
	}
	for _, args := range [][]string{{"-N", "--empty-password"}, {"-A", "-n", "lab", "-t", "C,,", "-i", x.roots}} {
		if out, err := exec.Command(certutil, append([]string{"-d", "sql:" + dir}, args...)...).CombinedOutput(); err != nil {
			return fmt.Sprintf("certutil: %s", out)
		}
	}
	return ""
}

// chromeClient is Chromium without a window; what it shows is read from the page.
func chromeClient(t *testing.T, x *excursion) (func(*visited) (bool, string), string) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, "chromium is not installed"
	}
	home := filepath.Join(x.dir, "chromium")
	if why := nssDatabase(x, filepath.Join(home, ".pki", "nssdb")); why != "" {
		return nil, why
	}
	return func(v *visited) (bool, string) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--user-data-dir="+filepath.Join(home, "profile"),
			"--host-resolver-rules=MAP * 127.0.0.1", "--dump-dom", v.url())
		c.Env = append(os.Environ(), "HOME="+home)
		out, err := c.Output()
		page := string(out)
		if i := strings.Index(page, "ERR_"); i >= 0 {
			end := i
			for end < len(page) && (page[end] == '_' || page[end] >= 'A' && page[end] <= 'Z' || page[end] >= '0' && page[end] <= '9') {
				end++
			}
			return false, page[i:end]
		}
		return err == nil && len(page) > 0 && !strings.Contains(page, "400 "), clip(page)
	}, ""
}

// firefoxClient is Firefox without a window, driven over Marionette.
func firefoxClient(t *testing.T, x *excursion) (func(*visited) (bool, string), string) {
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		return nil, "firefox-esr is not installed"
	}
	if out, _ := exec.Command(path, "--version").Output(); !strings.Contains(string(out), "153.") {
		return nil, fmt.Sprintf("%q is another version", strings.TrimSpace(string(out)))
	}
	profile := filepath.Join(x.dir, "firefox")
	if why := nssDatabase(x, profile); why != "" {
		return nil, why
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	var hosts []string
	for i := range x.servers {
		hosts = append(hosts, x.servers[i].host)
	}
	prefs := fmt.Sprintf("user_pref(\"marionette.port\", %d);\nuser_pref(\"network.dns.localDomains\", %q);\nuser_pref(\"network.captive-portal-service.enabled\", false);\n"+
		"user_pref(\"network.connectivity-service.enabled\", false);\nuser_pref(\"datareporting.policy.dataSubmissionEnabled\", false);\nuser_pref(\"app.update.enabled\", false);\n"+
		"user_pref(\"services.settings.server\", \"http://127.0.0.1:9\");\nuser_pref(\"browser.safebrowsing.malware.enabled\", false);\n", port, strings.Join(hosts, ","))
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(prefs), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "--headless", "--marionette", "--no-remote", "--profile", profile, "about:blank")
	c.Env = append(os.Environ(), "HOME="+profile)
	if err := c.Start(); err != nil {
		return nil, err.Error()
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	m := &marionette{}
	for range 120 {
		if m.conn, err = net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			break
		}
		time.Sleep(500 * time.Millisecond)
	}
	if m.conn == nil {
		return nil, "Firefox does not answer"
	}
	t.Cleanup(func() { m.conn.Close() })
	m.in = bufio.NewReader(m.conn)
	if _, err := m.receive(); err != nil { // its greeting
		return nil, err.Error()
	}
	if said, err := m.call("WebDriver:NewSession", map[string]any{}); err != nil || said != "" {
		return nil, fmt.Sprintf("no session: %s %v", said, err)
	}
	return func(v *visited) (bool, string) {
		said, err := m.call("WebDriver:Navigate", map[string]any{"url": v.url()})
		if err != nil {
			t.Fatal(err)
		}
		if said == "" { // also a page that says 400
			if said, err = m.call("WebDriver:FindElement", map[string]any{"using": "xpath", "value": "//*[contains(text(), '400 ')]"}); err != nil {
				t.Fatal(err)
			}
			return strings.HasPrefix(said, "no such element"), said
		}
		return false, said
	}, ""
}

// marionette is Firefox's protocol for remote control: messages of a length in
// decimal, a colon and JSON.
type marionette struct {
	conn net.Conn
	in   *bufio.Reader
	id   int
}

func (m *marionette) receive() (json.RawMessage, error) {
	m.conn.SetReadDeadline(time.Now().Add(time.Minute))
	length, err := m.in.ReadString(':')
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(length, ":"))
	if err != nil {
		return nil, err
	}
	body := make([]byte, n)
	_, err = io.ReadFull(m.in, body)
	return body, err
}

// call says what went wrong in the browser's words; "" nothing.
func (m *marionette) call(command string, parameters any) (string, error) {
	m.id++
	b, err := json.Marshal([]any{0, m.id, command, parameters})
	if err != nil {
		return "", err
	}
	fmt.Fprintf(m.conn, "%d:%s", len(b), b)
	body, err := m.receive()
	if err != nil {
		return "", err
	}
	var answer []json.RawMessage
	if err := json.Unmarshal(body, &answer); err != nil || len(answer) != 4 {
		return "", fmt.Errorf("%.200s: %v", body, err)
	}
	var failure struct{ Error, Message string }
	if json.Unmarshal(answer[2], &failure) == nil && failure.Error != "" {
		return failure.Error + ": " + failure.Message, nil
	}
	return "", nil
}
