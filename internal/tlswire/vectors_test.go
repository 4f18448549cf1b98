package tlswire

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// RFC 7748 section 5.2 and 6.2.
func TestX448Vectors(t *testing.T) {
	for _, tt := range []struct{ scalar, u, want string }{
		{"3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121700a779c984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3",
			"06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9814dc031ddbdc38c19c6da2583fa5429db94ada18aa7a7fb4ef8a086",
			"ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239fe14fbaadeb445fc66a01b0779d98223961111e21766282f73dd96b6f"},
		{"9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b",
			"05" + strings.Repeat("00", 55),
			"9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0"},
	} {
		if got := x448(unhex(t, tt.scalar), unhex(t, tt.u)); !bytes.Equal(got, unhex(t, tt.want)) {
			t.Errorf("got %x", got)
		}
	}
}

// RFC 7919 appendix A: the ends of the primes as printed, and that both p and
// (p-1)/2 are prime.
func TestFFDHEPrimes(t *testing.T) {
	for group, want := range map[tlsname.Group]struct {
		bits int
		tail string
	}{
		tlsname.FFDHE2048: {2048, "886b423861285c97ffffffffffffffff"},
		tlsname.FFDHE3072: {3072, "25e41d2b66c62e37ffffffffffffffff"},
		tlsname.FFDHE4096: {4096, "c68a007e5e655f6affffffffffffffff"},
		tlsname.FFDHE6144: {6144, "a40e329cd0e40e65ffffffffffffffff"},
		tlsname.FFDHE8192: {8192, "d68c8bb7c5c6424cffffffffffffffff"},
	} {
		p := ffdhePrime(group)
		text := fmt.Sprintf("%x", p)
		if p.BitLen() != want.bits || !strings.HasPrefix(text, "ffffffffffffffffadf85458a2bb4a9a") || !strings.HasSuffix(text, want.tail) {
			t.Errorf("%s: %d bits, %s…%s", group.String(), p.BitLen(), text[:32], text[len(text)-32:])
		}
		if want.bits <= 3072 {
			half := new(big.Int).Rsh(p, 1)
			if !p.ProbablyPrime(2) || !half.ProbablyPrime(2) {
				t.Errorf("%s is not a safe prime", group.String())
			}
		}
	}
}

// NIST SP 800-38C example 3: a nonce of 12 bytes, a tag of 8.
func TestCCMVector(t *testing.T) {
	aead, err := newCCM(unhex(t, "404142434445464748494a4b4c4d4e4f"), 8)
	if err != nil {
		t.Fatal(err)
	}
	nonce := unhex(t, "101112131415161718191a1b")
	data := unhex(t, "000102030405060708090a0b0c0d0e0f10111213")
	plain := unhex(t, "202122232425262728292a2b2c2d2e2f3031323334353637")
	want := unhex(t, "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951")
	if got := aead.Seal(nil, nonce, plain, data); !bytes.Equal(got, want) {
		t.Fatalf("sealed %x", got)
	}
	if got, err := aead.Open(nil, nonce, want, data); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("opened %x, %v", got, err)
	}
	for i := range want {
		bad := bytes.Clone(want)
		bad[i] ^= 1
		if _, err := aead.Open(nil, nonce, bad, data); err == nil {
			t.Fatalf("a flipped bit in byte %d was not noticed", i)
		}
	}
	if _, err := aead.Open(nil, nonce, want[:7], data); err == nil {
		t.Fatal("a text shorter than the tag was opened")
	}
}

// The two sides of each group compute the same secret.
func TestKeySharesAgree(t *testing.T) {
	for _, group := range []tlsname.Group{tlsname.X25519, tlsname.P256, tlsname.P384, tlsname.P521, tlsname.X448, tlsname.FFDHE2048} {
		a, err := NewKeyShare(group, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := NewKeyShare(group, nil)
		if err != nil {
			t.Fatal(err)
		}
		x, errX := a.Derive(b.Public)
		y, errY := b.Derive(a.Public)
		if errX != nil || errY != nil || !bytes.Equal(x, y) {
			t.Errorf("%s: %v %v", group.String(), errX, errY)
		}
		if _, err := a.Derive(b.Public[1:]); err == nil {
			t.Errorf("%s takes a share that is too short", group.String())
		}
	}
	if _, err := NewKeyShare(0xfafa, nil); err == nil {
		t.Error("a share in an unknown group")
	}
}
