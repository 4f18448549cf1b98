package pfx

import (
	"crypto/des"
)

// scheme is an encryption as read from its AlgorithmIdentifier. open decrypts
// with one attempt; ok is false where the key was wrong.
type scheme struct {
	Encryption
	open func(where string, a attempt, b *budget, data []byte) (plain []byte, ok bool, err error)
}

// pbes1 is a password-based encryption whose OID fixes hash and cipher:
// PKCS#12's own (RFC 7292 appendix C) and those of PKCS#5 v1 (RFC 8018 appendix A.3).
type pbes1 struct {
	name   string
	pkcs12 bool // derivation of RFC 7292; else PBKDF1
	hash   string
	stream bool // RC4, key of keySize bytes
	block  blockCipher
}

// pbes1ByOID knows every algorithm of the two families; hash "MD2" cannot be computed here.
func pbes1ByOID(oid string) (pbes1, bool) {
	des1 := blockCipher{"DES-CBC", 8, 8, des.NewCipher}
	rc2 := rc2CBC("RC2-64-CBC", 8, 64)
	switch oid {
	case "1.2.840.113549.1.12.1.1":
		return pbes1{"pbeWithSHAAnd128BitRC4", true, "SHA1", true, blockCipher{name: "RC4-128", keySize: 16}}, true
	case "1.2.840.113549.1.12.1.2":
		return pbes1{"pbeWithSHAAnd40BitRC4", true, "SHA1", true, blockCipher{name: "RC4-40", keySize: 5}}, true
	case "1.2.840.113549.1.12.1.3":
		return pbes1{"pbeWithSHAAnd3-KeyTripleDES-CBC", true, "SHA1", false, blockCipher{"DES-EDE3-CBC", 24, 8, desEDE3}}, true
	case "1.2.840.113549.1.12.1.4":
		return pbes1{"pbeWithSHAAnd2-KeyTripleDES-CBC", true, "SHA1", false, blockCipher{"DES-EDE2-CBC", 16, 8, desEDE2}}, true
	case "1.2.840.113549.1.12.1.5":
		return pbes1{"pbeWithSHAAnd128BitRC2-CBC", true, "SHA1", false, rc2CBC("RC2-128-CBC", 16, 128)}, true
	case "1.2.840.113549.1.12.1.6":
		return pbes1{"pbeWithSHAAnd40BitRC2-CBC", true, "SHA1", false, rc2CBC("RC2-40-CBC", 5, 40)}, true
	case "1.2.840.113549.1.5.1":
		return pbes1{"pbeWithMD2AndDES-CBC", false, "MD2", false, des1}, true
	case "1.2.840.113549.1.5.3":
		return pbes1{"pbeWithMD5AndDES-CBC", false, "MD5", false, des1}, true
	case "1.2.840.113549.1.5.4":
		return pbes1{"pbeWithMD2AndRC2-CBC", false, "MD2", false, rc2}, true
	case "1.2.840.113549.1.5.6":
		return pbes1{"pbeWithMD5AndRC2-CBC", false, "MD5", false, rc2}, true
	case "1.2.840.113549.1.5.10":
		return pbes1{"pbeWithSHA1AndDES-CBC", false, "SHA1", false, des1}, true
	case "1.2.840.113549.1.5.11":
		return pbes1{"pbeWithSHA1AndRC2-CBC", false, "SHA1", false, rc2}, true
	}
	return pbes1{}, false
}

// readPBES1 reads the parameters salt and iterations.
func readPBES1(where, oid string, p pbes1, params []byte) (scheme, error) {
	s := scheme{Encryption: Encryption{Scheme: "PBES1", Name: p.name, OID: oid, Cipher: p.block.name, KDF: "PBKDF1 " + p.hash}}
	if p.pkcs12 {
		s.KDF = "PKCS#12 " + p.hash
	}
	in := cursor{params}
	seq, ok := in.sequence()
	salt, ok2 := seq.take(idOctetString)
	if !ok || !ok2 {
		return s, damaged(where, "%s without salt", p.name)
	}
	if s.Iterations, ok = seq.integer(); !ok || s.Iterations == 0 {
		return s, damaged(where, "%s iteration count is not a number from 1 to 2147483647", p.name)
	}
	s.SaltLength = len(salt)
	d, ok := digestByName(p.hash)
	if !ok {
		s.Unsupported = p.name
		return s, nil
	}
	iterations := s.Iterations
	s.open = func(where string, a attempt, b *budget, data []byte) ([]byte, bool, error) {
		if !p.pkcs12 {
			if err := b.spend(where, s.KDF, iterations, 1); err != nil {
				return nil, false, err
			}
			k := pbkdf1(d, a.utf8, salt, iterations, 16)
			plain, ok := openCBC(p.block, k[:8], k[8:], data)
			return plain, ok, nil
		}
		if err := b.spend(where, s.KDF, iterations, (p.block.keySize+d.size-1)/d.size+1); err != nil {
			return nil, false, err
		}
		key := pkcs12KDF(d, forKey, a.wide, salt, iterations, p.block.keySize)
		if p.stream {
			plain, ok := openRC4(key, data)
			return plain, ok, nil
		}
		iv := pkcs12KDF(d, forIV, a.wide, salt, iterations, p.block.ivSize)
		plain, ok := openCBC(p.block, key, iv, data)
		return plain, ok, nil
	}
	return s, nil
}
