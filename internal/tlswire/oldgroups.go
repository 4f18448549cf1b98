package tlswire

import (
	"crypto/rand"
	"errors"
	"math/big"
	"slices"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// The groups of this file serve servers that know no other one. They are for
// looking, not for secrecy: math/big does not hide its operands from a clock.

const x448Len = 56

// newX448Share is X448 of RFC 7748 section 5.
func newX448Share() (KeyShare, error) {
	scalar := make([]byte, x448Len)
	if _, err := rand.Read(scalar); err != nil {
		return KeyShare{}, err
	}
	base := make([]byte, x448Len)
	base[0] = 5
	return KeyShare{Group: tlsname.X448, Public: x448(scalar, base), Derive: func(server []byte) ([]byte, error) {
		if len(server) != x448Len {
			return nil, errors.New("an X448 key share has 56 bytes")
		}
		return x448(scalar, server), nil
	}}, nil
}

// x448 is the function X448 of RFC 7748 section 5: little-endian in and out.
func x448(scalar, u []byte) []byte {
	// p = 2^448 - 2^224 - 1
	p := new(big.Int).Lsh(big.NewInt(1), 448)
	p.Sub(p, new(big.Int).Lsh(big.NewInt(1), 224))
	p.Sub(p, big.NewInt(1))
	k := slices.Clone(scalar)
	k[0] &= 252
	k[55] |= 128
	mul := func(a, b *big.Int) *big.Int { c := new(big.Int).Mul(a, b); return c.Mod(c, p) }
	add := func(a, b *big.Int) *big.Int { c := new(big.Int).Add(a, b); return c.Mod(c, p) }
	sub := func(a, b *big.Int) *big.Int { c := new(big.Int).Sub(a, b); return c.Mod(c, p) }

	x1 := new(big.Int).Mod(littleEndian(u), p)
	a24 := big.NewInt(39081)
	x2, z2, x3, z3 := big.NewInt(1), new(big.Int), new(big.Int).Set(x1), big.NewInt(1)
	swap := byte(0)
	for t := 447; t >= 0; t-- {
		bit := k[t/8] >> (t % 8) & 1
		if swap ^= bit; swap == 1 {
			x2, x3, z2, z3 = x3, x2, z3, z2
		}
		swap = bit
		a, b := add(x2, z2), sub(x2, z2)
		aa, bb := mul(a, a), mul(b, b)
		e := sub(aa, bb)
		da, cb := mul(sub(x3, z3), a), mul(add(x3, z3), b)
		sum, diff := add(da, cb), sub(da, cb)
		x3, z3 = mul(sum, sum), mul(x1, mul(diff, diff))
		x2, z2 = mul(aa, bb), mul(e, add(aa, mul(a24, e)))
	}
	if swap == 1 {
		x2, z2 = x3, z3
	}
	inverse := new(big.Int).Exp(z2, new(big.Int).Sub(p, big.NewInt(2)), p)
	out := mul(x2, inverse).FillBytes(make([]byte, x448Len))
	slices.Reverse(out)
	return out
}

func littleEndian(b []byte) *big.Int {
	b = slices.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

// newFFDHEShare is finite-field Diffie-Hellman with a named group (RFC 7919;
// RFC 8446 section 4.2.8.1).
func newFFDHEShare(group tlsname.Group) (KeyShare, error) {
	p := ffdhePrime(group)
	size := p.BitLen() / 8
	secret, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 512))
	if err != nil {
		return KeyShare{}, err
	}
	public := new(big.Int).Exp(big.NewInt(2), secret, p).FillBytes(make([]byte, size))
	return KeyShare{Group: group, Public: public, Derive: func(server []byte) ([]byte, error) {
		y := new(big.Int).SetBytes(server)
		if len(server) != size || y.Cmp(big.NewInt(1)) <= 0 || y.Cmp(new(big.Int).Sub(p, big.NewInt(1))) >= 0 {
			return nil, errors.New("a finite-field key share out of range")
		}
		return y.Exp(y, secret, p).FillBytes(make([]byte, size)), nil
	}}, nil
}

// ffdhePrime computes p = 2^n - 2^(n-64) + (floor(2^(n-130) e) + X) 2^64 - 1
// (RFC 7919 appendix A).
func ffdhePrime(group tlsname.Group) *big.Int {
	bits, x := uint(2048), int64(560316)
	switch group {
	case tlsname.FFDHE3072:
		bits, x = 3072, 2625351
	case tlsname.FFDHE4096:
		bits, x = 4096, 5736041
	case tlsname.FFDHE6144:
		bits, x = 6144, 15705020
	case tlsname.FFDHE8192:
		bits, x = 8192, 10965728
	}
	// e as the sum of 1/k!, in fixed point with 128 guard bits.
	const guard = 128
	term := new(big.Int).Lsh(big.NewInt(1), bits-130+guard)
	e := new(big.Int).Set(term)
	for k := int64(1); term.Sign() > 0; k++ {
		term.Quo(term, big.NewInt(k))
		e.Add(e, term)
	}
	e.Rsh(e, guard)
	p := new(big.Int).Lsh(big.NewInt(1), bits)
	p.Sub(p, new(big.Int).Lsh(big.NewInt(1), bits-64))
	p.Add(p, e.Add(e, big.NewInt(x)).Lsh(e, 64))
	return p.Sub(p, big.NewInt(1))
}
