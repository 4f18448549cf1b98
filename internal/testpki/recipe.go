// Package testpki makes certificates from recipes, the same bytes every time:
// for stories, tests and examples. Its keys are public; nothing it makes is secret.
package testpki

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"slices"
	"time"
)

// Recipe says how one certificate is made; the zero values give a good one.
type Recipe struct {
	Subject   string    `yaml:"subject"`     // "CN=…,O=…", "utf8:CN=…" for UTF8String; absent: CN=the recipe's name; "-": empty
	Issuer    string    `yaml:"issuer"`      // name of the issuing recipe; "": self-signed
	IssuerIs  string    `yaml:"issuer_name"` // written as issuer instead of that recipe's subject
	Key       string    `yaml:"key"`         // p256 (default), p224, p384, p521, ed25519, rsa1024-1 … rsa3072-3
	KeyOf     string    `yaml:"key_of"`      // use the key of another recipe
	Modulus   int       `yaml:"modulus"`     // an RSA public key of so many bits that nobody has the private key of
	SignedBy  string    `yaml:"signed_by"`   // sign with another recipe's key than the issuer's
	NotBefore time.Time `yaml:"not_before"`  // default: 30 days (CA: one year) before the story's clock
	NotAfter  time.Time `yaml:"not_after"`   // default: 60 days (CA: nine years) after it
	Seconds   int64     `yaml:"seconds"`     // length of validity instead of not_after
	CA        bool      `yaml:"ca"`
	PathLen   *int      `yaml:"path_len"`
	NoBasic   bool      `yaml:"no_basic_constraints"`
	KeyUsage  []string  `yaml:"key_usage"` // absent: what the role wants; ["-"]: none
	EKU       []string  `yaml:"eku"`       // absent: serverAuth for leaves; ["-"]: none
	DNS       []string  `yaml:"dns"`
	IP        []string  `yaml:"ip"`
	Email     []string  `yaml:"email"`
	URI       []string  `yaml:"uri"`
	Hash      string    `yaml:"hash"` // sha256 (default), md5 (RSA), sha1, sha224 (ECDSA), sha384, sha512, pss
	Serial    string    `yaml:"serial"`
	Permitted []string  `yaml:"permitted_dns"`
	Excluded  []string  `yaml:"excluded_dns"`
	AIA       []string  `yaml:"aia"`
	NoKeyIDs  bool      `yaml:"no_key_ids"`
	KeyID     string    `yaml:"key_id"` // hex, instead of the hash of the key
	SCTs      []int     `yaml:"scts"`   // embedded timestamps, by the numbers of the logs of LogList
	Extra     []Extra   `yaml:"extra"`
	Fields    []Field   `yaml:"fields"`
	Damage    []Damage  `yaml:"damage"`
	Outer     string    `yaml:"outer_algorithm"` // hex of the AlgorithmIdentifier outside the signed part
	Lose      [2]int    `yaml:"lose"`            // [from, count]: bytes of the finished certificate that got lost
}

// Extra is a further extension, as it stands.
type Extra struct {
	OID      string `yaml:"oid"`
	Critical bool   `yaml:"critical"`
	Hex      string `yaml:"hex"`
}

// Made is a certificate and its key.
type Made struct {
	Name string
	DER  []byte
	Cert *x509.Certificate // nil where crypto/x509 cannot read it
	Key  crypto.Signer
	tmpl *x509.Certificate
}

// PEM is the certificate as a PEM block.
func (m *Made) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: m.DER}))
}

// KeyPEM is the private key as PKCS#8.
func (m *Made) KeyPEM() (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(m.Key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// Make makes all certificates of a set of recipes as of the clock.
func Make(recipes map[string]Recipe, clock time.Time) (map[string]*Made, error) {
	out := map[string]*Made{}
	var make1 func(name string, depth int) (*Made, error)
	make1 = func(name string, depth int) (*Made, error) {
		if m, ok := out[name]; ok {
			return m, nil
		}
		r, ok := recipes[name]
		if !ok || depth > 40 {
			return nil, fmt.Errorf("there is no recipe %q, or it is its own issuer's issuer", name)
		}
		var issuer, signer *Made
		var err error
		if r.Issuer != "" {
			if issuer, err = make1(r.Issuer, depth+1); err != nil {
				return nil, err
			}
			signer = issuer
		}
		if r.SignedBy != "" {
			if signer, err = make1(r.SignedBy, depth+1); err != nil {
				return nil, err
			}
		}
		m, err := build(name, r, recipes, issuer, signer, clock)
		if err != nil {
			return nil, fmt.Errorf("recipe %s: %w", name, err)
		}
		out[name] = m
		return m, nil
	}
	for name := range recipes {
		if _, err := make1(name, 0); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func build(name string, r Recipe, recipes map[string]Recipe, issuer, signer *Made, clock time.Time) (*Made, error) {
	label, kind := name, r.Key
	if r.KeyOf != "" {
		label, kind = r.KeyOf, recipes[r.KeyOf].Key
	}
	key, err := keyFor(label, kind)
	if err != nil {
		return nil, err
	}
	t, err := template(name, r, clock)
	if err != nil {
		return nil, err
	}
	m := &Made{Name: name, Key: key, tmpl: t}
	parent, parentKey := t, key
	if issuer != nil {
		parent = issuer.tmpl
	}
	if signer != nil {
		parentKey = signer.Key
	}
	id := sha256.Sum256([]byte("key of " + label + kind))
	if !r.NoKeyIDs {
		t.SubjectKeyId = id[:20]
		if r.KeyID != "" {
			if t.SubjectKeyId, err = hex.DecodeString(r.KeyID); err != nil {
				return nil, err
			}
		}
	}
	t.SignatureAlgorithm = algorithm(r.Hash, parentKey)
	if old := map[string]string{"md5": md5WithRSA, "sha224": ecdsaWithSHA224}[r.Hash]; old != "" {
		r.Fields = append([]Field{{Name: "signature", Hex: old}}, r.Fields...)
		r.Outer = old
	}
	if issuer != nil && !r.NoKeyIDs {
		t.AuthorityKeyId = parent.SubjectKeyId
	}
	// CreateCertificate looks whether the parent's key made the signature; a
	// copy without public key lets a wrong signer through.
	p := *parent
	p.PublicKey = nil
	if r.IssuerIs != "" {
		if p.RawSubject, err = nameDER(r.IssuerIs); err != nil {
			return nil, err
		}
	}
	public := key.Public()
	if r.Modulus > 0 {
		public = modulus(label, r.Modulus)
	}
	var random io.Reader
	if t.SignatureAlgorithm == x509.SHA256WithRSAPSS { // its salt; the others repeat without
		random = zeros{}
	}
	if m.DER, err = x509.CreateCertificate(random, t, &p, public, parentKey); err != nil {
		return nil, err
	}
	if len(r.SCTs) > 0 {
		if err = embedSCTs(t, r.SCTs, m.DER, parentKey.Public()); err != nil {
			return nil, err
		}
		if m.DER, err = x509.CreateCertificate(nil, t, &p, public, parentKey); err != nil {
			return nil, err
		}
	}
	if m.DER, err = r.patch(m.DER, t.SignatureAlgorithm, parentKey); err != nil {
		return nil, err
	}
	if from := min(r.Lose[0], len(m.DER)); r.Lose[1] > 0 {
		m.DER = slices.Delete(m.DER, from, min(from+r.Lose[1], len(m.DER)))
	}
	m.Cert, _ = x509.ParseCertificate(m.DER)
	return m, nil
}

// zeros is a source of randomness that always gives the same salt.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
