package web

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/fetch"
)

// inside marks the run in a network namespace of its own.
const inside = "CHAINSPECT_TEST_NETNS"

// metadata is the address at which clouds hand out credentials. Only in the
// namespace does it lead anywhere: to a listener of the test.
const metadata = "169.254.169.254:80"

// TestNoPacketToLinkLocal: a redirect to a link-local address is refused before a
// packet is sent. In a network namespace of its own such a packet would arrive.
func TestNoPacketToLinkLocal(t *testing.T) {
	if os.Getenv(inside) != "" {
		t.Skip("this is the run inside")
	}
	for _, program := range []string{"unshare", "ip"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	if err := exec.Command("unshare", "-n", "true").Run(); err != nil {
		t.Skip("no network namespace may be made here: ", err)
	}
	cmd := exec.Command("unshare", "-n", os.Args[0], "-test.run", "^TestInNamespace$", "-test.v")
	cmd.Env = append(os.Environ(), inside+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: TestInNamespace")) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestInNamespace(t *testing.T) {
	if os.Getenv(inside) == "" {
		t.Skip("it runs in a network namespace, which TestNoPacketToLinkLocal makes")
	}
	for _, args := range []string{"link set lo up", "addr add 169.254.169.254/32 dev lo"} {
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v %s", args, err, out)
		}
	}
	l, err := net.Listen("tcp", metadata)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	arrived := make(chan net.Conn, 1)
	go func() {
		if c, err := l.Accept(); err == nil {
			arrived <- c
		}
	}()
	s := httptest.NewServer(http.RedirectHandler("http://"+metadata+"/latest", http.StatusFound))
	defer s.Close()
	for _, url := range []string{s.URL + "/issuer.cer", "http://" + metadata + "/issuer.cer", "http://[::ffff:169.254.169.254]/issuer.cer"} {
		if a, err := get(t, new(Client), fetch.Request{URL: url, Max: 1 << 16, From: home}); err == nil {
			t.Errorf("%s: answered with %d octets", url, len(a.Data))
		}
	}
	select {
	case c := <-arrived:
		t.Errorf("a connection arrived from %s", c.RemoteAddr())
	case <-time.After(200 * time.Millisecond):
	}
	// The near miss: the same packet is sent where it is asked for, so the listener would have seen it.
	go func() { _, _ = get(t, new(Client), fetch.Request{URL: s.URL, Max: 1 << 16, From: home, Private: true}) }()
	select {
	case <-arrived:
	case <-time.After(5 * time.Second):
		t.Error("with --fetch-private no connection arrived: the listener counts nothing")
	}
}
