// Package testpki makes certificates from recipes, right ones and wrong ones. Make
// makes the same bytes every time, for stories, tests and examples: its keys are
// public, and nothing it makes is secret. A Maker with keys and randomness of its
// own makes what the lab hands out.
package testpki

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
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
	Begins    string    `yaml:"begins"`      // instead of not_before, counted from the clock: "-95d", "2h"
	Ends      string    `yaml:"ends"`        // instead of not_after, likewise
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
	Hash      string    `yaml:"hash"` // sha256 (default), md5 (RSA), sha1, sha224, sha384, sha512; RSA: pss, pss1, pss224, pss384, pss512
	Serial    string    `yaml:"serial"`
	Permitted []string  `yaml:"permitted_dns"`
	Excluded  []string  `yaml:"excluded_dns"`
	InNets    []string  `yaml:"permitted_ip"` // networks: "127.0.0.0/8"
	NotInNets []string  `yaml:"excluded_ip"`
	AIA       []string  `yaml:"aia"`       // addresses of the issuer's certificate
	OCSPAt    []string  `yaml:"ocsp_urls"` // addresses of the issuer's OCSP responder
	CRLAt     []string  `yaml:"crl_urls"`  // addresses of the issuer's CRL
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

// Loaded is a certificate that was made before, to issue with; key may be nil.
func Loaded(name string, der []byte, key crypto.Signer) (*Made, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	if key != nil {
		if public, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(key.Public()) {
			return nil, errors.New("its public key is not that of the private key")
		}
	}
	return &Made{Name: name, DER: der, Cert: cert, Key: key, tmpl: cert}, nil
}

// A Maker makes the certificates of recipes.
type Maker struct {
	Clock  time.Time
	Keys   func(label, kind string) (crypto.Signer, error) // asked once for each label
	Random io.Reader                                       // nil: serial numbers, key identifiers and signatures repeat
	Have   map[string]*Made                                // what recipes may name as issuer without making it
}

// Make makes all certificates of a set of recipes as of the clock, the same bytes every time.
func Make(recipes map[string]Recipe, clock time.Time) (map[string]*Made, error) {
	return (&Maker{Clock: clock, Keys: fixedKey}).Make(recipes)
}

// Make makes all certificates of a set of recipes; those it has are among them.
func (m *Maker) Make(recipes map[string]Recipe) (map[string]*Made, error) {
	b := &bench{Maker: m, recipes: recipes, keys: map[string]crypto.Signer{}, made: maps.Clone(m.Have)}
	if b.made == nil {
		b.made = map[string]*Made{}
	}
	for _, name := range slices.Sorted(maps.Keys(recipes)) {
		if _, err := b.make(name); err != nil {
			return nil, err
		}
	}
	return b.made, nil
}

// bench is one run of a Maker.
type bench struct {
	*Maker
	recipes map[string]Recipe
	keys    map[string]crypto.Signer
	made    map[string]*Made
	making  []string // from the recipe asked for to the one at hand
}

// A circle is issuers that go round.
type circle []string

func (c circle) Error() string {
	return "the issuers go in a circle: " + strings.Join(c, ", ")
}

func (b *bench) make(name string) (*Made, error) {
	if m, ok := b.made[name]; ok {
		return m, nil
	}
	r, ok := b.recipes[name]
	if !ok {
		return nil, fmt.Errorf("there is no recipe %q", name)
	}
	if i := slices.Index(b.making, name); i >= 0 {
		return nil, append(circle(slices.Clone(b.making[i:])), name)
	}
	b.making = append(b.making, name)
	defer func() { b.making = b.making[:len(b.making)-1] }()
	above := func(key, other string) (*Made, error) {
		m, err := b.make(other)
		if round := (circle)(nil); err != nil && !errors.As(err, &round) {
			err = fmt.Errorf("recipe %s, %s: %w", name, key, err)
		}
		return m, err
	}
	var issuer, signer *Made
	var err error
	if r.Issuer != "" {
		if issuer, err = above("issuer", r.Issuer); err != nil {
			return nil, err
		}
		signer = issuer
	}
	if r.SignedBy != "" {
		if signer, err = above("signed_by", r.SignedBy); err != nil {
			return nil, err
		}
	}
	m, err := b.build(name, r, issuer, signer)
	if err != nil {
		return nil, fmt.Errorf("recipe %s: %w", name, err)
	}
	b.made[name] = m
	return m, nil
}

// key is the key of a label, the same whenever it is asked for.
func (b *bench) key(label, kind string) (crypto.Signer, error) {
	if have := b.made[label]; have != nil {
		return have.Key, nil
	}
	if k := b.keys[label]; k != nil {
		return k, nil
	}
	k, err := b.Keys(label, kind)
	if err == nil {
		b.keys[label] = k
	}
	return k, err
}

// keyID is what the subject key identifier says (RFC 7093 section 2, method 1);
// where bytes have to repeat it is of the label, for the fixtures of old.
func (b *bench) keyID(label, kind string, public crypto.PublicKey) ([]byte, error) {
	if b.Random == nil {
		id := sha256.Sum256([]byte("key of " + label + kind))
		return id[:20], nil
	}
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, err
	}
	id := sha256.Sum256(spki)
	return id[:20], nil
}

func (b *bench) build(name string, r Recipe, issuer, signer *Made) (*Made, error) {
	label, kind := name, r.Key
	if r.KeyOf != "" {
		label, kind = r.KeyOf, b.recipes[r.KeyOf].Key
	}
	key, err := b.key(label, kind)
	if err != nil {
		return nil, err
	}
	t, err := template(name, r, b.Clock)
	if err != nil {
		return nil, err
	}
	if r.Serial == "" && b.Random != nil {
		if t.SerialNumber, err = randomSerial(b.Random); err != nil {
			return nil, err
		}
	}
	m := &Made{Name: name, Key: key, tmpl: t}
	parent, parentKey := t, key
	if issuer != nil {
		parent = issuer.tmpl
	}
	if signer != nil {
		parentKey = signer.Key
	}
	if !r.NoKeyIDs {
		if t.SubjectKeyId, err = b.keyID(label, kind, key.Public()); err == nil && r.KeyID != "" {
			t.SubjectKeyId, err = hex.DecodeString(r.KeyID)
		}
		if err != nil {
			return nil, err
		}
	}
	t.SignatureAlgorithm = algorithm(r.Hash, parentKey)
	if old := rare(r.Hash, parentKey); old != "" {
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
	random := b.Random
	if strings.HasPrefix(r.Hash, "pss") && random == nil { // its salt; the others repeat without
		random = zeros{}
	}
	if m.DER, err = x509.CreateCertificate(random, t, &p, public, parentKey); err != nil {
		return nil, err
	}
	if len(r.SCTs) > 0 {
		if err = embedSCTs(t, r.SCTs, m.DER, parentKey.Public()); err != nil {
			return nil, err
		}
		if m.DER, err = x509.CreateCertificate(random, t, &p, public, parentKey); err != nil {
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

// randomSerial draws 127 bits: positive, and 16 octets at most (RFC 5280 section 4.1.2.2).
func randomSerial(random io.Reader) (*big.Int, error) {
	raw := make([]byte, 16)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, err
	}
	raw[0] = raw[0]&0x7f | 0x40
	return new(big.Int).SetBytes(raw), nil
}

// zeros is a source of randomness that always gives the same salt.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// Must is Make for tests, which end where it fails.
func Must(t interface {
	Helper()
	Fatal(...any)
}, recipes map[string]Recipe, at time.Time) map[string]*Made {
	t.Helper()
	made, err := Make(recipes, at)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// Shown is a capture of one list of certificates, item 0 first.
func Shown(transport chain.Transport, sent ...[]byte) *chain.Capture {
	c := &chain.Capture{Schema: chain.CaptureSchema, Blobs: map[string][]byte{}, Observations: []chain.Observation{{Transport: transport}}}
	for _, der := range sent {
		key := chain.BlobKey(der)
		c.Blobs[key] = der
		c.Observations[0].Sent = append(c.Observations[0].Sent, key)
	}
	return c
}

// DERs are the certificates of some names, in that order.
func DERs(made map[string]*Made, names ...string) (list [][]byte) {
	for _, name := range names {
		list = append(list, made[name].DER)
	}
	return list
}
