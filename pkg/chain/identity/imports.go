package identity

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Imports says for each importer whether it takes the file, which field
// decides, and the command that converts the file so that it does. What
// importers do is known from Apple's source (P-01 to P-10), from OpenSSL and
// Java by trial, and of Windows from its makers' documents.
func Imports(id *chain.Identity) []chain.ImportReport {
	importers := []struct {
		where   string
		takes   func(*chain.Identity) answer
		recipes recipe
	}{
		{"iOS 17", appleModern{ios: true}.takes, oldRecipe},
		{"iOS 18+", appleModern{ios: true, modern: true}.takes, newRecipe},
		{"macOS modern importer", appleModern{modern: true}.takes, newRecipe},
		{"macOS legacy importer", appleLegacy, oldRecipe},
		{"OpenSSL 3", func(id *chain.Identity) answer { return openSSL(id, false) }, newRecipe},
		{"OpenSSL 3 -legacy", func(id *chain.Identity) answer { return openSSL(id, true) }, newRecipe},
		{"Java keytool", javaKeytool, newRecipe},
		{"Windows", windows, newRecipe},
	}
	file := inFile(id)
	changed := mismatch(id)
	if isEmpty(id) {
		changed = "nothing is in it"
	}
	rows := make([]chain.ImportReport, 0, len(importers))
	for _, i := range importers {
		a := cannot(changed)
		if changed == "" {
			a = i.takes(file)
		}
		row := chain.ImportReport{Where: i.where, OK: a.ok, Why: a.why}
		if !a.ok && hasKey(id) && (a.convertible || changed == "" && !hasKey(file)) {
			row.Convert = convert(id, i.recipes)
			if omitted := leavesOut(id, row.Convert); omitted != "" {
				row.Why += "; " + omitted
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// answer is one importer's.
type answer struct {
	ok          bool
	why         string // the field that decides
	convertible bool   // writing the file anew would help
}

func yes(why string) answer    { return answer{ok: true, why: why} }
func no(why string) answer     { return answer{why: why, convertible: true} }
func cannot(why string) answer { return answer{why: why} }

// container answers for what is no PKCS#12 file; ok is false for one.
func container(id *chain.Identity) (answer, bool) {
	switch {
	case isPKCS12(id):
		return answer{}, false
	case !hasKey(id):
		return cannot(id.Format + " without a private key: a certificate, no identity"), true
	case len(id.Certificates) == 0:
		return cannot("a private key without its certificate"), true
	}
	return no("format " + id.Format + ", want PKCS#12"), true
}

// whole answers for a file with a key that holds only half an identity.
func whole(id *chain.Identity) (answer, bool) {
	leaf, _ := leafOf(id)
	switch {
	case len(id.Certificates) == 0 && len(id.Problems) == 0:
		return cannot("no certificate in it: no identity results"), true
	case leaf < 0 && len(id.Keys) > 0 && len(id.Certificates) > 0 && !unmatched(id):
		return cannot("no private key in it fits a certificate in it"), true
	}
	return answer{}, false
}

// notConvertible answers for what no conversion helps: half an identity, or a key of
// a type the importer does not take, of which one aborts the whole import (apple: P-05).
func notConvertible(id *chain.Identity, takes func(chain.IdentityKey) bool, want string) (answer, bool) {
	if hasKey(id) {
		if r, ok := whole(id); ok {
			return r, true
		}
	}
	for _, k := range id.Keys {
		if !takes(k) {
			return cannot("key type " + keyName(k) + ", want " + want), true
		}
	}
	return answer{}, false
}

// certificatesOnly answers for a file without any key that the importer reads.
func certificatesOnly(id *chain.Identity, why string) answer {
	if len(id.Certificates) == 0 {
		return cannot("neither a private key nor a certificate could be read from it")
	}
	return yes(why)
}

func unmatched(id *chain.Identity) bool {
	for _, k := range id.Keys {
		if k.Unmatched {
			return true
		}
	}
	return false
}

// appleModern is SecPKCS12Import: the only importer of iOS, and what
// `security import -f pkcs12` uses on macOS. Before iOS 18 and macOS 15 it knew
// SHA-1 MACs and PBES1 only (apple: P-02 to P-04, P-10).
type appleModern struct{ ios, modern bool }

// Refusal says why the modern importer of a platform such as "ios17" does not
// take the file; "" it does.
func Refusal(id *chain.Identity, platform string) string {
	if changed := mismatch(id); changed != "" {
		return changed
	}
	importer := appleModern{ios: !strings.HasPrefix(platform, "macos"), modern: chain.PlatformAtLeast(platform, 18, 15)}
	if a := importer.takes(inFile(id)); !a.ok {
		return a.why
	}
	return ""
}

func (a appleModern) takes(id *chain.Identity) answer {
	if r, ok := container(id); ok {
		return r
	}
	if r, ok := notConvertible(id, appleKey, "RSA or EC on P-256, P-384, P-521 (-26275)"); ok {
		return r
	}
	if r, ok := a.integrity(id); ok {
		return r
	}
	for _, e := range encryptions(id) {
		if why := a.encryption(e); why != "" {
			return no(e.where + ": " + why)
		}
	}
	for i, p := range id.Parts {
		if p.Content != "data" && p.Content != "encryptedData" {
			return no(fmt.Sprintf("safe %d: content type %s", i+1, p.Content))
		}
	}
	switch {
	case hasKey(id):
		return a.keys(id)
	case a.ios:
		return cannot("no private key in it: only certificates that belong to a key are returned") // apple: P-06
	}
	return certificatesOnly(id, "certificates only: they are returned, no identity results")
}

// integrity answers by the MAC (apple: P-01, P-02) and the empty password (P-07).
func (a appleModern) integrity(id *chain.Identity) (answer, bool) {
	m := id.MAC
	switch {
	case id.Signed:
		return no("integrity by signature, want a MAC (-26275)"), true
	case m == nil:
		return no("no MAC (-26275)"), true
	case m.PBMAC1:
		return no("MAC PBMAC1: shown as a wrong password (-25293)"), true
	case !a.modern && m.Algorithm != "HMAC-SHA1":
		return no("MAC " + m.Algorithm + ", want HMAC-SHA1: shown as a wrong password (-25293)"), true
	case !appleMAC(m):
		return no("MAC " + m.Algorithm + ": shown as a wrong password (-25293)"), true
	case m.SaltLength == 0:
		return no("the MAC's salt is empty"), true
	case a.ios && emptyEncoding(id) == zeroBytes:
		return no("empty password encoded as zero bytes, want two zero bytes (-25293)"), true
	case !a.ios && emptyEncoding(id) == twoZeroBytes:
		return no("empty password encoded as two zero bytes, want zero bytes (-25293)"), true
	}
	return answer{}, false
}

// appleMAC reports whether the modern importer computes the MAC (apple: P-02).
func appleMAC(m *chain.IdentityMAC) bool {
	switch m.Algorithm {
	case "HMAC-SHA1", "HMAC-SHA224", "HMAC-SHA256", "HMAC-SHA384", "HMAC-SHA512":
		return !m.PBMAC1
	}
	return false
}

// encryption says why the importer cannot decrypt; "" it can (apple: P-03, P-04).
func (a appleModern) encryption(e protected) string {
	if e.Scheme == "PBES2" && !a.modern {
		return e.name() + ", want PBES1 with SHA-1 (-26275)"
	}
	if why := appleEncryption(e); why != "" {
		return why + " (-26275)"
	}
	return ""
}

// appleEncryption judges by what iOS 18 and macOS 15 decrypt.
func appleEncryption(e protected) string {
	if e.Scheme != "PBES2" {
		switch e.Name {
		case "pbeWithSHAAnd128BitRC4", "pbeWithSHAAnd40BitRC4", "pbeWithSHAAnd3-KeyTripleDES-CBC", "pbeWithSHAAnd128BitRC2-CBC", "pbeWithSHAAnd40BitRC2-CBC":
			return ""
		}
		return e.Name + " is not known"
	}
	switch {
	case e.KDF != "PBKDF2":
		return "key derivation " + e.KDF + ", want PBKDF2"
	case e.Cipher != "AES-256-CBC":
		return "cipher " + e.Cipher + ", want AES-256-CBC"
	case e.PRFField == "absent":
		return "PBKDF2 without a PRF field, want hmacWithSHA256 with NULL"
	case e.PRF != "HMAC-SHA256":
		return "PBKDF2 with " + e.PRF + ", want HMAC-SHA256"
	case e.PRFField != "NULL":
		return "PRF field with " + e.PRFField + ", want NULL"
	}
	return ""
}

// keys answers by the private keys and what pairs them with certificates (apple: P-06).
func (a appleModern) keys(id *chain.Identity) answer {
	for _, k := range id.Keys {
		if b := bagOfKey(id, k); b != nil && b.Kind != shroudedKey {
			continue // a plain key bag is passed over, whatever is in it
		}
		if k.NotDER != "" {
			return no("the private key is not DER: " + k.NotDER)
		}
	}
	if keyBags(id, shroudedKey) == 0 {
		return no("the key stands in a plain key bag, which is passed over: no identity results")
	}
	if n, s := clashing(id); n >= 0 {
		return no(fmt.Sprintf("certificate %d has the key's %s and takes the place of the right one", n+1, s))
	}
	if unpaired(id) {
		return no("key and certificate share neither localKeyID nor friendlyName: no identity results")
	}
	return yes(protectionOf(id))
}

// appleKey reports whether Apple platforms take a key of this type (apple: P-05, M-09).
func appleKey(k chain.IdentityKey) bool {
	switch k.Type {
	case "RSA":
		return true
	case "ECDSA":
		return k.Curve == "P-256" || k.Curve == "P-384" || k.Curve == "P-521"
	}
	return false
}

// keyName is a key's type, with its curve where it has one.
func keyName(k chain.IdentityKey) string {
	if k.Curve != "" {
		return "EC on " + k.Curve
	}
	return k.Type
}

// appleLegacy is the importer of Keychain Access and of `security import`
// without -f pkcs12: PBES1 of PKCS#12 and a SHA-1 MAC. It finds the certificate
// of a key by public key, so that bag attributes do not matter.
func appleLegacy(id *chain.Identity) answer {
	if r, ok := container(id); ok {
		return r
	}
	if r, ok := notConvertible(id, appleKey, "RSA or EC on P-256, P-384, P-521"); ok {
		return r
	}
	const shown = "shown as “MAC verification failed (wrong password?)” (-25264)"
	m := id.MAC
	switch {
	case id.Signed || m == nil:
		return no("no MAC")
	case m.PBMAC1:
		return no("MAC PBMAC1, want HMAC-SHA1: " + shown)
	case m.Algorithm != "HMAC-SHA1":
		return no("MAC " + m.Algorithm + ", want HMAC-SHA1: " + shown)
	case emptyEncoding(id) == twoZeroBytes:
		return no("empty password encoded as two zero bytes: " + shown)
	}
	for _, e := range encryptions(id) {
		if e.Scheme == "PBES2" {
			return no(e.where + ": " + e.name() + ", want PBES1 with SHA-1")
		}
		if appleEncryption(e) != "" && e.Name != "pbeWithSHAAnd2-KeyTripleDES-CBC" {
			return no(e.where + ": " + e.Name + " is not known")
		}
	}
	if !hasKey(id) {
		return certificatesOnly(id, "certificates only: no identity results")
	}
	return yes(protectionOf(id))
}

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
	if r, ok := notConvertible(id, named, "a named curve"); ok {
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
	if r, ok := notConvertible(id, classic, "RSA or EC"); ok {
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
