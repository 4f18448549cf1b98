package pfx

import (
	"crypto/pbkdf2"
	"fmt"

	"golang.org/x/crypto/scrypt"
)

// maxWork bounds the hash iterations one Open or DecryptKey may spend, to some two
// seconds; a file of a million iterations needs three million.
const maxWork = 6_000_000

// budget is the work that is left.
type budget struct{ left int }

// spend takes iterations × blocks, or names the cost that is too high.
func (b *budget) spend(where, kdf string, iterations, blocks int) error {
	if iterations > b.left/max(blocks, 1) {
		return &UnsupportedError{Where: where, Kind: "iteration count",
			Algorithm: fmt.Sprintf("%d of %s (limit %d for a file)", iterations, kdf, maxWork)}
	}
	b.left -= iterations * blocks
	return nil
}

// What the PKCS#12 derivation makes (RFC 7292 appendix B.3).
const (
	forKey = 1
	forIV  = 2
	forMAC = 3
)

// pkcs12KDF is RFC 7292 appendix B.2. The caller has spent the iterations.
func pkcs12KDF(d digest, id byte, password, salt []byte, iterations, size int) []byte {
	v := d.rate
	fill := func(src []byte) []byte {
		if len(src) == 0 {
			return nil
		}
		out := make([]byte, v*((len(src)+v-1)/v))
		for n := 0; n < len(out); {
			n += copy(out[n:], src)
		}
		return out
	}
	in := append(fill(salt), fill(password)...)
	diversifier := make([]byte, v)
	for i := range diversifier {
		diversifier[i] = id
	}
	var out []byte
	for {
		h := d.new()
		h.Write(diversifier)
		h.Write(in)
		a := h.Sum(nil)
		for range iterations - 1 {
			h.Reset()
			h.Write(a)
			a = h.Sum(a[:0])
		}
		out = append(out, a...)
		if len(out) >= size {
			return out[:size]
		}
		b := fill(a)[:v]
		for i := 0; i < len(in); i += v {
			carry := 1
			for k := v - 1; k >= 0; k-- {
				carry += int(in[i+k]) + int(b[k])
				in[i+k] = byte(carry)
				carry >>= 8
			}
		}
	}
}

// pbkdf1 is RFC 8018 section 5.1; size is at most the hash's.
func pbkdf1(d digest, password, salt []byte, iterations, size int) []byte {
	h := d.new()
	h.Write(password)
	h.Write(salt)
	a := h.Sum(nil)
	for range iterations - 1 {
		h.Reset()
		h.Write(a)
		a = h.Sum(a[:0])
	}
	return a[:size]
}

// kdf2 is the key derivation of PBES2 and PBMAC1 as read from its parameters.
type kdf2 struct {
	name       string // "PBKDF2" or "scrypt"
	salt       []byte
	iterations int
	keyLength  int // 0 absent
	prf        string
	prfField   string
	n, r, p    int
	unknown    string // name of a derivation, PRF or salt source that cannot be computed here
	unknownIs  string // "key derivation" or "PRF"
}

// derive makes a key of size bytes.
func (k kdf2) derive(where string, password []byte, size int, b *budget) ([]byte, error) {
	if k.unknown != "" {
		return nil, &UnsupportedError{Where: where, Kind: k.unknownIs, Algorithm: k.unknown}
	}
	if k.name == "scrypt" {
		// 128 × N × r and 128 × r × p bytes are held at a time (RFC 7914 section 2).
		if k.n > 1<<20/k.r || k.p > 1<<17/k.r {
			return nil, &UnsupportedError{Where: where, Kind: "iteration count",
				Algorithm: fmt.Sprintf("scrypt with N %d, r %d, p %d (limit N × r = %d)", k.n, k.r, k.p, 1<<20)}
		}
		if err := b.spend(where, "scrypt", k.n*k.r, 4*k.p); err != nil {
			return nil, err
		}
		key, err := scrypt.Key(password, k.salt, k.n, k.r, k.p, size)
		if err != nil {
			return nil, damaged(where, "scrypt parameters N %d, r %d, p %d", k.n, k.r, k.p)
		}
		return key, nil
	}
	d, _ := digestByName(k.prf)
	if err := b.spend(where, k.name, k.iterations, (size+d.size-1)/d.size); err != nil {
		return nil, err
	}
	key, err := pbkdf2.Key(d.new, string(password), k.salt, k.iterations, size)
	if err != nil {
		return nil, &UnsupportedError{Where: where, Kind: "key derivation", Algorithm: "PBKDF2 (" + err.Error() + ")"}
	}
	return key, nil
}

// readKDF2 reads the keyDerivationFunc of RFC 8018 appendix A.2 or RFC 7914 section 7.1.
func readKDF2(where string, c *cursor) (kdf2, error) {
	oid, params, ok := c.algorithm()
	if !ok {
		return kdf2{}, damaged(where, "key derivation is not an AlgorithmIdentifier")
	}
	in := cursor{params}
	switch oid {
	case "1.2.840.113549.1.5.12":
		return readPBKDF2(where, in)
	case "1.3.6.1.4.1.11591.4.11":
		return readScrypt(where, in)
	}
	return kdf2{name: oid, unknown: oid, unknownIs: "key derivation"}, nil
}

func readPBKDF2(where string, in cursor) (kdf2, error) {
	k := kdf2{name: "PBKDF2", prf: "SHA1", prfField: "absent"}
	seq, ok := in.sequence()
	if !ok {
		return k, damaged(where, "PBKDF2 without parameters")
	}
	if seq.is(idSequence) { // otherSource, of which none was ever defined
		return k, damaged(where, "PBKDF2 salt is not an OCTET STRING")
	}
	if k.salt, ok = seq.take(idOctetString); !ok {
		return k, damaged(where, "PBKDF2 without salt")
	}
	if k.iterations, ok = seq.integer(); !ok || k.iterations == 0 {
		return k, damaged(where, "PBKDF2 iteration count is not a number from 1 to 2147483647")
	}
	if seq.is(idInteger) {
		if k.keyLength, ok = seq.integer(); !ok {
			return k, damaged(where, "PBKDF2 key length is negative or too large")
		}
	}
	if seq.empty() {
		return k, nil
	}
	oid, params, ok := seq.algorithm()
	if !ok {
		return k, damaged(where, "PBKDF2 PRF is not an AlgorithmIdentifier")
	}
	switch {
	case len(params) == 0:
		k.prfField = "no parameters"
	case len(params) == 2 && params[0] == idNull && params[1] == 0:
		k.prfField = "NULL"
	default:
		k.prfField = "other parameters"
	}
	k.prf = hmacDigestName(oid)
	if _, ok = digestByName(k.prf); !ok {
		k.unknown, k.unknownIs = k.prf, "PRF"
	}
	return k, nil
}

func readScrypt(where string, in cursor) (kdf2, error) {
	k := kdf2{name: "scrypt"}
	seq, ok := in.sequence()
	if ok {
		k.salt, ok = seq.take(idOctetString)
	}
	for _, field := range []*int{&k.n, &k.r, &k.p} {
		if ok {
			*field, ok = seq.integer()
		}
	}
	if ok && !seq.empty() {
		k.keyLength, ok = seq.integer()
	}
	if !ok || k.n == 0 || k.r == 0 || k.p == 0 {
		return k, damaged(where, "scrypt parameters are not salt, N, r, p")
	}
	return k, nil
}
