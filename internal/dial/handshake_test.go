package dial

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

func named(t testing.TB, name string) Hello {
	t.Helper()
	h, ok := NamedHello(name)
	if !ok {
		t.Fatalf("no hello %q", name)
	}
	return h
}

// ask says one hello of the table.
func ask(t testing.TB, target Target, hello string) (chain.Observation, map[string][]byte) {
	t.Helper()
	d := Dialer{Timeout: 5 * time.Second}
	return d.Handshake(context.Background(), target, named(t, hello))
}

// wantChain compares what was sent with the chain configured.
func wantChain(t testing.TB, obs chain.Observation, blobs map[string][]byte, want [][]byte) {
	t.Helper()
	if len(obs.Sent) != len(want) {
		t.Fatalf("%d items sent, want %d: %+v", len(obs.Sent), len(want), obs.Outcome)
	}
	for i, key := range obs.Sent {
		if !bytes.Equal(blobs[key], want[i]) {
			t.Errorf("item %d is not the one configured", i)
		}
	}
}

func TestAppleHelloVersions(t *testing.T) {
	ca := newTestCA(t, "versions")
	cert := ca.chain(t, "a.test", ecKey(t, elliptic.P256(), "leaf"), nil)
	for _, tt := range []struct {
		max            uint16
		version, group string
	}{{tls.VersionTLS13, "TLS 1.3", "X25519MLKEM768"}, {tls.VersionTLS12, "TLS 1.2", "X25519"}} {
		target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tt.max})
		obs, blobs := ask(t, target, HelloATS)
		wantChain(t, obs, blobs, cert.Certificate)
		o := obs.Outcome
		if !o.OK || o.Version != tt.version || o.Group != tt.group || o.KeyProof != "verified" {
			t.Errorf("%s: %+v", tt.version, o)
		}
		if obs.ClientAuth == nil || obs.ClientAuth.Mode != "none" {
			t.Errorf("%s: client auth %+v", tt.version, obs.ClientAuth)
		}
	}
}
