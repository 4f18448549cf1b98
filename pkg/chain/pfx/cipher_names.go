package pfx

import "strings"

// cipherName names a cipher, whether it can be computed here or not; an unknown
// one by its dotted OID.
func cipherName(oid string) string {
	switch oid {
	case "1.2.840.113549.3.2":
		return "RC2-CBC"
	case "1.2.840.113549.3.4":
		return "RC4"
	case "1.2.840.113549.3.7":
		return "DES-EDE3-CBC"
	case "1.2.840.113549.3.9":
		return "RC5-CBC"
	case "1.3.14.3.2.7":
		return "DES-CBC"
	case "1.3.6.1.4.1.3029.1.2":
		return "BF-CBC"
	case "1.2.840.113533.7.66.10":
		return "CAST5-CBC"
	case "1.3.6.1.4.1.188.7.1.1.2":
		return "IDEA-CBC"
	case "1.2.410.200004.1.4":
		return "SEED-CBC"
	case "1.2.156.10197.1.104.2":
		return "SM4-CBC"
	case "1.2.643.2.2.21":
		return "GOST 28147-89"
	case "1.2.643.7.1.1.5.1.1":
		return "Magma-CTR-ACPKM"
	case "1.2.643.7.1.1.5.2.1":
		return "Kuznyechik-CTR-ACPKM"
	case "1.2.392.200011.61.1.1.1.2":
		return "Camellia-128-CBC"
	case "1.2.392.200011.61.1.1.1.3":
		return "Camellia-192-CBC"
	case "1.2.392.200011.61.1.1.1.4":
		return "Camellia-256-CBC"
	case "1.2.840.113549.1.9.16.3.18":
		return "ChaCha20-Poly1305"
	}
	if arc, ok := strings.CutPrefix(oid, "2.16.840.1.101.3.4.1."); ok {
		return aesName(arc, oid)
	}
	if arc, ok := strings.CutPrefix(oid, "1.2.410.200046.1.1."); ok {
		return ariaName(arc, oid)
	}
	return oid
}

func aesName(arc, oid string) string {
	switch arc {
	case "2":
		return "AES-128-CBC"
	case "22":
		return "AES-192-CBC"
	case "42":
		return "AES-256-CBC"
	case "6":
		return "AES-128-GCM"
	case "26":
		return "AES-192-GCM"
	case "46":
		return "AES-256-GCM"
	}
	return oid
}

// ariaName follows RFC 5794 section 5.
func ariaName(arc, oid string) string {
	switch arc {
	case "2":
		return "ARIA-128-CBC"
	case "7":
		return "ARIA-192-CBC"
	case "12":
		return "ARIA-256-CBC"
	}
	return oid
}
