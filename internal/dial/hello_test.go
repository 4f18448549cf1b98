package dial

import (
	"crypto/tls"
	"net"
	"slices"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A sentHello is a ClientHello as a server sees it.
type sentHello struct {
	version    uint16
	suites     []uint16
	order      []uint16
	extensions map[uint16][]byte
}

func parseSentHello(t *testing.T, msg []byte) sentHello {
	t.Helper()
	s := cryptobyte.String(msg[4:])
	out := sentHello{extensions: map[uint16][]byte{}}
	var random, session, compression []byte
	if !s.ReadUint16(&out.version) || !s.ReadBytes(&random, 32) ||
		!s.ReadUint8LengthPrefixed((*cryptobyte.String)(&session)) || !readUint16List(&s, &out.suites) ||
		!s.ReadUint8LengthPrefixed((*cryptobyte.String)(&compression)) {
		t.Fatal("the hello does not parse")
	}
	if s.Empty() {
		return out
	}
	err := inServerHello13.extensions(&s, nil, func(typ tlsname.Extension, body *cryptobyte.String) (bool, error) {
		out.order, out.extensions[uint16(typ)] = append(out.order, uint16(typ)), *body
		return true, nil
	})
	if err != nil || !s.Empty() {
		t.Fatal("the extensions do not parse: ", err)
	}
	return out
}

func list16(t *testing.T, b []byte, prefix int) []uint16 {
	t.Helper()
	s := cryptobyte.String(b[prefix:])
	var ids []uint16
	for !s.Empty() {
		var id uint16
		if !s.ReadUint16(&id) {
			t.Fatal("odd list")
		}
		ids = append(ids, id)
	}
	return ids
}

// withoutGrease drops the RFC 8701 values and wants them where Apple puts them: first.
func withoutGrease(t *testing.T, ids []uint16) []uint16 {
	t.Helper()
	if !isGrease(ids[0]) {
		t.Errorf("no GREASE at the head of %x", ids)
	}
	return slices.DeleteFunc(slices.Clone(ids), isGrease)
}

func isGrease(id uint16) bool { return id&0x0f0f == 0x0a0a && id>>8 == id&0xff }

func marshalled(t *testing.T, name, serverName string, alpn bool) []byte {
	t.Helper()
	h := named(t, name)
	random := make([]byte, offerRandom)
	for i := range random {
		random[i] = byte(7 * i)
	}
	o, err := newOffer(&h, serverName, alpn, random)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := o.marshal()
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

func TestAppleHelloAsSent(t *testing.T) {
	h := parseSentHello(t, marshalled(t, tlsname.HelloATS, "www.example.com.", true))
	want := func(what string, got, want []uint16) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s %x, want %x", what, got, want)
		}
	}
	if h.version != 0x0303 {
		t.Errorf("legacy_version %x", h.version)
	}
	want("suites", withoutGrease(t, h.suites), []uint16{0x1302, 0x1303, 0x1301,
		0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0xc00a, 0xc009, 0xc014, 0xc013})
	want("groups", withoutGrease(t, list16(t, h.extensions[10], 2)), []uint16{4588, 29, 23, 24, 25})
	want("signature algorithms", list16(t, h.extensions[13], 2), []uint16{0x0403, 0x0804, 0x0401, 0x0503, 0x0805,
		0x0805, 0x0501, 0x0806, 0x0601, 0x0201})
	want("versions", withoutGrease(t, list16(t, h.extensions[43], 1)), []uint16{0x0304, 0x0303})
	want("certificate compression", list16(t, h.extensions[27], 1), []uint16{1})
	want("extensions", slices.DeleteFunc(h.order, isGrease), []uint16{0, 23, 0xff01, 10, 11, 16, 5, 13, 18, 51, 45, 43, 27})
	if got := string(h.extensions[0]); got != "\x00\x12\x00\x00\x0fwww.example.com" {
		t.Errorf("server_name %q", got)
	}
	if got := string(h.extensions[16]); got != "\x00\x0c\x02h2\x08http/1.1" {
		t.Errorf("ALPN %q", got)
	}
	shares := cryptobyte.String(h.extensions[51][2:])
	var groups []uint16
	var lengths []int
	for !shares.Empty() {
		var g uint16
		var key []byte
		if !shares.ReadUint16(&g) || !readVector16(&shares, &key) {
			t.Fatal("key_share does not parse")
		}
		groups, lengths = append(groups, g), append(lengths, len(key))
	}
	want("shares", withoutGrease(t, groups), []uint16{4588, 29})
	if !slices.Equal(lengths, []int{1, 1216, 32}) {
		t.Errorf("lengths of the key shares %v", lengths)
	}
	if groups[0] != list16(t, h.extensions[10], 2)[0] {
		t.Error("the GREASE share is for another value than the GREASE group")
	}
}

func TestHelloWithoutName(t *testing.T) {
	for _, name := range []string{"", "192.0.2.1", "2001:db8::1", "[2001:db8::1]"} {
		h := parseSentHello(t, marshalled(t, tlsname.HelloATS, name, false))
		if _, sent := h.extensions[0]; sent {
			t.Errorf("server_name sent for %q", name)
		}
		if _, sent := h.extensions[16]; sent {
			t.Error("ALPN offered to a target that is not HTTPS")
		}
	}
}

func TestSmallHelloFitsOnePacket(t *testing.T) {
	const segment = 1220 // what IPv6 leaves of its smallest MTU
	if n := len(marshalled(t, tlsname.HelloSmall, "www.example.com", true)); n > segment {
		t.Errorf("apple-small has %d bytes", n)
	}
	if n := len(marshalled(t, tlsname.HelloATS, "www.example.com", true)); n <= segment {
		t.Errorf("apple-ats has %d bytes: the small one would be pointless", n)
	}
}

// Every hello of the table is well formed.
func TestHelloTable(t *testing.T) {
	for _, name := range tlsname.Hellos() {
		if h := named(t, name); h.Sender != tlsname.Library { // crypto/tls sends those
			parseSentHello(t, marshalled(t, name, "localhost", true))
		}
	}
}

// crypto/tls as the server reads the hello the same way.
func TestHelloAsCryptoTLSReadsIt(t *testing.T) {
	infos := make(chan *tls.ClientHelloInfo, 1)
	target := serve(t, func(c net.Conn) {
		tls.Server(c, &tls.Config{GetConfigForClient: func(info *tls.ClientHelloInfo) (*tls.Config, error) {
			infos <- info
			return nil, net.ErrClosed
		}}).Handshake()
	})
	asked(t, target, tlsname.HelloATS)
	info := <-infos
	if info.ServerName != "localhost" || !slices.Equal(info.SupportedProtos, []string{"h2", "http/1.1"}) {
		t.Errorf("name %q, protocols %q", info.ServerName, info.SupportedProtos)
	}
	if got := withoutGrease(t, info.SupportedVersions); !slices.Equal(got, []uint16{0x0304, 0x0303}) {
		t.Errorf("versions %x", got)
	}
	if got := withoutGrease(t, info.CipherSuites); !slices.EqualFunc(got, tlsname.ATSSuites(), func(a uint16, b tlsname.Suite) bool { return a == uint16(b) }) {
		t.Errorf("suites %x", got)
	}
}
