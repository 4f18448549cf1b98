package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

var clock = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// aes is what OpenSSL 3 encrypts with.
func aes() *chain.IdentityEncryption {
	return &chain.IdentityEncryption{Scheme: "PBES2", Name: "PBES2", Cipher: "AES-256-CBC", KDF: "PBKDF2", PRF: "HMAC-SHA256", PRFField: "NULL",
		SaltLength: 16, Iterations: 2048}
}

func old(name, cipher string) *chain.IdentityEncryption {
	return &chain.IdentityEncryption{Scheme: "PBES1", Name: name, Cipher: cipher, KDF: "PKCS#12 SHA1", SaltLength: 8, Iterations: 2048}
}

func rc2() *chain.IdentityEncryption { return old("pbeWithSHAAnd40BitRC2-CBC", "RC2-40-CBC") }
func des3() *chain.IdentityEncryption {
	return old("pbeWithSHAAnd3-KeyTripleDES-CBC", "DES-EDE3-CBC")
}

// modern is what `openssl pkcs12 -export` of OpenSSL 3 writes: leaf,
// intermediate and root encrypted, the key in a shrouded bag.
func modern() *chain.Identity {
	mac := &chain.IdentityMAC{Algorithm: "HMAC-SHA256", KDF: "PKCS#12", SaltLength: 8, Iterations: 2048, Verified: true}
	return &chain.Identity{File: "identity.p12", Format: "PKCS#12", Encoding: "DER", MAC: mac, PasswordKind: chain.PasswordASCII,
		PasswordEncoding: "UTF-16 with terminator",
		Parts:            []chain.IdentityPart{{Content: "encryptedData", Encryption: aes(), Bags: 3}, {Content: "data", Bags: 1}},
		Bags: []chain.IdentityBag{
			{Kind: "certificate", Certificate: 0, Key: -1, LocalKeyID: []byte{1}},
			{Kind: "certificate", Certificate: 1, Key: -1},
			{Kind: "certificate", Certificate: 2, Key: -1},
			{Kind: "shrouded key", Part: 1, Certificate: -1, Key: 0, LocalKeyID: []byte{1}, Encryption: aes()},
		},
		Keys:         []chain.IdentityKey{{Type: "ECDSA", Curve: "P-256", Bits: 256, Fits: []int{0}, Usable: true, Bag: 3}},
		Certificates: []string{"leaf", "issuing", "root"}}
}

// legacy is what `openssl pkcs12 -export -legacy` writes.
func legacy() *chain.Identity {
	id := modern()
	id.MAC.Algorithm = "HMAC-SHA1"
	id.Parts[0].Encryption, id.Bags[3].Encryption = rc2(), des3()
	return id
}

// with changes an identity.
func with(id *chain.Identity, changes ...func(*chain.Identity)) *chain.Identity {
	for _, change := range changes {
		change(id)
	}
	return id
}

func certificateOnly(id *chain.Identity) {
	id.Keys = nil
	id.Bags = id.Bags[:3]
	id.Parts = id.Parts[:1]
}

func keyOnly(id *chain.Identity) {
	id.Certificates = nil
	id.Parts = id.Parts[1:]
	id.Bags = id.Bags[3:]
	id.Bags[0].Part = 0
	id.Keys[0].Bag, id.Keys[0].Fits = 0, nil
}

func pem(id *chain.Identity) {
	id.File, id.Format, id.Encoding, id.MAC, id.Parts, id.PasswordKind = "my identity.pem", "PEM", "", nil, nil, chain.PasswordNone
	id.PasswordEncoding = ""
	for i := range id.Bags {
		id.Bags[i].Encryption, id.Bags[i].LocalKeyID, id.Bags[i].Part = nil, nil, -1
		if id.Bags[i].Kind == "shrouded key" {
			id.Bags[i].Kind = "plain key"
		}
	}
}

func rootFirst(id *chain.Identity) {
	id.Certificates = []string{"root", "issuing", "leaf"}
	id.Bags[0].LocalKeyID, id.Bags[2].LocalKeyID = nil, []byte{1}
	id.Keys[0].Fits = []int{2}
}

// otherFirst puts the leaf of another identity first.
func otherFirst(id *chain.Identity) {
	id.Certificates[0], id.Certificates[1] = "other", "leaf"
	id.Keys[0].Fits = []int{1}
	id.Bags[0].LocalKeyID, id.Bags[1].LocalKeyID = nil, []byte{1}
}

// evaluate judges an identity as `chainspect identity` does: its certificates
// are the list, without any anchor. The names in Certificates become those of
// test certificates.
func evaluate(t *testing.T, id *chain.Identity) *chain.Report {
	t.Helper()
	made := testpki.Must(t, map[string]testpki.Recipe{
		"root":    {CA: true},
		"issuing": {CA: true, Issuer: "root"},
		"leaf":    {Issuer: "issuing", EKU: []string{"clientAuth"}},
		"other":   {Issuer: "issuing", EKU: []string{"clientAuth"}},
		"self":    {EKU: []string{"clientAuth"}},
		"ca":      {CA: true},
		"marked":  {CA: true, KeyUsage: []string{"-"}},
	}, clock)
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: id.File, TakenAt: clock, Blobs: map[string][]byte{}, Identity: id}
	o := chain.Observation{Transport: "file", Outcome: chain.Outcome{OK: true}}
	for i, name := range id.Certificates {
		sum := sha256.Sum256(made[name].DER)
		key := hex.EncodeToString(sum[:])
		c.Blobs[key] = made[name].DER
		id.Certificates[i] = key
		o.Sent = append(o.Sent, key)
	}
	c.Observations = []chain.Observation{o}
	e := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(16), Rules())
	return e.Evaluate(chain.Input{Capture: c, Anchors: chain.NewAnchors(chain.StoreInfo{Name: "none"}),
		Question: chain.Question{Time: clock, NameKind: chain.NameNone, Purpose: chain.PurposeClient, Platform: "ios26"}})
}
