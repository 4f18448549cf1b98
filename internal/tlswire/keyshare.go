package tlswire

import (
	"crypto/ecdh"
	"crypto/mlkem"
	"crypto/rand"
	"fmt"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A KeyShare is the client's half of a key exchange in one group.
type KeyShare struct {
	Group  tlsname.Group
	Public []byte                            // key_exchange of the KeyShareEntry
	Derive func(peer []byte) ([]byte, error) // the shared secret; peer is the other end's key_exchange
	x25519 *ecdh.PrivateKey                  // lent to the next share of the same hello
}

// NewKeyShare makes a key in the group. The X25519 key of the hybrid share
// serves the plain one, too (draft-ietf-tls-hybrid-design section 3.2 allows it).
func NewKeyShare(group tlsname.Group, earlier []KeyShare) (KeyShare, error) {
	switch group {
	case tlsname.X25519:
		for _, e := range earlier {
			if e.x25519 != nil {
				return ecdhShare(group, e.x25519), nil
			}
		}
		return newECDHShare(group, ecdh.X25519())
	case tlsname.P256:
		return newECDHShare(group, ecdh.P256())
	case tlsname.P384:
		return newECDHShare(group, ecdh.P384())
	case tlsname.P521:
		return newECDHShare(group, ecdh.P521())
	case tlsname.X25519MLKEM768, tlsname.SecP256r1MLKEM768, tlsname.SecP384r1MLKEM1024:
		return newHybridShare(group)
	case tlsname.X448:
		return newX448Share()
	case tlsname.FFDHE2048, tlsname.FFDHE3072, tlsname.FFDHE4096, tlsname.FFDHE6144, tlsname.FFDHE8192:
		return newFFDHEShare(group)
	}
	return KeyShare{}, fmt.Errorf("group %s cannot be computed here", group.String())
}

func newECDHShare(group tlsname.Group, curve ecdh.Curve) (KeyShare, error) {
	key, err := curve.GenerateKey(rand.Reader)
	if err != nil {
		return KeyShare{}, err
	}
	return ecdhShare(group, key), nil
}

func ecdhShare(group tlsname.Group, key *ecdh.PrivateKey) KeyShare {
	return KeyShare{Group: group, Public: key.PublicKey().Bytes(), Derive: func(server []byte) ([]byte, error) {
		return ecdhSecret(key, server)
	}}
}

func ecdhSecret(key *ecdh.PrivateKey, server []byte) ([]byte, error) {
	peer, err := key.Curve().NewPublicKey(server)
	if err != nil {
		return nil, err
	}
	return key.ECDH(peer)
}

// newHybridShare joins ML-KEM and a curve (draft-ietf-tls-ecdhe-mlkem
// section 4): X25519MLKEM768 puts ML-KEM first, the NIST ones the curve.
func newHybridShare(group tlsname.Group) (KeyShare, error) {
	curve, ciphertext := ecdh.P256(), mlkem.CiphertextSize768
	switch group {
	case tlsname.X25519MLKEM768:
		curve = ecdh.X25519()
	case tlsname.SecP384r1MLKEM1024:
		curve, ciphertext = ecdh.P384(), mlkem.CiphertextSize1024
	}
	encapsulation, decapsulate, err := newKEM(ciphertext)
	if err != nil {
		return KeyShare{}, err
	}
	key, err := curve.GenerateKey(rand.Reader)
	if err != nil {
		return KeyShare{}, err
	}
	point := key.PublicKey().Bytes()
	kemFirst := group == tlsname.X25519MLKEM768
	share := KeyShare{Group: group, Public: joined(kemFirst, encapsulation, point)}
	if kemFirst {
		share.x25519 = key
	}
	share.Derive = func(server []byte) ([]byte, error) {
		if len(server) != ciphertext+len(point) {
			return nil, fmt.Errorf("key share of %d bytes, want %d", len(server), ciphertext+len(point))
		}
		kemPart, curvePart := server[:ciphertext], server[ciphertext:]
		if !kemFirst {
			curvePart, kemPart = server[:len(point)], server[len(point):]
		}
		kemSecret, err := decapsulate(kemPart)
		if err != nil {
			return nil, err
		}
		curveSecret, err := ecdhSecret(key, curvePart)
		if err != nil {
			return nil, err
		}
		return joined(kemFirst, kemSecret, curveSecret), nil
	}
	return share, nil
}

func newKEM(ciphertext int) (public []byte, decapsulate func([]byte) ([]byte, error), err error) {
	if ciphertext == mlkem.CiphertextSize768 {
		key, err := mlkem.GenerateKey768()
		if err != nil {
			return nil, nil, err
		}
		return key.EncapsulationKey().Bytes(), key.Decapsulate, nil
	}
	key, err := mlkem.GenerateKey1024()
	if err != nil {
		return nil, nil, err
	}
	return key.EncapsulationKey().Bytes(), key.Decapsulate, nil
}

func joined(kemFirst bool, kem, curve []byte) []byte {
	if kemFirst {
		return append(append(make([]byte, 0, len(kem)+len(curve)), kem...), curve...)
	}
	return append(append(make([]byte, 0, len(kem)+len(curve)), curve...), kem...)
}
