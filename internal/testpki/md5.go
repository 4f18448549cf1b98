package testpki

import (
	"bytes"
	"crypto"
	"crypto/md5"
	"crypto/rsa"
	"encoding/asn1"
	"fmt"
)

// md5WithRSA differs from sha256WithRSAEncryption in the last octet of its
// identifier only (RFC 8017 appendix A.2.4).
var (
	sha256WithRSA = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b}
	md5WithRSA    = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04}
)

// signMD5 makes a certificate signed over SHA-256 into one signed over MD5,
// which x509.CreateCertificate refuses to make.
func signMD5(der []byte, key crypto.Signer) ([]byte, error) {
	signer, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("hash md5 needs an RSA key")
	}
	var cert struct {
		TBS       asn1.RawValue
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &cert); err != nil {
		return nil, err
	}
	tbs := bytes.Replace(cert.TBS.FullBytes, sha256WithRSA, md5WithRSA, 1)
	cert.TBS = asn1.RawValue{FullBytes: tbs}
	cert.Algorithm = asn1.RawValue{FullBytes: bytes.Replace(cert.Algorithm.FullBytes, sha256WithRSA, md5WithRSA, 1)}
	sum := md5.Sum(tbs)
	signature, err := rsa.SignPKCS1v15(nil, signer, crypto.MD5, sum[:])
	if err != nil {
		return nil, err
	}
	cert.Signature = asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}
	return asn1.Marshal(cert)
}
