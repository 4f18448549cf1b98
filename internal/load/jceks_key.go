package load

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

const (
	jceksSalt       = 8
	jceksIterations = 5_000_000 // the most that Java takes
)

// jceksParameters reads salt and iterations (RFC 8018 appendix A.3).
func jceksParameters(params []byte) (salt []byte, iterations int, ok bool) {
	s := cryptobyte.String(params)
	var seq, octets cryptobyte.String
	ok = s.ReadASN1(&seq, cbasn1.SEQUENCE) && seq.ReadASN1(&octets, cbasn1.OCTET_STRING) && len(octets) == jceksSalt &&
		seq.ReadASN1Integer(&iterations) && iterations > 0
	return octets, iterations, ok
}

// openJCEKSKey undoes com.sun.crypto.provider.PBES1Core, PBEWithMD5AndTripleDES:
// PBKDF1 with MD5 over each half of the salt, for a key of triple DES and its IV.
func openJCEKSKey(where string, params, data []byte, password string) ([]byte, error) {
	salt, iterations, ok := jceksParameters(params)
	switch {
	case !ok:
		return nil, &pfx.DamagedError{Where: where, Offset: -1, What: "its encryption lacks a salt of 8 octets or a number of iterations"}
	case iterations > jceksIterations:
		return nil, &pfx.UnsupportedError{Where: where, Kind: "iteration count", Algorithm: fmt.Sprintf("%d of PBKDF1 (limit %d, as in Java)", iterations, jceksIterations)}
	case len(data) == 0 || len(data)%des.BlockSize != 0:
		return nil, &pfx.DamagedError{Where: where, Offset: -1, What: "the encrypted key is cut off"}
	}
	const half, keySize = jceksSalt / 2, 24
	salt = bytes.Clone(salt)
	if bytes.Equal(salt[:half], salt[half:]) { // Java means to turn the first half round, and does this
		salt[0], salt[1], salt[2] = salt[3], salt[0], salt[1]
	}
	var derived, hashed []byte
	for _, sum := range [][]byte{salt[:half], salt[half:]} {
		hashed = append(append(hashed[:0], sum...), password...)
		last := md5.Sum(hashed)
		for range iterations - 1 {
			hashed = append(append(hashed[:0], last[:]...), password...)
			last = md5.Sum(hashed)
		}
		derived = append(derived, last[:]...)
	}
	block, err := des.NewTripleDESCipher(derived[:keySize])
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, derived[keySize:]).CryptBlocks(plain, data)
	pad := int(plain[len(plain)-1])
	if pad == 0 || pad > des.BlockSize || !bytes.Equal(plain[len(plain)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, &pfx.PasswordError{Where: where, What: wrongStorePassword}
	}
	return plain[:len(plain)-pad], nil
}
