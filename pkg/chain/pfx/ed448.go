package pfx

import (
	"crypto/sha3"
	"math/big"
	"slices"
)

// ed448Public computes the public key of an Ed448 seed (RFC 8032 section 5.2.5),
// which its PKCS#8 form does not hold and Go's library does not know. It is
// plain arithmetic, not constant in time: nothing is signed with it.
func ed448Public(seed []byte) []byte {
	h := sha3.SumSHAKE256(seed, 114)[:57]
	h[0] &^= 3
	h[55] |= 0x80
	h[56] = 0
	slices.Reverse(h)
	return newEd448().baseTimes(new(big.Int).SetBytes(h))
}

// ed448Curve is edwards448: x² + y² = 1 + d x² y² over the integers mod p.
type ed448Curve struct{ p, d *big.Int }

// ed448Point is (X : Y : Z) with x = X/Z, y = Y/Z.
type ed448Point struct{ x, y, z *big.Int }

func newEd448() ed448Curve {
	p := new(big.Int).Lsh(big.NewInt(1), 448)
	p.Sub(p, new(big.Int).Lsh(big.NewInt(1), 224))
	return ed448Curve{p: p.Sub(p, big.NewInt(1)), d: big.NewInt(-39081)}
}

func (c ed448Curve) mul(a, b *big.Int) *big.Int {
	n := new(big.Int).Mul(a, b)
	return n.Mod(n, c.p)
}

// add is the complete addition of RFC 8032 section 5.2.4.
func (c ed448Curve) add(p, q ed448Point) ed448Point {
	a := c.mul(p.z, q.z)
	b := c.mul(a, a)
	cc := c.mul(p.x, q.x)
	dd := c.mul(p.y, q.y)
	e := c.mul(c.d, c.mul(cc, dd))
	f := new(big.Int).Sub(b, e)
	g := new(big.Int).Add(b, e)
	h := c.mul(new(big.Int).Add(p.x, p.y), new(big.Int).Add(q.x, q.y))
	h.Sub(h, cc).Sub(h, dd)
	return ed448Point{
		x: c.mul(c.mul(a, f), h),
		y: c.mul(c.mul(a, g), new(big.Int).Sub(dd, cc)),
		z: c.mul(f, g),
	}
}

// baseTimes multiplies the base point and encodes the result (section 5.2.2).
func (c ed448Curve) baseTimes(scalar *big.Int) []byte {
	bx, _ := new(big.Int).SetString("224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710", 10)
	by, _ := new(big.Int).SetString("298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660", 10)
	base := ed448Point{bx, by, big.NewInt(1)}
	sum := ed448Point{big.NewInt(0), big.NewInt(1), big.NewInt(1)}
	for i := scalar.BitLen() - 1; i >= 0; i-- {
		sum = c.add(sum, sum)
		if scalar.Bit(i) == 1 {
			sum = c.add(sum, base)
		}
	}
	inverse := new(big.Int).ModInverse(sum.z, c.p)
	x, y := c.mul(sum.x, inverse), c.mul(sum.y, inverse)
	out := y.FillBytes(make([]byte, 57))
	slices.Reverse(out)
	out[56] |= byte(x.Bit(0)) << 7
	return out
}
