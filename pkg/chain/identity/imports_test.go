package identity

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

func TestImports(t *testing.T) {
	mac := func(name string) func(*chain.Identity) {
		return func(id *chain.Identity) { id.MAC.Algorithm = name }
	}
	everything := func(e func() *chain.IdentityEncryption) func(*chain.Identity) {
		return func(id *chain.Identity) { id.Parts[0].Encryption, id.Bags[3].Encryption = e(), e() }
	}
	pbes2 := func(change func(*chain.IdentityEncryption)) func(*chain.Identity) {
		return everything(func() *chain.IdentityEncryption {
			e := aes()
			change(e)
			return e
		})
	}
	key := func(kind, curve string) func(*chain.Identity) {
		return func(id *chain.Identity) { id.Keys[0].Type, id.Keys[0].Curve = kind, curve }
	}
	empty := func(encoding string) func(*chain.Identity) {
		return func(id *chain.Identity) { id.PasswordKind, id.PasswordEncoding = chain.PasswordEmpty, encoding }
	}
	// want has one letter for each importer: iOS 17, iOS 18+, macOS modern, macOS
	// legacy, OpenSSL 3, OpenSSL 3 -legacy, Java, Windows; y imports, n does not and
	// a command converts it, x does not and none does.
	tests := []struct {
		name string
		id   *chain.Identity
		want string
		why  map[string]string // part of the reason, by importer
	}{
		{"OpenSSL 3 default", modern(), "nyynyyyy",
			map[string]string{"iOS 17": "MAC HMAC-SHA256, want HMAC-SHA1: shown as a wrong password (-25293)", "macOS legacy importer": "-25264",
				"Windows": "1709"}},
		{"certificates, and the key elsewhere", with(modern(), keyElsewhere), "nnynyyny", map[string]string{"iOS 18+": "no private key in it"}},
		{"a MAC that does not fit", with(modern(), changed), "xxxxxxxx", map[string]string{"OpenSSL 3": "does not fit the password"}},
		{"OpenSSL 3 -legacy", legacy(), "yyyynyyy", map[string]string{"OpenSSL 3": "pbeWithSHAAnd40BitRC2-CBC"}},
		{"3DES throughout", with(legacy(), everything(des3)), "yyyyyyyy", nil},
		{"SHA-1 MAC over AES", with(modern(), mac("HMAC-SHA1")), "nyynyyyy",
			map[string]string{"iOS 17": "safe 1: AES-256-CBC with PBKDF2-HMAC-SHA256, want PBES1"}},
		{"SHA-384 MAC", with(modern(), mac("HMAC-SHA384")), "nyynyyyy", nil},
		{"SHA-224 MAC", with(modern(), mac("HMAC-SHA224")), "nyynyyyn", nil},
		{"SHA-512/256 MAC", with(modern(), mac("HMAC-SHA512-256")), "nnnnyyyn", map[string]string{"iOS 18+": "shown as a wrong password"}},
		{"SHA3-256 MAC", with(modern(), mac("HMAC-SHA3-256")), "nnnnyynn", nil},
		{"MD5 MAC", with(modern(), mac("HMAC-MD5")), "nnnnyynn", nil},
		{"unknown MAC", with(modern(), mac("HMAC-1.2.3")), "xxxxxxxx", nil},
		{"PBMAC1", with(modern(), func(id *chain.Identity) { id.MAC.PBMAC1 = true }), "nnnnyynn",
			map[string]string{"macOS modern importer": "PBMAC1", "OpenSSL 3": "3.4", "Java keytool": "26"}},
		{"no MAC", with(modern(), func(id *chain.Identity) { id.MAC = nil }), "nnnnyyyn", map[string]string{"iOS 18+": "no MAC (-26275)"}},
		{"integrity by signature", with(modern(), func(id *chain.Identity) { id.MAC, id.Signed = nil, true }), "nnnnyyyn", nil},
		{"empty MAC salt", with(modern(), func(id *chain.Identity) { id.MAC.SaltLength = 0 }), "nnnnyyyy", map[string]string{"iOS 18+": "salt"}},
		{"AES-128", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.Cipher = "AES-128-CBC" })), "nnnnyyyy",
			map[string]string{"iOS 18+": "cipher AES-128-CBC, want AES-256-CBC (-26275)"}},
		{"AES-192", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.Cipher = "AES-192-CBC" })), "nnnnyyny", nil},
		{"PRF SHA-1 written out", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.PRF = "HMAC-SHA1" })), "nnnnyyyy",
			map[string]string{"iOS 18+": "want HMAC-SHA256"}},
		{"PRF by default", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.PRF, e.PRFField = "HMAC-SHA1", "absent" })), "nnnnyyyy",
			map[string]string{"iOS 18+": "without a PRF field"}},
		{"PRF without NULL", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.PRFField = "no parameters" })), "nnnnyyyy",
			map[string]string{"iOS 18+": "want NULL"}},
		{"PRF SHA-512", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.PRF = "HMAC-SHA512" })), "nnnnyyyy", nil},
		{"key length written out", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.KeyLength = 32 })), "nyynyyyy", nil},
		{"scrypt", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.KDF, e.PRF, e.PRFField = "scrypt", "", "" })), "nnnnyynn",
			map[string]string{"iOS 18+": "scrypt"}},
		{"AES-GCM", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.Cipher = "AES-256-GCM" })), "xxxxxxxx", nil},
		{"Camellia", with(modern(), pbes2(func(e *chain.IdentityEncryption) { e.Cipher = "Camellia-256-CBC" })), "nnnnyynn", nil},
		{"two-key 3DES", with(legacy(),
			everything(func() *chain.IdentityEncryption {
				return old("pbeWithSHAAnd2-KeyTripleDES-CBC",
					"DES-EDE2-CBC")
			})), "nnnyyyny", map[string]string{"iOS 17": "is not known (-26275)"}},
		{"PKCS#5 v1, MD5 and DES", with(legacy(), everything(func() *chain.IdentityEncryption { return old("pbeWithMD5AndDES-CBC", "DES-CBC") })),
			"nnnnnyyn", nil},
		{"RC4", with(legacy(), everything(func() *chain.IdentityEncryption { return old("pbeWithSHAAnd128BitRC4", "RC4-128") })), "yyyynyyy", nil},
		{"plain key bag", with(modern(), plainKeyBag), "nnnnyyny", map[string]string{"iOS 18+": "plain key bag", "Java keytool": "no entry results"}},
		{"RSA", with(modern(), key("RSA", "")), "nyynyyyy", nil},
		{"Ed25519", with(modern(), key("Ed25519", "")), "xxxxyyyx", map[string]string{"iOS 18+": "key type Ed25519"}},
		{"RSA-PSS", with(modern(), key("RSA-PSS", "")), "xxxxyyyx", nil},
		{"secp256k1", with(modern(), key("ECDSA", "secp256k1")), "xxxxyyyy", map[string]string{"macOS modern importer": "EC on secp256k1"}},
		{"explicit parameters", with(modern(), key("ECDSA", "explicit parameters")), "xxxxyyxy", nil},
		{"key not DER", with(modern(), func(id *chain.Identity) {
			id.Keys[0].NotDER = "RSAPrivateKey.modulus: INTEGER has a superfluous leading 00"
		}), "nnnnyyyy", map[string]string{"iOS 18+": "modulus"}},
		{"nothing pairs", with(legacy(), func(id *chain.Identity) { id.Bags[0].LocalKeyID = nil }), "nnnynyyy",
			map[string]string{"iOS 17": "neither localKeyID nor friendlyName"}},
		{"paired by name", with(legacy(), pairedByName), "yyyynyyy", nil},
		{"CA with the leaf's id", with(legacy(), func(id *chain.Identity) { id.Bags[1].LocalKeyID = []byte{1} }), "nnnynyyy",
			map[string]string{"iOS 17": "certificate 2 has the key's localKeyID 01"}},
		{"CA with another id", with(legacy(), func(id *chain.Identity) { id.Bags[1].LocalKeyID = []byte{2} }), "yyyynyyy", nil},
		{"empty password, two zero bytes", with(legacy(), empty("two zero bytes")), "yynnnyyy", map[string]string{"macOS modern importer": "want zero bytes"}},
		{"empty password, zero bytes", with(legacy(), empty("zero bytes")), "nnyynyyy", map[string]string{"iOS 17": "want two zero bytes"}},
		{"empty password, no PKCS#12 derivation", with(modern(), empty(""), func(id *chain.Identity) { id.MAC.PBMAC1 = true }), "nnnnyynn", nil},
		{"Unicode password", with(modern(), func(id *chain.Identity) { id.PasswordKind = chain.PasswordUnicode }), "nyynyyny",
			map[string]string{"Java keytool": "outside ASCII"}},
		{"root first", with(modern(), rootFirst), "nyynyyyy", nil},
		{"BER", with(modern(), func(id *chain.Identity) { id.Encoding = "BER" }), "nyynyyyy", nil},
		{"a safe encrypted to a public key",
			with(modern(), func(id *chain.Identity) {
				id.Parts = append(id.Parts,
					chain.IdentityPart{Content: "envelopedData"})
			}), "nnnnyyyy", map[string]string{"iOS 18+": "safe 3: content type envelopedData"}},
		{"certificates only", with(modern(), certificateOnly), "xxyxyyxy",
			map[string]string{"macOS modern importer": "no identity results", "Java keytool": "trustedKeyUsage"}},
		{"Java trust store", with(modern(), certificateOnly, func(id *chain.Identity) { id.Bags[0].JavaTrusted = true }), "xxyxyyyy", nil},
		{"key only", with(modern(), keyOnly), "xxxxyyxx", map[string]string{"iOS 18+": "no certificate in it"}},
		{"no key fits", with(modern(), func(id *chain.Identity) { id.Keys[0].Fits = nil }), "xxxxyyxx", nil},
		{"nothing readable", with(modern(), certificateOnly, func(id *chain.Identity) { id.Certificates, id.Bags = nil, nil }), "xxxxxxxx", nil},
		{"PEM", with(modern(), pem), "nnnnyynn", map[string]string{"iOS 18+": "format PEM, want PKCS#12"}},
		{"PEM, certificate only", with(modern(), certificateOnly, pem), "xxxxyyxx", map[string]string{"Windows": "a certificate, no identity"}},
		{"JKS", with(modern(), func(id *chain.Identity) { id.Format = "JKS" }), "nnnnnnyn", nil},
	}
	places := []string{"iOS 17", "iOS 18+", "macOS modern importer", "macOS legacy importer", "OpenSSL 3", "OpenSSL 3 -legacy", "Java keytool", "Windows"}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows := Imports(test.id)
			got := ""
			for i, r := range rows {
				if r.Where != places[i] {
					t.Errorf("row %d is %s, want %s", i, r.Where, places[i])
				}
				switch {
				case r.OK:
					got += "y"
				case r.Convert != "":
					got += "n"
				default:
					got += "x"
				}
				if r.Why == "" || r.OK && r.Convert != "" {
					t.Errorf("row %+v", r)
				}
				if want := test.why[r.Where]; !strings.Contains(r.Why, want) {
					t.Errorf("%s: %q, want %q in it", r.Where, r.Why, want)
				}
			}
			if got != test.want {
				t.Errorf("got %s, want %s: %+v", got, test.want, rows)
			}
		})
	}
}

// changed is a file whose MAC does not fit the password, or the other way round.
func changed(id *chain.Identity) {
	id.MAC.Verified = false
	id.Problems = []chain.IdentityProblem{{Kind: "locked", Where: "the MAC", Message: "does not fit the password"}}
}

// twice gives the identity another key and its certificate.
func twice(id *chain.Identity) {
	one, other := "One", "two"
	id.Bags[0].FriendlyName, id.Bags[3].FriendlyName = &one, &one
	id.Certificates = append(id.Certificates, "other")
	id.Keys = append(id.Keys, chain.IdentityKey{Type: "ECDSA", Curve: "P-256", Bits: 256, Fits: []int{3}, Usable: true, Bag: 5})
	id.Bags = append(id.Bags, chain.IdentityBag{Kind: "certificate", Certificate: 3, Key: -1, LocalKeyID: []byte{2}, FriendlyName: &other},
		chain.IdentityBag{Kind: "shrouded key", Part: 1, Certificate: -1, Key: 1, LocalKeyID: []byte{2}, FriendlyName: &other, Encryption: aes()})
}

// keyElsewhere is a file without the key, which --key names.
func keyElsewhere(id *chain.Identity) {
	id.KeyFile = "key.pem"
	id.Bags[3] = chain.IdentityBag{Kind: "plain key", Part: -1, Line: 1, Certificate: -1, Key: 0}
}

func plainKeyBag(id *chain.Identity) {
	id.Bags[3].Kind, id.Bags[3].Encryption = "plain key", nil
}

func pairedByName(id *chain.Identity) {
	name := "client"
	for _, i := range []int{0, 3} {
		id.Bags[i].LocalKeyID, id.Bags[i].FriendlyName = nil, &name
	}
}

func TestConvert(t *testing.T) {
	const export = "openssl pkcs12 -export"
	for _, test := range []struct {
		name   string
		id     *chain.Identity
		recipe recipe
		want   string
	}{
		{"modern to old", modern(), oldRecipe,
			"openssl pkcs12 -in identity.p12 -nodes -out tmp.pem && " + export + " -legacy -in tmp.pem -out new.p12; rm -f tmp.pem"},
		{"old to modern", legacy(), newRecipe,
			"openssl pkcs12 -legacy -in identity.p12 -nodes -out tmp.pem && " + export + " -in tmp.pem -out new.p12; rm -f tmp.pem"},
		{"PEM, a name with a space", with(modern(), pem), newRecipe, export + " -in 'my identity.pem' -out new.p12"},
		{"PEM and key", with(modern(), pem, func(id *chain.Identity) { id.File, id.KeyFile = "a.pem", "it's.key" }), oldRecipe,
			export + ` -legacy -in a.pem -inkey 'it'\''s.key' -out new.p12`},
		{"standard input", with(modern(), pem, func(id *chain.Identity) { id.File = "-" }), newRecipe, export + " -in FILE -out new.p12"},
		{"a name like a flag", with(modern(), pem, func(id *chain.Identity) { id.File = "-x.pem" }), newRecipe, export + " -in ./-x.pem -out new.p12"},
		{"a MAC that OpenSSL before 3.4 cannot compare", with(modern(), func(id *chain.Identity) { id.MAC.PBMAC1 = true }), newRecipe,
			"openssl pkcs12 -nomacver -in identity.p12 -nodes -out tmp.pem && " + export + " -in tmp.pem -out new.p12; rm -f tmp.pem"},
		{"a MAC that does not fit", with(modern(), changed), newRecipe, ""},
		{"another certificate's key", with(modern(), pem, func(id *chain.Identity) { id.Keys[0].Fits = nil }), newRecipe, ""},
		{"several keys", with(modern(), twice), oldRecipe,
			"keytool -J-Dkeystore.pkcs12.legacy -importkeystore -srckeystore identity.p12 -srcstoretype PKCS12 -destkeystore new.p12 -deststoretype PKCS12"},
		{"several keys of one name", with(modern(), twice, func(id *chain.Identity) { *id.Bags[5].FriendlyName = "oNE" }), newRecipe,
			"openssl pkcs12 -in identity.p12 -nodes -out tmp.pem && " + export + " -in tmp.pem -out new.p12; rm -f tmp.pem"},
		{"certificates, and the key elsewhere", with(modern(), keyElsewhere), newRecipe,
			"openssl pkcs12 -nokeys -in identity.p12 -nodes -out tmp.pem && " + export + " -in tmp.pem -inkey key.pem -out new.p12; rm -f tmp.pem"},
		{"JKS", with(modern(), func(id *chain.Identity) { id.Format, id.File = "JKS", "a.jks" }), oldRecipe,
			"keytool -J-Dkeystore.pkcs12.legacy -importkeystore -srckeystore a.jks -srcstoretype JKS -destkeystore new.p12 -deststoretype PKCS12"},
	} {
		if got := convert(test.id, test.recipe); got != test.want {
			t.Errorf("%s: %s\nwant %s", test.name, got, test.want)
		}
	}
}

// TestWhatAConversionLeavesOut: openssl writes one key, keytool all of them.
func TestWhatAConversionLeavesOut(t *testing.T) {
	sameName := func(id *chain.Identity) { *id.Bags[5].FriendlyName = "oNE" }
	for name, test := range map[string]struct {
		id   *chain.Identity
		want bool
	}{
		"one key":              {with(modern(), pem), false},
		"several, keytool":     {with(modern(), twice), false},
		"several, one name":    {with(modern(), twice, sameName), true},
		"several keys in PEM":  {with(modern(), twice, pem), true},
		"the key in its file":  {with(modern(), pem, func(id *chain.Identity) { id.KeyFile = "a.key" }), false},
		"no command converts":  {with(modern(), twice, changed), false},
		"certificates and key": {with(modern(), keyElsewhere), false},
	} {
		const said = "the first of 2 private keys only"
		if advice := writeAgain(test.id, "write it anew", newRecipe); strings.Contains(testpki.Steps(advice), said) != test.want {
			t.Errorf("%s: %v", name, advice)
		}
		if why := Imports(test.id)[0].Why; strings.Contains(why, said) != test.want {
			t.Errorf("%s: %s", name, why)
		}
	}
}
