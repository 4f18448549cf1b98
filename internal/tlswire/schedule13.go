package tlswire

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	_ "crypto/sha256" // crypto.SHA256
	_ "crypto/sha512" // crypto.SHA384
	"encoding/binary"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A Suite13 is what a TLS 1.3 suite computes with (RFC 8446 appendix B.4).
type Suite13 struct {
	Hash   crypto.Hash
	KeyLen int
	AEAD   func(key []byte) (cipher.AEAD, error)
}

// Suite13ByID is nil for a suite that TLS 1.3 does not have.
func Suite13ByID(id tlsname.Suite) *Suite13 {
	switch id {
	case 0x1301:
		return &Suite13{crypto.SHA256, 16, newGCM}
	case 0x1302:
		return &Suite13{crypto.SHA384, 32, newGCM}
	case 0x1303:
		return &Suite13{crypto.SHA256, chacha20poly1305.KeySize, chacha20poly1305.New}
	case 0x1304:
		return &Suite13{crypto.SHA256, 16, func(key []byte) (cipher.AEAD, error) { return newCCM(key, 16) }}
	case 0x1305:
		return &Suite13{crypto.SHA256, 16, func(key []byte) (cipher.AEAD, error) { return newCCM(key, 8) }}
	}
	return nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// protection13 is the record protection of RFC 8446 sections 5.2 and 5.3.
type protection13 struct {
	aead cipher.AEAD
	iv   []byte
	seq  uint64
}

// Protect derives the record protection of a traffic secret (RFC 8446 section 7.3).
func (s *Suite13) Protect(secret []byte) (Protection, error) {
	key, err := s.expandLabel(secret, "key", nil, s.KeyLen)
	if err != nil {
		return nil, err
	}
	iv, err := s.expandLabel(secret, "iv", nil, nonceLen)
	if err != nil {
		return nil, err
	}
	aead, err := s.AEAD(key)
	if err != nil {
		return nil, err
	}
	return &protection13{aead: aead, iv: iv}, nil
}

const nonceLen = 12

// xorNonce mixes the sequence number into the IV (RFC 8446 section 5.3, RFC 7905 section 2).
func xorNonce(iv []byte, seq uint64) []byte {
	nonce := append(make([]byte, 0, nonceLen), iv...)
	tail := nonce[len(nonce)-8:]
	binary.BigEndian.PutUint64(tail, binary.BigEndian.Uint64(tail)^seq)
	return nonce
}

func (p *protection13) nonce() []byte {
	p.seq++
	return xorNonce(p.iv, p.seq-1)
}

func (p *protection13) Open(header [RecordHeader]byte, body []byte) ([]byte, error) {
	return p.aead.Open(body[:0], p.nonce(), body, header[:])
}

func (p *protection13) Seal(typ byte, content []byte) []byte {
	length := len(content) + 1 + p.aead.Overhead()
	out := make([]byte, RecordHeader, RecordHeader+length)
	out[0], out[1], out[2] = RecordData, 3, 3
	binary.BigEndian.PutUint16(out[3:], uint16(length))
	inner := append(append(make([]byte, 0, len(content)+1), content...), typ)
	return p.aead.Seal(out, p.nonce(), inner, out[:RecordHeader])
}

// expandLabel is HKDF-Expand-Label of RFC 8446 section 7.1.
func (s *Suite13) expandLabel(secret []byte, label string, context []byte, n int) ([]byte, error) {
	b := cryptobyte.NewFixedBuilder(make([]byte, 0, 4+6+len(label)+len(context)))
	b.AddUint16(uint16(n))
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte("tls13 " + label)) })
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(context) })
	info, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Expand(s.Hash.New, secret, string(info), n)
}

// Secrets are those of RFC 8446 section 7.1 that a handshake needs.
type Secrets struct {
	Suite          *Suite13
	Client, Server []byte // handshake traffic secrets
	master         []byte
}

// NewSecrets runs the key schedule from the shared secret to the handshake
// traffic secrets; transcript is the hash up to ServerHello.
func NewSecrets(s *Suite13, shared, transcript []byte) (*Secrets, error) {
	n := s.Hash.Size()
	empty := s.Hash.New().Sum(nil)
	zero := make([]byte, n)
	early, err := hkdf.Extract(s.Hash.New, zero, nil)
	if err != nil {
		return nil, err
	}
	derived, err := s.expandLabel(early, "derived", empty, n)
	if err != nil {
		return nil, err
	}
	handshake, err := hkdf.Extract(s.Hash.New, shared, derived)
	if err != nil {
		return nil, err
	}
	if derived, err = s.expandLabel(handshake, "derived", empty, n); err != nil {
		return nil, err
	}
	out := &Secrets{Suite: s}
	if out.master, err = hkdf.Extract(s.Hash.New, zero, derived); err != nil {
		return nil, err
	}
	if out.Client, err = s.expandLabel(handshake, "c hs traffic", transcript, n); err != nil {
		return nil, err
	}
	out.Server, err = s.expandLabel(handshake, "s hs traffic", transcript, n)
	return out, err
}

// Traffic is the secret of application data, of the client or the server;
// transcript is the hash up to the server's Finished.
func (sec *Secrets) Traffic(client bool, transcript []byte) ([]byte, error) {
	label := "s ap traffic"
	if client {
		label = "c ap traffic"
	}
	return sec.Suite.expandLabel(sec.master, label, transcript, sec.Suite.Hash.Size())
}

// Updated is the secret that follows one of Traffic (RFC 8446 section 7.2).
func (s *Suite13) Updated(secret []byte) ([]byte, error) {
	return s.expandLabel(secret, "traffic upd", nil, s.Hash.Size())
}

// FinishedMAC is verify_data of RFC 8446 section 4.4.4.
func (s *Suite13) FinishedMAC(secret, transcript []byte) ([]byte, error) {
	key, err := s.expandLabel(secret, "finished", nil, s.Hash.Size())
	if err != nil {
		return nil, err
	}
	mac := hmac.New(s.Hash.New, key)
	mac.Write(transcript)
	return mac.Sum(nil), nil
}

// SignedServer13 is what the server's CertificateVerify signs (RFC 8446 section 4.4.3).
func SignedServer13(transcript []byte) []byte {
	signed := make([]byte, 64, 64+34+len(transcript))
	for i := range signed {
		signed[i] = 0x20
	}
	signed = append(signed, "TLS 1.3, server CertificateVerify\x00"...)
	return append(signed, transcript...)
}
