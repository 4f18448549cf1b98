package dial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

func vectors(parts ...string) []byte {
	b := cryptobyte.NewBuilder(nil)
	for _, p := range parts {
		addVector16(b, []byte(p))
	}
	return b.BytesOrPanic()
}

func TestServerKeyExchange(t *testing.T) {
	curve := "\x03\x00\x1d\x01p"
	prime := "\x03\xff" // 10 bits
	for _, tt := range []struct {
		name    string
		kind    tlsname.Exchange
		version tlsname.Version
		body    string
		want    serverKeyExchange
		bad     bool
	}{
		{name: "ECDHE", kind: tlsname.ECDHE, version: tlsname.TLS12, body: curve + "\x04\x03" + string(vectors("sig")),
			want: serverKeyExchange{group: tlsname.X25519, params: []byte(curve), scheme: tlsname.ECDSAP256SHA256, signature: []byte("sig")}},
		{name: "ECDHE, TLS 1.1", kind: tlsname.ECDHE, version: tlsname.TLS11, body: curve + string(vectors("sig")),
			want: serverKeyExchange{group: tlsname.X25519, params: []byte(curve), signature: []byte("sig")}},
		{name: "explicit curve", kind: tlsname.ECDHE, version: tlsname.TLS12, body: "\x01" + curve[1:] + "\x04\x03" + string(vectors("sig")), bad: true},
		{name: "DHE", kind: tlsname.DHE, version: tlsname.TLS12, body: string(vectors(prime, "g", "y")) + "\x04\x01" + string(vectors("sig")),
			want: serverKeyExchange{dhBits: 10, params: vectors(prime, "g", "y"), scheme: tlsname.PKCS1SHA256, signature: []byte("sig")}},
		{name: "export DHE", kind: tlsname.Export, version: tlsname.TLS10, body: string(vectors(prime, "g", "y", "sig")),
			want: serverKeyExchange{dhBits: 10, params: vectors(prime, "g", "y"), signature: []byte("sig")}},
		{name: "export RSA", kind: tlsname.Export, version: tlsname.TLS10, body: string(vectors("modulus", "e", "sig")),
			want: serverKeyExchange{params: vectors("modulus", "e"), signature: []byte("sig")}},
		{name: "pre-shared key", kind: tlsname.PSK, version: tlsname.TLS12, body: string(vectors("hint"))},
		{name: "static RSA has none", kind: tlsname.StaticRSA, version: tlsname.TLS12, body: string(vectors("x")), bad: true},
		{name: "cut off", kind: tlsname.ECDHE, version: tlsname.TLS12, body: curve + "\x04\x03\x00\x09x", bad: true},
		{name: "trailing", kind: tlsname.ECDHE, version: tlsname.TLS12, body: curve + "\x04\x03" + string(vectors("sig")) + "x", bad: true},
		{name: "empty", kind: tlsname.DHE, version: tlsname.TLS12, bad: true},
	} {
		got, err := parseServerKeyExchange([]byte(tt.body), tt.kind, tt.version)
		if got != nil {
			got.point, got.prime, got.generator, got.public = nil, nil, nil, nil // which stand in params
		}
		if tt.bad != (err != nil) {
			t.Errorf("%s: %v", tt.name, err)
		} else if err == nil && fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, *got, tt.want)
		}
	}
}

// RFC 8446 section 4.1.3: a server that knows TLS 1.3 marks an answer in less.
func TestDowngradeMark(t *testing.T) {
	for _, tt := range []struct {
		hello  string
		marked bool
	}{{tlsname.HelloATS, true}, {tlsname.HelloOnly12, false}} {
		h := named(t, tt.hello)
		f := newFlight(nil)
		f.offer = &offer{hello: &h}
		sh := &serverHello{version: tlsname.TLS12, suite: 0xc02b, random: append(make([]byte, 24), "DOWNGRD\x01"...)}
		if err := f.downgraded(sh); tt.marked != (err != nil) {
			t.Errorf("%s: %v", tt.hello, err)
		}
		sh.random = make([]byte, 32)
		if err := f.downgraded(sh); err != nil {
			t.Errorf("%s, no mark: %v", tt.hello, err)
		}
	}
}

// The parts of a TLS 1.3 flight that a server may get wrong.
func TestFlight13Faults(t *testing.T) {
	ee := message(tlsname.EncryptedExtensions, 0, 0)
	list := certificateMessage(tlsname.TLS13, []byte("leaf"))
	finished := message(tlsname.Finished, make([]byte, 32)...)
	h := named(t, tlsname.HelloATS)
	for _, tt := range []struct {
		name     string
		messages [][]byte
		text     string
	}{
		{"no certificate", [][]byte{ee, finished}, "sent finished where certificate_request or certificate is due"},
		{"no certificate_verify", [][]byte{ee, list, finished}, "sent finished where certificate_verify is due"},
		{"verify first", [][]byte{ee, message(tlsname.CertificateVerify, 4, 3, 0, 1, 'x')},
			"sent certificate_verify where certificate_request or certificate is due"},
		{"PKCS #1", [][]byte{ee, list, message(tlsname.CertificateVerify, 4, 1, 0, 1, 'x')},
			"signed its certificate_verify with rsa_pkcs1_sha256, which TLS 1.3 does not allow here"},
		{"SHA-1", [][]byte{ee, list, message(tlsname.CertificateVerify, 2, 3, 0, 1, 'x')},
			"signed its certificate_verify with ecdsa_sha1, which TLS 1.3 does not allow here"},
		{"not offered", [][]byte{ee, list, message(tlsname.CertificateVerify, 8, 7, 0, 1, 'x')},
			"signed its certificate_verify with ed25519, which was not offered"},
		{"wrong Finished", [][]byte{ee, list, message(tlsname.CertificateVerify, 4, 3, 0, 1, 'x'), finished}, "sent a Finished that does not verify"},
		{"two lists", [][]byte{ee, list, list}, "sent certificate where certificate_verify is due"},
		{"a TLS 1.2 message", [][]byte{ee, message(tlsname.ServerKeyExchange)}, "sent server_key_exchange where certificate_request or certificate is due"},
		{"bad request", [][]byte{ee, message(tlsname.CertificateRequest, 0, 0, 9)}, "sent a malformed certificate_request"},
		{"bad extensions", [][]byte{message(tlsname.EncryptedExtensions, 0, 1)}, "sent a malformed encrypted_extensions"},
	} {
		f := newFlight(bytes.NewReader(flight13Bytes(tt.messages...)))
		f.offer = offeredBy(t, &h)
		f.keys = func(sh *serverHello) (*tlswire.Suite13, []byte, error) {
			f.transcript.Start(clearSuite().Hash)
			return clearKeys(sh)
		}
		if err := f.read(); err == nil || err.Error() != tt.text {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// A record that does not decrypt is said so; an alert in clear text is heard.
func TestBehindTheEncryption(t *testing.T) {
	hello := flight13Bytes()[:bytes.Index(flight13Bytes(), []byte{tlswire.RecordData, 3, 3})]
	for _, tt := range []struct {
		record []byte
		text   string
	}{
		{records(tlswire.RecordData, tlsname.TLS12, make([]byte, 40)), "sent a record that does not decrypt"},
		{records(tlswire.RecordHandshake, tlsname.TLS12, message(tlsname.Finished)), "sent clear text where encrypted records are due"},
		{records(tlswire.RecordAlert, tlsname.TLS12, []byte{2, 51}), "the server sent alert 51 (decrypt_error)"},
	} {
		f := newFlight(bytes.NewReader(slices.Concat(hello, records(tlswire.RecordCCS, tlsname.TLS12, []byte{1}), tt.record)))
		f.keys = func(*serverHello) (*tlswire.Suite13, []byte, error) {
			return tlswire.Suite13ByID(0x1301), make([]byte, 32), nil
		}
		if err := f.read(); err == nil || err.Error() != tt.text {
			t.Errorf("%v, want %s", err, tt.text)
		}
	}
}

func TestSmallHello(t *testing.T) {
	h := named(t, tlsname.HelloRSA).Small()
	if h.Name != "apple-rsa-small" || slices.Contains(h.Groups, tlsname.X25519MLKEM768) || slices.Contains(h.Shares, tlsname.X25519MLKEM768) {
		t.Errorf("%+v", h)
	}
	if again := h.Small(); again.Name != h.Name {
		t.Errorf("small twice is %s", again.Name)
	}
	for _, name := range []string{tlsname.HelloSmall, tlsname.HelloOnly12, tlsname.HelloWide13} {
		if h := named(t, name).Small(); h.Name != name {
			t.Errorf("%s became %s", name, h.Name)
		}
	}
}

func TestReachErrors(t *testing.T) {
	target := ask.Target{Host: "www.example.com", Port: "443"}
	op := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: err}
	}
	for _, tt := range []struct {
		err   error
		stage chain.Stage
		kind  chain.ErrorKind
		text  string
	}{
		{op(&net.DNSError{IsNotFound: true, Name: "x"}), "dns", "dns", `the name "www.example.com" does not exist or has no address`},
		{op(&net.DNSError{IsTimeout: true}), "dns", "dns", `no answer from the name server for "www.example.com"`},
		{op(&net.DNSError{Err: "server misbehaving"}), "dns", "dns", `looking up "www.example.com": server misbehaving`},
		{op(syscall.ECONNREFUSED), "connect", "refused", "connection to 192.0.2.1:443 refused"},
		{op(syscall.EHOSTUNREACH), "connect", "refused", "no connection to 192.0.2.1:443: no route to host"},
		{op(context.DeadlineExceeded), "connect", "timeout", "no connection to www.example.com:443 within the time"},
		{errors.New("odd\nthing"), "connect", "refused", "no connection to www.example.com:443: odd thing"},
	} {
		var reach *ReachError
		if err := reachError(tt.err, target); !errors.As(err, &reach) || *reach != (ReachError{Stage: tt.stage, Kind: tt.kind, Text: tt.text}) {
			t.Errorf("%v: %+v", tt.err, err)
		}
	}
	long := strings.Repeat("a", 300) + ".example"
	d := dialer{}
	if obs, _ := d.Handshake(context.Background(), ask.Target{Host: long, Port: "443"}, named(t, tlsname.HelloSmall)); obs.Outcome.ErrorKind != "dns" {
		t.Errorf("a name that cannot be: %+v", obs.Outcome)
	}
}
