package pfx

// DecryptKey opens an EncryptedPrivateKeyInfo (RFC 5958 section 3), the content
// of a PEM block "ENCRYPTED PRIVATE KEY". The password candidates and the errors
// are those of Open; the Encryption is told whenever it could be read.
func DecryptKey(encrypted []byte, passwords []string) (pkcs8 []byte, enc *Encryption, err error) {
	return decryptKeyWithin(encrypted, passwords, maxWork)
}

func decryptKeyWithin(encrypted []byte, passwords []string, work int) (pkcs8 []byte, enc *Encryption, err error) {
	const where = "EncryptedPrivateKeyInfo"
	der, err := ToDER(encrypted)
	if err != nil {
		return nil, nil, err
	}
	in := cursor{der}
	seq, ok := in.sequence()
	if !ok {
		return nil, nil, &DamagedError{Where: where, What: "is not a SEQUENCE"}
	}
	sch, err := readScheme(where, &seq)
	if err != nil {
		return nil, nil, err
	}
	data, ok := seq.take(idOctetString)
	if !ok {
		return nil, &sch.Encryption, damaged(where, "has no encrypted data")
	}
	o := &opener{file: &File{}, attempts: attempts(passwords), budget: budget{work}}
	pkcs8, err = o.decrypt(where, sch, data, isPrivateKeyInfo)
	return pkcs8, &sch.Encryption, err
}

// IsEncryptedKey reports whether der looks like an EncryptedPrivateKeyInfo.
func IsEncryptedKey(ber []byte) bool {
	der, err := ToDER(ber)
	if err != nil {
		return false
	}
	in := cursor{der}
	seq, ok := in.sequence()
	_, _, ok2 := seq.algorithm()
	_, ok3 := seq.take(idOctetString)
	return ok && ok2 && ok3 && seq.empty()
}

// IsPrivateKey reports whether der looks like a PKCS#8 PrivateKeyInfo in the clear.
func IsPrivateKey(ber []byte) bool { return isPrivateKeyInfo(ber) }

// privateKeyInfo splits PrivateKeyInfo (RFC 5208) and OneAsymmetricKey (RFC 5958).
type privateKeyInfo struct {
	oid       string
	params    []byte // the parameters element; nil when absent
	algorithm []byte // the whole AlgorithmIdentifier
	key       []byte // content of the privateKey OCTET STRING
	public    []byte // [1] publicKey without its unused-bits octet; nil when absent
}

func splitPrivateKeyInfo(ber []byte) (privateKeyInfo, bool) {
	var p privateKeyInfo
	der, used, err := toDER(ber)
	if err != nil || used != len(ber) {
		return p, false
	}
	in := cursor{der}
	seq, ok := in.sequence()
	if !ok {
		return p, false
	}
	if _, ok = seq.integer(); !ok {
		return p, false
	}
	again := cursor{seq.rest}
	if _, _, p.algorithm, ok = again.element(); !ok {
		return p, false
	}
	if p.oid, p.params, ok = seq.algorithm(); !ok {
		return p, false
	}
	if p.key, ok = seq.take(idOctetString); !ok {
		return p, false
	}
	seq.take(idExplicit0) // attributes
	if bits, ok := seq.take(idImplicit1); ok && len(bits) > 1 {
		p.public = bits[1:]
	}
	return p, true
}

func isPrivateKeyInfo(plain []byte) bool {
	_, ok := splitPrivateKeyInfo(plain)
	return ok
}
