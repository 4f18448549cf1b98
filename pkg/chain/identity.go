package chain

// Identity is what a digital identity file holds, as facts: its private keys
// are described, never carried. Package internal/load fills it; the rules of
// package identity read it.
type Identity struct {
	File             string            `json:"file"`                        // as the user named it
	Format           string            `json:"format"`                      // "PKCS#12", "PEM", "DER", "JKS", "JCEKS"
	KeyFile          string            `json:"key_file,omitempty"`          // --key: where the key stands, if not in File
	Encoding         string            `json:"encoding,omitempty"`          // PKCS#12: "DER" or "BER"
	Trailing         int               `json:"trailing,omitempty"`          // PKCS#12: bytes after its end
	Signed           bool              `json:"signed,omitempty"`            // PKCS#12: integrity by signature
	MAC              *IdentityMAC      `json:"mac,omitempty"`               // PKCS#12, JKS: password integrity; nil: absent
	PasswordKind     string            `json:"password_kind"`               // PasswordNone …
	PasswordEncoding string            `json:"password_encoding,omitempty"` // pfx.PasswordEncoding, where a PKCS#12 derivation was used
	Parts            []IdentityPart    `json:"parts"`                       // PKCS#12: its safes, in order
	Bags             []IdentityBag     `json:"bags"`                        // PKCS#12: its bags; JKS: entries; PEM: blocks; in the file's order
	Keys             []IdentityKey     `json:"keys"`
	Certificates     []string          `json:"certificates"`       // keys of Capture.Blobs, in the file's order
	Problems         []IdentityProblem `json:"problems,omitempty"` // content that could not be used
}

// The kinds of passwords that open a file; no password is ever kept.
const (
	PasswordNone    = "none"    // none was needed
	PasswordEmpty   = "empty"   // no characters
	PasswordASCII   = "ascii"   // printable ASCII only
	PasswordUnicode = "unicode" // with characters outside ASCII
)

// IdentityMAC is the MacData of a PKCS#12 file (pfx.MAC), or the digest of a Java key store.
type IdentityMAC struct {
	Algorithm   string `json:"algorithm"` // "HMAC-SHA256" …; "SHA-1 digest" in JKS
	KDF         string `json:"kdf"`       // "PKCS#12", "PBKDF2"; "" in JKS
	PRF         string `json:"prf,omitempty"`
	PBMAC1      bool   `json:"pbmac1,omitempty"`
	SaltLength  int    `json:"salt_length"`
	Iterations  int    `json:"iterations"`
	Verified    bool   `json:"verified"`
	Unsupported string `json:"unsupported,omitempty"` // what cannot be computed here
}

// IdentityEncryption is how a part or a key is encrypted (pfx.Encryption).
type IdentityEncryption struct {
	Scheme      string `json:"scheme"` // "PBES1", "PBES2"; "" for neither
	Name        string `json:"name"`   // "pbeWithSHAAnd40BitRC2-CBC", "PBES2" …
	OID         string `json:"oid,omitempty"`
	Cipher      string `json:"cipher"`              // "RC2-40-CBC", "AES-256-CBC" …
	KDF         string `json:"kdf"`                 // "PKCS#12 SHA1", "PBKDF2", "scrypt" …
	PRF         string `json:"prf,omitempty"`       // "HMAC-SHA256" …
	PRFField    string `json:"prf_field,omitempty"` // PBKDF2: "absent", "NULL", "no parameters", "other parameters"
	SaltLength  int    `json:"salt_length,omitempty"`
	Iterations  int    `json:"iterations,omitempty"`
	KeyLength   int    `json:"key_length,omitempty"`  // 0: absent
	Unsupported string `json:"unsupported,omitempty"` // what cannot be decrypted here
}

// IdentityPart is one safe of a PKCS#12 file.
type IdentityPart struct {
	Content    string              `json:"content"` // "data", "encryptedData", "envelopedData", or an OID
	Encryption *IdentityEncryption `json:"encryption,omitempty"`
	Bags       int                 `json:"bags"`
}

// IdentityBag is one bag, entry or block.
type IdentityBag struct {
	Kind         string              `json:"kind"` // pfx.BagKind: "certificate", "shrouded key", "plain key", "crl", "secret", "other"
	Part         int                 `json:"part"` // index into Parts; -1 outside PKCS#12
	Line         int                 `json:"line,omitempty"`
	Encryption   *IdentityEncryption `json:"encryption,omitempty"`
	FriendlyName *string             `json:"friendly_name,omitempty"` // JKS: the alias
	LocalKeyID   []byte              `json:"local_key_id,omitempty"`
	JavaTrusted  bool                `json:"java_trusted,omitempty"`
	Certificate  int                 `json:"certificate"` // index into Certificates; -1 none
	Key          int                 `json:"key"`         // index into Keys; -1 none
}

// IdentityKey is one private key, without the key.
type IdentityKey struct {
	Type      string `json:"type"`            // x509read.KeyType
	Curve     string `json:"curve,omitempty"` // as x509read.PublicKey.Curve
	Bits      int    `json:"bits"`
	SPKI      []byte `json:"spki,omitempty"` // SubjectPublicKeyInfo that belongs to it; nil where it cannot be computed
	NotDER    string `json:"not_der,omitempty"`
	Fits      []int  `json:"fits"`                // indices into Certificates, by public key
	Unmatched bool   `json:"unmatched,omitempty"` // whether it fits could not be told: its public key is not computed here
	Usable    bool   `json:"usable"`              // it can sign in a handshake made here
	Bag       int    `json:"bag"`                 // index into Bags
}

// IdentityProblem is content of the file that could not be used, though the file was opened.
type IdentityProblem struct {
	Kind      string `json:"kind"`                // "password" (another one), "locked" (the password does not open it), "unsupported" or "damaged"
	Where     string `json:"where"`               // "safe 1", "bag 2 of safe 1", "line 12" …
	Algorithm string `json:"algorithm,omitempty"` // unsupported: its name
	Message   string `json:"message"`
}
