package testpki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"embed"
	"encoding/pem"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

//go:embed keys/*.pem
var rsaKeys embed.FS

// fixedKey makes the key of a label: elliptic-curve keys from a hash of it, RSA
// keys from committed test keys, since rsa.GenerateKey cannot be made to repeat.
func fixedKey(label, kind string) (crypto.Signer, error) {
	if strings.HasPrefix(kind, "rsa") {
		data, err := rsaKeys.ReadFile("keys/" + kind + ".pem")
		if err != nil {
			return nil, fmt.Errorf("there is no test key %q", kind)
		}
		block, _ := pem.Decode(data)
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	return hashedKey(label, kind)
}

// hashedKey makes an elliptic-curve key that anybody can make again.
func hashedKey(label, kind string) (crypto.Signer, error) {
	seed := sha512.Sum512([]byte("chainspect test key " + label))
	switch kind {
	case "", "p256":
		return ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:32])
	case "p224":
		return ecdsa.ParseRawPrivateKey(elliptic.P224(), seed[:28])
	case "p384":
		return ecdsa.ParseRawPrivateKey(elliptic.P384(), seed[:48])
	case "p521":
		raw := append([]byte{0, 0}, seed[:]...)
		return ecdsa.ParseRawPrivateKey(elliptic.P521(), raw)
	case "ed25519":
		return ed25519.NewKeyFromSeed(seed[:32]), nil
	}
	return nil, fmt.Errorf("%q is no kind of key", kind)
}

// keyKinds are the keys NewKey makes.
var keyKinds = []string{"p256", "p224", "p384", "p521", "ed25519", "rsa1024", "rsa2048", "rsa3072", "rsa4096"}

// NewKey makes a private key that nobody else has. The number that tells apart
// the committed test keys of one size ("rsa2048-1") says nothing here.
func NewKey(_, kind string) (crypto.Signer, error) {
	size, _, _ := strings.Cut(kind, "-")
	switch size {
	case "", "p256":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "p224":
		return ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	case "p384":
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "p521":
		return ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "ed25519":
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	case "rsa1024", "rsa2048", "rsa3072", "rsa4096":
		bits, err := strconv.Atoi(strings.TrimPrefix(size, "rsa"))
		if err != nil {
			return nil, err
		}
		return rsa.GenerateKey(rand.Reader, bits)
	}
	return nil, fmt.Errorf("%q is no kind of key: write one of %s", kind, strings.Join(keyKinds, ", "))
}

func algorithm(hash string, key crypto.Signer) x509.SignatureAlgorithm {
	switch key.(type) {
	case *rsa.PrivateKey:
		switch hash {
		case "sha1":
			return x509.SHA1WithRSA
		case "sha384":
			return x509.SHA384WithRSA
		case "sha512":
			return x509.SHA512WithRSA
		case "pss":
			return x509.SHA256WithRSAPSS
		case "pss384":
			return x509.SHA384WithRSAPSS
		case "pss512":
			return x509.SHA512WithRSAPSS
		}
		return x509.SHA256WithRSA
	case *ecdsa.PrivateKey:
		switch hash {
		case "sha1":
			return x509.ECDSAWithSHA1
		case "sha384":
			return x509.ECDSAWithSHA384
		case "sha512":
			return x509.ECDSAWithSHA512
		}
		return x509.ECDSAWithSHA256
	}
	return x509.PureEd25519
}

// modulus makes an RSA public key with exactly so many bits.
func modulus(label string, bits int) *rsa.PublicKey {
	raw := make([]byte, 0, bits/8+sha512.Size)
	for i := 0; len(raw)*8 < bits+64; i++ {
		sum := sha512.Sum512(fmt.Appendf(nil, "chainspect test modulus %s %d", label, i))
		raw = append(raw, sum[:]...)
	}
	n := new(big.Int).SetBytes(raw)
	n.Rsh(n, uint(n.BitLen()-bits))
	return &rsa.PublicKey{N: n.SetBit(n, 0, 1), E: 65537}
}
