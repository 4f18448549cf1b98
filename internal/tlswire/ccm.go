package tlswire

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"errors"
)

// ccm is AES-CCM with a 12-byte nonce (RFC 3610, L = 3), which the standard
// library lacks; it opens what a server sends that speaks no other suite.
type ccm struct {
	block cipher.Block
	tag   int // bytes: 16, or 8 for the CCM_8 suites
}

func newCCM(key []byte, tag int) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return &ccm{block, tag}, nil
}

func (c *ccm) NonceSize() int { return 12 }
func (c *ccm) Overhead() int  { return c.tag }

// counter is block A_0 of RFC 3610 section 2.3; CTR counts in its last bytes.
func (c *ccm) counter(nonce []byte) []byte {
	a := make([]byte, aes.BlockSize)
	a[0] = 2 // L-1
	copy(a[1:], nonce)
	return a
}

// mac is T of RFC 3610 section 2.2: CBC-MAC over the flags, nonce, length, data and text.
func (c *ccm) mac(nonce, data, plain []byte) []byte {
	x := make([]byte, aes.BlockSize)
	x[0] = byte(2 | (c.tag-2)/2<<3)
	if len(data) > 0 {
		x[0] |= 1 << 6
	}
	copy(x[1:], nonce)
	x[13], x[14], x[15] = byte(len(plain)>>16), byte(len(plain)>>8), byte(len(plain))
	c.block.Encrypt(x, x)
	if len(data) > 0 {
		head := append([]byte{byte(len(data) >> 8), byte(len(data))}, data...)
		c.absorb(x, head)
	}
	c.absorb(x, plain)
	return x
}

func (c *ccm) absorb(x, text []byte) {
	for len(text) > 0 {
		n := subtle.XORBytes(x, x, text[:min(len(text), len(x))])
		c.block.Encrypt(x, x)
		text = text[n:]
	}
}

func (c *ccm) Seal(dst, nonce, plain, data []byte) []byte {
	t := c.mac(nonce, data, plain)
	stream := cipher.NewCTR(c.block, c.counter(nonce))
	stream.XORKeyStream(t, t) // the first key block covers the tag
	out := make([]byte, len(plain))
	stream.XORKeyStream(out, plain)
	return append(append(dst, out...), t[:c.tag]...)
}

func (c *ccm) Open(dst, nonce, text, data []byte) ([]byte, error) {
	if len(text) < c.tag {
		return nil, errors.New("ccm: shorter than its tag")
	}
	stream := cipher.NewCTR(c.block, c.counter(nonce))
	mask := make([]byte, aes.BlockSize)
	stream.XORKeyStream(mask, mask)
	plain := make([]byte, len(text)-c.tag)
	stream.XORKeyStream(plain, text[:len(plain)])
	t := c.mac(nonce, data, plain)
	subtle.XORBytes(t, t, mask)
	if subtle.ConstantTimeCompare(t[:c.tag], text[len(plain):]) != 1 {
		return nil, errors.New("ccm: wrong tag")
	}
	return append(dst, plain...), nil
}
