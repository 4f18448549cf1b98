package dial

import (
	"crypto"
	"crypto/elliptic"
	"net"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/tlsscript"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

func scriptIdentities(t testing.TB) tlsscript.Identities {
	ca := newTestCA(t, "script")
	id := func(name string, key crypto.Signer) tlsscript.Identity {
		return tlsscript.Identity{Chain: ca.chain(t, name+".test", key, nil).Certificate, Key: key}
	}
	return tlsscript.Identities{P256: id("p256", ecKey(t, elliptic.P256(), "p256")), P384: id("p384", ecKey(t, elliptic.P384(), "p384")),
		RSA: id("rsa", rsaKey(t, 2048))}
}

// scriptServer serves a case until the test ends.
func scriptServer(t testing.TB, c tlsscript.Case, ids tlsscript.Identities) ask.Target {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go tlsscript.Serve(l, c, ids)
	return targetAt(t, l.Addr().String())
}

// Every scripted breach of the grammar is found, with its reason, and what is
// right is let through with the key proved.
func TestGrammar(t *testing.T) {
	ids := scriptIdentities(t)
	for _, c := range tlsscript.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			obs, _ := asked(t, scriptServer(t, c, ids), tlsname.HelloDefault)
			o := obs.Outcome
			if c.Reason == "" {
				if !o.OK || o.KeyProof != chain.ProofVerified || o.Breach != nil {
					t.Errorf("%+v", o)
				}
				return
			}
			if o.OK || !strings.Contains(o.Error, c.Reason) {
				t.Errorf("ok %v, error %q, want %q", o.OK, o.Error, c.Reason)
			}
			if (o.Breach == nil) != (o.Alert != nil || o.ErrorKind == chain.ErrorClosed) {
				t.Errorf("breach %v, alert %v, %s", o.Breach, o.Alert, o.ErrorKind)
			}
		})
	}
}
