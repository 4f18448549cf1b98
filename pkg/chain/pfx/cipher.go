package pfx

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rc4"

	"golang.org/x/crypto/blowfish" //lint:ignore SA1019 old files are encrypted with it; nothing is written
)

// blockCipher makes a block cipher of a key, and wants a key of that many bytes.
type blockCipher struct {
	name    string
	keySize int
	ivSize  int
	new     func(key []byte) (cipher.Block, error)
}

func aesCBC(name string, keySize int) blockCipher {
	return blockCipher{name, keySize, aes.BlockSize, aes.NewCipher}
}

func rc2CBC(name string, keySize, effectiveBits int) blockCipher {
	return blockCipher{name, keySize, 8, func(key []byte) (cipher.Block, error) {
		return newRC2(key, effectiveBits), nil
	}}
}

func desEDE3(key []byte) (cipher.Block, error) { return des.NewTripleDESCipher(key) }

// desEDE2 is three-key 3DES with the first key used again (RFC 7292 appendix C).
func desEDE2(key []byte) (cipher.Block, error) {
	return des.NewTripleDESCipher(append(key[:16:16], key[:8]...))
}

func newBlowfish(key []byte) (cipher.Block, error) { return blowfish.NewCipher(key) }

// openCBC decrypts and removes the padding of RFC 8018 section 6.1.1; false:
// the padding is wrong, as it is with a wrong key.
func openCBC(bc blockCipher, key, iv, data []byte) ([]byte, bool) {
	block, err := bc.new(key)
	if err != nil || len(iv) != block.BlockSize() || len(data) == 0 || len(data)%block.BlockSize() != 0 {
		return nil, false
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	n := int(out[len(out)-1])
	if n == 0 || n > block.BlockSize() {
		return nil, false
	}
	for _, b := range out[len(out)-n:] {
		if int(b) != n {
			return nil, false
		}
	}
	return out[:len(out)-n], true
}

// openGCM decrypts AES-GCM (RFC 5084) with a tag of tagSize bytes.
func openGCM(key, nonce, data []byte, tagSize int) ([]byte, bool) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, false
	}
	var aead cipher.AEAD
	switch {
	case tagSize == 16 && len(nonce) > 0:
		aead, err = cipher.NewGCMWithNonceSize(block, len(nonce))
	case len(nonce) == 12:
		aead, err = cipher.NewGCMWithTagSize(block, tagSize)
	default:
		return nil, false
	}
	if err != nil {
		return nil, false
	}
	out, err := aead.Open(nil, nonce, data, nil)
	return out, err == nil
}

// openRC4 decrypts; only the content tells whether the key was right.
func openRC4(key, data []byte) ([]byte, bool) {
	c, err := rc4.NewCipher(key)
	if err != nil {
		return nil, false
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out, true
}
