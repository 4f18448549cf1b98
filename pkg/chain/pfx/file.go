package pfx

// File is what a PKCS#12 file holds, in the file's order, without its keys.
type File struct {
	Encoding         string           // "DER", or "BER" where a length or a string of the container or of a safe is not DER
	Trailing         int              // bytes after the end of the PFX
	Version          int              // 3
	Signed           bool             // public-key integrity: the contents are in a SignedData, whose signature is not checked
	MAC              *MAC             // nil: password integrity is absent
	PasswordUsed     int              // index among the candidates of the one that opened it; -1 when none was needed
	PasswordEncoding PasswordEncoding // how that password was encoded where a PKCS#12 derivation used it
	Safes            []Safe
	Bags             []Bag
}

// MAC is the file's MacData (RFC 7292 section 4, RFC 9579).
type MAC struct {
	Algorithm   string // "HMAC-SHA1", "HMAC-SHA3-256" …; in PBMAC1 the message authentication scheme
	KDF         string // "PKCS#12" or "PBKDF2" (PBMAC1)
	PRF         string // PBMAC1: of PBKDF2; "" else
	PBMAC1      bool
	SaltLength  int
	Iterations  int
	KeyLength   int // PBMAC1: as encoded
	Verified    bool
	Unsupported string // the algorithm's name where the MAC cannot be computed here
}

// Safe is one ContentInfo of the AuthenticatedSafe.
type Safe struct {
	Content    string      // "data", "encryptedData", "envelopedData", or a dotted OID
	Encryption *Encryption // of encryptedData
	Bags       int         // how many bags came out of it
	Problem    error       // why its contents could not be used: *PasswordError, *UnsupportedError or *DamagedError
}

// BagKind is the type of a SafeBag (RFC 7292 section 4.2).
type BagKind string

// The kinds of bags. A nested SafeContents bag is replaced by its contents.
const (
	CertificateBag BagKind = "certificate"
	ShroudedKeyBag BagKind = "shrouded key"
	PlainKeyBag    BagKind = "plain key"
	CRLBag         BagKind = "crl"
	SecretBag      BagKind = "secret"
	OtherBag       BagKind = "other"
)

// Bag is one SafeBag.
type Bag struct {
	Kind            BagKind
	OID             string // of the bag type; of the certificate or CRL type where that is not X.509
	Safe            int    // index in File.Safes
	Encryption      *Encryption
	FriendlyName    string // empty: look at HasFriendlyName
	HasFriendlyName bool
	LocalKeyID      []byte // nil: absent
	JavaTrusted     bool   // trustedKeyUsage, 2.16.840.1.113894.746875.1.1
	CSPName         string // Microsoft's 1.3.6.1.4.1.311.17.1
	OtherAttributes []string
	DER             []byte // a certificate's or CRL's bytes as they stand; nil for keys
	Key             *Key   // what is public about a key that could be read
	Problem         error  // why the content could not be used
}

// Encryption says how a safe or a key is encrypted.
type Encryption struct {
	Scheme      string // "PBES1" (PKCS#12 and PKCS#5 v1), "PBES2", or "" for an algorithm that is neither
	Name        string // "pbeWithSHAAnd40BitRC2-CBC", "PBES2", …
	OID         string // of Name
	Cipher      string // "RC2-40-CBC", "DES-EDE3-CBC", "AES-256-CBC" …
	KDF         string // "PKCS#12 SHA-1", "PBKDF1 MD5", "PBKDF2", "scrypt"
	PRF         string // PBKDF2 only: "HMAC-SHA256" …
	PRFField    string // PBKDF2 only: "absent", "NULL", "no parameters" or "other parameters"
	SaltLength  int
	Iterations  int    // 0 for scrypt
	KeyLength   int    // PBKDF2, scrypt: as encoded; 0 absent
	N, R, P     int    // scrypt
	Unsupported string // the name of what cannot be decrypted here; "" when it can
}
