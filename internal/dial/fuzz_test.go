package dial

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/tlsscript"
	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// recordedFlight is what a crypto/tls server sends to crypto/tls as a client.
func recordedFlight(f *testing.F, config *tls.Config, version tlsname.Version) []byte {
	f.Helper()
	client, server := net.Pipe()
	go func() {
		s := tls.Server(server, config)
		s.Handshake()
		s.Close()
	}()
	rec := &recording{Conn: client}
	c := tls.Client(rec, &tls.Config{InsecureSkipVerify: true, MaxVersion: uint16(version)})
	c.SetDeadline(time.Now().Add(5 * time.Second))
	if err := c.Handshake(); err != nil {
		f.Fatal(err)
	}
	client.Close()
	return rec.copied
}

// FuzzFlight feeds records to the reader: with keys that leave the text as it
// is, so that the messages behind TLS 1.3's encryption are reached, and with
// an offer, so that signatures are checked.
func FuzzFlight(f *testing.F) {
	ca := newTestCA(f, "fuzz")
	cert := ca.chain(f, "fuzz.test", ecKey(f, elliptic.P256(), "fuzz"), nil)
	cert.OCSPStaple = []byte("staple")
	config := &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequestClientCert}
	f.Add(recordedFlight(f, config, tls.VersionTLS12))
	f.Add(recordedFlight(f, config, tls.VersionTLS13))
	f.Add(staticFlight(tlsname.SSL30, 0x0005, cert.Certificate...))
	list := certificateMessage(tlsname.TLS13, cert.Certificate...)
	request := message(tlsname.CertificateRequest, 0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3)
	verify := message(tlsname.CertificateVerify, 4, 3, 0, 1, 'x')
	finished := message(tlsname.Finished, make([]byte, 32)...)
	f.Add(flight13Bytes(message(tlsname.EncryptedExtensions, 0, 0), request, list, verify, finished))
	f.Add(flight13Bytes(message(tlsname.EncryptedExtensions, 0, 0), compressed(f, compressionZlib, len(list)-4, list[4:]), verify, finished))
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n"))
	wide, _ := tlsname.HelloNamed(tlsname.HelloWide12)
	wide.Versions = append(slices.Clone(wide.Versions), tlsname.TLS13, tlsname.SSL30)
	wide.Suites = append(slices.Clone(wide.Suites), append(named(f, tlsname.HelloWide13).Suites, named(f, tlsname.HelloPSK).Suites...)...)
	offers := []*offer{nil, offeredBy(f, &wide)} // made once: what is random would count as coverage
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, o := range offers {
			flight := newFlight(bytes.NewReader(data))
			flight.offer = o
			flight.keys = func(sh *serverHello) (*tlswire.Suite13, []byte, error) {
				flight.transcript.Start(clearSuite().Hash)
				return clearKeys(sh)
			}
			err := flight.read()
			a := newAttempt(ask.Target{Host: "fuzz.test", Port: "443"}, "tls", "fuzz")
			a.fill(&flight.got)
			if err != nil {
				a.fail(err)
			}
			checkObservation(t, a, err == nil)
		}
	})
}

// attempted is a handshake on a stream, and the error that ended it.
func attempted(t *testing.T, conn net.Conn, h *tlsname.Hello) (*attempt, error) {
	t.Helper()
	hs, err := newHandshake(eager{conn}, h, "fuzz.test", true)
	if err != nil {
		t.Fatal(err)
	}
	err = hs.run()
	a := newAttempt(ask.Target{Host: "fuzz.test", Port: "443"}, "tls", "fuzz")
	a.fill(&hs.flight.got)
	if err != nil {
		a.fail(err)
	}
	return a, err
}

// FuzzEncrypted lets a server say anything behind a right server_hello, in records
// that decrypt: a type, a length and content each.
func FuzzEncrypted(f *testing.F) {
	ids := scriptIdentities(f)
	for _, msg := range [][]byte{{8, 0, 0, 2, 0, 0}, {13, 0, 0, 11, 0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3}, {11, 0, 0, 4, 0, 0, 0, 0}, {20, 0, 0, 0},
		{25, 0, 0, 1, 0}} {
		f.Add(append([]byte{tlswire.RecordHandshake, byte(len(msg))}, msg...))
	}
	f.Add([]byte{tlswire.RecordAlert, 2, 2, 40})
	h := named(f, tlsname.HelloSmall)
	f.Fuzz(func(t *testing.T, data []byte) {
		client, server := net.Pipe()
		defer client.Close()
		client.SetDeadline(time.Now().Add(5 * time.Second))
		go tlsscript.Answer(server, tlsscript.Case{Version: tlsname.TLS13, Run: func(c *tlsscript.Conn) error {
			if c.ServerHello13(nil) == nil {
				_ = sayAll(c, data)
			}
			return io.EOF // which ends the connection
		}}, ids)
		a, err := attempted(t, client, &h)
		if err == nil {
			t.Error("nobody signed, and nothing was wrong")
		}
		checkObservation(t, a, err == nil)
	})
}

// sayAll says records: a type, a length and content each.
func sayAll(c *tlsscript.Conn, data []byte) (err error) {
	for err == nil && len(data) >= 2 {
		n := min(int(data[1]), len(data)-2)
		err = c.Record(data[0], data[2:2+n])
		data = data[2+n:]
	}
	return err
}

// FuzzAftermath lets a server say anything behind its Finished.
func FuzzAftermath(f *testing.F) {
	ids := scriptIdentities(f)
	for _, msg := range [][]byte{{4, 0, 0, 14, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0}, {24, 0, 0, 1, 0},
		{13, 0, 0, 11, 0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3}, {0, 0, 0, 0}} {
		f.Add(append([]byte{tlswire.RecordHandshake, byte(len(msg))}, msg...), true)
	}
	f.Add([]byte{tlswire.RecordAlert, 2, 2, 40, tlswire.RecordData, 1, 0}, false)
	f.Fuzz(func(t *testing.T, data []byte, in13 bool) {
		right, _ := tlsscript.Find("1.2 right")
		if in13 {
			right, _ = tlsscript.Find("1.3 right")
		}
		client, server := net.Pipe()
		defer client.Close()
		client.SetDeadline(time.Now().Add(5 * time.Second))
		said := right
		said.Run = func(c *tlsscript.Conn) error {
			c.After = func() error { return sayAll(c, data) }
			_ = right.Run(c)
			return io.EOF
		}
		go tlsscript.Answer(server, said, ids)
		h := named(t, tlsname.HelloSmall)
		a, err := attempted(t, client, &h)
		if a.obs.Outcome.KeyProof != chain.ProofVerified {
			t.Errorf("the key was proved before: %+v", a.obs.Outcome)
		}
		checkObservation(t, a, err == nil)
	})
}

// eager does not wait until what it writes is read: a net.Pipe has no buffer.
type eager struct{ net.Conn }

func (e eager) Write(b []byte) (int, error) {
	go e.Conn.Write(bytes.Clone(b))
	return len(b), nil
}

// checkObservation holds what is promised of every observation.
func checkObservation(t *testing.T, a *attempt, ok bool) {
	t.Helper()
	o := a.obs.Outcome
	if len(a.obs.Sent) > maxCertificate || len(a.obs.Sent) != len(a.blobs) {
		t.Errorf("%d items, %d blobs", len(a.obs.Sent), len(a.blobs))
	}
	if ok != (o.Error == "") || ok != (o.ErrorKind == "") {
		t.Errorf("ok %v, but %+v", ok, o)
	}
	if strings.IndexFunc(o.Error, func(r rune) bool { return r < ' ' || r == 0x7f }) >= 0 || len(o.Error) > 400 {
		t.Errorf("not one line of print: %q", o.Error)
	}
	if len(a.obs.Sent) > 0 && o.Stage == "hello" {
		t.Errorf("certificates without a certificate message: %+v", o)
	}
	for item := range a.obs.Staples {
		if item >= maxCertificate {
			t.Errorf("a staple for item %d", item)
		}
	}
}

func FuzzGet(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	f.Add([]byte("HTTP/1.1 301 Moved\r\nLocation: https://a.example/\r\n\r\n<title>x</title>"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		answer, _ := get(&scripted{Reader: bytes.NewReader(data)}, ask.Target{Host: "fuzz.test", Port: "443"})
		if len(answer.body) > maxHTTPAnswer || len(answer.location) > 4*maxSentence {
			t.Errorf("%d bytes of body, %d of location", len(answer.body), len(answer.location))
		}
		if _, sentence := judgeHTTP(answer); len(sentence) > 2*maxSentence || strings.ContainsAny(sentence, "\r\n\x1b") {
			t.Errorf("sentence %q", sentence)
		}
	})
}

// FuzzServer lets a server answer anything to a whole probe.
func FuzzServer(f *testing.F) {
	f.Add([]byte("220 mail.example.com ESMTP\r\n"))
	f.Add(records(tlswire.RecordAlert, tlsname.TLS12, []byte{2, 40}))
	f.Add(staticFlight(tlsname.TLS12, 0xc02b, []byte("x")))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := dialer{Timeout: 10 * time.Second, Transport: pipe{data}}
		observations, blobs := d.Probe(context.Background(), ask.Target{Host: "fuzz.test", Port: "443", HTTPS: true}, ask.Plan{})
		if n := len(observations); n == 0 || n > 20 {
			t.Errorf("%d observations", n)
		}
		for _, obs := range observations {
			for _, key := range obs.Sent {
				if _, ok := blobs[key]; !ok {
					t.Errorf("no blob %s", key)
				}
			}
			if obs.Outcome.OK && obs.Outcome.KeyProof == chain.ProofWrong {
				t.Errorf("ok with a wrong signature: %+v", obs.Outcome)
			}
		}
	})
}

// pipe is a Transport to a server that says one thing and hangs up.
type pipe struct{ answer []byte }

func (p pipe) Open(context.Context, ask.Target) (net.Conn, error) {
	client, server := net.Pipe()
	go func() {
		defer server.Close()
		go io.Copy(io.Discard, server)
		server.Write(p.answer)
	}()
	return client, nil
}
