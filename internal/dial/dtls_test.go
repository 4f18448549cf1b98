package dial

import (
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"net"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pion/dtls/v3"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/testserver"
	"github.com/chainspect/chainspect/pkg/chain"
)

// datagramServer starts openssl s_server over UDP, whose port cannot be tried.
func datagramServer(t *testing.T, chainFile, keyFile string, args ...string) ask.Target {
	t.Helper()
	port := freePort(t)
	all := []string{"s_server", "-accept", "127.0.0.1:" + port}
	if chainFile != "" {
		all = append(all, "-cert", chainFile, "-key", keyFile, "-cert_chain", chainFile+issuersSuffix)
	}
	cmd := exec.Command(program(t, "openssl"), append(all, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var output lockedBuffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &output, &output, time.Second
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
		if t.Failed() {
			t.Log(output.String())
		}
	})
	for range 3000 { // taking the port to see whether it is free would take it from the server
		if strings.Contains(output.String(), "ACCEPT") {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return datagramTarget(t, "127.0.0.1:"+port)
}

func datagramTarget(t *testing.T, address string) ask.Target {
	target := targetAt(t, address)
	target.Scheme, target.HTTPS = schemeDTLS, false
	return target
}

func askedInDatagrams(target ask.Target, timeout time.Duration) []chain.Observation {
	d := dialer{Timeout: timeout}
	observations, _ := d.Probe(context.Background(), target, ask.Plan{})
	return observations
}

func TestDTLSOpenSSL(t *testing.T) {
	dir := t.TempDir()
	ca := newTestCA(t, "dtls")
	ecChain, rsaChain := ca.chain(t, "dtls.test", ecKey(t, elliptic.P256(), "dtls"), nil), ca.chain(t, "dtls-rsa.test", rsaKey(t, 2048), nil)
	ec, ecFile := files(t, dir, "ec", ecChain)
	rsa, rsaFile := files(t, dir, "rsa", rsaChain)
	for name, tt := range map[string]struct {
		rsa   bool
		args  string
		want  string
		proof chain.KeyProof
	}{
		"1.2":          {false, "-dtls1_2", "DTLS 1.2", chain.ProofVerified},
		"1.0":          {false, "-dtls1 -cipher ALL:@SECLEVEL=0", "DTLS 1.0", chain.ProofVerified},
		"RSA":          {true, "-dtls1_2", "DTLS 1.2", chain.ProofVerified},
		"static RSA":   {true, "-dtls1_2 -cipher AES128-SHA", "DTLS 1.2", chain.NotCheckable("static RSA in DTLS")},
		"small":        {true, "-dtls -mtu 256", "DTLS 1.2", chain.ProofVerified},
		"listen first": {false, "-dtls -listen", "DTLS 1.2", chain.ProofVerified},
		"asks":         {false, "-dtls -verify 3", "DTLS 1.2", chain.ProofVerified},
	} {
		t.Run(name, func(t *testing.T) {
			c, target := ecChain, ask.Target{}
			if tt.rsa {
				c, target = rsaChain, datagramServer(t, rsa, rsaFile, strings.Fields(tt.args)...)
			} else {
				target = datagramServer(t, ec, ecFile, strings.Fields(tt.args)...)
			}
			observations := askedInDatagrams(target, 5*time.Second)
			o := observations[0]
			if len(observations) != 1 || !o.Outcome.OK || o.Outcome.Version != tt.want || o.Outcome.KeyProof != tt.proof ||
				!slices.Equal(o.Sent, []string{chain.BlobKey(c.Certificate[0]), chain.BlobKey(c.Certificate[1])}) {
				t.Errorf("%+v", observations)
			}
			if asks := o.ClientAuth != nil && o.ClientAuth.Mode != chain.ClientAuthNone; asks != (name == "asks") {
				t.Errorf("%+v", o.ClientAuth)
			}
		})
	}
	t.Run("pre-shared key", func(t *testing.T) {
		observations := askedInDatagrams(datagramServer(t, "", "", "-dtls1_2", "-nocert", "-psk", "0123456789abcdef"), 5*time.Second)
		if o := observations[len(observations)-1]; !strings.Contains(o.Outcome.Suite, "_PSK_") {
			t.Errorf("%+v", observations)
		}
	})
}

// Another implementation; it asks for a cookie always.
func TestDTLSPion(t *testing.T) {
	ca := newTestCA(t, "dtls")
	c := ca.chain(t, "pion.test", ecKey(t, elliptic.P256(), "pion"), nil)
	l, err := dtls.ListenWithOptions("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)},
		dtls.WithCertificates(tls.Certificate{Certificate: c.Certificate, PrivateKey: c.PrivateKey}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go testserver.Accept(l, func(conn net.Conn) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		conn.(*dtls.Conn).HandshakeContext(ctx)
	})
	observations := askedInDatagrams(datagramTarget(t, l.Addr().String()), 5*time.Second)
	if o := observations[0]; !o.Outcome.OK || o.Outcome.Version != "DTLS 1.2" || len(o.Sent) != 2 || o.Outcome.KeyProof != chain.ProofVerified {
		t.Errorf("%+v", observations)
	}
}

// relay passes datagrams on as a test wants; each is numbered in its direction.
func relay(t *testing.T, to ask.Target, pass func(fromClient bool, n int, datagram []byte) [][]byte) ask.Target {
	t.Helper()
	front, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { front.Close() })
	go func() {
		backs := map[string]net.Conn{}
		n := 0
		buffer := make([]byte, 1<<16)
		for {
			size, from, err := front.ReadFrom(buffer)
			if err != nil {
				return
			}
			back := backs[from.String()]
			if back == nil {
				if back, err = net.Dial("udp", to.Address()); err != nil {
					return
				}
				backs[from.String()] = back
				go func() {
					answer := make([]byte, 1<<16)
					for m := 0; ; m++ {
						size, err := back.Read(answer)
						if err != nil {
							return
						}
						for _, p := range pass(false, m, slices.Clone(answer[:size])) {
							front.WriteTo(p, from)
						}
					}
				}()
			}
			for _, p := range pass(true, n, slices.Clone(buffer[:size])) {
				back.Write(p)
			}
			n++
		}
	}()
	return datagramTarget(t, front.LocalAddr().String())
}

// What gets lost is said again, what comes twice or in another order is put right.
func TestDTLSOverABadNetwork(t *testing.T) {
	dir := t.TempDir()
	ca := newTestCA(t, "dtls")
	chainFile, keyFile := files(t, dir, "rsa", ca.chain(t, "dtls.test", rsaKey(t, 2048), nil))
	var held []byte
	for name, pass := range map[string]func(fromClient bool, n int, p []byte) [][]byte{
		"the hello is lost": func(fromClient bool, n int, p []byte) [][]byte {
			if fromClient && n == 0 {
				return nil
			}
			return [][]byte{p}
		},
		"an answer is lost": func(fromClient bool, n int, p []byte) [][]byte {
			if !fromClient && n == 1 {
				return nil
			}
			return [][]byte{p}
		},
		"all comes twice": func(_ bool, _ int, p []byte) [][]byte { return [][]byte{p, p} },
		"out of order": func(fromClient bool, n int, p []byte) [][]byte {
			if fromClient || n == 0 {
				return [][]byte{p}
			}
			if n%2 == 1 {
				held = p
				return nil
			}
			return [][]byte{p, held}
		},
		"with strange ones between": func(fromClient bool, _ int, p []byte) [][]byte {
			if fromClient {
				return [][]byte{p}
			}
			return [][]byte{[]byte("hello"), {22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, p}
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := datagramServer(t, chainFile, keyFile, "-dtls1_2", "-mtu", "400")
			observations := askedInDatagrams(relay(t, server, pass), 8*time.Second)
			if o := observations[0]; !o.Outcome.OK || len(o.Sent) != 2 || o.Outcome.KeyProof != chain.ProofVerified {
				t.Errorf("%+v", observations)
			}
		})
	}
}

// datagrams answers each datagram with others.
func datagrams(t *testing.T, answer func(n int, p []byte) [][]byte) ask.Target {
	t.Helper()
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		buffer := make([]byte, 1<<16)
		for n := 0; ; n++ {
			size, from, err := l.ReadFrom(buffer)
			if err != nil {
				return
			}
			for _, p := range answer(n, buffer[:size]) {
				l.WriteTo(p, from)
			}
		}
	}()
	return datagramTarget(t, l.LocalAddr().String())
}

// record is one handshake message in one datagram.
func datagramOf(typ byte, sequence byte, body []byte) []byte {
	msg := append([]byte{typ, 0, byte(len(body) >> 8), byte(len(body)), 0, sequence, 0, 0, 0, 0, byte(len(body) >> 8), byte(len(body))}, body...)
	return append([]byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, sequence, byte(len(msg) >> 8), byte(len(msg))}, msg...)
}

// A server that is silent, absent, hostile, or speaks DTLS 1.3 ends within the time
// with one line that says so.
func TestHostileDatagrams(t *testing.T) {
	hello13 := append([]byte{0xfe, 0xfd}, make([]byte, 32)...)
	hello13 = append(hello13, 0, 0x13, 0x01, 0, 0, 6, 0, 43, 0, 2, 0xfe, 0xfc)
	cookie := datagramOf(3, 0, append([]byte{0xfe, 0xff, 20}, make([]byte, 20)...))
	alert := []byte{21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 70}
	huge := []byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 2, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0}
	for name, tt := range map[string]struct {
		answer func(n int, p []byte) [][]byte
		kind   chain.ErrorKind
		want   string // in the last observation
	}{
		"silent": {func(int, []byte) [][]byte { return nil }, chain.ErrorTimeout, "no answer to the ClientHello came from UDP 127.0.0.1:"},
		"DTLS 1.3 alone": {func(_ int, p []byte) [][]byte {
			if strings.Contains(string(p), "\xfe\xfc") {
				return [][]byte{datagramOf(2, 0, hello13)}
			}
			return [][]byte{alert}
		}, chain.ErrorTLS, "speaks DTLS 1.3"},
		"endless cookies": {func(int, []byte) [][]byte { return [][]byte{cookie} }, chain.ErrorNotTLS, "no DTLS"},
		"an echo":         {func(_ int, p []byte) [][]byte { return [][]byte{p} }, chain.ErrorTimeout, "no answer"},
		"a talker": {func(int, []byte) [][]byte {
			var out [][]byte
			for range 100 {
				out = append(out, []byte("220 hello"))
			}
			return out
		}, chain.ErrorNotTLS, "datagrams that are no DTLS"},
		"huge messages": {func(int, []byte) [][]byte { return [][]byte{huge} }, chain.ErrorTimeout, "no answer"},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			observations := askedInDatagrams(datagrams(t, tt.answer), 1500*time.Millisecond)
			o := observations[len(observations)-1].Outcome
			if o.OK || o.ErrorKind != tt.kind || !strings.Contains(o.Error, tt.want) || time.Since(begun) > 3*time.Second {
				t.Errorf("%v %+v", time.Since(begun), observations)
			}
		})
	}
	absent := datagramTarget(t, "127.0.0.1:"+freePort(t))
	if o := askedInDatagrams(absent, time.Second); len(o) != 1 || o[0].Outcome.ErrorKind != chain.ErrorRefused ||
		!strings.Contains(o[0].Outcome.Error, "nothing listens at UDP") {
		t.Errorf("%+v", o)
	}
}
