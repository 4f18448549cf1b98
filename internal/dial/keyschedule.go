package dial

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	_ "crypto/sha256" // crypto.SHA256
	_ "crypto/sha512" // crypto.SHA384
	"encoding/binary"
	"hash"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A suite13 is what a TLS 1.3 suite computes with (RFC 8446 appendix B.4).
type suite13 struct {
	hash   crypto.Hash
	keyLen int
	aead   func(key []byte) (cipher.AEAD, error)
}

func suite13ByID(id tlsname.Suite) *suite13 {
	switch id {
	case 0x1301:
		return &suite13{crypto.SHA256, 16, newGCM}
	case 0x1302:
		return &suite13{crypto.SHA384, 32, newGCM}
	case 0x1303:
		return &suite13{crypto.SHA256, chacha20poly1305.KeySize, chacha20poly1305.New}
	case 0x1304:
		return &suite13{crypto.SHA256, 16, func(key []byte) (cipher.AEAD, error) { return newCCM(key, 16) }}
	case 0x1305:
		return &suite13{crypto.SHA256, 16, func(key []byte) (cipher.AEAD, error) { return newCCM(key, 8) }}
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

// trafficKeys protect one direction of a TLS 1.3 connection (RFC 8446 section 5.3).
type trafficKeys struct {
	aead cipher.AEAD
	iv   []byte
	seq  uint64
}

// keys derives the record protection of a traffic secret (RFC 8446 section 7.3).
func (s *suite13) keys(secret []byte) (*trafficKeys, error) {
	key, err := s.expandLabel(secret, "key", nil, s.keyLen)
	if err != nil {
		return nil, err
	}
	const ivLen = 12
	iv, err := s.expandLabel(secret, "iv", nil, ivLen)
	if err != nil {
		return nil, err
	}
	aead, err := s.aead(key)
	if err != nil {
		return nil, err
	}
	return &trafficKeys{aead: aead, iv: iv}, nil
}

func (k *trafficKeys) nonce() []byte {
	nonce := append(make([]byte, 0, 12), k.iv...)
	tail := nonce[len(nonce)-8:]
	binary.BigEndian.PutUint64(tail, binary.BigEndian.Uint64(tail)^k.seq)
	k.seq++
	return nonce
}

func (k *trafficKeys) open(header, body []byte) ([]byte, error) {
	return k.aead.Open(body[:0], k.nonce(), body, header)
}

// seal gives one whole record of the content type.
func (k *trafficKeys) seal(typ byte, content []byte) []byte {
	length := len(content) + 1 + k.aead.Overhead()
	out := make([]byte, recordHeader, recordHeader+length)
	out[0], out[1], out[2] = recordData, 3, 3
	binary.BigEndian.PutUint16(out[3:], uint16(length))
	inner := append(append(make([]byte, 0, len(content)+1), content...), typ)
	return k.aead.Seal(out, k.nonce(), inner, out[:recordHeader])
}

// expandLabel is HKDF-Expand-Label of RFC 8446 section 7.1.
func (s *suite13) expandLabel(secret []byte, label string, context []byte, n int) ([]byte, error) {
	b := cryptobyte.NewFixedBuilder(make([]byte, 0, 4+6+len(label)+len(context)))
	b.AddUint16(uint16(n))
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte("tls13 " + label)) })
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(context) })
	info, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Expand(s.hash.New, secret, string(info), n)
}

// The secrets of RFC 8446 section 7.1 that the engine needs.
type secrets struct {
	suite          *suite13
	master         []byte
	client, server []byte // handshake traffic secrets
}

// newSecrets runs the key schedule from the shared secret to the handshake
// traffic secrets; transcript is the hash up to ServerHello.
func newSecrets(s *suite13, shared, transcript []byte) (*secrets, error) {
	n := s.hash.Size()
	empty := s.hash.New().Sum(nil)
	zero := make([]byte, n)
	early, err := hkdf.Extract(s.hash.New, zero, nil)
	if err != nil {
		return nil, err
	}
	derived, err := s.expandLabel(early, "derived", empty, n)
	if err != nil {
		return nil, err
	}
	handshake, err := hkdf.Extract(s.hash.New, shared, derived)
	if err != nil {
		return nil, err
	}
	if derived, err = s.expandLabel(handshake, "derived", empty, n); err != nil {
		return nil, err
	}
	out := &secrets{suite: s}
	if out.master, err = hkdf.Extract(s.hash.New, zero, derived); err != nil {
		return nil, err
	}
	if out.client, err = s.expandLabel(handshake, "c hs traffic", transcript, n); err != nil {
		return nil, err
	}
	out.server, err = s.expandLabel(handshake, "s hs traffic", transcript, n)
	return out, err
}

// finishedMAC is verify_data of RFC 8446 section 4.4.4.
func (s *suite13) finishedMAC(secret, transcript []byte) ([]byte, error) {
	key, err := s.expandLabel(secret, "finished", nil, s.hash.Size())
	if err != nil {
		return nil, err
	}
	mac := hmac.New(s.hash.New, key)
	mac.Write(transcript)
	return mac.Sum(nil), nil
}

// A transcript is the running hash of the handshake messages; until the suite
// is known it keeps them.
type transcript struct {
	kept []byte
	hash hash.Hash
}

func (t *transcript) add(msg []byte) {
	if t.hash == nil {
		t.kept = append(t.kept, msg...)
		return
	}
	t.hash.Write(msg)
}

func (t *transcript) start(h crypto.Hash) {
	t.hash = h.New()
	t.hash.Write(t.kept)
	t.kept = nil
}

// retry puts message_hash in the place of the first hello (RFC 8446 section 4.4.1).
func (t *transcript) retry(h crypto.Hash) {
	first := h.New()
	first.Write(t.kept)
	t.kept = first.Sum([]byte{msgMessageHash, 0, 0, byte(h.Size())})
}

func (t *transcript) sum() []byte { return t.hash.Sum(nil) }
