package inspect

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/fetch/web"
	"github.com/chainspect/chainspect/internal/testserver"
	"github.com/chainspect/chainspect/pkg/chain"
)

// A made certificate and its key.
type made struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// make issues a certificate; change edits its template first.
func makeCert(t *testing.T, name string, issuer *made, change func(*x509.Certificate)) *made {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	tmpl := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}
	if change != nil {
		change(tmpl)
	}
	m := &made{key: key}
	parent, signer := tmpl, key
	if issuer != nil {
		parent, signer = issuer.Certificate, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	if m.Certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return m
}

func isCA(c *x509.Certificate) {
	c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
}

// A world is a CA whose addresses answer as a test wants, and a server under it.
type world struct {
	t                  *testing.T
	web                *httptest.Server
	root, middle, leaf *made
	mu                 sync.Mutex
	pages              map[string]http.HandlerFunc
	asked              []string
	target             string
}

func newWorld(t *testing.T, change func(w *world, leaf *x509.Certificate)) *world {
	w := &world{t: t, pages: map[string]http.HandlerFunc{}}
	w.web = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asked = append(w.asked, r.Method+" "+r.URL.Path)
		for prefix, page := range w.pages {
			if strings.HasPrefix(r.URL.Path, prefix) {
				page(rw, r)
				return
			}
		}
		http.NotFound(rw, r)
	}))
	t.Cleanup(w.web.Close)
	w.root = makeCert(t, "Fetch Root", nil, isCA)
	w.middle = makeCert(t, "Fetch Issuing", w.root, isCA)
	w.leaf = makeCert(t, "fetch.test", w.middle, func(c *x509.Certificate) {
		c.DNSNames, c.ExtKeyUsage = []string{"fetch.test"}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		if change != nil {
			change(w, c)
		}
	})
	return w
}

func (w *world) page(prefix string, body []byte) {
	w.pages[prefix] = func(rw http.ResponseWriter, _ *http.Request) { rw.Write(body) }
}

// serve starts the TLS server with a list.
func (w *world) serve(list ...*made) {
	c := tls.Certificate{PrivateKey: list[0].key}
	for _, m := range list {
		c.Certificate = append(c.Certificate, m.Raw)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{c}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { l.Close() })
	go testserver.Accept(l, func(c net.Conn) { c.(*tls.Conn).Handshake(); c.Read(make([]byte, 1)) })
	w.target = l.Addr().String()
}

// check judges the server.
func (w *world) check(j Job) (*chain.Report, *chain.Capture) {
	w.t.Helper()
	j.Target, j.Name, j.RootsPEM = w.target, ptr("fetch.test"), &List{string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.root.Raw}))}
	if j.Timeout == 0 {
		j.Timeout = Duration(5 * time.Second)
	}
	r := &Runner{Now: time.Now, Ask: dial.Ask, Fetch: new(web.Client).Fetch}
	begun := time.Now()
	results := r.Inspect(context.Background(), j)
	if took := time.Since(begun); took > time.Duration(j.Timeout)+time.Second {
		w.t.Errorf("it took %v", took)
	}
	if len(results) != 1 || results[0].Report == nil {
		w.t.Fatalf("%+v", results)
	}
	return results[0].Report, results[0].Capture
}

// again judges the saved capture, without a network: the answer is the same.
func (w *world) again(first *chain.Report, c *chain.Capture) {
	w.t.Helper()
	data, err := json.Marshal(c)
	if err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(w.t.TempDir(), "capture.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		w.t.Fatal(err)
	}
	r := &Runner{Now: time.Now}
	results := r.Inspect(context.Background(),
		Job{Target: path, RootsPEM: &List{string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.root.Raw}))}})
	if len(results) != 1 || results[0].Report == nil || results[0].Report.Verdict != first.Verdict ||
		len(results[0].Report.Revocation) != len(first.Revocation) {
		w.t.Errorf("judged again: %+v", results)
	}
}

func evidenceOf(c *chain.Capture, kind string) []chain.Evidence {
	var out []chain.Evidence
	for _, e := range c.Evidence {
		if e.Kind == kind && e.Origin == "fetched" {
			out = append(out, e)
		}
	}
	return out
}

func fires(r *chain.Report, rule string) *chain.Finding {
	for i := range r.Findings {
		if r.Findings[i].Rule == rule {
			return &r.Findings[i]
		}
	}
	return nil
}

func pkcs7(t *testing.T, certs ...*made) []byte {
	t.Helper()
	dir := t.TempDir()
	args := []string{"crl2pkcs7", "-nocrl", "-outform", "DER"}
	for i, c := range certs {
		path := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "-certfile", path)
	}
	out, err := exec.Command("openssl", args...).Output()
	if err != nil {
		t.Skipf("openssl: %v", err)
	}
	return out
}

// An issuer that was not sent is fetched from the address the certificate names.
func TestFetchIssuer(t *testing.T) {
	w := newWorld(t, func(w *world, c *x509.Certificate) { c.IssuingCertificateURL = []string{w.web.URL + "/ca"} })
	w.serve(w.leaf)
	other := makeCert(t, "Another", nil, isCA)
	for name, tt := range map[string]struct {
		page    http.HandlerFunc
		form    string
		failure string // "": it is fetched
	}{
		"DER":    {func(rw http.ResponseWriter, _ *http.Request) { rw.Write(w.middle.Raw) }, "", ""},
		"PKCS#7": {func(rw http.ResponseWriter, _ *http.Request) { rw.Write(pkcs7(t, other, w.middle)) }, "pkcs7", ""},
		"PEM": {func(rw http.ResponseWriter, _ *http.Request) {
			pem.Encode(rw, &pem.Block{Type: "CERTIFICATE", Bytes: w.middle.Raw})
		}, "pem", ""},
		"a page":  {func(rw http.ResponseWriter, _ *http.Request) { io.WriteString(rw, "<!DOCTYPE html><html>sorry") }, "", "what came is an HTML page"},
		"cut off": {func(rw http.ResponseWriter, _ *http.Request) { rw.Write(w.middle.Raw[:100]) }, "", "what came is DER that is cut off"},
		"gone":    {http.NotFound, "", "it answers HTTP 404"},
		"nothing": {func(http.ResponseWriter, *http.Request) {}, "", "what came is "},
		"elsewhere": {func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "http://169.254.169.254/", http.StatusFound)
		}, "", "169.254.169.254 is link-local"},
		"is endless": {func(rw http.ResponseWriter, _ *http.Request) { io.Copy(rw, endless{}) }, "", "sends more than 1048576 octets"},
	} {
		w.mu.Lock()
		w.pages["/ca"] = tt.page
		w.mu.Unlock()
		r, c := w.check(Job{Fetch: "aia"})
		got := evidenceOf(c, chain.EvidenceCert)
		if len(got) == 0 {
			t.Errorf("%s: no evidence", name)
			continue
		}
		e := got[len(got)-1]
		if e.Source != w.web.URL+"/ca" || (tt.failure == "") != (e.Error == "") || !strings.Contains(e.Error, tt.failure) {
			t.Errorf("%s: %+v", name, e)
		}
		if tt.failure == "" &&
			(e.Form != tt.form || e.Address != strings.TrimPrefix(w.web.URL, "http://") || len(e.SHA256) != 64 || e.Time.IsZero() ||
				!bytes.Equal(e.Data, w.middle.Raw)) {
			t.Errorf("%s: %+v", name, e)
		}
		if f := fires(r, "basic-intermediate-missing"); f == nil || (tt.failure == "") != (f.Severity == chain.Warning) {
			t.Errorf("%s: %+v", name, f)
		}
		if f := fires(r, "reach-issuer-form"); (f != nil) != (tt.form == "pem") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	w.mu.Lock()
	w.page("/ca", w.middle.Raw)
	w.mu.Unlock()
	first, c := w.check(Job{Fetch: "aia"})
	w.again(first, c)
	w.asked = nil
	if r, c := w.check(Job{}); len(c.Evidence) > 0 || len(w.asked) > 0 || r.Verdict != chain.Untrusted {
		t.Errorf("without --fetch: %v, %v", w.asked, r.Verdict)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Issuers of issuers are fetched as far as MaxDepth; a certificate that names itself
// ends it, and what leads to an anchor is not asked for.
func TestFetchChainOfIssuers(t *testing.T) {
	w := newWorld(t, nil)
	aia := func(name string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { isCA(c); c.IssuingCertificateURL = []string{w.web.URL + "/" + name} }
	}
	a := makeCert(t, "A", w.root, isCA)
	b := makeCert(t, "B", a, aia("a"))
	c := makeCert(t, "C", b, aia("b"))
	leaf := makeCert(t, "fetch.test", c, func(x *x509.Certificate) {
		x.DNSNames, x.ExtKeyUsage, x.IssuingCertificateURL = []string{"fetch.test"}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
			[]string{"ldap://ca.test/x", w.web.URL + "/c"}
	})
	w.page("/a", a.Raw)
	w.page("/b", b.Raw)
	w.page("/c", c.Raw)
	w.serve(leaf)
	r, got := w.check(Job{Fetch: "aia"})
	if n := len(evidenceOf(got, chain.EvidenceCert)); n != 3 || r.Verdict == chain.Untrusted {
		t.Errorf("%d fetched, %v: %s", n, r.Verdict, r.Headline)
	}
	// Two certificates that are each other's issuers by name.
	x := makeCert(t, "X", w.root, func(c *x509.Certificate) { isCA(c); c.Subject = pkix.Name{CommonName: "X"} })
	loop := makeCert(t, "Y", x, aia("y"))
	under := makeCert(t, "fetch.test", loop, func(c *x509.Certificate) {
		c.DNSNames, c.IssuingCertificateURL = []string{"fetch.test"}, []string{w.web.URL + "/y"}
	})
	w.page("/y", loop.Raw)
	w.serve(under)
	w.asked = nil
	if r, got := w.check(Job{Fetch: "aia"}); len(evidenceOf(got, chain.EvidenceCert)) != 1 || len(w.asked) != 1 || r.Verdict != chain.Untrusted {
		t.Errorf("%v, %v", w.asked, r.Verdict)
	}
}

// answer makes an OCSP response about the leaf.
func (w *world) answer(signer *made, issuer *made, about *made, tmpl ocsp.Response) []byte {
	w.t.Helper()
	tmpl.SerialNumber = about.SerialNumber
	if tmpl.ThisUpdate.IsZero() {
		tmpl.ThisUpdate = time.Now().Add(-time.Hour)
	}
	if tmpl.NextUpdate.IsZero() {
		tmpl.NextUpdate = time.Now().Add(time.Hour)
	}
	if signer != issuer {
		tmpl.Certificate = signer.Certificate
	}
	der, err := ocsp.CreateResponse(issuer.Certificate, signer.Certificate, tmpl, crypto.Signer(signer.key))
	if err != nil {
		w.t.Fatal(err)
	}
	return der
}

// Every answer a responder may give, honest and hostile: good, revoked, or could
// not tell, with the reason.
func TestFetchOCSP(t *testing.T) {
	w := newWorld(t, func(w *world, c *x509.Certificate) { c.OCSPServer = []string{w.web.URL + "/ocsp"} })
	w.serve(w.leaf, w.middle)
	signing := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} }
	delegated := makeCert(t, "Responder", w.middle, signing)
	unnamed := makeCert(t, "No responder", w.middle, nil)
	ca := makeCert(t, "A CA", w.middle, func(c *x509.Certificate) { isCA(c); signing(c); c.KeyUsage |= x509.KeyUsageDigitalSignature })
	stranger := makeCert(t, "Stranger", nil, signing)
	expired := makeCert(t, "Old responder", w.middle, func(c *x509.Certificate) { signing(c); c.NotAfter = time.Now().Add(-time.Minute) })
	good := ocsp.Response{Status: ocsp.Good}
	past, future := time.Now().Add(-48*time.Hour), time.Now().Add(48*time.Hour)
	for name, tt := range map[string]struct {
		body   []byte
		status string
		why    string
	}{
		"good":      {w.answer(w.middle, w.middle, w.leaf, good), "good", ""},
		"delegated": {w.answer(delegated, w.middle, w.leaf, good), "good", ""},
		"revoked": {w.answer(w.middle, w.middle, w.leaf, ocsp.Response{Status: ocsp.Revoked, RevokedAt: past, RevocationReason: 1}),
			"revoked", "keyCompromise"},
		"unknown": {w.answer(w.middle, w.middle, w.leaf, ocsp.Response{Status: ocsp.Unknown}), "unknown",
			"the responder does not know the certificate"},
		"without OCSPSigning": {w.answer(unnamed, w.middle, w.leaf, good), "unknown", "without the purpose OCSPSigning"},
		"a CA":                {w.answer(ca, w.middle, w.leaf, good), "unknown", "signed by a CA other than the issuer"},
		"another CA's":        {w.answer(stranger, w.middle, w.leaf, good), "unknown", "that the issuer did not sign"},
		"an old responder":    {w.answer(expired, w.middle, w.leaf, good), "unknown", "whose certificate ran out on"},
		"ran out": {w.answer(w.middle, w.middle, w.leaf,
			ocsp.Response{Status: ocsp.Good, ThisUpdate: past, NextUpdate: past.Add(time.Hour)}), "unknown", "ran out on"},
		"not yet": {w.answer(w.middle, w.middle, w.leaf,
			ocsp.Response{Status: ocsp.Good, ThisUpdate: future, NextUpdate: future.Add(time.Hour)}), "unknown", "holds from"},
		"about another": {w.answer(w.middle, w.middle, w.middle, good), "unknown", "about another certificate"},
		"critical": {w.answer(w.middle, w.middle, w.leaf,
			ocsp.Response{Status: ocsp.Good,
				ExtraExtensions: []pkix.Extension{{Id: []int{1, 2, 3}, Critical: true,
					Value: []byte{5, 0}}}}), "unknown", "critical extension that is not known"},
		"tryLater":     {[]byte{0x30, 3, 0x0a, 1, 3}, "unknown", "the responder answered tryLater"},
		"unauthorized": {ocsp.UnauthorizedErrorResponse, "unknown", "the responder answered unauthorized"},
		"a page":       {[]byte("<html>"), "unknown", "not an OCSP response"},
	} {
		w.mu.Lock()
		w.page("/ocsp", tt.body)
		w.mu.Unlock()
		for _, require := range []bool{false, true} {
			j := Job{Fetch: "ocsp"}
			if require {
				j.Revocation = "require"
			}
			r, c := w.check(j)
			if got := evidenceOf(c, chain.EvidenceOCSP); len(got) != 1 || got[0].Source != w.web.URL+"/ocsp" {
				t.Errorf("%s: %+v", name, got)
			}
			i := 0
			for i < len(r.Revocation) && r.Revocation[i].Item != 0 {
				i++
			}
			if i == len(r.Revocation) || r.Revocation[i].Status != tt.status || !strings.Contains(r.Revocation[i].Why+r.Revocation[i].Reason, tt.why) {
				t.Errorf("%s: %+v", name, r.Revocation)
			}
			untrusted := tt.status == "revoked"
			if (r.Verdict == chain.Untrusted) != untrusted && !require {
				t.Errorf("%s: %v, %s", name, r.Verdict, r.Headline)
			}
			if !require {
				w.again(r, c)
			}
			if require && tt.status == "unknown" && r.Verdict == chain.Trusted {
				t.Errorf("%s is trusted with --revocation require", name)
			}
			if soft := fires(r, "revocation-soft-fail"); (soft != nil) != (tt.status == "unknown" && !require) {
				t.Errorf("%s, require %v: %+v", name, require, soft)
			}
		}
	}
}

// openssl's own responder, asked by GET and by POST.
func TestFetchFromOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	port, err := testserver.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(w *world, c *x509.Certificate) { c.OCSPServer = []string{"http://127.0.0.1:" + port} })
	w.serve(w.leaf, w.middle)
	dir := t.TempDir()
	write := func(name string, blocks ...*pem.Block) string {
		path := filepath.Join(dir, name)
		var b bytes.Buffer
		for _, x := range blocks {
			pem.Encode(&b, x)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key, _ := x509.MarshalPKCS8PrivateKey(w.middle.key)
	ca := write("ca.pem", &pem.Block{Type: "CERTIFICATE", Bytes: w.middle.Raw})
	keyFile := write("ca.key", &pem.Block{Type: "PRIVATE KEY", Bytes: key})
	index := filepath.Join(dir, "index.txt")
	for state, status := range map[string]string{"V": "good", "R": "revoked"} {
		revoked := ""
		if state == "R" {
			revoked = time.Now().UTC().Add(-time.Hour).Format("060102150405Z") + ",keyCompromise"
		}
		hex := fmt.Sprintf("%X", w.leaf.SerialNumber)
		if len(hex)%2 == 1 {
			hex = "0" + hex
		}
		line := fmt.Sprintf("%s\t%s\t%s\t%s\tunknown\t/CN=fetch.test\n", state, w.leaf.NotAfter.UTC().Format("060102150405Z"), revoked, hex)
		if err := os.WriteFile(index, []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("openssl", "ocsp", "-port", port, "-index", index, "-CA", ca, "-rsigner", ca, "-rkey", keyFile, "-ndays", "1")
		out, err := cmd.StderrPipe() // a connection that asks nothing would keep it from everybody else
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		go func() { time.Sleep(5 * time.Second); cmd.Process.Kill() }()
		for lines := bufio.NewScanner(out); lines.Scan() && !strings.Contains(lines.Text(), "waiting for"); {
		}
		go io.Copy(io.Discard, out)
		stop := sync.OnceFunc(func() { cmd.Process.Kill(); cmd.Wait() })
		t.Cleanup(stop)
		r, c := w.check(Job{Fetch: "ocsp"})
		if len(r.Revocation) == 0 || r.Revocation[0].Status != status {
			t.Errorf("%s: %+v %+v", status, r.Revocation, evidenceOf(c, chain.EvidenceOCSP))
		}
		stop()
	}
}

// A list, its delta, and a partition that is for others.
func TestFetchCRL(t *testing.T) {
	w := newWorld(t, func(w *world, c *x509.Certificate) {
		c.CRLDistributionPoints = []string{"ldap://ca.test/cn=x", w.web.URL + "/list"}
	})
	w.serve(w.leaf, w.middle)
	list := func(change func(*x509.RevocationList)) []byte {
		tmpl := &x509.RevocationList{Number: big.NewInt(7), ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: time.Now().Add(time.Hour)}
		if change != nil {
			change(tmpl)
		}
		der, err := x509.CreateRevocationList(rand.Reader, tmpl, w.middle.Certificate, w.middle.key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	revoked := []x509.RevocationListEntry{{SerialNumber: w.leaf.SerialNumber, RevocationTime: time.Now().Add(-time.Minute), ReasonCode: 4}}
	for name, tt := range map[string]struct {
		body        []byte
		status, why string
	}{
		"empty":   {list(nil), "good", ""},
		"revoked": {list(func(l *x509.RevocationList) { l.RevokedCertificateEntries = revoked }), "revoked", "superseded"},
		"in PEM":  {pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: list(nil)}), "good", ""},
		"ran out": {list(func(l *x509.RevocationList) {
			l.ThisUpdate, l.NextUpdate = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
		}), "unknown", "ran out on"},
		"for CAs": {list(func(l *x509.RevocationList) {
			l.ExtraExtensions = []pkix.Extension{{Id: []int{2, 5, 29, 28}, Critical: true, Value: []byte{0x30, 3, 0x82, 1, 0xff}}}
		}), "unknown", "for CA certificates only"},
		"a page":   {[]byte("<!DOCTYPE html><html>"), "unknown", "what came is an HTML page"},
		"no bytes": {nil, "unknown", "not a certificate revocation list"},
	} {
		w.mu.Lock()
		w.page("/list", tt.body)
		w.mu.Unlock()
		r, c := w.check(Job{Fetch: "crl"})
		if len(evidenceOf(c, chain.EvidenceCRL)) != 1 {
			t.Errorf("%s: %+v", name, evidenceOf(c, chain.EvidenceCRL))
		}
		if len(r.Revocation) == 0 || r.Revocation[0].Status != tt.status || !strings.Contains(r.Revocation[0].Why+r.Revocation[0].Reason, tt.why) {
			t.Errorf("%s: %+v", name, r.Revocation)
		}
		if (r.Verdict == chain.Untrusted) != (tt.status == "revoked") {
			t.Errorf("%s: %v %s", name, r.Verdict, r.Headline)
		}
	}
}

// A responder that says nothing leaves time for the judging, and the report says so.
func TestFetchWithinTheTime(t *testing.T) {
	w := newWorld(t, func(w *world, c *x509.Certificate) {
		c.OCSPServer = []string{w.web.URL + "/a", w.web.URL + "/b", w.web.URL + "/c", w.web.URL + "/d"}
	})
	w.serve(w.leaf, w.middle)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	silent := newWorld(t, func(_ *world, c *x509.Certificate) { c.OCSPServer = []string{"http://" + l.Addr().String() + "/"} })
	silent.serve(silent.leaf, silent.middle)
	r, c := silent.check(Job{Fetch: "ocsp", Timeout: Duration(1500 * time.Millisecond)})
	if got := evidenceOf(c, chain.EvidenceOCSP); len(got) != 1 || got[0].Error != "no answer within the time" || r.Verdict != chain.Trusted {
		t.Errorf("%+v %v", got, r.Verdict)
	}
	_, c = w.check(Job{Fetch: "ocsp"})
	if got := evidenceOf(c, chain.EvidenceOCSP); len(got) != 3 { // apple: R-04
		t.Errorf("%d responders were asked", len(got))
	}
}
