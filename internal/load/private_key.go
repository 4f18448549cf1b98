package load

// LooksLikeKey reports whether DER begins as a private key does and a
// certificate cannot, whole or cut off: with a version (RFC 8017 appendix A.1.2,
// RFC 5915, RFC 5958; PKCS #12 too) or with an algorithm identifier (encrypted,
// RFC 5958 section 3), where a certificate has its signed part. Whatever label a
// file gives it, it must not be reported as a certificate.
func LooksLikeKey(der []byte) bool {
	const integer, oid, sequence = 0x02, 0x06, 0x30
	if len(der) == 0 || der[0] != sequence {
		return false
	}
	inner := content(der)
	if len(inner) == 0 || inner[0] != sequence {
		return len(inner) > 0 && inner[0] == integer
	}
	inner = content(inner)
	return len(inner) > 0 && inner[0] == oid
}
