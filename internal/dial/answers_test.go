package dial

import (
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// An SSL 3.0 server, and one that knows RC4 in TLS 1.0 only.
func TestAncientServers(t *testing.T) {
	ca := newTestCA(t, "ancient")
	chain := ca.chain(t, "old.test", rsaKey(t, 2048), nil).Certificate
	for _, tt := range []struct {
		version tlsname.Version
		suite   tlsname.Suite
		hello   string
		outcome string
	}{
		{tlsname.SSL30, 0x000a, tlsname.HelloSSL3, "SSL 3.0 TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
		{tlsname.TLS10, 0x0005, tlsname.HelloWide12, "TLS 1.0 TLS_RSA_WITH_RC4_128_SHA"},
		{tlsname.TLS10, 0x002f, tlsname.HelloDefault, "TLS 1.0 TLS_RSA_WITH_AES_128_CBC_SHA"},
	} {
		target := serve(t, func(c net.Conn) {
			c.SetDeadline(time.Now().Add(5 * time.Second))
			hello := readRecord(c)
			s := cryptobyte.String(hello[4:])
			var offered []tlsname.Suite
			var version tlsname.Version
			var session cryptobyte.String
			s.ReadUint16((*uint16)(&version))
			s.Skip(32)
			s.ReadUint8LengthPrefixed(&session)
			readUint16List(&s, &offered)
			// As old servers do: no look at the extensions, an alert where nothing is shared.
			known := version == tt.version || tt.version != tlsname.SSL30 && version > tt.version
			if known {
				known = false
				for _, id := range offered {
					known = known || id == tt.suite
				}
			}
			if !known {
				c.Write(records(tlswire.RecordAlert, tt.version, []byte{2, byte(tlsname.HandshakeFailure)}))
				return
			}
			c.Write(staticFlight(tt.version, tt.suite, chain...))
			readRecord(c)
		})
		observations, blobs := probed(target, ask.Plan{})
		obs := last(observations)
		wantChain(t, obs, blobs, chain)
		if o := obs.Outcome; obs.Hello != tt.hello || o.Version+" "+o.Suite != tt.outcome || o.OK != (tt.version == tlsname.SSL30) ||
			(o.KeyProof == "") == o.OK {
			t.Errorf("%s: %+v", obs.Hello, o)
		}
	}
}

// A server may answer a version or a suite nobody asked for.
func TestUnofferedAnswers(t *testing.T) {
	for _, tt := range []struct {
		version tlsname.Version
		suite   tlsname.Suite
		text    string
	}{
		{tlsname.TLS11, 0xc02b, "answered in TLS 1.1, which was not offered"},
		{0x7f1c, 0xc02b, "answered in 0x7f1c, which was not offered"},
		{tlsname.TLS12, 0x0005, "chose TLS_RSA_WITH_RC4_128_SHA, which was not offered"},
		{tlsname.TLS12, 0x1301, "chose TLS_AES_128_GCM_SHA256, which TLS 1.2 does not have"},
	} {
		target := serve(t, func(c net.Conn) {
			readRecord(c)
			c.Write(staticFlight(tt.version, tt.suite, []byte("x")))
			io.Copy(io.Discard, c)
		})
		obs, _ := asked(t, target, tlsname.HelloSmall)
		if obs.Outcome.Error != tt.text || obs.Outcome.Stage != "hello" || len(obs.Sent) != 0 {
			t.Errorf("%+v", obs.Outcome)
		}
	}
}

func TestHelloRetryLoops(t *testing.T) {
	retry := func(hello []byte, group tlsname.Group) []byte {
		msg := serverHelloMessage(tlsname.TLS12, 0x1301, func(b *cryptobyte.Builder) {
			addTestExtension(b, tlsname.ExtSupportedVersions, func(b *cryptobyte.Builder) { b.AddUint16(uint16(tlsname.TLS13)) })
			addTestExtension(b, tlsname.ExtKeyShare, func(b *cryptobyte.Builder) { b.AddUint16(uint16(group)) })
		})
		copy(msg[6:], tlswire.RetryRandom)
		const session = 4 + 2 + 32 // legacy_session_id, length first
		msg = slices.Concat(msg[:session], hello[session:session+33], msg[session+1:])
		msg[3] += 32
		return records(tlswire.RecordHandshake, tlsname.TLS12, msg)
	}
	for _, tt := range []struct {
		groups []tlsname.Group
		hello  string
		text   string
	}{
		{[]tlsname.Group{tlsname.P384, tlsname.P521}, tlsname.HelloATS, "sent a second HelloRetryRequest"},
		{[]tlsname.Group{tlsname.X448}, tlsname.HelloATS, "asked for group X448, which was not offered"},
		{[]tlsname.Group{31}, tlsname.HelloWide13, "asked for a key share in group brainpoolP256r1tls13, which this client cannot compute"},
	} {
		target := serve(t, func(c net.Conn) {
			c.SetDeadline(time.Now().Add(5 * time.Second))
			for _, g := range tt.groups {
				c.Write(retry(readRecord(c), g))
			}
			io.Copy(io.Discard, c)
		})
		obs, _ := asked(t, target, tt.hello)
		if obs.Outcome.Error != tt.text || obs.Outcome.HelloRetry != tt.groups[len(tt.groups)-1].String() && len(tt.groups) == 1 {
			t.Errorf("%+v", obs.Outcome)
		}
	}
}
