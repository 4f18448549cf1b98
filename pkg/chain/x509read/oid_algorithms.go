package x509read

// Signature, key and hash algorithms and named curves: RFC 3279, 4055, 5480,
// 5758, 8410, 9882, FIPS 186 and SEC 2.
const (
	OIDRSAEncryption        OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" // 1.2.840.113549.1.1.1
	OIDMD2WithRSA           OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02" // 1.2.840.113549.1.1.2
	OIDMD4WithRSA           OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x03" // 1.2.840.113549.1.1.3
	OIDMD5WithRSA           OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04" // 1.2.840.113549.1.1.4
	OIDSHA1WithRSA          OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05" // 1.2.840.113549.1.1.5
	OIDRSAESOAEP            OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07" // 1.2.840.113549.1.1.7
	OIDMGF1                 OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08" // 1.2.840.113549.1.1.8
	OIDRSASSAPSS            OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a" // 1.2.840.113549.1.1.10
	OIDSHA256WithRSA        OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b" // 1.2.840.113549.1.1.11
	OIDSHA384WithRSA        OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c" // 1.2.840.113549.1.1.12
	OIDSHA512WithRSA        OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d" // 1.2.840.113549.1.1.13
	OIDSHA224WithRSA        OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e" // 1.2.840.113549.1.1.14
	OIDSHA512_224WithRSA    OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0f" // 1.2.840.113549.1.1.15
	OIDSHA512_256WithRSA    OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x10" // 1.2.840.113549.1.1.16
	OIDSHA3_224WithRSA      OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x0d" // 2.16.840.1.101.3.4.3.13
	OIDSHA3_256WithRSA      OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x0e" // 2.16.840.1.101.3.4.3.14
	OIDSHA3_384WithRSA      OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x0f" // 2.16.840.1.101.3.4.3.15
	OIDSHA3_512WithRSA      OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x10" // 2.16.840.1.101.3.4.3.16
	OIDSHA1WithRSAOIW       OID = "\x2b\x0e\x03\x02\x1d"                 // 1.3.14.3.2.29
	OIDECPublicKey          OID = "\x2a\x86\x48\xce\x3d\x02\x01"         // 1.2.840.10045.2.1
	OIDECDSAWithSHA1        OID = "\x2a\x86\x48\xce\x3d\x04\x01"         // 1.2.840.10045.4.1
	OIDECDSAWithSHA224      OID = "\x2a\x86\x48\xce\x3d\x04\x03\x01"     // 1.2.840.10045.4.3.1
	OIDECDSAWithSHA256      OID = "\x2a\x86\x48\xce\x3d\x04\x03\x02"     // 1.2.840.10045.4.3.2
	OIDECDSAWithSHA384      OID = "\x2a\x86\x48\xce\x3d\x04\x03\x03"     // 1.2.840.10045.4.3.3
	OIDECDSAWithSHA512      OID = "\x2a\x86\x48\xce\x3d\x04\x03\x04"     // 1.2.840.10045.4.3.4
	OIDECDSAWithSHA3_224    OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x09" // 2.16.840.1.101.3.4.3.9
	OIDECDSAWithSHA3_256    OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x0a" // 2.16.840.1.101.3.4.3.10
	OIDECDSAWithSHA3_384    OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x0b" // 2.16.840.1.101.3.4.3.11
	OIDECDSAWithSHA3_512    OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x0c" // 2.16.840.1.101.3.4.3.12
	OIDDSA                  OID = "\x2a\x86\x48\xce\x38\x04\x01"         // 1.2.840.10040.4.1
	OIDDSAWithSHA1          OID = "\x2a\x86\x48\xce\x38\x04\x03"         // 1.2.840.10040.4.3
	OIDDSAWithSHA224        OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x01" // 2.16.840.1.101.3.4.3.1
	OIDDSAWithSHA256        OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x02" // 2.16.840.1.101.3.4.3.2
	OIDDSAWithSHA384        OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x03" // 2.16.840.1.101.3.4.3.3
	OIDDSAWithSHA512        OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x04" // 2.16.840.1.101.3.4.3.4
	OIDX25519               OID = "\x2b\x65\x6e"                         // 1.3.101.110
	OIDX448                 OID = "\x2b\x65\x6f"                         // 1.3.101.111
	OIDEd25519              OID = "\x2b\x65\x70"                         // 1.3.101.112
	OIDEd448                OID = "\x2b\x65\x71"                         // 1.3.101.113
	OIDMLDSA44              OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x11" // 2.16.840.1.101.3.4.3.17
	OIDMLDSA65              OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x12" // 2.16.840.1.101.3.4.3.18
	OIDMLDSA87              OID = "\x60\x86\x48\x01\x65\x03\x04\x03\x13" // 2.16.840.1.101.3.4.3.19
	OIDSM2WithSM3           OID = "\x2a\x81\x1c\xcf\x55\x01\x83\x75"     // 1.2.156.10197.1.501
	OIDDHPublicNumber       OID = "\x2a\x86\x48\xce\x3e\x02\x01"         // 1.2.840.10046.2.1
	OIDGOST2012_256         OID = "\x2a\x85\x03\x07\x01\x01\x01\x01"     // 1.2.643.7.1.1.1.1
	OIDGOST2012_512         OID = "\x2a\x85\x03\x07\x01\x01\x01\x02"     // 1.2.643.7.1.1.1.2
	OIDMD2                  OID = "\x2a\x86\x48\x86\xf7\x0d\x02\x02"     // 1.2.840.113549.2.2
	OIDMD5                  OID = "\x2a\x86\x48\x86\xf7\x0d\x02\x05"     // 1.2.840.113549.2.5
	OIDSHA1                 OID = "\x2b\x0e\x03\x02\x1a"                 // 1.3.14.3.2.26
	OIDSHA224               OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x04" // 2.16.840.1.101.3.4.2.4
	OIDSHA256               OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x01" // 2.16.840.1.101.3.4.2.1
	OIDSHA384               OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x02" // 2.16.840.1.101.3.4.2.2
	OIDSHA512               OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x03" // 2.16.840.1.101.3.4.2.3
	OIDSHA512_224           OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x05" // 2.16.840.1.101.3.4.2.5
	OIDSHA512_256           OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x06" // 2.16.840.1.101.3.4.2.6
	OIDSHA3_224             OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x07" // 2.16.840.1.101.3.4.2.7
	OIDSHA3_256             OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x08" // 2.16.840.1.101.3.4.2.8
	OIDSHA3_384             OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x09" // 2.16.840.1.101.3.4.2.9
	OIDSHA3_512             OID = "\x60\x86\x48\x01\x65\x03\x04\x02\x0a" // 2.16.840.1.101.3.4.2.10
	OIDPrimeField           OID = "\x2a\x86\x48\xce\x3d\x01\x01"         // 1.2.840.10045.1.1
	OIDCurveP192            OID = "\x2a\x86\x48\xce\x3d\x03\x01\x01"     // 1.2.840.10045.3.1.1
	OIDCurveP224            OID = "\x2b\x81\x04\x00\x21"                 // 1.3.132.0.33
	OIDCurveP256            OID = "\x2a\x86\x48\xce\x3d\x03\x01\x07"     // 1.2.840.10045.3.1.7
	OIDCurveP384            OID = "\x2b\x81\x04\x00\x22"                 // 1.3.132.0.34
	OIDCurveP521            OID = "\x2b\x81\x04\x00\x23"                 // 1.3.132.0.35
	OIDCurveSecp256k1       OID = "\x2b\x81\x04\x00\x0a"                 // 1.3.132.0.10
	OIDCurveBrainpoolP256r1 OID = "\x2b\x24\x03\x03\x02\x08\x01\x01\x07" // 1.3.36.3.3.2.8.1.1.7
	OIDCurveBrainpoolP384r1 OID = "\x2b\x24\x03\x03\x02\x08\x01\x01\x0b" // 1.3.36.3.3.2.8.1.1.11
	OIDCurveBrainpoolP512r1 OID = "\x2b\x24\x03\x03\x02\x08\x01\x01\x0d" // 1.3.36.3.3.2.8.1.1.13
	OIDCurveSM2             OID = "\x2a\x81\x1c\xcf\x55\x01\x82\x2d"     // 1.2.156.10197.1.301
)

// algorithmName returns the friendly name of an algorithm or curve, or "".
func algorithmName(oid OID) string {
	switch oid {
	case OIDRSAEncryption:
		return "rsaEncryption"
	case OIDMD2WithRSA:
		return "md2WithRSAEncryption"
	case OIDMD4WithRSA:
		return "md4WithRSAEncryption"
	case OIDMD5WithRSA:
		return "md5WithRSAEncryption"
	case OIDSHA1WithRSA:
		return "sha1WithRSAEncryption"
	case OIDRSAESOAEP:
		return "id-RSAES-OAEP"
	case OIDMGF1:
		return "id-mgf1"
	case OIDRSASSAPSS:
		return "id-RSASSA-PSS"
	case OIDSHA256WithRSA:
		return "sha256WithRSAEncryption"
	case OIDSHA384WithRSA:
		return "sha384WithRSAEncryption"
	case OIDSHA512WithRSA:
		return "sha512WithRSAEncryption"
	case OIDSHA224WithRSA:
		return "sha224WithRSAEncryption"
	case OIDSHA512_224WithRSA:
		return "sha512-224WithRSAEncryption"
	case OIDSHA512_256WithRSA:
		return "sha512-256WithRSAEncryption"
	case OIDSHA3_224WithRSA:
		return "id-rsassa-pkcs1-v1-5-with-sha3-224"
	case OIDSHA3_256WithRSA:
		return "id-rsassa-pkcs1-v1-5-with-sha3-256"
	case OIDSHA3_384WithRSA:
		return "id-rsassa-pkcs1-v1-5-with-sha3-384"
	case OIDSHA3_512WithRSA:
		return "id-rsassa-pkcs1-v1-5-with-sha3-512"
	case OIDSHA1WithRSAOIW:
		return "sha1WithRSASignature"
	case OIDECPublicKey:
		return "id-ecPublicKey"
	case OIDECDSAWithSHA1:
		return "ecdsa-with-SHA1"
	case OIDECDSAWithSHA224:
		return "ecdsa-with-SHA224"
	case OIDECDSAWithSHA256:
		return "ecdsa-with-SHA256"
	case OIDECDSAWithSHA384:
		return "ecdsa-with-SHA384"
	case OIDECDSAWithSHA512:
		return "ecdsa-with-SHA512"
	case OIDECDSAWithSHA3_224:
		return "id-ecdsa-with-sha3-224"
	case OIDECDSAWithSHA3_256:
		return "id-ecdsa-with-sha3-256"
	case OIDECDSAWithSHA3_384:
		return "id-ecdsa-with-sha3-384"
	case OIDECDSAWithSHA3_512:
		return "id-ecdsa-with-sha3-512"
	case OIDDSA:
		return "id-dsa"
	case OIDDSAWithSHA1:
		return "dsa-with-SHA1"
	case OIDDSAWithSHA224:
		return "dsa-with-SHA224"
	case OIDDSAWithSHA256:
		return "dsa-with-SHA256"
	case OIDDSAWithSHA384:
		return "dsa-with-SHA384"
	case OIDDSAWithSHA512:
		return "dsa-with-SHA512"
	case OIDX25519:
		return "id-X25519"
	case OIDX448:
		return "id-X448"
	case OIDEd25519:
		return "id-Ed25519"
	case OIDEd448:
		return "id-Ed448"
	case OIDMLDSA44:
		return "id-ml-dsa-44"
	case OIDMLDSA65:
		return "id-ml-dsa-65"
	case OIDMLDSA87:
		return "id-ml-dsa-87"
	case OIDSM2WithSM3:
		return "SM2 with SM3"
	case OIDDHPublicNumber:
		return "dhpublicnumber"
	case OIDGOST2012_256:
		return "GOST R 34.10-2012 (256 bits)"
	case OIDGOST2012_512:
		return "GOST R 34.10-2012 (512 bits)"
	case OIDMD2:
		return "MD2"
	case OIDMD5:
		return "MD5"
	case OIDSHA1:
		return "SHA-1"
	case OIDSHA224:
		return "SHA-224"
	case OIDSHA256:
		return "SHA-256"
	case OIDSHA384:
		return "SHA-384"
	case OIDSHA512:
		return "SHA-512"
	case OIDSHA512_224:
		return "SHA-512/224"
	case OIDSHA512_256:
		return "SHA-512/256"
	case OIDSHA3_224:
		return "SHA3-224"
	case OIDSHA3_256:
		return "SHA3-256"
	case OIDSHA3_384:
		return "SHA3-384"
	case OIDSHA3_512:
		return "SHA3-512"
	case OIDPrimeField:
		return "prime-field"
	case OIDCurveP192:
		return "P-192"
	case OIDCurveP224:
		return "P-224"
	case OIDCurveP256:
		return "P-256"
	case OIDCurveP384:
		return "P-384"
	case OIDCurveP521:
		return "P-521"
	case OIDCurveSecp256k1:
		return "secp256k1"
	case OIDCurveBrainpoolP256r1:
		return "brainpoolP256r1"
	case OIDCurveBrainpoolP384r1:
		return "brainpoolP384r1"
	case OIDCurveBrainpoolP512r1:
		return "brainpoolP512r1"
	case OIDCurveSM2:
		return "SM2"
	}
	return ""
}
