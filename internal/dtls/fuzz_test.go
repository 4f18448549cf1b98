package dtls

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// A script is a socket that gives datagrams one after the other.
type script struct {
	net.Conn
	datagrams [][]byte
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.datagrams) == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(p, s.datagrams[0])
	s.datagrams = s.datagrams[1:]
	return n, nil
}
func (s *script) Write(p []byte) (int, error)      { return len(p), nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

// hello is a TLS record with a ClientHello of no suites.
func hello() []byte {
	body := append([]byte{3, 3}, make([]byte, 32)...)
	body = append(body, 0, 0, 2, 0xc0, 0x2f, 1, 0)
	msg := append([]byte{clientHello, 0, 0, byte(len(body))}, body...)
	return append([]byte{recordHandshake, 3, 1, 0, byte(len(msg))}, msg...)
}

// FuzzDatagrams: whatever comes, what is read is records of TLS that hold whole
// handshake messages, or alerts.
func FuzzDatagrams(f *testing.F) {
	sh := append([]byte{0xfe, 0xfd}, make([]byte, 35)...)
	msg := append([]byte{serverHello, 0, 0, byte(len(sh)), 0, 0, 0, 0, 0, 0, 0, byte(len(sh))}, sh...)
	f.Add(append([]byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte(len(msg))}, msg...), []byte{21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40})
	f.Add([]byte{22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 3, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 0xfe, 0xff, 1, 7}, []byte("220 hello"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		s := NewStream(&script{datagrams: [][]byte{first, second, first}})
		s.SetDeadline(time.Now().Add(time.Millisecond))
		if _, err := s.Write(hello()); err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(s)
		if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, ErrForeign) && !errors.Is(err, ErrDTLS13) {
			t.Errorf("it ends with %v", err)
		}
		for len(out) > 0 {
			if len(out) < 5 || out[0] != recordAlert && out[0] != recordHandshake || len(out) < 5+int(binary.BigEndian.Uint16(out[3:])) {
				t.Fatalf("no record: %x", out)
			}
			out = out[5+int(binary.BigEndian.Uint16(out[3:])):]
		}
	})
}
