package lab

import (
	"crypto/tls"
	"net"
	"testing"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// helloOf records what crypto/tls says first.
func helloOf(t testing.TB, conf *tls.Config) []byte {
	t.Helper()
	client, server := net.Pipe()
	go tls.Client(client, conf).Handshake()
	buf := make([]byte, maxHello)
	n, err := server.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	return buf[:n]
}

func TestHelloOfGo(t *testing.T) {
	data := helloOf(t, &tls.Config{ServerName: "www.example.test", NextProtos: []string{"h2", "http/1.1"}})
	h, err := parseHello(data)
	if err != nil {
		t.Fatal(err)
	}
	if h.ServerName != "www.example.test" || len(h.ALPN) != 2 || h.ALPN[0] != "h2" || h.Bytes != len(data) || h.Versions[0] != tlsname.TLS13 ||
		len(h.Shares) == 0 {
		t.Errorf("%+v", h)
	}
	if name, whose := h.looksLike(); whose != "Go's crypto/tls" {
		t.Errorf("looks like %q, %q", name, whose)
	}
	// Split over two records it is the same hello.
	body := data[5:]
	split := append([]byte{22, 3, 1, 0, 100}, body[:100]...)
	rest := body[100:]
	split = append(append(split, 22, 3, 1, byte(len(rest)>>8), byte(len(rest))), rest...)
	again, err := parseHello(split)
	if err != nil || again.ja4() != h.ja4() || again.Bytes != h.Bytes+5 {
		t.Errorf("split: %v, %+v", err, again)
	}
	for n := range data { // cut off anywhere it is none
		if _, err := parseHello(data[:n]); err == nil {
			t.Fatalf("%d octets are taken for a hello", n)
		}
	}
}

// TestJA4 holds the fingerprint against the example of its specification.
func TestJA4(t *testing.T) {
	h := &ClientHello{Versions: []tlsname.Version{tlsname.TLS13, tlsname.TLS12}, ALPN: []string{"h2", "http/1.1"},
		Suites: []tlsname.Suite{0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035},
		Extensions: []tlsname.Extension{0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01,
			0x000b, 0x000a, 0x0015},
		Signatures: []tlsname.Scheme{0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601}}
	if got := h.ja4(); got != "t13d1516h2_8daaf6152771_e5627efa2ab1" {
		t.Error(got)
	}
}

func FuzzClientHello(f *testing.F) {
	f.Add(helloOf(f, &tls.Config{ServerName: "a", NextProtos: []string{"h2"}}))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Add([]byte{22, 3, 1, 0, 4, 1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := parseHello(data)
		if (h == nil) == (err == nil) {
			t.Fatal("neither a hello nor an error")
		}
		if h != nil {
			h.looksLike()
			h.ja4()
		}
	})
}
