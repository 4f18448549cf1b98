package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
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

	"golang.org/x/net/idna"
)

// nssDatabase makes a database of Network Security Services that trusts the roots
// of the servers a browser visits; what it cannot read is not in it.
func nssDatabase(x *excursion, dir string) (why string) {
	certutil, err := exec.LookPath("certutil")
	if err != nil {
		return "certutil, which installs the root, is not installed (libnss3-tools)"
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err.Error()
	}
	if x.nss != "" {
		if err := os.CopyFS(dir, os.DirFS(x.nss)); err != nil {
			return err.Error()
		}
		return ""
	}
	x.nss = dir
	if out, err := exec.Command(certutil, "-d", "sql:"+dir, "-N", "--empty-password").CombinedOutput(); err != nil {
		return fmt.Sprintf("certutil: %s", out)
	}
	installed := map[string]bool{}
	for i := range x.servers {
		roots := x.servers[i].roots
		if installed[roots] || x.spared(i) {
			continue
		}
		installed[roots] = true
		text, err := os.ReadFile(roots)
		if err != nil {
			return err.Error()
		}
		for n, der := range ders([]string{string(text)}) {
			c := exec.Command(certutil, "-d", "sql:"+dir, "-A", "-n", fmt.Sprintf("%s.%d", filepath.Base(roots), n), "-t", "C,,")
			c.Stdin = bytes.NewReader(der)
			c.Run()
		}
	}
	return ""
}

// chromeClient is Chromium without a window, driven over its pipe for debuggers.
func chromeClient(t *testing.T, x *excursion) (func(*visited) (bool, string), string) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, "chromium is not installed"
	}
	home := filepath.Join(x.dir, "chromium")
	if why := nssDatabase(x, filepath.Join(home, ".pki", "nssdb")); why != "" {
		return nil, why
	}
	hear, say, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--user-data-dir="+filepath.Join(home, "profile"),
		"--host-resolver-rules=MAP * 127.0.0.1", "--remote-debugging-pipe", "about:blank")
	c.Env, c.ExtraFiles = append(os.Environ(), "HOME="+home), []*os.File{hear, out}
	if err := c.Start(); err != nil {
		return nil, err.Error()
	}
	hear.Close()
	out.Close()
	t.Cleanup(func() { say.Close(); c.Process.Kill(); c.Wait() })
	d := &devtools{out: say, in: bufio.NewReader(answers)}
	var target struct {
		TargetID string `json:"targetId"`
	}
	if err := d.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return nil, err.Error()
	}
	var session struct {
		SessionID string `json:"sessionId"`
	}
	if err := d.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session); err != nil {
		return nil, err.Error()
	}
	d.session = session.SessionID
	const page = `new Promise(done => { let say = () => done(document.documentElement.innerText); document.readyState == "complete" ? say() : addEventListener("load", say) })`
	return func(v *visited) (bool, string) {
		var went struct {
			ErrorText string `json:"errorText"`
		}
		if err := d.call("Page.navigate", map[string]any{"url": v.url()}, &went); err != nil {
			return false, err.Error() // a name that is no URL
		}
		if went.ErrorText != "" {
			return false, went.ErrorText
		}
		var said struct {
			Result struct{ Value string } `json:"result"`
		}
		if err := d.call("Runtime.evaluate", map[string]any{"expression": page, "awaitPromise": true}, &said); err != nil {
			t.Fatal(err)
		}
		return !strings.Contains(said.Result.Value, "400 "), said.Result.Value
	}, ""
}

// devtools is Chrome's protocol for debuggers: JSON that ends in a zero octet.
type devtools struct {
	out     io.Writer
	in      *bufio.Reader
	session string
	id      int
}

func (d *devtools) call(method string, parameters map[string]any, result any) error {
	d.id++
	message := map[string]any{"id": d.id, "method": method, "params": parameters}
	if d.session != "" {
		message["sessionId"] = d.session
	}
	b, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if _, err := d.out.Write(append(b, 0)); err != nil {
		return err
	}
	for {
		line, err := d.in.ReadBytes(0)
		if err != nil {
			return err
		}
		var answer struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(line[:len(line)-1], &answer); err != nil {
			return err
		}
		switch {
		case answer.ID != d.id:
		case answer.Error != nil:
			return errors.New(answer.Error.Message)
		default:
			return json.Unmarshal(answer.Result, result)
		}
	}
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
		host := strings.ToLower(x.servers[i].host)
		if a, err := idna.ToASCII(host); err == nil {
			host = a
		}
		hosts = append(hosts, host)
	}
	prefs := fmt.Sprintf("user_pref(\"marionette.port\", %d);\nuser_pref(\"network.dns.localDomains\", "+
		"%q);\nuser_pref(\"network.captive-portal-service.enabled\", false);\n"+
		"user_pref(\"network.connectivity-service.enabled\", false);\nuser_pref(\"datareporting.policy.dataSubmissionEnabled\", "+
		"false);\nuser_pref(\"app.update.enabled\", false);\n"+
		"user_pref(\"services.settings.server\", \"http://127.0.0.1:9\");\nuser_pref(\"browser.safebrowsing.malware.enabled\", false);\n", port,
		strings.Join(hosts, ","))
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
