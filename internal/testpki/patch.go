package testpki

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Algorithms x509.CreateCertificate does not sign with (RFC 8017 appendix A.2.4,
// RFC 4055 section 3.1, RFC 5758 section 3.2).
const (
	md5WithRSA      = "300d 0609 2a864886f70d010104 0500"
	sha224WithRSA   = "300d 0609 2a864886f70d01010e 0500"
	ecdsaWithSHA224 = "300a 0608 2a8648ce3d040301"
	pssWithSHA1     = "300d 0609 2a864886f70d01010a 3000"
	pssWithSHA224   = "303d 0609 2a864886f70d01010a 3030 a00d 300b 0609 608648016503040204 a11a 3018 0609 2a864886f70d010108 300b 0609 608648016503040204 a203 02011c"
)

// rare is the AlgorithmIdentifier of one of them; "" where it is none.
func rare(hash string, key crypto.Signer) string {
	_, isRSA := key.(*rsa.PrivateKey)
	switch {
	case hash == "sha224" && !isRSA:
		return ecdsaWithSHA224
	case hash == "md5":
		return md5WithRSA
	case hash == "sha224":
		return sha224WithRSA
	case hash == "pss1":
		return pssWithSHA1
	case hash == "pss224":
		return pssWithSHA224
	}
	return ""
}

// Field writes a field of the signed part anew, as it stands, and signs again:
// what x509.CreateCertificate refuses to make.
type Field struct {
	Name string `yaml:"name"` // version, serial, signature, issuer, validity, subject, spki, unique_id, extensions
	Hex  string `yaml:"hex"`  // the whole DER element; "": the field is left out
}

// Damage replaces bytes of the signed part, the first occurrence, and signs
// again. Both sides have the same length.
type Damage struct {
	Find    string `yaml:"find"`    // hex
	Replace string `yaml:"replace"` // hex
	Unsound bool   `yaml:"unsound"` // do not sign again: the signature is wrong
}

// patch does to a certificate what the recipe's fields, damage and outer
// algorithm say.
func (r *Recipe) patch(der []byte, alg x509.SignatureAlgorithm, key crypto.Signer) ([]byte, error) {
	if len(r.Fields)+len(r.Damage) == 0 && r.Outer == "" {
		return der, nil
	}
	var cert struct {
		TBS       asn1.RawValue
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &cert); err != nil {
		return nil, err
	}
	tbs, again := cert.TBS.FullBytes, len(r.Fields) > 0
	var err error
	for _, f := range r.Fields {
		if tbs, err = f.apply(tbs); err != nil {
			return nil, err
		}
	}
	for _, d := range r.Damage {
		if tbs, err = d.apply(tbs); err != nil {
			return nil, err
		}
		again = again || !d.Unsound
	}
	if r.Outer != "" {
		if cert.Algorithm.FullBytes, err = unhex(r.Outer); err != nil {
			return nil, err
		}
	}
	cert.TBS = asn1.RawValue{FullBytes: tbs}
	cert.Algorithm = asn1.RawValue{FullBytes: cert.Algorithm.FullBytes}
	if again {
		if cert.Signature.Bytes, err = sign(tbs, r.Hash, alg, key); err != nil {
			return nil, err
		}
		cert.Signature.BitLength = 8 * len(cert.Signature.Bytes)
	}
	return asn1.Marshal(cert)
}

func (f Field) apply(tbs []byte) ([]byte, error) {
	order := []string{"version", "serial", "signature", "issuer", "validity", "subject", "spki", "unique_id", "extensions"}
	at := slices.Index(order, f.Name)
	if at < 0 {
		return nil, fmt.Errorf("%q is no field of a certificate", f.Name)
	}
	value, err := unhex(f.Hex)
	if err != nil {
		return nil, err
	}
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(tbs, &outer); err != nil {
		return nil, err
	}
	parts := make([][]byte, len(order))
	i := 0
	for rest := outer.Bytes; len(rest) > 0; i++ {
		var v asn1.RawValue
		if rest, err = asn1.Unmarshal(rest, &v); err != nil {
			return nil, err
		}
		if context := v.Class == asn1.ClassContextSpecific; i == 0 && !context {
			i = 1 // the version was left out
		} else if context && i > 0 {
			i = len(order) - 1
		}
		parts[i] = v.FullBytes
	}
	parts[at] = value
	return asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: bytes.Join(parts, nil)})
}

func (d Damage) apply(tbs []byte) ([]byte, error) {
	find, err := unhex(d.Find)
	if err != nil {
		return nil, err
	}
	replace, err := unhex(d.Replace)
	if err != nil || len(find) != len(replace) {
		return nil, fmt.Errorf("damage %s: both sides must be hex of the same length", d.Find)
	}
	at := bytes.Index(tbs, find)
	if at < 0 {
		return nil, fmt.Errorf("damage %s: not found", d.Find)
	}
	tbs = bytes.Clone(tbs)
	copy(tbs[at:], replace)
	return tbs, nil
}

func unhex(text string) ([]byte, error) {
	return hex.DecodeString(strings.Join(strings.Fields(text), ""))
}

// sign signs a changed part again; nil randomness makes ECDSA deterministic.
func sign(tbs []byte, hash string, alg x509.SignatureAlgorithm, key crypto.Signer) ([]byte, error) {
	switch hash {
	case "md5":
		sum := md5.Sum(tbs)
		return key.Sign(nil, sum[:], crypto.MD5)
	case "sha224":
		sum := sha256.Sum224(tbs)
		return key.Sign(nil, sum[:], crypto.SHA224)
	case "pss1":
		sum := sha1.Sum(tbs)
		return key.Sign(zeros{}, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA1})
	case "pss224":
		sum := sha256.Sum224(tbs)
		return key.Sign(zeros{}, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA224})
	}
	if _, ok := key.(ed25519.PrivateKey); ok {
		return key.Sign(nil, tbs, crypto.Hash(0))
	}
	switch alg {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1:
		sum := sha1.Sum(tbs)
		return key.Sign(nil, sum[:], crypto.SHA1)
	case x509.SHA256WithRSA, x509.ECDSAWithSHA256:
		sum := sha256.Sum256(tbs)
		return key.Sign(nil, sum[:], crypto.SHA256)
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384:
		sum := sha512.Sum384(tbs)
		return key.Sign(nil, sum[:], crypto.SHA384)
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512:
		sum := sha512.Sum512(tbs)
		return key.Sign(nil, sum[:], crypto.SHA512)
	case x509.SHA256WithRSAPSS:
		sum := sha256.Sum256(tbs)
		return key.Sign(nil, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256})
	}
	return nil, fmt.Errorf("%v cannot be signed again", alg)
}
