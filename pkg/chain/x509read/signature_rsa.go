package x509read

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha512"
	"encoding/binary"
	"math/big"
)

// checkRSA checks RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 sections 8.2.2,
// 8.1.2).
func (v *Verifier) checkRSA(alg Algorithm, s scheme, signed, signature []byte) SignatureResult {
	n, e := v.n, v.e
	if n == nil {
		return notCheckable("the issuer's RSA key does not decode")
	}
	size := n.BitLen()
	switch {
	case size > maxRSABits:
		return notCheckable("the issuer's RSA key has %d bits, more than %d", size, maxRSABits)
	case size > maxRSALongExpBits && e.BitLen() > 64, e.Cmp(n) >= 0:
		return notCheckable("the exponent of the issuer's RSA key has %d bits", e.BitLen())
	case len(signature) != (size+7)/8:
		return wrong("the signature has %d octets, the issuer's RSA key %d", len(signature), (size+7)/8)
	}
	if s.pss {
		return checkPSS(alg, signed, signature, n, e, v.issuer)
	}
	var room [sha512.Size]byte
	sum := appendDigest(room[:0], s.hash, signed)
	if std := standardRSA(n, e, s.hash); std != nil {
		if rsa.VerifyPKCS1v15(std, s.hash, sum, signature) == nil {
			return SignatureResult{Status: Verified}
		}
	} else if verifyPKCS1(n, e, s.hash, sum, signature) {
		return SignatureResult{Status: Verified}
	}
	return wrong("the %s signature does not verify", alg.OID.Name())
}

// standardRSA returns the key where crypto/rsa, which is faster than math/big,
// takes it: it refuses less than 1024 bits, even numbers and long exponents,
// and has its own view of other hashes.
func standardRSA(n, e *big.Int, hash crypto.Hash) *rsa.PublicKey {
	if n.BitLen() < 1024 || n.Bit(0) == 0 || e.BitLen() > 31 || e.BitLen() < 2 || e.Bit(0) == 0 {
		return nil
	}
	switch hash {
	case crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512:
		return &rsa.PublicKey{N: n, E: int(e.Int64())}
	}
	return nil
}

// recoverBlock computes signature^e mod n as size octets; nil when the signature is
// not below n.
func recoverBlock(n, e *big.Int, signature []byte, size int) []byte {
	v := new(big.Int).SetBytes(signature)
	if v.Cmp(n) >= 0 {
		return nil
	}
	v.Exp(v, e, n)
	if (v.BitLen()+7)/8 > size {
		return nil
	}
	return v.FillBytes(make([]byte, size))
}

// digestInfo returns the DER of DigestInfo up to the hash (RFC 8017 section 9.2).
func digestInfo(h crypto.Hash) []byte {
	var oid OID
	switch h {
	case crypto.MD5:
		oid = OIDMD5
	case crypto.SHA1:
		oid = OIDSHA1
	case crypto.SHA224:
		oid = OIDSHA224
	case crypto.SHA256:
		oid = OIDSHA256
	case crypto.SHA384:
		oid = OIDSHA384
	case crypto.SHA512:
		oid = OIDSHA512
	case crypto.SHA512_224:
		oid = OIDSHA512_224
	case crypto.SHA512_256:
		oid = OIDSHA512_256
	case crypto.SHA3_224:
		oid = OIDSHA3_224
	case crypto.SHA3_256:
		oid = OIDSHA3_256
	case crypto.SHA3_384:
		oid = OIDSHA3_384
	case crypto.SHA3_512:
		oid = OIDSHA3_512
	}
	size := h.Size()
	info := []byte{idSequence, byte(8 + len(oid) + size), idSequence, byte(4 + len(oid)), idOID, byte(len(oid))}
	info = append(info, oid...)
	return append(info, idNull, 0, idOctetString, byte(size))
}

// verifyPKCS1 compares the recovered block with EMSA-PKCS1-v1_5 of the hash.
func verifyPKCS1(n, e *big.Int, h crypto.Hash, sum, signature []byte) bool {
	size := (n.BitLen() + 7) / 8
	block := recoverBlock(n, e, signature, size)
	want := append(digestInfo(h), sum...)
	if block == nil || size < len(want)+11 {
		return false
	}
	padded := append([]byte{0, 1}, bytes.Repeat([]byte{0xff}, size-len(want)-3)...)
	padded = append(append(padded, 0), want...)
	return bytes.Equal(block, padded)
}

// checkPSS checks RSASSA-PSS with any pair of hashes and any length of salt,
// and the limits a RSASSA-PSS key sets (RFC 4055 section 3.3).
func checkPSS(alg Algorithm, signed, signature []byte, n, e *big.Int, issuer *PublicKey) SignatureResult {
	p, ok := parsePSS(alg.Params)
	switch {
	case !ok:
		return notCheckable("the parameters of the RSASSA-PSS signature do not decode")
	case p.hash == 0 || p.mgf == 0:
		return notCheckable("the hash or mask function of the RSASSA-PSS signature is not implemented")
	}
	if issuer.Type == RSAPSS && issuer.Algorithm.Params != nil {
		limit, ok := parsePSS(issuer.Algorithm.Params)
		if !ok {
			return notCheckable("the parameters of the issuer's RSASSA-PSS key do not decode")
		}
		if limit.hash != p.hash || limit.mgf != p.mgf || p.salt < limit.salt {
			return wrong("the issuer's key is only for RSASSA-PSS with other parameters than those of the signature")
		}
	}
	bits := n.BitLen() - 1
	block := recoverBlock(n, e, signature, (bits+7)/8)
	if block == nil || !verifyPSS(block, bits, digest(p.hash, signed), p) {
		return wrong("the RSASSA-PSS signature with %s does not verify", p.hash)
	}
	return SignatureResult{Status: Verified}
}

// verifyPSS is EMSA-PSS-VERIFY (RFC 8017 section 9.1.2).
func verifyPSS(block []byte, bits int, sum []byte, p pssParams) bool {
	h := p.hash.Size()
	if p.salt > len(block) || len(block) < h+p.salt+2 || block[len(block)-1] != 0xbc {
		return false
	}
	db, seed := block[:len(block)-h-1], block[len(block)-h-1:len(block)-1]
	unused := 8*len(block) - bits
	if db[0]>>(8-unused) != 0 {
		return false
	}
	mask(db, seed, p.mgf)
	db[0] &= 0xff >> unused
	zeros := len(db) - p.salt - 1
	for _, b := range db[:zeros] {
		if b != 0 {
			return false
		}
	}
	if db[zeros] != 1 {
		return false
	}
	w := p.hash.New()
	w.Write(make([]byte, 8))
	w.Write(sum)
	w.Write(db[zeros+1:])
	return bytes.Equal(w.Sum(nil), seed)
}

// mask is exclusive-or with MGF1 (RFC 8017 appendix B.2.1).
func mask(db, seed []byte, h crypto.Hash) {
	w := h.New()
	for counter, at := uint32(0), 0; at < len(db); counter++ {
		w.Reset()
		w.Write(seed)
		w.Write(binary.BigEndian.AppendUint32(nil, counter))
		for _, b := range w.Sum(nil) {
			if at < len(db) {
				db[at] ^= b
				at++
			}
		}
	}
}
