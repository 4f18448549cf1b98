package chainspect_test

import (
	"crypto/tls"
	"net"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/internal/testserver"
)

// serve starts a TLS server on loopback that sends the good one of the example chains.
func serve() (address string, stop func()) {
	made, err := testpki.Make(testpki.Example(), testpki.ExampleClock())
	if err != nil {
		panic(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{
		{Certificate: [][]byte{made["leaf"].DER, made["intermediate"].DER}, PrivateKey: made["leaf"].Key}}})
	if err != nil {
		panic(err)
	}
	go testserver.Accept(l, func(c net.Conn) {
		_ = c.(*tls.Conn).Handshake() // the client may refuse it
	})
	return l.Addr().String(), func() { l.Close() }
}
