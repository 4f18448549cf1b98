package dial

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
)

// testCA is a root and an intermediate with everything issued under them.
type testCA struct {
	root, inter       *x509.Certificate
	rootKey, interKey crypto.Signer
}

// ecKey gives the same P-256 key for the same label.
func ecKey(t testing.TB, curve elliptic.Curve, label string) *ecdsa.PrivateKey {
	t.Helper()
	size := (curve.Params().BitSize + 7) / 8
	raw := make([]byte, 0, 2*sha256.Size)
	for len(raw) < size {
		sum := sha256.Sum256(append([]byte(label), byte(len(raw))))
		raw = append(raw, sum[:]...)
	}
	raw = raw[:size]
	raw[0] = 0 // below the order of every curve used
	key, err := ecdsa.ParseRawPrivateKey(curve, raw)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

var rsaKeys sync.Map

// rsaKey gives one key of the size for the whole test run.
func rsaKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	if k, ok := rsaKeys.Load(bits); ok {
		return k.(*rsa.PrivateKey)
	}
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := rsaKeys.LoadOrStore(bits, key)
	return k.(*rsa.PrivateKey)
}

func edKey(label string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(label))
	return ed25519.NewKeyFromSeed(seed[:])
}

func template(name string, ca bool) *x509.Certificate {
	serial := sha256.Sum256([]byte(name))
	c := &x509.Certificate{
		SerialNumber:          new(big.Int).SetBytes(serial[:15]),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(90 * 24 * time.Hour),
		BasicConstraintsValid: true,
		IsCA:                  ca,
	}
	if ca {
		c.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
		return c
	}
	c.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	c.DNSNames = []string{"localhost", name}
	return c
}

func issue(t testing.TB, tmpl, parent *x509.Certificate, pub crypto.PublicKey, signer crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, pub, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func newTestCA(t testing.TB, name string) *testCA {
	t.Helper()
	ca := &testCA{rootKey: ecKey(t, elliptic.P256(), name+" root"), interKey: ecKey(t, elliptic.P256(), name+" inter")}
	root := template(name+" Root", true)
	ca.root = issue(t, root, root, ca.rootKey.Public(), ca.rootKey)
	ca.inter = issue(t, template(name+" Issuing", true), ca.root, ca.interKey.Public(), ca.rootKey)
	return ca
}

// chain issues a leaf; mod changes its template first.
func (ca *testCA) chain(t testing.TB, name string, key crypto.Signer, mod func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	tmpl := template(name, false)
	if mod != nil {
		mod(tmpl)
	}
	leaf := issue(t, tmpl, ca.inter, key.Public(), ca.interKey)
	return tls.Certificate{Certificate: [][]byte{leaf.Raw, ca.inter.Raw}, PrivateKey: key}
}

// issuersSuffix names the chain without its first certificate, as openssl's
// -cert_chain wants it.
const issuersSuffix = ".issuers"

// files writes chain and key as PEM and gives their paths.
func files(t testing.TB, dir, name string, c tls.Certificate) (chainFile, keyFile string) {
	t.Helper()
	var leafPEM, issuersPEM []byte
	for i, der := range c.Certificate {
		block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
		if i == 0 {
			leafPEM = block
		} else {
			issuersPEM = append(issuersPEM, block...)
		}
	}
	chainPEM := slices.Concat(leafPEM, issuersPEM)
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	chainFile, keyFile = filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
	for path, data := range map[string][]byte{chainFile: chainPEM, keyFile: keyPEM, chainFile + issuersSuffix: issuersPEM} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return chainFile, keyFile
}

// serve runs handle for each connection until the test ends.
func serve(t testing.TB, handle func(net.Conn)) ask.Target {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	t.Cleanup(func() { l.Close(); open.Wait() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Add(1)
			go func() { defer open.Done(); defer c.Close(); handle(c) }()
		}
	}()
	return targetAt(t, l.Addr().String())
}

func targetAt(t testing.TB, address string) ask.Target {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return ask.Target{Host: host, Port: port, ServerName: "localhost", Scheme: "https", HTTPS: true}
}

// serveTLS is a crypto/tls server that reads until the client ends.
func serveTLS(t testing.TB, config *tls.Config) ask.Target {
	return serve(t, func(c net.Conn) {
		s := tls.Server(c, config)
		s.SetDeadline(time.Now().Add(5 * time.Second))
		if s.Handshake() == nil {
			s.Read(make([]byte, 1))
		}
		s.Close()
	})
}
