package pfx

import (
	"bytes"
	"testing"
)

// fuzzWork keeps mutated iteration counts from making the fuzzer slow.
const fuzzWork = 5000

func FuzzOpen(f *testing.F) {
	safe := dataSafe(certBag([]byte("A")), bag(safeBagOID, seq(bag(keyBagOID, rsaKey([]byte{0, 0xdd})))))
	f.Add(pfxFile(macSHA256(wide("pw"), 2), safe))
	f.Add(pfxFile(nil, safe))
	f.Add(indefinite(0x30, num(3), indefinite(0x30, oidDER(oidData), indefinite(0xa0, octets(seq(safe))))))
	rc2 := algorithm("1.2.840.113549.1.12.1.6", seq(octets(testSalt), num(2)))
	f.Add(pfxFile(nil, encryptedSafe(rc2, make([]byte, 16))))
	scr := algorithm(oidPBES2, seq(algorithm(oidScrypt, seq(octets(testSalt), num(2), num(1), num(1))), algorithm(oidAES256CBC, octets(testIV))))
	f.Add(pfxFile(nil, encryptedSafe(scr, make([]byte, 16))))
	f.Fuzz(func(t *testing.T, data []byte) {
		lent := map[int]bool{}
		file, err := openWithin(data, []string{"pw", ""}, func(bag int, pkcs8 []byte) {
			lent[bag] = true
			if _, err := ReadKey(pkcs8); err != nil {
				t.Errorf("a key was lent that cannot be read: %v", err)
			}
		}, fuzzWork)
		if err != nil {
			if kind(err) != "password" && kind(err) != "unsupported" && kind(err) != "damaged" {
				t.Errorf("error of another type: %v", err)
			}
			return
		}
		for i, b := range file.Bags {
			if (b.Key != nil) != lent[i] || b.Problem == nil && b.DER == nil && b.Key == nil {
				t.Errorf("bag %d has neither content nor problem: %+v", i, b)
			}
		}
	})
}

func FuzzDecryptKey(f *testing.F) {
	alg := algorithm(oidPBES2, seq(pbkdf2Params(2, prfSHA256()), algorithm(oidAES256CBC, octets(testIV))))
	f.Add(seq(alg, octets(make([]byte, 32))))
	f.Add(seq(algorithm("1.2.840.113549.1.5.3", seq(octets(testSalt), num(1))), octets(make([]byte, 16))))
	f.Add(seq(algorithm("1.2.840.113549.1.12.1.2", seq(octets(testSalt), num(1))), octets(make([]byte, 16))))
	f.Add(seq(algorithm(oidPBES2, seq(pbkdf2Params(2), algorithm("1.2.840.113549.3.2", seq(num(160), octets(testSalt))))), octets(make([]byte, 16))))
	f.Fuzz(func(t *testing.T, data []byte) {
		pkcs8, _, err := decryptKeyWithin(data, []string{"pw"}, fuzzWork)
		if err == nil && !isPrivateKeyInfo(pkcs8) {
			t.Errorf("decrypted to something that is no key")
		}
	})
}

func FuzzToDER(f *testing.F) {
	f.Add(indefinite(0x30, num(3), indefinite(0x24, octets([]byte("a")))))
	f.Add(tlv(0x23, tlv(3, []byte{0, 1}), tlv(3, []byte{4, 0xf0})))
	f.Fuzz(func(t *testing.T, ber []byte) {
		der, err := ToDER(ber)
		if err != nil {
			return
		}
		again, err := ToDER(der)
		if err != nil || !bytes.Equal(again, der) {
			t.Errorf("%x: not stable: %x, then %x, %v", ber, der, again, err)
		}
		notDER(ber)
	})
}

func FuzzReadKey(f *testing.F) {
	f.Add(rsaKey([]byte{0, 0xdd}))
	f.Add(seq(num(0), algorithm(oidEC, oidDER("1.2.840.10045.3.1.7")), octets(seq(num(1), octets([]byte{9})))))
	f.Add(seq(num(0), algorithm(oidDSA, seq(num(23), num(5), num(3))), octets(num(4))))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := ReadKey(data)
		if err == nil && k.PublicKey != nil && k.Fits(k.OID, k.PublicKey) != FitYes {
			t.Errorf("does not fit itself: %+v", k)
		}
	})
}
