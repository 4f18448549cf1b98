package dial

import (
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"net"
	"testing"

	"github.com/chainspect/chainspect/internal/ask"
)

// The client's side of one loopback check against that of a bare crypto/tls
// handshake: the server runs in the same process, and is the same for both.
func BenchmarkHandshake(b *testing.B) {
	ca := newTestCA(b, "bench")
	cert := ca.chain(b, "bench.test", ecKey(b, elliptic.P256(), "bench"), nil)
	config := &tls.Config{Certificates: []tls.Certificate{cert}, SessionTicketsDisabled: true}
	target := serve(b, func(c net.Conn) {
		s := tls.Server(c, config)
		if s.Handshake() == nil {
			s.Read(make([]byte, 1))
		}
	})
	b.Run("cryptotls", func(b *testing.B) {
		for b.Loop() {
			conn, err := tls.Dial("tcp", target.Address(), &tls.Config{InsecureSkipVerify: true, ServerName: "localhost"})
			if err != nil {
				b.Fatal(err)
			}
			conn.Close()
		}
	})
	b.Run("probe", func(b *testing.B) {
		d := dialer{}
		for b.Loop() {
			if obs, _ := d.Probe(context.Background(), target, ask.Plan{}); !obs[0].Outcome.OK {
				b.Fatalf("%+v", obs[0].Outcome)
			}
		}
	})
}
