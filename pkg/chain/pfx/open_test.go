package pfx

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
)

// testKey is the PKCS#8 of a P-256 key made of a label.
func testKey(t *testing.T, label string) []byte {
	t.Helper()
	sum := sha256.Sum256([]byte(label))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), sum[:])
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// kind tells the three types of error apart, as a caller does.
func kind(err error) string {
	var p *PasswordError
	var u *UnsupportedError
	var d *DamagedError
	switch {
	case err == nil:
		return "none"
	case errors.As(err, &p):
		return "password"
	case errors.As(err, &u):
		return "unsupported"
	case errors.As(err, &d):
		return "damaged"
	}
	return err.Error()
}

func TestThreeErrorsAreToldApart(t *testing.T) {
	const right, other = "right horse", "wrong mule"
	key := testKey(t, "leaf")
	alg, data := pbes2(t, right, 2, key)
	shrouded := dataSafe(bag(shroudedOID, seq(alg, octets(data))))
	certs := dataSafe(certBag([]byte("certificate")))
	good := macSHA256(wide(right), 3)
	unknownMAC := func(content []byte) []byte {
		return seq(seq(algorithm("1.3.36.3.2.1"), octets(make([]byte, 20))), octets(testSalt))
	}
	changed := func(content []byte) []byte { return good(append(content, 0)) }
	camellia := algorithm(oidPBES2, seq(pbkdf2Params(2, prfSHA256()), algorithm("1.2.392.200011.61.1.1.1.4", octets(testIV))))
	tests := []struct {
		name, password, want string
		keys                 int
		file                 []byte
	}{
		{"right password", right, "none", 1, pfxFile(good, shrouded)},
		{"wrong password", other, "password", 0, pfxFile(good, shrouded)},
		{"wrong password, nothing encrypted", other, "password", 0, pfxFile(good, certs)},
		{"changed after it was made", right, "damaged", 0, pfxFile(changed, shrouded)},
		{"changed, and wrong password", other, "password", 0, pfxFile(changed, shrouded)},
		{"no MAC, right password", right, "none", 1, pfxFile(nil, shrouded)},
		{"no MAC, wrong password", other, "password", 0, pfxFile(nil, shrouded)},
		{"no MAC, wrong password, certificates in the clear", other, "password", 0, pfxFile(nil, certs, shrouded)},
		{"unknown MAC, right password", right, "none", 1, pfxFile(unknownMAC, shrouded)},
		{"unknown MAC, wrong password", other, "unsupported", 0, pfxFile(unknownMAC, shrouded)},
		{"unknown MAC, nothing encrypted", other, "none", 0, pfxFile(unknownMAC, certs)},
		{"key with another password", right, "password", 0, pfxFile(good, dataSafe(bag(shroudedOID, shroud(t, other, key))))},
		{"key with another password, certificates readable", right, "none", 0, pfxFile(good, certs, dataSafe(bag(shroudedOID, shroud(t, other, key))))},
		{"unknown cipher under a good MAC", right, "none", 0, pfxFile(good, encryptedSafe(camellia, data))},
		{"cut short", right, "damaged", 0, pfxFile(good, shrouded)[:100]},
		{"not a PKCS#12 file", right, "damaged", 0, seq(num(3), octets(nil))},
		{"empty input", right, "damaged", 0, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			keys := 0
			_, err := Open(test.file, []string{test.password}, func(int, []byte) { keys++ })
			if kind(err) != test.want || keys != test.keys {
				t.Errorf("error %s (%v), %d keys; want %s, %d", kind(err), err, keys, test.want, test.keys)
			}
			if err != nil && (strings.Contains(err.Error(), test.password) || strings.Contains(err.Error(), right)) {
				t.Errorf("the error has a password: %v", err)
			}
		})
	}
}

func shroud(t *testing.T, password string, key []byte) []byte {
	alg, data := pbes2(t, password, 2, key)
	return seq(alg, octets(data))
}

func TestEmptyPasswordHasTwoEncodings(t *testing.T) {
	safe := dataSafe(certBag([]byte("certificate")))
	for _, test := range []struct {
		wide []byte
		want PasswordEncoding
	}{{[]byte{0, 0}, EncodingTwoZeros}, {nil, EncodingZeroBytes}} {
		for _, passwords := range [][]string{nil, {""}, {"no", ""}} {
			f, err := Open(pfxFile(macSHA256(test.wide, 2), safe), passwords, nil)
			if err != nil || f.PasswordEncoding != test.want || f.PasswordUsed != len(passwords)-1 {
				t.Errorf("%q: %v, encoding %q, used %d; want %q, %d", passwords, err, f.PasswordEncoding, f.PasswordUsed, test.want, len(passwords)-1)
			}
		}
		if _, err := Open(pfxFile(macSHA256(test.wide, 2), safe), []string{"x"}, nil); kind(err) != "password" {
			t.Errorf("another password: %v", err)
		}
	}
}

func TestPasswordsOutsideASCII(t *testing.T) {
	safe := dataSafe(certBag([]byte("certificate")))
	f, err := Open(pfxFile(macSHA256([]byte{0, 'p', 0xd8, 0x3d, 0xde, 0, 0, 0}, 2), safe), []string{"p😀"}, nil)
	if err != nil || f.PasswordEncoding != EncodingUTF16 {
		t.Errorf("surrogates: %v, %q", err, f.PasswordEncoding)
	}
	f, err = Open(pfxFile(macSHA256([]byte{0, 0xc3, 0, 0xa4, 0, 0}, 2), safe), []string{"ä"}, nil)
	if err != nil || f.PasswordEncoding != EncodingByteWise {
		t.Errorf("bytes as characters: %v, %q", err, f.PasswordEncoding)
	}
	if _, err = Open(pfxFile(macSHA256([]byte{0, 0xe4, 0, 0}, 2), safe), []string{"\xe4"}, nil); err != nil {
		t.Errorf("not UTF-8: %v", err)
	}
}

func TestShapes(t *testing.T) {
	local := attribute("1.2.840.113549.1.9.21", octets([]byte{7}))
	name := attribute("1.2.840.113549.1.9.20", tlv(idBMPString, []byte{0, 'n', 0x4e, 0x16}))
	trusted := attribute("2.16.840.1.113894.746875.1.1", oidDER("2.5.29.37.0"))
	one, two := testKey(t, "one"), testKey(t, "two")
	alg, data := pbes2(t, "pw", 2, seq(certBag([]byte("A"), local, name), certBag([]byte("B"), trusted)))
	nested := bag(safeBagOID, seq(bag(safeBagOID, seq(certBag([]byte("C"))))))
	file := pfxFile(nil,
		encryptedSafe(alg, data),
		dataSafe(bag(shroudedOID, shroud(t, "pw", one), local), bag(keyBagOID, two)),
		dataSafe(nested),
		seq(oidDER(oidEnvelopedData), explicit0(seq(num(0)))),
	)
	var lent []int
	f, err := Open(file, []string{"pw"}, func(bag int, pkcs8 []byte) { lent = append(lent, bag) })
	if err != nil {
		t.Fatal(err)
	}
	var kinds, ders []string
	for _, b := range f.Bags {
		kinds = append(kinds, string(b.Kind))
		ders = append(ders, string(b.DER))
	}
	if got := strings.Join(kinds, ", "); got != "certificate, certificate, shrouded key, plain key, certificate" {
		t.Errorf("bags: %s", got)
	}
	if got := strings.Join(ders, "|"); got != "A|B|||C" {
		t.Errorf("contents: %s", got)
	}
	if len(lent) != 2 || lent[0] != 2 || lent[1] != 3 {
		t.Errorf("keys lent of bags %v, want 2, 3", lent)
	}
	a, b := f.Bags[0], f.Bags[1]
	if string(a.LocalKeyID) != "\x07" || a.FriendlyName != "n世" || !a.HasFriendlyName || a.JavaTrusted || !b.JavaTrusted || b.LocalKeyID != nil {
		t.Errorf("attributes: %+v, %+v", a, b)
	}
	if len(f.Safes) != 4 || f.Safes[0].Bags != 2 || kind(f.Safes[3].Problem) != "unsupported" || f.MAC != nil || f.Encoding != "DER" {
		t.Errorf("safes: %+v", f.Safes)
	}
	if e := f.Safes[0].Encryption; e.Cipher != "AES-256-CBC" || e.PRF != "HMAC-SHA256" || e.PRFField != "NULL" || e.Iterations != 2 ||
		e.SaltLength != 8 || e.KeyLength != 0 {
		t.Errorf("encryption: %+v", e)
	}
}

func TestPBES2Variants(t *testing.T) {
	key := testKey(t, "leaf")
	gcm, gcmData := pbes2GCM(t, "pw", key)
	scr, scrData := pbes2Scrypt(t, "pw", key)
	plainPRF := algorithm(oidPBES2, seq(pbkdf2Params(2, algorithm(oidHMACSHA2)), algorithm(oidAES256CBC, octets(testIV))))
	for _, test := range []struct {
		name             string
		alg, data        []byte
		cipher, kdf, prf string
	}{
		{"AES-GCM", gcm, gcmData, "AES-256-GCM", "PBKDF2", "NULL"},
		{"scrypt", scr, scrData, "AES-256-CBC", "scrypt", ""},
		{"PRF without NULL", plainPRF, sealCBC(t, mustKey(t, "pw", 2, 32), key), "AES-256-CBC", "PBKDF2", "no parameters"},
	} {
		got, enc, err := DecryptKey(seq(test.alg, octets(test.data)), []string{"no", "pw"})
		if err != nil || string(got) != string(key) || enc.Cipher != test.cipher || enc.KDF != test.kdf || enc.PRFField != test.prf {
			t.Errorf("%s: %v, %+v", test.name, err, enc)
		}
		if _, _, err := DecryptKey(seq(test.alg, octets(test.data)), []string{"no"}); kind(err) != "password" {
			t.Errorf("%s with a wrong password: %v", test.name, err)
		}
	}
}

func TestCostsAreBounded(t *testing.T) {
	key := testKey(t, "leaf")
	for name, alg := range map[string][]byte{
		"iterations": algorithm(oidPBES2, seq(pbkdf2Params(maxWork+1, prfSHA256()), algorithm(oidAES256CBC, octets(testIV)))),
		"scrypt N": algorithm(oidPBES2,
			seq(algorithm(oidScrypt, seq(octets(testSalt), num(1<<21), num(8), num(1))), algorithm(oidAES256CBC, octets(testIV)))),
		"scrypt r": algorithm(oidPBES2,
			seq(algorithm(oidScrypt, seq(octets(testSalt), num(2), num(1<<30), num(1))), algorithm(oidAES256CBC, octets(testIV)))),
		"scrypt p": algorithm(oidPBES2,
			seq(algorithm(oidScrypt, seq(octets(testSalt), num(2), num(1), num(1<<30))), algorithm(oidAES256CBC, octets(testIV)))),
	} {
		_, _, err := DecryptKey(seq(alg, octets(key)), []string{"pw"})
		if kind(err) != "unsupported" || !strings.Contains(err.Error(), "limit") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (&budget{maxWork}).spend("", "", maxWork, 1); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	f, err := Open(pfxFile(func([]byte) []byte {
		return seq(seq(algorithm(oidSHA256), octets(make([]byte, 32))), octets(testSalt), num(maxWork+1))
	}, dataSafe(bag(shroudedOID, shroud(t, "pw", key)))), []string{"pw"}, nil)
	if err != nil || f.MAC.Verified || !strings.Contains(f.MAC.Unsupported, "limit") {
		t.Errorf("a MAC too dear to compute over contents that open: %v, %+v", err, f)
	}
}

func TestKeysAreBounded(t *testing.T) {
	var bags [][]byte
	for range maxKeys + 1 {
		bags = append(bags, bag(keyBagOID, rsaKey([]byte{0, 0xdd})))
	}
	keys := 0
	f, err := Open(pfxFile(nil, dataSafe(bags...)), nil, func(int, []byte) { keys++ })
	if err != nil || keys != maxKeys || kind(f.Bags[maxKeys].Problem) != "damaged" || f.Bags[maxKeys-1].Problem != nil {
		t.Errorf("%v, %d keys", err, keys)
	}
}
