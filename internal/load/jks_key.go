package load

import (
	"bytes"
	"crypto/sha1"
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// Protections of keys in Java key stores.
const (
	oidJKSKey   = "1.3.6.1.4.1.42.2.17.1.1"
	oidJCEKSKey = "1.3.6.1.4.1.42.2.19.1"
)

// splitStoreKey splits the EncryptedPrivateKeyInfo of a key entry.
func splitStoreKey(protected []byte) (oid string, data []byte, ok bool) {
	in := cryptobyte.String(protected)
	var seq, alg, octets cryptobyte.String
	var id asn1.ObjectIdentifier
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&alg, cbasn1.SEQUENCE) ||
		!alg.ReadASN1ObjectIdentifier(&id) || !seq.ReadASN1(&octets, cbasn1.OCTET_STRING) {
		return "", nil, false
	}
	return id.String(), octets, true
}

func storeEncryption(protected []byte) *chain.IdentityEncryption {
	oid, _, _ := splitStoreKey(protected)
	switch oid {
	case oidJKSKey:
		return &chain.IdentityEncryption{Name: "JKS key protector", OID: oid, Cipher: "SHA-1 keystream", KDF: "SHA-1", SaltLength: sha1.Size, Iterations: 1}
	case oidJCEKSKey:
		const name = "PBEWithMD5AndTripleDES (JCEKS)"
		return &chain.IdentityEncryption{Name: name, OID: oid, Cipher: "DES-EDE3-CBC", KDF: "MD5", Unsupported: name}
	}
	return &chain.IdentityEncryption{Name: oid, OID: oid, Cipher: oid, Unsupported: oid}
}

// openStoreKey undoes sun.security.provider.KeyProtector: salt, key XOR a chain
// of SHA-1 over password and the digest before, then SHA-1 over password and key.
func openStoreKey(where string, protected []byte, password string) ([]byte, error) {
	oid, data, ok := splitStoreKey(protected)
	if !ok {
		return nil, &pfx.DamagedError{Where: where, Offset: -1, What: "the key is not an EncryptedPrivateKeyInfo"}
	}
	if oid != oidJKSKey {
		return nil, &pfx.UnsupportedError{Where: where, Kind: "encryption", Algorithm: storeEncryption(protected).Name}
	}
	if len(data) < 2*sha1.Size {
		return nil, &pfx.DamagedError{Where: where, Offset: -1, What: "the encrypted key is cut off"}
	}
	chars := javaChars(password)
	digest := data[:sha1.Size]
	key := bytes.Clone(data[sha1.Size : len(data)-sha1.Size])
	for i := range key {
		if i%sha1.Size == 0 {
			sum := sha1.Sum(append(chars[:len(chars):len(chars)], digest...))
			digest = sum[:]
		}
		key[i] ^= digest[i%sha1.Size]
	}
	check := sha1.Sum(append(chars[:len(chars):len(chars)], key...))
	if !bytes.Equal(check[:], data[len(data)-sha1.Size:]) {
		return nil, &pfx.PasswordError{Where: where, What: "the key does not decrypt with the password"}
	}
	return key, nil
}
