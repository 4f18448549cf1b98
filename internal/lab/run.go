package lab

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
)

// Options say how a lab of servers is set up.
type Options struct {
	Dir  string        // where root, identities and CRLs are written, for the commands
	Host string        // IP address of the lab's own HTTP server; default 127.0.0.1
	Root *testpki.Made // of a test CA, to be used as the root; nil: a new one
	Now  time.Time
}

// A Lab has the PKI that its servers share, and serves what their certificates
// point at.
type Lab struct {
	Root   *testpki.Made
	Faults []Fault

	folder Folder
	shared map[string]*testpki.Made
	http   *publisher

	mu      sync.Mutex
	servers []*Server
}

// New makes the shared certificates, with keys of their own, and writes the
// files that commands need: root.crt and alice.pem.
func New(o Options) (*Lab, error) {
	faults, err := Faults()
	if err != nil {
		return nil, err
	}
	recipes := map[string]testpki.Recipe{}
	if err := readFaults("shared", &recipes); err != nil {
		return nil, err
	}
	have := map[string]*testpki.Made{}
	if o.Root != nil {
		delete(recipes, root)
		have[root] = o.Root
	}
	l := &Lab{Faults: faults, folder: Folder{Dir: o.Dir, Now: o.Now, Force: true}}
	if l.shared, err = l.make(recipes, have); err != nil {
		return nil, err
	}
	l.Root = l.shared[root]
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	if l.http, err = publish(o.Host); err != nil {
		return nil, err
	}
	for name, m := range l.shared {
		l.http.certificate("/"+name+".cer", m)
	}
	if err := l.writeShared(); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func (l *Lab) writeShared() error {
	if _, err := l.folder.writeCertificates("root.crt", "", l.Root); err != nil {
		return err
	}
	key, err := l.shared["alice"].KeyPEM()
	if err != nil {
		return err
	}
	return l.folder.write("alice.pem", secret, []byte(key+l.shared["alice"].PEM()))
}

// make makes certificates as of now; leaves live for forty days, which no
// schedule of lifetimes forbids.
func (l *Lab) make(recipes map[string]testpki.Recipe, have map[string]*testpki.Made) (map[string]*testpki.Made, error) {
	m := &testpki.Maker{Clock: l.folder.Now.UTC().Truncate(time.Second), Random: rand.Reader, Keys: testpki.NewKey, Have: have}
	for name, r := range recipes {
		if !r.CA && r.Begins == "" {
			r.Begins = "-10d"
		}
		if !r.CA && r.Ends == "" && r.Seconds == 0 {
			r.Ends = "30d"
		}
		recipes[name] = r
	}
	return m.Make(recipes)
}

// Close stops the servers.
func (l *Lab) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.servers {
		s.listener.Close()
	}
	l.http.Close()
}

// Start starts the server of a fault at an address such as 127.0.0.1:0.
func (l *Lab) Start(name, address string) (*Server, error) {
	f := find(l.Faults, name)
	if f == nil {
		return nil, usage("there is no fault %q", name)
	}
	s := &Server{Fault: f, lab: l}
	if err := l.prepare(s); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var err error
	if s.listener, err = net.Listen("tcp", address); err != nil {
		return nil, err
	}
	s.Addr = s.listener.Addr().String()
	l.mu.Lock()
	l.servers = append(l.servers, s)
	l.mu.Unlock()
	go s.accept()
	return s, nil
}

// prepare makes a fault's certificates and publishes what they point at.
func (l *Lab) prepare(s *Server) error {
	words := strings.NewReplacer("$HOST", s.Host, "$HTTP", l.http.address)
	recipes := map[string]testpki.Recipe{}
	for name, r := range s.Certs {
		r.Subject = words.Replace(r.Subject)
		for _, list := range []*[]string{&r.DNS, &r.AIA, &r.OCSPAt, &r.CRLAt} {
			replaced := make([]string, 0, len(*list))
			for _, text := range *list {
				replaced = append(replaced, words.Replace(text))
			}
			*list = replaced
		}
		recipes[name] = r
	}
	have := maps.Clone(l.shared)
	for name := range recipes {
		delete(have, name)
	}
	made, err := l.make(recipes, have)
	if err != nil {
		return err
	}
	s.made = made
	for i := range s.CRLs {
		c := &s.CRLs[i]
		der, err := c.CRL(made, l.folder.Now)
		if err != nil {
			return err
		}
		l.http.publish("/"+s.Name+".crl", "application/pkix-crl", der)
		if err := l.folder.write(s.Name+".crl", public, pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der})); err != nil {
			return err
		}
	}
	for name, r := range recipes {
		if issuer := made[r.Issuer]; issuer != nil && len(r.OCSPAt) > 0 {
			answers := cmp.Or(s.OCSP, &testpki.Revocation{By: r.Issuer})
			l.http.responder(made[name], func() ([]byte, error) { return answers.OCSP(made, made[name], l.folder.Now) })
		}
	}
	return s.configure()
}

// pad gives certificates that have nothing to do with a list until they have so
// many octets together.
func (l *Lab) pad(octets int) ([][]byte, error) {
	const each = 15000
	var out [][]byte
	for n := 0; octets > 0; n++ {
		made, err := l.make(map[string]testpki.Recipe{"pad": {Subject: fmt.Sprintf("CN=Padding %d,O=chainspect lab", n), Issuer: "stranger", CA: true,
			Extra: []testpki.Extra{{OID: "1.3.6.1.4.1.99999.1", Hex: strings.Repeat("00", min(each, octets))}}}}, map[string]*testpki.Made{"stranger": l.shared["stranger"]})
		if err != nil {
			return nil, err
		}
		out = append(out, made["pad"].DER)
		octets -= len(made["pad"].DER)
	}
	return out, nil
}

// pool has the certificates of CAs, for crypto/tls to name and to verify with.
func pool(made map[string]*testpki.Made, names []string) *x509.CertPool {
	p := x509.NewCertPool()
	for _, name := range names {
		p.AddCert(made[name].Cert)
	}
	return p
}

// sameKey reports whether a certificate is for a key.
func sameKey(m *testpki.Made, cert *x509.Certificate) bool {
	public, ok := m.Key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(cert.PublicKey)
}
