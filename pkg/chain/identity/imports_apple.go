package identity

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

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
	if r, ok := hopeless(id, appleKey, "RSA or EC on P-256, P-384, P-521 (-26275)"); ok {
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
	if r, ok := hopeless(id, appleKey, "RSA or EC on P-256, P-384, P-521"); ok {
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
