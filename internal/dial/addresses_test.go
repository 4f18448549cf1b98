package dial

import (
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/testserver"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// resolvesTo is a transport to which every name has these addresses, in this order.
func resolvesTo(addresses ...string) TCP {
	return TCP{Lookup: func(context.Context, string, string) ([]netip.Addr, error) {
		var list []netip.Addr
		for _, a := range addresses {
			list = append(list, netip.MustParseAddr(a))
		}
		return list, nil
	}}
}

// serveAlso serves a chain at another loopback address, on the port of a target.
func serveAlso(t *testing.T, ip string, target ask.Target, config *tls.Config) {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(ip, target.Port))
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { l.Close() })
	go testserver.Accept(l, func(c net.Conn) {
		s := tls.Server(c, config)
		s.Handshake()
		s.Read(make([]byte, 1))
	})
}

// The next address is taken where one refuses, and the observation says so; the
// handshakes that follow stay there.
func TestAnotherAddressIsTaken(t *testing.T) {
	ca := newTestCA(t, "addresses")
	cert := ca.chain(t, "www.shop.test", ecKey(t, elliptic.P256(), "addresses"), nil)
	target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}})
	target.Host = "www.shop.test"
	d := dialer{Timeout: 5 * time.Second, Transport: resolvesTo("127.0.0.2", "127.0.0.1", "127.0.0.1")}
	observations, _ := d.Probe(context.Background(), target, ask.Plan{Also: []string{tlsname.HelloECDSA}})
	if len(observations) != 2 || !observations[0].Outcome.OK || !observations[1].Outcome.OK {
		t.Fatalf("%+v", observations)
	}
	first, next := observations[0], observations[1]
	if len(first.Resolved) != 2 || len(first.Missed) != 1 || first.Missed[0].Address != net.JoinHostPort("127.0.0.2", target.Port) ||
		first.Missed[0].Error != "connection refused" || first.Network != net.JoinHostPort("127.0.0.1", target.Port) {
		t.Errorf("%+v", first)
	}
	if next.Network != first.Network || len(next.Resolved)+len(next.Missed) > 0 {
		t.Errorf("%+v", next)
	}
	if first.Address != net.JoinHostPort("www.shop.test", target.Port) {
		t.Errorf("address %s", first.Address)
	}
}

// Every address is asked where the plan says so, a dead one does not hide the rest.
func TestEveryAddress(t *testing.T) {
	ca := newTestCA(t, "every")
	one := ca.chain(t, "one.test", ecKey(t, elliptic.P256(), "one"), nil)
	two := ca.chain(t, "two.test", ecKey(t, elliptic.P256(), "two"), nil)
	target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{one}})
	serveAlso(t, "127.0.0.2", target, &tls.Config{Certificates: []tls.Certificate{two}})
	target.Host = "www.shop.test"
	d := dialer{Timeout: 5 * time.Second, Transport: resolvesTo("127.0.0.3", "127.0.0.1", "127.0.0.2")}
	observations, blobs := d.Probe(context.Background(), target, ask.Plan{EveryAddress: true})
	at := map[string]chain.Observation{}
	for _, o := range observations {
		at[o.Network] = o
	}
	if o := at[net.JoinHostPort("127.0.0.3", target.Port)]; len(at) != 3 || o.Outcome.ErrorKind != "refused" || len(o.Sent) > 0 {
		t.Fatalf("%+v", observations)
	}
	wantChain(t, at[net.JoinHostPort("127.0.0.1", target.Port)], blobs, one.Certificate)
	wantChain(t, at[net.JoinHostPort("127.0.0.2", target.Port)], blobs, two.Certificate)
}

func TestAddressesOfAFamily(t *testing.T) {
	all := resolvesTo("2001:db8::1", "::ffff:192.0.2.1", "192.0.2.1", "2001:db8::2")
	for family, want := range map[string]int{"": 3, "tcp": 3, "tcp4": 1, "tcp6": 2} {
		list, port, err := TCP{Family: family, Lookup: all.Lookup}.addresses(context.Background(), ask.Target{Host: "h", Port: "443"})
		if err != nil || port != "443" || len(list) != want {
			t.Errorf("%q: %v %s %v", family, list, port, err)
		}
	}
	var many []string
	for i := range 100 {
		many = append(many, netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}).String())
	}
	if list, _, _ := resolvesTo(many...).addresses(context.Background(), ask.Target{Host: "h", Port: "443"}); len(list) != maxAddresses {
		t.Errorf("%d addresses", len(list))
	}
	_, _, err := TCP{Family: "tcp6", Lookup: resolvesTo("192.0.2.1").Lookup}.addresses(context.Background(), ask.Target{Host: "h", Port: "443"})
	if e, ok := err.(*ReachError); !ok || e.Text != `"h" has no IPv6 address` {
		t.Errorf("%v", err)
	}
}
