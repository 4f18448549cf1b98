package pfx

import (
	"crypto/hmac"
)

// macCheck is a MacData ready to be compared.
type macCheck struct {
	MAC
	fits func(a attempt, b *budget) (bool, error)
}

// PBMAC1 keys have 20 to 64 bytes (RFC 9579 section 5 wants at least 20; no
// scheme in use has a longer key).
const pbmac1MinKey, pbmac1MaxKey = 20, 64

// readMAC reads MacData (RFC 7292 section 4): the MAC is over content, the
// octets of the outer OCTET STRING as they were sent.
func readMAC(seq cursor, content []byte) (macCheck, error) {
	info, ok := seq.sequence()
	if !ok {
		return macCheck{}, damaged("the MAC", "MacData has no DigestInfo")
	}
	oid, params, ok := info.algorithm()
	value, ok2 := info.take(idOctetString)
	if !ok || !ok2 {
		return macCheck{}, damaged("the MAC", "DigestInfo is not an algorithm and a digest")
	}
	if oid == "1.2.840.113549.1.5.14" {
		return readPBMAC1(params, value, content)
	}
	m := macCheck{MAC: MAC{KDF: "PKCS#12", Iterations: 1}}
	salt, ok := seq.take(idOctetString)
	if !ok {
		return m, damaged("the MAC", "MacData has no salt")
	}
	m.SaltLength = len(salt)
	if seq.is(idInteger) {
		if m.Iterations, ok = seq.integer(); !ok || m.Iterations == 0 {
			return m, damaged("the MAC", "iteration count is not a number from 1 to 2147483647")
		}
	}
	name := digestName(oid)
	m.Algorithm = "HMAC-" + name
	d, ok := digestByName(name)
	if !ok {
		m.Unsupported = name
		return m, nil
	}
	m.fits = func(a attempt, b *budget) (bool, error) {
		if err := b.spend("the MAC", "PKCS#12 derivation", m.Iterations, 1); err != nil {
			return false, err
		}
		key := pkcs12KDF(d, forMAC, a.wide, salt, m.Iterations, d.size)
		h := hmac.New(d.new, key)
		h.Write(content)
		return hmac.Equal(h.Sum(nil), value), nil
	}
	return m, nil
}

// readPBMAC1 reads RFC 8018 appendix A.5 as RFC 9579 uses it: salt and
// iterations beside the parameters are ignored, the key length must be there.
func readPBMAC1(params, value, content []byte) (macCheck, error) {
	m := macCheck{MAC: MAC{PBMAC1: true}}
	in := cursor{params}
	seq, ok := in.sequence()
	if !ok {
		return m, damaged("the MAC", "PBMAC1 without parameters")
	}
	k, err := readKDF2("the MAC", &seq)
	if err != nil {
		return m, err
	}
	oid, _, ok := seq.algorithm()
	if !ok {
		return m, damaged("the MAC", "PBMAC1 without a message authentication scheme")
	}
	name := hmacDigestName(oid)
	m.Algorithm = "HMAC-" + name
	m.KDF, m.SaltLength, m.Iterations, m.KeyLength = k.name, len(k.salt), k.iterations, k.keyLength
	if k.prf != "" {
		m.PRF = "HMAC-" + k.prf
	}
	d, ok := digestByName(name)
	switch {
	case !ok:
		m.Unsupported = "PBMAC1 with HMAC " + name
		return m, nil
	case k.unknown != "":
		m.Unsupported = "PBMAC1 with " + k.unknownIs + " " + k.unknown
		return m, nil
	case k.keyLength < pbmac1MinKey || k.keyLength > pbmac1MaxKey:
		return m, damaged("the MAC", "PBMAC1 key length %d, want %d to %d", k.keyLength, pbmac1MinKey, pbmac1MaxKey)
	}
	m.fits = func(a attempt, b *budget) (bool, error) {
		key, err := k.derive("the MAC", a.utf8, k.keyLength, b)
		if err != nil {
			return false, err
		}
		h := hmac.New(d.new, key)
		h.Write(content)
		return hmac.Equal(h.Sum(nil), value), nil
	}
	return m, nil
}
