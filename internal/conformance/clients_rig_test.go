package conformance

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
)

// A rig is a server that differs from a sound one in one respect: a root, an
// intermediate and a leaf of 90 days with P-256 keys, of which what change says is
// otherwise.
type rig struct {
	kind, what string
	change     func(*rigging)
}

// A rigging is what a rig is made of.
type rigging struct {
	host              string // its name: r017.example.com
	name              string // what the user types; "" is host
	root, inter, leaf testpki.Recipe
	more              map[string]testpki.Recipe // further certificates; they may name "root", "inter" and "leaf"
	sent, trusted     []string
	server            served
	opensslKey        []string // the leaf's key is made by openssl genpkey with these arguments
}

// rigMaker makes the certificates of rigs as of a time, with keys of their own.
type rigMaker struct {
	now   time.Time
	cheap sync.Map // RSA keys by size: a key is no part of what rigs differ in
}

func (k *rigMaker) key(label, kind string) (crypto.Signer, error) {
	bits, isRSA := strings.CutPrefix(kind, "rsa")
	if !isRSA {
		return testpki.NewKey(label, kind)
	}
	role, _, _ := strings.Cut(label, " ")
	if key, ok := k.cheap.Load(role + kind); ok {
		return key.(crypto.Signer), nil
	}
	n, err := strconv.Atoi(bits)
	if err != nil {
		return nil, err
	}
	key, err := rsa.GenerateKey(rand.Reader, n)
	if err == nil {
		k.cheap.Store(role+kind, key)
	}
	return key, err
}

// make makes a rig's certificates, as a case of the suite of clients.
func (k *rigMaker) make(t *testing.T, number int, r *rig) *measured {
	t.Helper()
	g := &rigging{host: fmt.Sprintf("r%03d.example.com", number), more: map[string]testpki.Recipe{}, sent: []string{"leaf", "inter"}, trusted: []string{"root"},
		server: served{Backend: "go", Min: "1.2", Max: "1.3"}}
	subject := func(what string) string { return fmt.Sprintf("utf8:CN=Rig %03d %s,O=Rig", number, what) }
	g.root = testpki.Recipe{Subject: subject("Root"), CA: true}
	g.inter = testpki.Recipe{Subject: subject("Int"), CA: true, Issuer: "root"}
	g.leaf = testpki.Recipe{Subject: "utf8:CN=" + g.host + ",O=Rig", Issuer: "inter", DNS: []string{g.host}}
	if r.change != nil {
		r.change(g)
	}
	m := &measured{suiteCase: suiteCase{ID: fmt.Sprintf("rig %03d", number), Time: k.now.Format(time.RFC3339), NameKind: "dns"}, Kind: r.kind,
		What: r.what, Server: g.server}
	if g.name == "" {
		g.name = g.host
	}
	if strings.Trim(g.name, "0123456789.:[]abcdef") == "" {
		m.NameKind = "ip"
	}
	m.Name = &g.name
	if strings.HasSuffix(g.name, ".") && g.server.Backend == "go" {
		m.Server.Backend = "openssl" // crypto/tls ends a handshake whose server_name has a final dot
	}
	if g.opensslKey != nil {
		spki := opensslKey(t, g, m)
		g.leaf.Fields = append(g.leaf.Fields, testpki.Field{Name: "spki", Hex: hex.EncodeToString(spki)})
		m.Server.Backend = "openssl"
	}
	recipes := map[string]testpki.Recipe{"root": g.root, "inter": g.inter, "leaf": g.leaf}
	for name, recipe := range g.more {
		if recipe.Subject == "" {
			recipe.Subject = subject(name)
		}
		recipes[name] = recipe
	}
	fixed := map[string]crypto.Signer{}
	for name, recipe := range recipes {
		recipe.Fields = slices.Clone(recipe.Fields)
		for i := range recipe.Fields {
			if f := &recipe.Fields[i]; f.Hex == compressed {
				f.Hex, fixed[name] = compressedKey(t)
			}
		}
		if above, ok := recipes[cmp.Or(recipe.Issuer, name)]; ok { // who rewrites its subject is named like that by what it issues
			if i := slices.IndexFunc(above.Fields, func(f testpki.Field) bool { return f.Name == "subject" }); i >= 0 &&
				!slices.ContainsFunc(recipe.Fields, func(f testpki.Field) bool { return f.Name == "issuer" }) {
				recipe.Fields = append(recipe.Fields, testpki.Field{Name: "issuer", Hex: above.Fields[i].Hex})
			}
		}
		recipes[name] = recipe
	}
	keys := func(label, kind string) (crypto.Signer, error) {
		if key := fixed[label]; key != nil {
			return key, nil
		}
		return k.key(label, kind)
	}
	maker := testpki.Maker{Clock: k.now, Keys: keys, Random: rand.Reader}
	made, err := maker.Make(recipes)
	if err != nil {
		t.Fatalf("%s (%s): %v", m.ID, r.what, err)
	}
	for _, name := range g.sent {
		m.Chain = append(m.Chain, made[name].PEM())
	}
	for _, name := range g.trusted {
		m.Roots = append(m.Roots, made[name].PEM())
	}
	if m.KeyPEM == "" {
		if m.KeyPEM, err = made["leaf"].KeyPEM(); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// opensslKey makes a key of a kind that Go does not know and gives its SPKI.
func opensslKey(t *testing.T, g *rigging, m *measured) []byte {
	t.Helper()
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl, which makes the keys Go does not know, is not installed")
	}
	key, err := exec.Command(program, append([]string{"genpkey"}, g.opensslKey...)...).Output()
	if err != nil {
		t.Fatalf("openssl genpkey %v: %v", g.opensslKey, err)
	}
	c := exec.Command(program, "pkey", "-pubout")
	c.Stdin = strings.NewReader(string(key))
	public, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	m.KeyPEM = string(key)
	b, _ := pem.Decode(public)
	return b.Bytes
}

// compressed stands for the SPKI of a P-256 key whose point is compressed.
const compressed = "a compressed point"

func compressedKey(t *testing.T) (spki string, key *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point := elliptic.MarshalCompressed(elliptic.P256(), key.X, key.Y)
	der := tlv(0x30, tlv(0x30, oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), tlv(0x03, []byte{0}, point))
	return hex.EncodeToString(der), key
}

// The changes that many rigs share.

func leafOf(change func(*testpki.Recipe)) func(*rigging) {
	return func(g *rigging) { change(&g.leaf) }
}
func interOf(change func(*testpki.Recipe)) func(*rigging) {
	return func(g *rigging) { change(&g.inter) }
}
func rootOf(change func(*testpki.Recipe)) func(*rigging) {
	return func(g *rigging) { change(&g.root) }
}

// A place is one of the three certificates of a rig.
type place struct {
	name string
	of   func(change func(*testpki.Recipe)) func(*rigging)
}

var places = []place{{"leaf", leafOf}, {"intermediate", interOf}, {"root", rootOf}}

func all(changes ...func(*rigging)) func(*rigging) {
	return func(g *rigging) {
		for _, c := range changes {
			c(g)
		}
	}
}

func eku(purposes ...string) func(*testpki.Recipe) {
	return func(r *testpki.Recipe) { r.EKU = purposes }
}
func usage(bits ...string) func(*testpki.Recipe) {
	return func(r *testpki.Recipe) { r.KeyUsage = bits }
}
func key(kind string) func(*testpki.Recipe)  { return func(r *testpki.Recipe) { r.Key = kind } }
func hash(name string) func(*testpki.Recipe) { return func(r *testpki.Recipe) { r.Hash = name } }
func dates(begins, ends string) func(*testpki.Recipe) {
	return func(r *testpki.Recipe) { r.Begins, r.Ends = begins, ends }
}
func subject(name string) func(*testpki.Recipe) { return func(r *testpki.Recipe) { r.Subject = name } }
func field(name, hex string) func(*testpki.Recipe) {
	return func(r *testpki.Recipe) { r.Fields = append(r.Fields, testpki.Field{Name: name, Hex: hex}) }
}

// extension adds an extension, or writes one of the recipe's otherwise.
func extension(oid string, critical bool, content ...[]byte) func(*testpki.Recipe) {
	return func(r *testpki.Recipe) {
		r.Extra = append(r.Extra, testpki.Extra{OID: oid, Critical: critical, Hex: hex.EncodeToString(join(content))})
	}
}

func versions(low, high string) func(*rigging) {
	return func(g *rigging) { g.server.Min, g.server.Max = low, high }
}

// names sets the reference name and the names of the leaf; %s in either is the host.
func names(reference string, dns ...string) func(*rigging) {
	return func(g *rigging) {
		fill := func(s string) string { return strings.ReplaceAll(s, "HOST", g.host) }
		g.name, g.leaf.DNS = fill(reference), nil
		for _, n := range dns {
			g.leaf.DNS = append(g.leaf.DNS, fill(n))
		}
	}
}

// alt sets the reference name and writes subjectAltName itself.
func alt(reference string, critical bool, entries ...[]byte) func(*rigging) {
	return func(g *rigging) {
		g.name = strings.ReplaceAll(reference, "HOST", g.host)
		extension("2.5.29.17", critical, tlv(0x30, entries...))(&g.leaf)
	}
}

func cn(reference, name string, dns ...string) func(*rigging) {
	return func(g *rigging) {
		names(reference, dns...)(g)
		g.leaf.Subject = "utf8:CN=" + strings.ReplaceAll(name, "HOST", g.host) + ",O=Rig"
	}
}

func send(list ...string) func(*rigging)  { return func(g *rigging) { g.sent = list } }
func trust(list ...string) func(*rigging) { return func(g *rigging) { g.trusted = list } }

func more(name string, recipe testpki.Recipe) func(*rigging) {
	return func(g *rigging) { g.more[name] = recipe }
}

// selfSigned makes the leaf its own root, trusted itself.
func selfSigned(change func(*testpki.Recipe)) func(*rigging) {
	return func(g *rigging) {
		g.leaf.Issuer = ""
		g.sent, g.trusted = []string{"leaf"}, []string{"leaf"}
		if change != nil {
			change(&g.leaf)
		}
	}
}

// constraints are name constraints of subtrees.
func constraints(critical bool, permitted, excluded []byte) func(*testpki.Recipe) {
	var content []byte
	if permitted != nil {
		content = append(content, tlv(0xa0, permitted)...)
	}
	if excluded != nil {
		content = append(content, tlv(0xa1, excluded)...)
	}
	return extension("2.5.29.30", critical, tlv(0x30, content))
}

// subtree is a GeneralSubtree of a name.
func subtree(tag byte, content ...[]byte) []byte { return tlv(0x30, tlv(tag, content...)) }

func tlv(tag byte, content ...[]byte) []byte {
	body := join(content)
	switch n := len(body); {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, body...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, body...)
	case n < 0x10000:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, body...)
	default:
		return append([]byte{tag, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}, body...)
	}
}

func join(list [][]byte) []byte {
	var out []byte
	for _, b := range list {
		out = append(out, b...)
	}
	return out
}

func oid(text string) []byte {
	var id asn1.ObjectIdentifier
	for _, part := range strings.Split(text, ".") {
		n, _ := strconv.Atoi(part)
		id = append(id, n)
	}
	der, _ := asn1.Marshal(id)
	return der
}

// dn is a Name of one O, with the string type given by its tag.
func dn(tag byte, organization string) []byte {
	return tlv(0x30, tlv(0x31, tlv(0x30, oid("2.5.4.10"), tlv(tag, []byte(organization)))))
}

// filler is content of an extension nobody knows.
func filler(n int) []byte {
	sum := sha256.Sum256([]byte("filler"))
	out := make([]byte, n)
	for i := range out {
		out[i] = sum[i%len(sum)]
	}
	return tlv(0x04, out)
}
