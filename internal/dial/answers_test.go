package dial

import (
	"io"
	"net"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
)

// An SSL 3.0 server, and one that knows RC4 in TLS 1.0 only.
func TestAncientServers(t *testing.T) {
	ca := newTestCA(t, "ancient")
	chain := ca.chain(t, "old.test", rsaKey(t, 2048), nil).Certificate
	for _, tt := range []struct {
		version, suite uint16
		hello          string
		outcome        string
	}{
		{ssl30, 0x000a, HelloSSL3, "SSL 3.0 TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
		{tls10, 0x0005, HelloWide12, "TLS 1.0 TLS_RSA_WITH_RC4_128_SHA"},
		{tls10, 0x002f, HelloDefault, "TLS 1.0 TLS_RSA_WITH_AES_128_CBC_SHA"},
	} {
		target := serve(t, func(c net.Conn) {
			c.SetDeadline(time.Now().Add(5 * time.Second))
			hello := readRecord(c)
			s := cryptobyte.String(hello[4:])
			var offered []uint16
			var version uint16
			var session cryptobyte.String
			s.ReadUint16(&version)
			s.Skip(32)
			s.ReadUint8LengthPrefixed(&session)
			readUint16List(&s, &offered)
			// As old servers do: no look at the extensions, an alert where nothing is shared.
			known := version == tt.version || tt.version != ssl30 && version > tt.version
			if known {
				known = false
				for _, id := range offered {
					known = known || id == tt.suite
				}
			}
			if !known {
				c.Write(records(recordAlert, tt.version, []byte{2, alertHandshakeFailure}))
				return
			}
			c.Write(staticFlight(tt.version, tt.suite, chain...))
			io.Copy(io.Discard, c)
		})
		observations, blobs := probed(target, Plan{})
		obs := last(observations)
		wantChain(t, obs, blobs, chain)
		if o := obs.Outcome; obs.Hello != tt.hello || o.Version+" "+o.Suite != tt.outcome || !o.OK {
			t.Errorf("%s: %+v", obs.Hello, o)
		}
	}
}

// A server may answer a version or a suite nobody asked for.
func TestUnofferedAnswers(t *testing.T) {
	for _, tt := range []struct {
		version, suite uint16
		text           string
	}{
		{tls11, 0xc02b, "answered in TLS 1.1, which was not offered"},
		{0x7f1c, 0xc02b, "answered in 0x7f1c, which was not offered"},
		{tls12, 0x0005, "chose TLS_RSA_WITH_RC4_128_SHA, which was not offered"},
		{tls12, 0x1301, "chose TLS_AES_128_GCM_SHA256, which TLS 1.2 does not have"},
	} {
		target := serve(t, func(c net.Conn) {
			readRecord(c)
			c.Write(staticFlight(tt.version, tt.suite, []byte("x")))
			io.Copy(io.Discard, c)
		})
		obs, _ := ask(t, target, HelloSmall)
		if obs.Outcome.Error != tt.text || obs.Outcome.Stage != "hello" || len(obs.Sent) != 0 {
			t.Errorf("%+v", obs.Outcome)
		}
	}
}

func TestHelloRetryLoops(t *testing.T) {
	retry := func(group uint16) []byte {
		msg := serverHelloMessage(tls12, 0x1301, func(b *cryptobyte.Builder) {
			addExtension(b, extSupportedVersions, func(b *cryptobyte.Builder) { b.AddUint16(tls13) })
			addExtension(b, extKeyShare, func(b *cryptobyte.Builder) { b.AddUint16(group) })
		})
		copy(msg[6:], retryRandom)
		return records(recordHandshake, tls12, msg)
	}
	for _, tt := range []struct {
		groups []uint16
		hello  string
		text   string
	}{
		{[]uint16{groupP384, groupP521}, HelloATS, "sent a second HelloRetryRequest"},
		{[]uint16{groupX448}, HelloATS, "asked for group X448, which was not offered"},
		{[]uint16{31}, HelloWide13, "asked for a key share in group brainpoolP256r1tls13, which this client cannot compute"},
	} {
		target := serve(t, func(c net.Conn) {
			c.SetDeadline(time.Now().Add(5 * time.Second))
			for _, g := range tt.groups {
				readRecord(c)
				c.Write(retry(g))
			}
			io.Copy(io.Discard, c)
		})
		obs, _ := ask(t, target, tt.hello)
		if obs.Outcome.Error != tt.text || obs.Outcome.HelloRetry != GroupName(tt.groups[len(tt.groups)-1]) && len(tt.groups) == 1 {
			t.Errorf("%+v", obs.Outcome)
		}
	}
}
