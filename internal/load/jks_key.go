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
func splitStoreKey(protected []byte) (oid string, params, data []byte, ok bool) {
	in := cryptobyte.String(protected)
	var seq, alg, octets cryptobyte.String
	var id asn1.ObjectIdentifier
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&alg, cbasn1.SEQUENCE) ||
		!alg.ReadASN1ObjectIdentifier(&id) || !seq.ReadASN1(&octets, cbasn1.OCTET_STRING) {
		return "", nil, nil, false
	}
	return id.String(), alg, octets, true
}

func storeEncryption(protected []byte) *chain.IdentityEncryption {
	oid, params, _, _ := splitStoreKey(protected)
	switch oid {
	case oidJKSKey:
		return &chain.IdentityEncryption{Name: "JKS key protector", OID: oid, Cipher: "SHA-1 keystream", KDF: "SHA-1", SaltLength: sha1.Size, Iterations: 1}
	case oidJCEKSKey:
		salt, iterations, _ := jceksParameters(params)
		return &chain.IdentityEncryption{Name: "PBEWithMD5AndTripleDES (JCEKS)", OID: oid, Cipher: "DES-EDE3-CBC", KDF: "MD5", SaltLength: len(salt), Iterations: iterations}
	}
	return &chain.IdentityEncryption{Name: oid, OID: oid, Cipher: oid, Unsupported: oid}
}

// openStoreKey opens the key of an entry.
func openStoreKey(where string, protected []byte, password string) ([]byte, error) {
	oid, params, data, ok := splitStoreKey(protected)
	switch {
	case !ok:
		return nil, &pfx.DamagedError{Where: where, Offset: -1, What: "the key is not an EncryptedPrivateKeyInfo"}
	case oid == oidJKSKey:
		return openJKSKey(where, data, password)
	case oid == oidJCEKSKey:
		return openJCEKSKey(where, params, data, password)
	}
	return nil, &pfx.UnsupportedError{Where: where, Kind: "encryption", Algorithm: storeEncryption(protected).Name}
}

const wrongStorePassword = "the key does not decrypt with the password"

// openJKSKey undoes sun.security.provider.KeyProtector: salt, key XOR a chain
// of SHA-1 over password and the digest before, then SHA-1 over password and key.
func openJKSKey(where string, data []byte, password string) ([]byte, error) {
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
		return nil, &pfx.PasswordError{Where: where, What: wrongStorePassword}
	}
	return key, nil
}
