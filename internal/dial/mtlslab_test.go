package dial

import (
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// An mtlsLab has a server certificate, a client CA, and identities that are
// right or wrong in one way each.
type mtlsLab struct {
	dir            string
	server         tls.Certificate
	cert, key      string // files of the server
	caFile         string // the client root
	ca             *testCA
	identities     map[string]*ask.Identity
	identityOrders []string
}

func identityOf(c tls.Certificate) *ask.Identity {
	return &ask.Identity{Chain: c.Certificate, Signer: c.PrivateKey.(crypto.Signer)}
}

func newMTLSLab(t *testing.T) *mtlsLab {
	t.Helper()
	lab := &mtlsLab{dir: t.TempDir(), ca: newTestCA(t, "client")}
	lab.server = newTestCA(t, "server").chain(t, "localhost", ecKey(t, elliptic.P256(), "server"), nil)
	lab.cert, lab.key = files(t, lab.dir, "server", lab.server)
	lab.caFile = filepath.Join(lab.dir, "client-root.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lab.ca.root.Raw})
	if err := os.WriteFile(lab.caFile, data, 0o644); err != nil {
		t.Fatal(err)
	}
	key := ecKey(t, elliptic.P256(), "client")
	right := identityOf(lab.ca.chain(t, "right", key, nil))
	self := template("self", false)
	lab.identities = map[string]*ask.Identity{
		"none":            nil,
		"right":           right,
		"right RSA":       identityOf(lab.ca.chain(t, "right RSA", rsaKey(t, 2048), nil)),
		"no intermediate": {Chain: right.Chain[:1], Signer: key},
		"foreign":         identityOf(newTestCA(t, "foreign").chain(t, "foreign", key, nil)),
		"self-signed":     {Chain: [][]byte{issue(t, self, self, key.Public(), key).Raw}, Signer: key},
		"expired": identityOf(lab.ca.chain(t, "expired", key, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
		})),
		"no clientAuth": identityOf(lab.ca.chain(t, "no clientAuth", key, func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		})),
	}
	for name := range lab.identities {
		lab.identityOrders = append(lab.identityOrders, name)
	}
	slices.Sort(lab.identityOrders)
	return lab
}

// pem is the server's certificates and key in one file, as haproxy wants them.
func (lab *mtlsLab) pem(t *testing.T) string {
	t.Helper()
	var both []byte
	for _, f := range []string{lab.cert, lab.key} {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		both = append(both, data...)
	}
	return writeFile(t, filepath.Join(lab.dir, "haproxy.pem"), string(both))
}

// fateOf is a Presented in one word: "accepted", "alert 48", "http 400".
func fateOf(p *chain.Presented) string {
	switch {
	case p == nil:
		return "not shown"
	case p.Fate == "refused" && p.Alert != nil:
		return fmt.Sprintf("alert %d", *p.Alert)
	case p.Status != 0:
		return fmt.Sprintf("%s http %d", p.Fate, p.Status)
	}
	return string(p.Fate) + " " + string(p.Over)
}

// A serverColumn is a column of the table: fates by identity, for TLS 1.3 and,
// where it differs, for TLS 1.2 behind a slash.
type serverColumn map[string]string

// alerts is what OpenSSL and its relatives answer.
func alerts(none, noClientAuth string) serverColumn {
	return serverColumn{"none": none, "right": "accepted http 200", "right RSA": "accepted http 200",
		"no intermediate": "alert 48", "foreign": "alert 48", "self-signed": "alert 48",
		"expired": "alert 45", "no clientAuth": noClientAuth}
}

func all(none, right, wrong string) serverColumn {
	return serverColumn{"none": none, "right": right, "right RSA": right, "no intermediate": wrong,
		"foreign": wrong, "self-signed": wrong, "expired": wrong, "no clientAuth": wrong}
}

// check presents every identity to the server and compares the fates.
func (lab *mtlsLab) check(t *testing.T, target ask.Target, mode chain.ClientAuthMode, want serverColumn) {
	t.Helper()
	for _, name := range lab.identityOrders {
		id := lab.identities[name]
		fates := map[string]*chain.Presented{}
		d := dialer{Timeout: 10 * time.Second}
		if id == nil {
			for _, hello := range []string{tlsname.HelloATS, tlsname.HelloOnly12} {
				obs := lab.without(t, target, hello)
				fates[obs.Outcome.Version] = obs.Presented
				if obs.ClientAuth == nil || obs.ClientAuth.Mode != mode {
					t.Errorf("%s: client auth %+v, want %s", obs.Outcome.Version, obs.ClientAuth, mode)
				}
			}
		} else {
			observations, blobs := d.Probe(context.Background(), target, ask.Plan{Identity: id})
			wantChain(t, observations[0], blobs, lab.server.Certificate)
			for _, obs := range observations[1:] {
				fates[obs.Outcome.Version] = obs.Presented
				wantChain(t, obs, blobs, lab.server.Certificate)
				if obs.Presented == nil || len(obs.Presented.Sent) != len(id.Chain) {
					t.Errorf("%s %s: presented %+v", name, obs.Hello, obs.Presented)
				}
				if obs.ClientAuth == nil || obs.ClientAuth.Mode != mode {
					t.Errorf("%s %s: client auth %+v", name, obs.Hello, obs.ClientAuth)
				}
			}
		}
		want13, want12, differ := strings.Cut(want[name], "/")
		if !differ {
			want12 = want13
		}
		for version, want := range map[string]string{"TLS 1.3": want13, "TLS 1.2": want12} {
			if got := fateOf(fates[version]); got != want {
				t.Errorf("%s, %s: %s, want %s", name, version, got, want)
			}
		}
	}
}

// without probes one version with no identity.
func (lab *mtlsLab) without(t *testing.T, target ask.Target, hello string) chain.Observation {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	d := &dialer{}
	a := d.handshake(ctx, target, named(t, hello), nil)
	if !a.obs.Outcome.OK {
		t.Fatalf("%s: %+v", hello, a.obs.Outcome)
	}
	if issuer := lab.ca.root.RawSubject; len(a.obs.ClientAuth.Authorities) > 0 &&
		!slices.EqualFunc(a.obs.ClientAuth.Authorities, [][]byte{issuer}, slices.Equal[[]byte]) {
		t.Errorf("authorities %x", a.obs.ClientAuth.Authorities)
	}
	if len(a.obs.ClientAuth.Schemes) == 0 || (hello == tlsname.HelloOnly12) != (len(a.obs.ClientAuth.Types) > 0) {
		t.Errorf("%s: demand %+v", hello, a.obs.ClientAuth)
	}
	d.settle(ctx, a, true)
	return a.obs
}
