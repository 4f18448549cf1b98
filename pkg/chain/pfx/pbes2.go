package pfx

import (
	"crypto/des"
	"fmt"
)

// readScheme reads the AlgorithmIdentifier of an encrypted safe, a shrouded key
// bag or an EncryptedPrivateKeyInfo. An unknown algorithm is no error: it is
// named in Encryption.Unsupported.
func readScheme(where string, c *cursor) (scheme, error) {
	oid, params, ok := c.algorithm()
	if !ok {
		return scheme{}, damaged(where, "encryption algorithm is not an AlgorithmIdentifier")
	}
	if oid == "1.2.840.113549.1.5.13" {
		return readPBES2(where, params)
	}
	if p, ok := pbes1ByOID(oid); ok {
		return readPBES1(where, oid, p, params)
	}
	name := cipherName(oid)
	return scheme{Encryption: Encryption{Name: name, OID: oid, Cipher: name, Unsupported: name}}, nil
}

// readPBES2 reads RFC 8018 appendix A.4.
func readPBES2(where string, params []byte) (scheme, error) {
	s := scheme{Encryption: Encryption{Scheme: "PBES2", Name: "PBES2", OID: "1.2.840.113549.1.5.13"}}
	in := cursor{params}
	seq, ok := in.sequence()
	if !ok {
		return s, damaged(where, "PBES2 without parameters")
	}
	k, err := readKDF2(where, &seq)
	if err != nil {
		return s, err
	}
	s.KDF, s.PRFField, s.SaltLength = k.name, k.prfField, len(k.salt)
	s.Iterations, s.KeyLength, s.N, s.R, s.P = k.iterations, k.keyLength, k.n, k.r, k.p
	if k.prf != "" {
		s.PRF = "HMAC-" + k.prf
	}
	oid, params, ok := seq.algorithm()
	if !ok {
		return s, damaged(where, "PBES2 encryption scheme is not an AlgorithmIdentifier")
	}
	s.Cipher = cipherName(oid)
	if k.unknown != "" {
		s.Unsupported = fmt.Sprintf("%s %s", k.unknownIs, k.unknown)
	}
	if tagged, ok := gcmKeySize(oid); ok {
		return s, s.useGCM(where, k, tagged, params)
	}
	return s, s.useCBC(where, k, oid, params)
}

// useGCM reads GCMParameters (RFC 5084 section 3.2).
func (s *scheme) useGCM(where string, k kdf2, keySize int, params []byte) error {
	in := cursor{params}
	seq, ok := in.sequence()
	nonce, ok2 := seq.take(idOctetString)
	tagSize := 12
	if ok && ok2 && !seq.empty() {
		tagSize, ok = seq.integer()
	}
	if !ok || !ok2 {
		return damaged(where, "%s parameters are not nonce and tag length", s.Cipher)
	}
	s.open = func(where string, a attempt, b *budget, data []byte) ([]byte, bool, error) {
		key, err := k.derive(where, a.utf8, keySize, b)
		if err != nil {
			return nil, false, err
		}
		plain, ok := openGCM(key, nonce, data, tagSize)
		return plain, ok, nil
	}
	return nil
}

func (s *scheme) useCBC(where string, k kdf2, oid string, params []byte) error {
	in := cursor{params}
	var bc blockCipher
	switch oid {
	case "2.16.840.1.101.3.4.1.2":
		bc = aesCBC("AES-128-CBC", 16)
	case "2.16.840.1.101.3.4.1.22":
		bc = aesCBC("AES-192-CBC", 24)
	case "2.16.840.1.101.3.4.1.42":
		bc = aesCBC("AES-256-CBC", 32)
	case "1.2.840.113549.3.7":
		bc = blockCipher{"DES-EDE3-CBC", 24, 8, desEDE3}
	case "1.3.14.3.2.7":
		bc = blockCipher{"DES-CBC", 8, 8, des.NewCipher}
	case "1.3.6.1.4.1.3029.1.2":
		bc = blockCipher{"BF-CBC", 16, 8, newBlowfish}
		if k.keyLength > 0 && k.keyLength <= 56 { // variable; 128 bits is the habit
			bc.keySize = k.keyLength
		}
	case "1.2.840.113549.3.2":
		return s.useRC2(where, k, in)
	default:
		if s.Unsupported == "" {
			s.Unsupported = s.Cipher
		}
		return nil
	}
	return s.useIV(where, k, bc, &in)
}

// useRC2 reads RC2-CBC-Parameter (RFC 8018 appendix B.2.3).
func (s *scheme) useRC2(where string, k kdf2, in cursor) error {
	effective := 32
	size := k.keyLength
	if seq, ok := in.sequence(); ok {
		in = seq
		if seq.is(idInteger) {
			version, ok := in.integer()
			if !ok {
				return damaged(where, "RC2 version is not a number")
			}
			effective = rc2EffectiveBits(version)
		}
	}
	if effective < 1 || effective > 1024 {
		return damaged(where, "RC2 with %d effective key bits", effective)
	}
	if size == 0 {
		size = (effective + 7) / 8
	}
	if size > 128 {
		return damaged(where, "RC2 key of %d bytes, limit 128", size)
	}
	s.Cipher = fmt.Sprintf("RC2-%d-CBC", effective)
	return s.useIV(where, k, rc2CBC(s.Cipher, size, effective), &in)
}

// rc2EffectiveBits undoes the encoding of RFC 2268 section 6.
func rc2EffectiveBits(version int) int {
	switch version {
	case 160:
		return 40
	case 120:
		return 64
	case 58:
		return 128
	}
	if version >= 256 {
		return version
	}
	return 0
}

// useIV finishes a CBC scheme whose next parameter is the initialisation vector.
func (s *scheme) useIV(where string, k kdf2, bc blockCipher, in *cursor) error {
	iv, ok := in.take(idOctetString)
	if !ok || len(iv) != bc.ivSize {
		return damaged(where, "%s without an initialisation vector of %d bytes", bc.name, bc.ivSize)
	}
	s.open = func(where string, a attempt, b *budget, data []byte) ([]byte, bool, error) {
		key, err := k.derive(where, a.utf8, bc.keySize, b)
		if err != nil {
			return nil, false, err
		}
		plain, ok := openCBC(bc, key, iv, data)
		return plain, ok, nil
	}
	return nil
}

// gcmKeySize knows AES-GCM (RFC 5084).
func gcmKeySize(oid string) (size int, ok bool) {
	switch oid {
	case "2.16.840.1.101.3.4.1.6":
		return 16, true
	case "2.16.840.1.101.3.4.1.26":
		return 24, true
	case "2.16.840.1.101.3.4.1.46":
		return 32, true
	}
	return 0, false
}
