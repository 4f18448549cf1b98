package lab

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
	"github.com/chainspect/chainspect/pkg/chain/lint"
)

// Issue says how a certificate is issued; the zero value is a good one.
type Issue struct {
	Days      int // 0: the longest that the Baseline Requirements allow a server, a year for a client
	NotBefore time.Time
	KeyType   string
	Modern    bool // protect the .p12 with AES, which Apple platforms import from iOS 18 and macOS 15 on

	// Password gives the password of the .p12 file; ok is false where one is to be made.
	Password func(file string) (text string, ok bool, err error)
}

// Issued is what came of it.
type Issued struct {
	Authority
	Leaf     *testpki.Made
	Names    []string // of a server, as clients type them; of a client the one it was made for
	Client   bool
	Files    []File
	Base     string // path of the files without their endings
	Password bool   // the password was made, and stands in a file

	password string // of the .p12
}

// keyTypes are the keys that every client takes (apple: K-02, M-09).
var keyTypes = []string{"p256", "p384", "p521", "rsa2048", "rsa3072", "rsa4096"}

// mostDays keeps what is made within the years that certificates can say.
const mostDays = 36500

func checkIssue(days int, keyType string) error {
	if days < 0 || days > mostDays {
		return usage("--days %d: write a number of days from 1 to %d", days, mostDays)
	}
	if keyType != "" && !slices.Contains(keyTypes, keyType) {
		return usage("--key-type %s: write one of %s%s", keyType, strings.Join(keyTypes, ", "), near.Hint(keyType, keyTypes, "; `lab from` makes keys that clients refuse"))
	}
	return nil
}

// clockSkew is how long before now what is made begins to be valid.
const clockSkew = time.Hour

func beginning(asked, now time.Time) time.Time {
	if asked.IsZero() {
		asked = now.Add(-clockSkew)
	}
	return asked.UTC().Truncate(time.Second)
}

// end is the last second of a number of days (RFC 5280 section 4.1.2.5 counts it too).
func end(from time.Time, days int) time.Time { return from.AddDate(0, 0, days).Add(-time.Second) }

// Server issues one certificate for all the names: host names, wildcards and IP addresses.
func (f *Folder) Server(names []string, o Issue) (*Issued, error) {
	asked, r, err := serverNames(names)
	if err != nil {
		return nil, err
	}
	r.Key = o.KeyType
	return f.issue(asked, false, r, o)
}

// serverRecipe is a certificate for one name, valid as long as any may be.
func serverRecipe(name string, now time.Time) (testpki.Recipe, error) {
	_, r, err := serverNames([]string{name})
	r.Issuer, r.NotBefore = intermediate, beginning(time.Time{}, now)
	r.NotAfter = end(r.NotBefore, cmp.Or(lint.LongestDays(r.NotBefore), clientDays))
	return r, err
}

// serverNames writes names into a recipe, and gives them as they stand there.
func serverNames(names []string) (asked []string, r testpki.Recipe, err error) {
	for _, typed := range names {
		star, host := "", typed
		if rest, ok := strings.CutPrefix(typed, "*."); ok {
			star, host = "*.", rest
		}
		name, kind, err := hostname.ReferenceName(host)
		switch {
		case err != nil:
			return nil, r, usage("%s", err)
		case kind == chain.NameIP && star == "":
			r.IP = append(r.IP, name)
		case kind == chain.NameDNS:
			r.DNS = append(r.DNS, star+name)
		default:
			return nil, r, usage("%q is no name of a server: write a host name, one with *. in front, or an IP address", typed)
		}
		if slices.Contains(asked, star+name) {
			return nil, r, usage("%s is named twice", typed)
		}
		asked = append(asked, star+name)
	}
	r.Subject = "-" // names stand in subjectAltName, and a common name may not be longer than 64 octets
	for _, name := range asked {
		if len(name) <= maxCommonName && !strings.Contains(name, "_") {
			r.Subject = subject(name)
			break
		}
	}
	return asked, r, nil
}

// Client issues a digital identity for a client.
func (f *Folder) Client(name string, o Issue) (*Issued, error) {
	if err := checkClient(name); err != nil {
		return nil, err
	}
	a, err := f.Open()
	if err != nil {
		return nil, err
	}
	r := testpki.Recipe{Key: o.KeyType, Subject: subject(name), EKU: []string{"clientAuth"}}
	switch typed, kind, err := hostname.ReferenceName(name); {
	case err == nil && kind == chain.NameEmail:
		r.Email = []string{typed}
	case err == nil && kind == chain.NameDNS && strings.Contains(typed, ".") && a.permits(typed):
		r.DNS = []string{typed}
	}
	return f.issue([]string{name}, true, r, o)
}

func checkClient(name string) error {
	if err := checkFileName(name); err != nil {
		return usage("%s", err)
	}
	if name == root || name == intermediate {
		return usage("%s is the name of the CA's own files: name the client otherwise", name)
	}
	return nil
}

// checkFileName holds names to what the name of a file and a common name both may be.
func checkFileName(name string) error {
	bad := strings.IndexFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._@+ -", r))
	})
	switch {
	case name == "" || len(name) > maxCommonName:
		return fmt.Errorf("%q is no name: write 1 to %d letters", name, maxCommonName)
	case bad >= 0:
		return fmt.Errorf("%q has a character at position %d that the name of a file is better without: write letters, digits, . _ @ + and -", name, bad+1)
	case strings.HasPrefix(name, "-") || strings.HasPrefix(name, ".") || strings.TrimSpace(name) != name:
		return fmt.Errorf("%q: begin the name with a letter or a digit", name)
	}
	return nil
}

// fileName is a server's name as the name of a file.
func fileName(name string) string {
	return strings.NewReplacer("*.", "wildcard.", ":", "_").Replace(name)
}

// constraint is what --constrain has to say for a name.
func constraint(name string) string {
	switch ip := net.ParseIP(name); {
	case ip == nil:
		return strings.TrimPrefix(name, "*.")
	case ip.To4() != nil:
		return name + "/32"
	}
	return name + "/128"
}

// issue makes key, certificate, chain and .p12, or what is missing of them.
func (f *Folder) issue(names []string, client bool, r testpki.Recipe, o Issue) (*Issued, error) {
	if err := checkIssue(o.Days, o.KeyType); err != nil {
		return nil, err
	}
	base := fileName(names[0])
	if base == root || base == intermediate {
		return nil, usage("%s is the name of the CA's own files: write another name first", base)
	}
	a, err := f.Open()
	if err != nil {
		return nil, err
	}
	if !client {
		for _, name := range names {
			if !a.permits(name) {
				return nil, usage("%s lies outside the names that this CA is constrained to: it would not be trusted for it; `chainspect lab init DIR --constrain %s` makes a CA for it", name, constraint(name))
			}
		}
	}
	out := &Issued{Authority: *a, Names: names, Client: client, Base: f.path(base)}
	if err := out.ask(o); err != nil {
		return nil, err
	}
	r.Issuer = intermediate
	r.NotBefore = beginning(o.NotBefore, f.Now)
	days := cmp.Or(o.Days, clientDays)
	if !client {
		days = cmp.Or(o.Days, lint.LongestDays(r.NotBefore), clientDays)
	}
	r.NotAfter = end(r.NotBefore, days)
	keyThere, certificateThere, err := f.halfMade(base, out, &r)
	if err != nil {
		return nil, err
	}
	if out.Leaf == nil {
		if out.Leaf, err = a.leaf(base, r, keyThere); err != nil {
			return nil, err
		}
	}
	return out, f.writeIssued(base, out, o, keyThere != nil || certificateThere, certificateThere)
}

// leaf issues a certificate; key is nil where one is to be made.
func (a *Authority) leaf(name string, r testpki.Recipe, key crypto.Signer) (*testpki.Made, error) {
	m := &testpki.Maker{Random: rand.Reader, Have: map[string]*testpki.Made{intermediate: a.Intermediate}, Keys: testpki.NewKey}
	if key != nil {
		m.Keys = func(string, string) (crypto.Signer, error) { return key, nil }
	}
	made, err := m.Make(map[string]testpki.Recipe{name: r})
	if err != nil {
		return nil, err
	}
	return made[name], nil
}

// halfMade finds what an earlier run wrote before it was cut off: the files are
// written in the order key, certificate, chain, .p12, and what is there of them
// stays as it is.
func (f *Folder) halfMade(base string, out *Issued, r *testpki.Recipe) (key crypto.Signer, certificate bool, err error) {
	if f.Force {
		return nil, false, nil
	}
	if f.has(base + ".p12") {
		return nil, false, f.exists(base+".p12", "")
	}
	if f.has(base + ".crt") {
		m, err := f.pair(base)
		if err != nil {
			return nil, false, err
		}
		if m.Key == nil || f.belongs(m, out.Intermediate) != nil || !sameNames(m, r) {
			return nil, false, f.exists(base+".crt", ", and is not what is asked for")
		}
		out.Leaf = m
		return m.Key, true, nil
	}
	if f.has(base + ".fullchain.pem") {
		return nil, false, f.exists(base+".fullchain.pem", "")
	}
	if f.has(base + ".key") {
		if key, err = f.key(base); err != nil {
			return nil, false, err
		}
	}
	return key, false, nil
}

// sameNames reports whether a certificate says what a recipe would have it say.
func sameNames(m *testpki.Made, r *testpki.Recipe) bool {
	var ips []string
	for _, ip := range m.Cert.IPAddresses {
		ips = append(ips, ip.String())
	}
	var wanted []string
	for _, ip := range r.IP {
		wanted = append(wanted, net.ParseIP(ip).String())
	}
	return slices.Equal(m.Cert.DNSNames, r.DNS) && slices.Equal(ips, wanted) && slices.Equal(m.Cert.EmailAddresses, r.Email) &&
		slices.Contains(m.Cert.ExtKeyUsage, x509.ExtKeyUsageClientAuth) == slices.Contains(r.EKU, "clientAuth")
}

func (f *Folder) writeIssued(base string, out *Issued, o Issue, keyThere, certificateThere bool) error {
	write := func(file File, err error) error {
		if err == nil {
			out.Files = append(out.Files, file)
		}
		return err
	}
	if !keyThere {
		if err := write(f.writeKey(base+".key", out.Leaf)); err != nil {
			return err
		}
	}
	if !certificateThere {
		what := "the server's certificate"
		if out.Client {
			what = "the client's certificate"
		}
		if err := write(f.writeCertificates(base+".crt", what, out.Leaf)); err != nil {
			return err
		}
	}
	if f.Force || !f.has(base+".fullchain.pem") {
		what := "certificate and intermediate: what the server sends"
		if out.Client {
			what = "certificate and intermediate: what the client sends"
		}
		if err := write(f.writeCertificates(base+".fullchain.pem", what, out.Leaf, out.Intermediate)); err != nil {
			return err
		}
	}
	if out.Password {
		what := "the password of the .p12 file, which was made for it"
		if err := write(File{out.Base + ".p12.password", what}, f.write(base+".p12.password", secret, []byte(out.password+"\n"))); err != nil {
			return err
		}
	}
	if !out.Password && f.has(base+".p12.password") { // of the file that is replaced
		if err := os.Remove(f.path(base + ".p12.password")); err != nil {
			return unwritable(f.path(base+".p12.password"), err)
		}
	}
	data, err := load.WritePKCS12(out.Leaf.Key, out.Leaf.DER, [][]byte{out.Intermediate.DER}, out.password, o.Modern)
	if err == nil {
		err = f.write(base+".p12", secret, data)
	}
	what := "the identity, for every Apple version"
	if o.Modern {
		what = "the identity, for iOS 18, macOS 15 and later"
	}
	return write(File{f.path(base + ".p12"), what}, err)
}

// ask gets the password of the .p12, before anything is made; where nobody says
// one it is made.
func (i *Issued) ask(o Issue) (err error) {
	said := false
	if o.Password != nil {
		if i.password, said, err = o.Password(i.Base + ".p12"); err != nil {
			return err
		}
	}
	switch {
	case !said:
		i.password, i.Password = rand.Text(), true
	case i.password == "":
		return &load.Error{Kind: "password", Path: i.Base + ".p12", Message: "importers do not agree on what the empty password is", Remedy: "give one, or none at all: one is made then"}
	}
	return nil
}
