package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/fetch"
)

var home = netip.MustParseAddr("127.0.0.1")

func get(t *testing.T, c *Client, r fetch.Request) (fetch.Answer, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	begun := time.Now()
	a, err := c.Fetch(ctx, r)
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("%s: it took %v", r.URL, took)
	}
	if err != nil && strings.ContainsAny(err.Error(), "\r\n") {
		t.Errorf("%q is no line", err)
	}
	return a, err
}

// hostile is a server with every answer that must not hurt.
func hostile(t *testing.T) *httptest.Server {
	t.Helper()
	zeros := make([]byte, 1<<20)
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello "+r.Method); io.Copy(w, r.Body) })
	mux.HandleFunc("/huge", func(w http.ResponseWriter, _ *http.Request) {
		for range 100 {
			if _, err := w.Write(zeros); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/declared", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99999999999") })
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 100 {
			z.Write(zeros)
		}
		z.Close()
	})
	mux.HandleFunc("/zipped", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, "hello")
		z.Close()
	})
	mux.HandleFunc("/liar", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, "hello, it is not")
	})
	mux.HandleFunc("/brotli", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Encoding", "br") })
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/drip", func(w http.ResponseWriter, r *http.Request) {
		for range 100 {
			if _, err := w.Write([]byte{0}); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
	mux.HandleFunc("/500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	mux.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "9")
		io.WriteString(w, "four")
	})
	mux.HandleFunc("/once", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusFound) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/to", func(w http.ResponseWriter, r *http.Request) {
		to, _ := url.QueryUnescape(r.URL.RawQuery)
		http.Redirect(w, r, to, http.StatusFound)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestFetch(t *testing.T) {
	s := hostile(t)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
	for path, want := range map[string]string{
		"/ok": "", "/zipped": "", "/once": "",
		"/huge": "sends more than 1000000 octets", "/declared": "sends more than 1000000 octets", "/bomb": "sends more than 1000000 octets",
		"/liar": "says that it sends gzip, and does not", "/brotli": "an encoding that was not asked for",
		"/slow": "no answer within the time", "/drip": "no answer within the time", "/500": "answers HTTP 500",
		"/short": "closed the connection before its answer had ended",
		"/loop":  "redirects more than 3 times",
		"/to?" + url.QueryEscape("ftp://127.0.0.1/x"):                             "redirects to what is no address of the web",
		"/to?" + url.QueryEscape("file:///etc/passwd"):                            "redirects to what is no address of the web",
		"/to?" + url.QueryEscape("http://169.254.169.254/latest/meta-data/"):      "169.254.169.254 is link-local",
		"/to?" + url.QueryEscape("http://10.0.0.1/"):                              "10.0.0.1 is private",
		"/to?" + url.QueryEscape("http://[::ffff:169.254.169.254]/"):              "is link-local",
		"/to?" + url.QueryEscape("http://[64:ff9b::a9fe:a9fe]/"):                  "is link-local",
		"/to?" + url.QueryEscape("http://0.0.0.0:"+port+"/ok"):                    "is unspecified or reserved",
		"/to?" + url.QueryEscape("http://224.0.0.1/"):                             "is multicast",
		"/to?" + url.QueryEscape("http://metadata.test/"):                         "169.254.169.254 is link-local",
		"/to?" + url.QueryEscape("http://two.test:"+port+"/ok"):                   "", // one of its addresses may be asked
		"/to?" + url.QueryEscape("http://user:password@localhost.test:"+port+"/"): "answers HTTP 404",
	} {
		lookup := func(_ context.Context, _, host string) ([]netip.Addr, error) {
			return map[string][]netip.Addr{"metadata.test": {netip.MustParseAddr("169.254.169.254")},
				"two.test":       {netip.MustParseAddr("169.254.169.254"), home},
				"localhost.test": {home}}[host], nil
		}
		a, err := get(t, &Client{Lookup: lookup}, fetch.Request{URL: s.URL + path, Max: 1000000, From: home})
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "password")) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
		if err == nil && (!strings.HasPrefix(string(a.Data), "hello") || a.Address != "127.0.0.1:"+port) {
			t.Errorf("%s: %q from %s", path, a.Data, a.Address)
		}
	}
}

// What a certificate names is asked only where the target could stand itself.
func TestClasses(t *testing.T) {
	addr := netip.MustParseAddr
	for text, want := range map[string]class{
		"192.0.2.1": public, "8.8.8.8": public, "2606:4700::1": public, "::ffff:8.8.8.8": public, "64:ff9b::808:808": public,
		"127.0.0.1": loopback, "127.9.9.9": loopback, "::1": loopback, "::ffff:127.0.0.1": loopback, "64:ff9b::7f00:1": loopback, "2002:7f00:1::": loopback,
		"10.1.2.3": private, "172.31.0.1": private, "192.168.1.1": private, "100.64.0.1": private, "fd00::1": private, "2002:a00:1::1": private,
		"fec0::1":         private,
		"169.254.169.254": linkLocal, "fe80::1%eth0": linkLocal, "::169.254.169.254": linkLocal,
		"224.0.0.251": multicast, "ff02::1": multicast,
		"0.0.0.0": unassigned, "::": unassigned, "0.1.2.3": unassigned, "255.255.255.255": unassigned, "240.0.0.1": unassigned,
	} {
		a := addr(text)
		if got := classOf(a); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
		from := map[class]netip.Addr{loopback: home, private: addr("192.168.7.7"), linkLocal: addr("169.254.1.1"), multicast: addr("224.0.0.9"),
			unassigned: addr("0.0.0.0"), public: addr("192.0.2.9")}
		if ok := permitted(a, netip.Addr{}, false) == nil; ok != (want == public) {
			t.Errorf("%s for a file: %v", text, ok)
		}
		if ok := permitted(a, from[want], false) == nil; ok != (want == public || want == loopback || want == private) {
			t.Errorf("%s for a server beside it: %v", text, ok)
		}
		if permitted(a, netip.Addr{}, true) != nil {
			t.Errorf("%s with --fetch-private", text)
		}
	}
}

// An answer is had once in a run; what may be asked is part of the question.
func TestCache(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s", r.Method, body)
	}))
	defer s.Close()
	c := new(Client)
	for range 3 {
		if a, err := get(t, c, fetch.Request{URL: s.URL, Max: 100, From: home}); err != nil || string(a.Data) != "GET " {
			t.Errorf("%q, %v", a.Data, err)
		}
	}
	if a, err := get(t, c, fetch.Request{URL: s.URL, Max: 100, From: home, Body: []byte("q"), Type: "application/ocsp-request"}); err != nil ||
		string(a.Data) != "POST q" {
		t.Errorf("%q, %v", a.Data, err)
	}
	if _, err := get(t, c, fetch.Request{URL: s.URL, Max: 100}); err == nil || !strings.Contains(err.Error(), "127.0.0.1 is loopback") {
		t.Errorf("a public target: %v", err)
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

// Where the addresses are not permitted, no packet is sent: a listener would see it.
func TestRefusedBeforeAPacketIsSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var seen atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			seen.Add(1)
			c.Close()
		}
	}()
	lookup := func(context.Context, string, string) ([]netip.Addr, error) { return []netip.Addr{home}, nil }
	for _, from := range []netip.Addr{{}, netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("10.0.0.1")} {
		for _, host := range []string{"127.0.0.1", "rebound.test"} {
			_, port, _ := net.SplitHostPort(l.Addr().String())
			if _, err := get(t, &Client{Lookup: lookup}, fetch.Request{URL: "http://" + host + ":" + port + "/", Max: 10, From: from}); err == nil ||
				!strings.Contains(err.Error(), "loopback") {
				t.Errorf("%s for %v: %v", host, from, err)
			}
		}
	}
	if n := seen.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

// A proxy is asked for everything, and the address stands in the question alone.
func TestFetchThroughProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "proxied %s", r.URL) }))
	defer proxy.Close()
	u, _ := url.Parse(proxy.URL)
	way := ask.Way{Proxy: ask.ThroughProxy(u)}
	a, err := get(t, new(Client), fetch.Request{URL: "http://ca.test/list.crl", Max: 100, Way: way})
	if err != nil || string(a.Data) != "proxied http://ca.test/list.crl" || a.Address != "" {
		t.Errorf("%q from %q, %v", a.Data, a.Address, err)
	}
	if _, err := get(t, new(Client), fetch.Request{URL: "http://169.254.169.254/", Max: 100, Way: way}); err == nil ||
		!strings.Contains(err.Error(), "link-local") {
		t.Error(err)
	}
}

func TestRead(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(bytes.Repeat([]byte{0}, 100))
	w.Close()
	r := &http.Response{Header: http.Header{"Content-Encoding": {"gzip"}}, Body: io.NopCloser(&z)}
	if data, err := read(r, 100); err != nil || len(data) != 100 {
		t.Errorf("%d, %v", len(data), err)
	}
}
