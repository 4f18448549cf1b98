package dial

import (
	"bytes"
	"compress/zlib"
	"crypto/cipher"
	"crypto/elliptic"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// message is a handshake message with its header.
func message(typ tlsname.Message, body ...byte) []byte {
	return append([]byte{byte(typ), byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}, body...)
}

// records cuts bytes into records of the type.
func records(typ byte, version tlsname.Version, content []byte) []byte {
	var out []byte
	for len(content) > 0 {
		n := min(len(content), 1<<14)
		out = append(out, typ, byte(version>>8), byte(version), byte(n>>8), byte(n))
		out = append(out, content[:n]...)
		content = content[n:]
	}
	return out
}

func serverHelloMessage(version tlsname.Version, suite tlsname.Suite, extensions func(*cryptobyte.Builder)) []byte {
	b := cryptobyte.NewBuilder(nil)
	b.AddUint16(uint16(version))
	b.AddBytes(make([]byte, 32))
	b.AddUint8(0)
	b.AddUint16(uint16(suite))
	b.AddUint8(0)
	if extensions != nil {
		b.AddUint16LengthPrefixed(extensions)
	}
	return message(tlsname.ServerHello, b.BytesOrPanic()...)
}

func certificateMessage(version tlsname.Version, certs ...[]byte) []byte {
	b := cryptobyte.NewBuilder(nil)
	if version == tlsname.TLS13 {
		b.AddUint8(0)
	}
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, der := range certs {
			b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(der) })
			if version == tlsname.TLS13 {
				b.AddUint16(0)
			}
		}
	})
	return message(tlsname.Certificate, b.BytesOrPanic()...)
}

// staticFlight is what a server with static RSA sends: no key to prove.
func staticFlight(version tlsname.Version, suite tlsname.Suite, certs ...[]byte) []byte {
	out := serverHelloMessage(version, suite, nil)
	out = append(out, certificateMessage(version, certs...)...)
	return records(tlswire.RecordHandshake, min(version, tlsname.TLS12), append(out, message(tlsname.ServerHelloDone)...))
}

func TestManyCertificates(t *testing.T) {
	ca := newTestCA(t, "many")
	one := ca.chain(t, "many.test", ecKey(t, elliptic.P256(), "many"), nil).Certificate[0]
	for _, n := range []int{151, maxCertificate, maxCertificate + 1} {
		certs := make([][]byte, n)
		for i := range certs {
			certs[i] = one
		}
		f := newFlight(bytes.NewReader(staticFlight(tlsname.TLS12, 0x002f, certs...)))
		err := f.read()
		if kept := min(n, maxCertificate); len(f.got.list.certs) != kept {
			t.Errorf("%d certificates sent, %d kept, want %d", n, len(f.got.list.certs), kept)
		}
		if tooMany := n > maxCertificate; tooMany != (err != nil) || tooMany && !strings.Contains(err.Error(), "1024 certificates") {
			t.Errorf("%d certificates: %v", n, err)
		}
	}
}

func TestEmptyAndMalformedCertificateLists(t *testing.T) {
	for _, tt := range []struct {
		name  string
		body  []byte
		stage chain.Stage
		kept  int
		text  string
	}{
		{"empty", []byte{0, 0, 0}, "certificate", 0, "sent a certificate message without a certificate"},
		{"second cut off", []byte{0, 0, 8, 0, 0, 1, 'x', 0, 0, 9, 'y'}, "certificate", 1, "sent a malformed certificate"},
		{"no list", []byte{0}, "hello", 0, "sent a malformed certificate"},
		{"trailing bytes", []byte{0, 0, 4, 0, 0, 1, 'x', 'z'}, "certificate", 1, "sent a malformed certificate"},
	} {
		content := append(serverHelloMessage(tlsname.TLS12, 0x002f, nil), message(tlsname.Certificate, tt.body...)...)
		f := newFlight(bytes.NewReader(records(tlswire.RecordHandshake, tlsname.TLS12, content)))
		err := f.read()
		if err == nil || err.Error() != tt.text || f.got.stage != tt.stage || len(f.got.list.certs) != tt.kept {
			t.Errorf("%s: %v, stage %s, %d kept", tt.name, err, f.got.stage, len(f.got.list.certs))
		}
	}
}

// clearAEAD lets a test write the encrypted part of a flight in clear text.
type clearAEAD struct{}

func (clearAEAD) NonceSize() int                              { return 12 }
func (clearAEAD) Overhead() int                               { return 0 }
func (clearAEAD) Seal(dst, _, plain, _ []byte) []byte         { return append(dst, plain...) }
func (clearAEAD) Open(dst, _, text, _ []byte) ([]byte, error) { return append(dst, text...), nil }
func clearSuite() *tlswire.Suite13                            { s := *tlswire.Suite13ByID(0x1301); s.AEAD = newClear; return &s }
func newClear([]byte) (cipher.AEAD, error)                    { return clearAEAD{}, nil }
func clearKeys(sh *serverHello) (s *tlswire.Suite13, secret []byte, err error) {
	return clearSuite(), make([]byte, 32), nil
}

// flight13Bytes is a TLS 1.3 flight whose encryption is clearAEAD.
func flight13Bytes(messages ...[]byte) []byte {
	hello := serverHelloMessage(tlsname.TLS12, 0x1301, func(b *cryptobyte.Builder) {
		addTestExtension(b, tlsname.ExtSupportedVersions, func(b *cryptobyte.Builder) { b.AddUint16(uint16(tlsname.TLS13)) })
		addTestExtension(b, tlsname.ExtKeyShare, func(b *cryptobyte.Builder) { b.AddUint16(uint16(tlsname.X25519)); addVector16(b, make([]byte, 32)) })
	})
	inner := append(bytes.Join(messages, nil), tlswire.RecordHandshake)
	return append(records(tlswire.RecordHandshake, tlsname.TLS12, hello), records(tlswire.RecordData, tlsname.TLS12, inner)...)
}

func compressed(t testing.TB, algorithm uint16, announced int, plain []byte, tail ...string) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(plain)
	z.Close()
	packed.WriteString(strings.Join(tail, ""))
	b := cryptobyte.NewBuilder(nil)
	b.AddUint16(algorithm)
	b.AddUint24(uint32(announced))
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(packed.Bytes()) })
	return message(tlsname.CompressedCertificate, b.BytesOrPanic()...)
}

// RFC 8879: the certificates are read, and the length announced is the bound.
func TestCompressedCertificate(t *testing.T) {
	list := certificateMessage(tlsname.TLS13, []byte("leaf"), []byte("intermediate"))[4:]
	bomb := make([]byte, 8<<20)
	for _, tt := range []struct {
		name string
		msg  []byte
		kept int
		text string
	}{
		{"right", compressed(t, compressionZlib, len(list), list), 2, ""},
		{"too short", compressed(t, compressionZlib, len(list)-1, list), 0, "malformed"},
		{"too long", compressed(t, compressionZlib, len(list)+1, list), 0, "malformed"},
		{"bomb, honest", compressed(t, compressionZlib, len(bomb), bomb), 0, "no more than 102400"},
		{"bomb, lying", compressed(t, compressionZlib, 100, bomb), 0, "malformed"},
		{"brotli", compressed(t, 2, len(list), list), 0, "algorithm 2, which was not offered"},
		{"a tail", compressed(t, compressionZlib, len(list), list, "x"), 0, "malformed"},
		{"not zlib", message(tlsname.CompressedCertificate, 0, 1, 0, 0, 9, 0, 0, 2, 'x', 'y'), 0, "malformed"},
		{"cut off", message(tlsname.CompressedCertificate, 0, 1, 0), 0, "malformed"},
	} {
		f := newFlight(bytes.NewReader(flight13Bytes(message(tlsname.EncryptedExtensions, 0, 0), tt.msg,
			message(tlsname.CertificateVerify, 4, 3, 0, 1, 'x'), message(tlsname.Finished, make([]byte, 32)...))))
		f.keys = clearKeys
		err := f.read()
		if len(f.got.list.certs) != tt.kept || (err == nil) != (tt.text == "") || err != nil && !strings.Contains(err.Error(), tt.text) {
			t.Errorf("%s: %d kept, %v", tt.name, len(f.got.list.certs), err)
		}
	}
}

// Staples stand with every item in TLS 1.3, not with the leaf alone.
func TestStaplesByItem(t *testing.T) {
	b := cryptobyte.NewBuilder(nil)
	b.AddUint8(0)
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, item := range []string{"leaf", "intermediate"} {
			b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(item)) })
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				addTestExtension(b, tlsname.ExtStatusRequest, func(b *cryptobyte.Builder) {
					b.AddUint8(1)
					b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte("status of " + item)) })
				})
				addTestExtension(b, tlsname.ExtSCT, func(b *cryptobyte.Builder) {
					b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addVector16(b, []byte("SCT of "+item)) })
				})
			})
		}
	})
	list, err := parseCertificate(b.BytesOrPanic(), tlsname.TLS13, nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(list.staples[0]) != "status of leaf" || string(list.staples[1]) != "status of intermediate" ||
		len(list.scts) != 1 || string(list.scts[0]) != "SCT of leaf" {
		t.Errorf("staples %q %q, SCTs %q", list.staples[0], list.staples[1], list.scts)
	}
}

// offeredBy is an offer of the hello without a session id, as the flights of these tests echo none.
func offeredBy(t testing.TB, h *tlsname.Hello) *offer {
	t.Helper()
	o, err := newOffer(h, "localhost", true, make([]byte, offerRandom))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.marshal(); err != nil {
		t.Fatal(err)
	}
	o.sessionID = nil
	return o
}

func addTestExtension(b *cryptobyte.Builder, e tlsname.Extension, content func(*cryptobyte.Builder)) {
	b.AddUint16(uint16(e))
	b.AddUint16LengthPrefixed(content)
}
