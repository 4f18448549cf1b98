package tlswire

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/rc4"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"hash"
	"math/big"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A Suite12 is what a suite from TLS 1.0 to TLS 1.2 computes with (RFC 5246
// section 6.3, appendix C).
type Suite12 struct {
	version tlsname.Version
	prf     func() hash.Hash // TLS 1.2
	mac     func() hash.Hash // nil: AEAD
	macLen  int
	keyLen  int
	ivLen   int // of the key block: the salt of AEAD, the IV of TLS 1.0
	aead    func(key []byte) (cipher.AEAD, error)
	block   func(key []byte) (cipher.Block, error)
	stream  bool // RC4
}

// Suite12For is nil for a suite that is not computed here, and for SSL 3.0.
func Suite12For(id tlsname.Suite, version tlsname.Version) *Suite12 {
	if version < tlsname.TLS10 || version > tlsname.TLS12 {
		return nil
	}
	s := &Suite12{version: version, prf: sha256.New}
	_, bulk, _ := strings.Cut(id.String(), "_WITH_")
	if strings.HasSuffix(bulk, "_SHA384") {
		s.prf = sha512.New384
	}
	cbc := func(keyLen int, mac func() hash.Hash) {
		s.keyLen, s.mac, s.macLen, s.block = keyLen, mac, mac().Size(), aes.NewCipher
	}
	aead := func(keyLen, ivLen int, f func(key []byte) (cipher.AEAD, error)) {
		s.keyLen, s.ivLen, s.aead = keyLen, ivLen, f
	}
	const salt = 4
	switch bulk {
	case "AES_128_GCM_SHA256":
		aead(16, salt, newGCM)
	case "AES_256_GCM_SHA384":
		aead(32, salt, newGCM)
	case "AES_128_CCM":
		aead(16, salt, func(key []byte) (cipher.AEAD, error) { return newCCM(key, 16) })
	case "AES_256_CCM":
		aead(32, salt, func(key []byte) (cipher.AEAD, error) { return newCCM(key, 16) })
	case "AES_128_CCM_8":
		aead(16, salt, func(key []byte) (cipher.AEAD, error) { return newCCM(key, 8) })
	case "AES_256_CCM_8":
		aead(32, salt, func(key []byte) (cipher.AEAD, error) { return newCCM(key, 8) })
	case "CHACHA20_POLY1305_SHA256":
		aead(chacha20poly1305.KeySize, nonceLen, chacha20poly1305.New)
	case "AES_128_CBC_SHA":
		cbc(16, sha1.New)
	case "AES_256_CBC_SHA":
		cbc(32, sha1.New)
	case "AES_128_CBC_SHA256":
		cbc(16, sha256.New)
	case "AES_256_CBC_SHA256":
		cbc(32, sha256.New)
	case "AES_256_CBC_SHA384":
		cbc(32, sha512.New384)
	case "3DES_EDE_CBC_SHA":
		cbc(24, sha1.New)
		s.block = des.NewTripleDESCipher
	case "RC4_128_SHA":
		cbc(16, sha1.New)
		s.block, s.stream = nil, true
	case "RC4_128_MD5":
		cbc(16, md5.New)
		s.block, s.stream = nil, true
	default:
		return nil
	}
	if s.aead != nil && version < tlsname.TLS12 {
		return nil
	}
	if s.block != nil {
		s.ivLen = aes.BlockSize
		if s.keyLen == 24 {
			s.ivLen = des.BlockSize
		}
	}
	return s
}

// pHash is P_hash of RFC 5246 section 5.
func pHash(h func() hash.Hash, secret, seed []byte, n int) []byte {
	var out []byte
	mac := hmac.New(h, secret)
	mac.Write(seed)
	a := mac.Sum(nil)
	for len(out) < n {
		mac.Reset()
		mac.Write(a)
		mac.Write(seed)
		out = mac.Sum(out)
		mac.Reset()
		mac.Write(a)
		a = mac.Sum(nil)
	}
	return out[:n]
}

// random is the PRF of RFC 5246 section 5; before TLS 1.2 two hashes share the
// secret (RFC 2246 section 5).
func (s *Suite12) random(secret []byte, label string, seed []byte, n int) []byte {
	seed = append([]byte(label), seed...)
	if s.version >= tlsname.TLS12 {
		return pHash(s.prf, secret, seed, n)
	}
	half := (len(secret) + 1) / 2
	out := pHash(md5.New, secret[:half], seed, n)
	for i, b := range pHash(sha1.New, secret[len(secret)-half:], seed, n) {
		out[i] ^= b
	}
	return out
}

// digest is the hash of the handshake messages (RFC 5246 section 7.4.9).
func (s *Suite12) digest(messages []byte) []byte {
	if s.version >= tlsname.TLS12 {
		h := s.prf()
		h.Write(messages)
		return h.Sum(nil)
	}
	md, sha := md5.Sum(messages), sha1.Sum(messages)
	return append(md[:], sha[:]...)
}

// Master is the master secret; with the extended master secret over the messages
// up to ClientKeyExchange (RFC 7627 section 4), else over the randoms.
func (s *Suite12) Master(premaster, clientRandom, serverRandom, messages []byte, extended bool) []byte {
	const length = 48
	if extended {
		return s.random(premaster, "extended master secret", s.digest(messages), length)
	}
	return s.random(premaster, "master secret", append(append([]byte(nil), clientRandom...), serverRandom...), length)
}

// Finished is verify_data over the messages before it (RFC 5246 section 7.4.9).
func (s *Suite12) Finished(master, messages []byte, client bool) []byte {
	label := "server finished"
	if client {
		label = "client finished"
	}
	const length = 12
	return s.random(master, label, s.digest(messages), length)
}

// Protect derives the protection of both directions (RFC 5246 section 6.3).
func (s *Suite12) Protect(master, clientRandom, serverRandom []byte) (client, server Protection, err error) {
	seed := append(append([]byte(nil), serverRandom...), clientRandom...)
	block := s.random(master, "key expansion", seed, 2*(s.macLen+s.keyLen+s.ivLen))
	take := func(n int) []byte {
		out := block[:n:n]
		block = block[n:]
		return out
	}
	clientMAC, serverMAC := take(s.macLen), take(s.macLen)
	clientKey, serverKey := take(s.keyLen), take(s.keyLen)
	clientIV, serverIV := take(s.ivLen), take(s.ivLen)
	if client, err = s.protection(clientMAC, clientKey, clientIV); err != nil {
		return nil, nil, err
	}
	server, err = s.protection(serverMAC, serverKey, serverIV)
	return client, server, err
}

func (s *Suite12) protection(mac, key, iv []byte) (Protection, error) {
	p := protection12{suite: s, iv: iv}
	var err error
	switch {
	case s.aead != nil:
		p.aead, err = s.aead(key)
	case s.stream:
		p.rc4, err = rc4.NewCipher(key)
	default:
		p.block, err = s.block(key)
	}
	if s.mac != nil {
		p.mac = hmac.New(s.mac, mac)
	}
	return &p, err
}

// protection12 is the record protection of RFC 5246 section 6.2.3, RFC 5288,
// RFC 6655 and RFC 7905.
type protection12 struct {
	suite *Suite12
	seq   uint64
	iv    []byte // AEAD: salt; TLS 1.0: of the next record
	aead  cipher.AEAD
	block cipher.Block
	rc4   *rc4.Cipher
	mac   hash.Hash
}

var errRecord = errors.New("the record does not decrypt")

// authenticated is what a MAC and AEAD cover besides the content.
func (p *protection12) authenticated(typ byte, version []byte, length int) []byte {
	out := binary.BigEndian.AppendUint64(nil, p.seq)
	out = append(out, typ, version[0], version[1])
	return binary.BigEndian.AppendUint16(out, uint16(length))
}

// explicit is how much of the nonce stands before each record.
func (p *protection12) explicit() int {
	if p.aead != nil && len(p.iv) == nonceLen { // ChaCha20
		return 0
	}
	return 8
}

func (p *protection12) nonce(explicit []byte) []byte {
	if len(p.iv) == nonceLen {
		return xorNonce(p.iv, p.seq)
	}
	return append(append(make([]byte, 0, nonceLen), p.iv...), explicit...)
}

func (p *protection12) Open(header [RecordHeader]byte, body []byte) ([]byte, error) {
	defer func() { p.seq++ }()
	if p.aead != nil {
		n := p.explicit()
		if len(body) < n+p.aead.Overhead() {
			return nil, errRecord
		}
		length := len(body) - n - p.aead.Overhead()
		return p.aead.Open(nil, p.nonce(body[:n]), body[n:], p.authenticated(header[0], header[1:3], length))
	}
	content, err := p.decrypt(body)
	if err != nil || len(content) < p.suite.macLen {
		return nil, errRecord
	}
	content, sum := content[:len(content)-p.suite.macLen], content[len(content)-p.suite.macLen:]
	if !hmac.Equal(p.sum(header[0], header[1:3], content), sum) {
		return nil, errRecord
	}
	return content, nil
}

func (p *protection12) sum(typ byte, version, content []byte) []byte {
	p.mac.Reset()
	p.mac.Write(p.authenticated(typ, version, len(content)))
	p.mac.Write(content)
	return p.mac.Sum(nil)
}

// decrypt takes the cipher and the padding off (RFC 5246 section 6.2.3.2; in
// TLS 1.0 the IV is the end of the record before).
func (p *protection12) decrypt(body []byte) ([]byte, error) {
	if p.rc4 != nil {
		out := make([]byte, len(body))
		p.rc4.XORKeyStream(out, body)
		return out, nil
	}
	size, iv := p.block.BlockSize(), p.iv
	if p.suite.version >= tlsname.TLS11 {
		if len(body) < size {
			return nil, errRecord
		}
		iv, body = body[:size], body[size:]
	}
	if len(body) == 0 || len(body)%size != 0 {
		return nil, errRecord
	}
	out := make([]byte, len(body))
	cipher.NewCBCDecrypter(p.block, iv).CryptBlocks(out, body)
	p.iv = bytes.Clone(body[len(body)-size:])
	padding := int(out[len(out)-1]) + 1
	if padding > len(out) {
		return nil, errRecord
	}
	for _, b := range out[len(out)-padding:] {
		if int(b) != padding-1 {
			return nil, errRecord
		}
	}
	return out[:len(out)-padding], nil
}

func (p *protection12) Seal(typ byte, content []byte) []byte {
	defer func() { p.seq++ }()
	version := binary.BigEndian.AppendUint16(nil, uint16(p.suite.version))
	var body []byte
	switch {
	case p.aead != nil:
		explicit := binary.BigEndian.AppendUint64(nil, p.seq)[:p.explicit()]
		body = p.aead.Seal(bytes.Clone(explicit), p.nonce(explicit), content, p.authenticated(typ, version, len(content)))
	case p.rc4 != nil:
		body = append(bytes.Clone(content), p.sum(typ, version, content)...)
		p.rc4.XORKeyStream(body, body)
	default:
		body = p.encrypt(append(bytes.Clone(content), p.sum(typ, version, content)...))
	}
	return Record(typ, p.suite.version, body)
}

func (p *protection12) encrypt(plain []byte) []byte {
	size := p.block.BlockSize()
	padding := size - len(plain)%size
	plain = append(plain, bytes.Repeat([]byte{byte(padding - 1)}, padding)...)
	var out []byte
	iv := p.iv
	if p.suite.version >= tlsname.TLS11 {
		// It only has to differ from record to record: nothing here is secret.
		iv = append(make([]byte, size-8), binary.BigEndian.AppendUint64(nil, p.seq)...)
		out = bytes.Clone(iv)
	}
	sealed := make([]byte, len(plain))
	cipher.NewCBCEncrypter(p.block, iv).CryptBlocks(sealed, plain)
	p.iv = bytes.Clone(sealed[len(sealed)-size:])
	return append(out, sealed...)
}

// FiniteField is one side of a Diffie-Hellman exchange up to TLS 1.2: the
// premaster secret, without leading zeros (RFC 5246 section 8.1.2), and our value.
func FiniteField(prime, generator, peer *big.Int) (premaster, public []byte, err error) {
	const bits = 512
	secret, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), bits))
	if err != nil {
		return nil, nil, err
	}
	return new(big.Int).Exp(peer, secret, prime).Bytes(), new(big.Int).Exp(generator, secret, prime).Bytes(), nil
}

// EncryptRSA is RSAES-PKCS1-v1_5 of a premaster secret (RFC 8017 section 7.2.1),
// with keys of any size: crypto/rsa takes none that old servers have.
func EncryptRSA(modulus, exponent *big.Int, premaster []byte) ([]byte, error) {
	size := (modulus.BitLen() + 7) / 8
	const least, longest = 11, 2048 // bytes
	padding := size - 3 - len(premaster)
	if size < len(premaster)+least || size > longest {
		return nil, errors.New("an RSA key of this size")
	}
	message := make([]byte, size)
	message[1] = 2
	random := message[2 : 2+padding]
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	for i, b := range random {
		if b == 0 {
			random[i] = 1
		}
	}
	copy(message[size-len(premaster):], premaster)
	return new(big.Int).Exp(new(big.Int).SetBytes(message), exponent, modulus).FillBytes(message), nil
}
