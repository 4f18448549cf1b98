package lab

import (
	"encoding/base64"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/chainspect/chainspect/internal/testpki"
)

// A publisher serves what certificates point at: issuers, CRLs, and an OCSP
// responder.
type publisher struct {
	address string // "http://127.0.0.1:1234"
	server  *http.Server

	mu      sync.Mutex
	files   map[string]published
	answers map[string]func() ([]byte, error) // OCSP, by serial number
}

type published struct {
	kind string
	data []byte
}

// maxRequest bounds an OCSP request (RFC 6960 appendix A.1 has some hundred octets).
const maxRequest = 16 << 10

func publish(host string) (*publisher, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, err
	}
	p := &publisher{address: "http://" + l.Addr().String(), files: map[string]published{}, answers: map[string]func() ([]byte, error){}}
	p.server = &http.Server{Handler: http.HandlerFunc(p.serve), ReadTimeout: patience, WriteTimeout: patience, MaxHeaderBytes: maxRequest, ErrorLog: log.New(io.Discard, "", 0)}
	go p.server.Serve(l)
	return p, nil
}

// patience is how long one connection may take.
const patience = 15 * time.Second

func (p *publisher) Close() { p.server.Close() }

func (p *publisher) publish(path, kind string, data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files[path] = published{kind, data}
}

func (p *publisher) certificate(path string, m *testpki.Made) {
	p.publish(path, "application/pkix-cert", m.DER)
}

func (p *publisher) responder(m *testpki.Made, answer func() ([]byte, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers[m.Cert.SerialNumber.String()] = answer
}

func (p *publisher) serve(w http.ResponseWriter, r *http.Request) {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/ocsp"); ok {
		data, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
		if r.Method == http.MethodGet { // RFC 6960 appendix A.1: the request stands behind the address
			data, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "/"))
		}
		w.Header().Set("Content-Type", "application/ocsp-response")
		w.Write(p.ocsp(data, err))
		return
	}
	p.mu.Lock()
	f, ok := p.files[r.URL.Path]
	p.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.kind)
	w.Write(f.data)
}

// ocsp answers a request.
func (p *publisher) ocsp(data []byte, err error) []byte {
	if err != nil {
		return ocsp.MalformedRequestErrorResponse
	}
	request, err := ocsp.ParseRequest(data)
	if err != nil {
		return ocsp.MalformedRequestErrorResponse
	}
	p.mu.Lock()
	answer := p.answers[request.SerialNumber.String()]
	p.mu.Unlock()
	if answer == nil {
		return ocsp.UnauthorizedErrorResponse
	}
	response, err := answer()
	if err != nil {
		return ocsp.InternalErrorErrorResponse
	}
	return response
}
