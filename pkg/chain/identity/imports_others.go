package identity

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// openSSL is `openssl pkcs12`: the default provider, and with -legacy the
// legacy one for RC2, RC4, DES and their like (OSSL_PROVIDER-legacy(7)). It
// prints whatever is in the file, half an identity too.
func openSSL(id *chain.Identity, legacy bool) answer {
	if id.Format == "JKS" || id.Format == "JCEKS" {
		return no("format " + id.Format + ", want PKCS#12")
	}
	if m := id.MAC; m != nil && !id.Signed {
		switch name := strings.TrimPrefix(m.Algorithm, "HMAC-"); {
		case name == "MD2" || name == "MD4" || name == "WHIRLPOOL" || strings.HasPrefix(name, "GOST") || strings.HasPrefix(name, "Streebog") || strings.Contains(name, "."):
			return cannot("MAC " + m.Algorithm)
		}
	}
	for _, e := range encryptions(id) {
		switch {
		case strings.HasSuffix(e.Cipher, "-GCM") || strings.HasPrefix(e.Cipher, "ChaCha20") || e.Cipher == "RC5-CBC" || strings.HasPrefix(e.Name, "pbeWithMD2") ||
			e.Scheme == "" && e.Name != "PEM encryption" || e.Scheme == "PBES2" && strings.Contains(e.Cipher, "."):
			return cannot(e.where + ": " + e.name() + " is not known")
		case !legacy && openSSLLegacy(e):
			return no(e.where + ": " + e.name() + ", which OpenSSL 3 has in its legacy provider only: “unsupported … inner_evp_generic_fetch”")
		}
	}
	why := protectionOf(id)
	if id.Format != "PKCS#12" {
		why = "format " + id.Format
	}
	if id.MAC != nil && id.MAC.PBMAC1 {
		why += " (PBMAC1 wants OpenSSL 3.4 or later)"
	}
	if !hasKey(id) {
		why += "; no private key in it"
	}
	return yes(why)
}

// openSSLLegacy reports whether a cipher is in the legacy provider.
func openSSLLegacy(e protected) bool {
	if e.Name == "PEM encryption" {
		return strings.HasPrefix(e.Cipher, "DES-CBC")
	}
	for _, prefix := range []string{"RC2", "RC4", "DES-CBC", "BF-", "CAST5-", "SEED-", "IDEA-"} {
		if strings.HasPrefix(e.Cipher, prefix) {
			return true
		}
	}
	return false
}

// javaKeytool is keytool of JDK 17 and later (and 8u301, 11.0.12), found by trial.
func javaKeytool(id *chain.Identity) answer {
	switch {
	case id.Format == "JKS" || id.Format == "JCEKS":
		return yes("format " + id.Format)
	case !isPKCS12(id):
		r, _ := container(id)
		return r
	}
	named := func(k chain.IdentityKey) bool { return k.Curve != "explicit parameters" }
	if r, ok := hopeless(id, named, "a named curve"); ok {
		return r
	}
	if r, ok := javaMAC(id); ok {
		return r
	}
	for _, e := range encryptions(id) {
		if !javaDecrypts(e) {
			return no(e.where + ": " + e.name() + " is not known to the JDK")
		}
	}
	if id.PasswordKind == chain.PasswordUnicode && len(encryptions(id)) > 0 {
		return no("the password has characters outside ASCII, which the JDK's decryption refuses: choose another when converting")
	}
	if !hasKey(id) {
		for _, b := range id.Bags {
			if b.JavaTrusted {
				return yes("certificates with the attribute trustedKeyUsage: a trust store, no identity")
			}
		}
		return cannot("certificates without the attribute trustedKeyUsage: no entry results")
	}
	if keyBags(id, shroudedKey) == 0 {
		return no("the key stands in a plain key bag, which is passed over: no entry results")
	}
	return yes(protectionOf(id))
}

func javaMAC(id *chain.Identity) (answer, bool) {
	m := id.MAC
	if m == nil {
		return answer{}, false
	}
	if m.PBMAC1 {
		return no("MAC PBMAC1, which JDK 26 is the first to know"), true
	}
	switch m.Algorithm {
	case "HMAC-SHA1", "HMAC-SHA224", "HMAC-SHA256", "HMAC-SHA384", "HMAC-SHA512", "HMAC-SHA512-224", "HMAC-SHA512-256":
		return answer{}, false
	}
	return no("MAC " + m.Algorithm + " is not known to the JDK"), true
}

func javaDecrypts(e protected) bool {
	if e.Scheme == "PBES2" {
		switch e.PRF {
		case "HMAC-SHA1", "HMAC-SHA224", "HMAC-SHA256", "HMAC-SHA384", "HMAC-SHA512":
			return e.KDF == "PBKDF2" && (e.Cipher == "AES-128-CBC" || e.Cipher == "AES-256-CBC")
		}
		return false
	}
	return appleEncryption(e) == "" || e.Name == "pbeWithMD5AndDES-CBC"
}

// windows is the certificate import of Windows 10 1709, Server 2019 and later;
// before, only PBES1 and SHA-1 were known.
func windows(id *chain.Identity) answer {
	if r, ok := container(id); ok {
		return r
	}
	classic := func(k chain.IdentityKey) bool { return k.Type == "RSA" || k.Type == "ECDSA" || k.Type == "DSA" }
	if r, ok := hopeless(id, classic, "RSA or EC"); ok {
		return r
	}
	m := id.MAC
	switch {
	case id.Signed || m == nil:
		return no("no MAC")
	case m.PBMAC1:
		return no("MAC PBMAC1 is not known: shown as a wrong password")
	}
	switch m.Algorithm {
	case "HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA384", "HMAC-SHA512":
	default:
		return no("MAC " + m.Algorithm + " is not known: shown as a wrong password")
	}
	for _, e := range encryptions(id) {
		if !windowsDecrypts(e) {
			return no(e.where + ": " + e.name() + " is not known")
		}
	}
	if !hasKey(id) {
		return certificatesOnly(id, "certificates only: no identity results")
	}
	why := protectionOf(id)
	if m.Algorithm != "HMAC-SHA1" {
		why += " (before Windows 10 1709 and Server 2019: no)"
	}
	return yes(why)
}

func windowsDecrypts(e protected) bool {
	if e.Scheme == "PBES2" {
		switch e.PRF {
		case "HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA384", "HMAC-SHA512":
			return e.KDF == "PBKDF2" && strings.HasPrefix(e.Cipher, "AES-") && strings.HasSuffix(e.Cipher, "-CBC")
		}
		return false
	}
	return strings.HasPrefix(e.Name, "pbeWithSHAAnd")
}
