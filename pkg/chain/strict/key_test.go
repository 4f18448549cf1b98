package strict

import (
	"math/big"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

func TestLargeExponents(t *testing.T) {
	for e, large := range map[int64]bool{0: false, 3: false, 65537: false, 1<<31 - 1: false, 1 << 31: true, 1<<40 + 1: true, -3: false, -1<<40 + 1: true} {
		var b cryptobyte.Builder
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1BigInt(new(big.Int).Lsh(big.NewInt(1), 2047))
			b.AddASN1Int64(e)
		})
		if key := b.BytesOrPanic(); largeExponent(key) != large {
			t.Errorf("%d: %t", e, !large)
		}
	}
}
