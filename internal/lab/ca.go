package lab

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
)

// CA says what kind of test CA is wanted; the zero value is a good one.
type CA struct {
	CommonName string
	KeyType    string
	Days       int
	NotBefore  time.Time
	Constrain  []string // host names and networks; the CA is good for what lies below them and for nothing else
}

// Authority is a test CA as read from its folder, or as made.
type Authority struct {
	Root, Intermediate *testpki.Made // the root's key may be kept elsewhere
}

// Lifetimes in days, where none is asked for.
const (
	rootDays         = 3650
	intermediateDays = 1825
	clientDays       = 365
)

// organization is the O of what the lab makes, so that it is known for what it is.
const organization = "chainspect lab"

// atHand is what a folder has already: certificates with their keys, and keys alone.
type atHand struct {
	made map[string]*testpki.Made
	keys map[string]crypto.Signer
}

// Init makes the CA of the folder, or what is missing of it.
func (f *Folder) Init(o CA) (*Authority, []File, error) {
	if err := o.check(); err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return nil, nil, unwritable(f.Dir, err)
	}
	have := atHand{map[string]*testpki.Made{}, map[string]crypto.Signer{}}
	if !f.Force {
		if err := f.read(have); err != nil {
			return nil, nil, err
		}
		switch r := have.made[root]; {
		case r == nil:
		case o.asksForAnything():
			return nil, nil, f.exists("root.crt", ", and what it says cannot be changed")
		case r.Key == nil && have.made[intermediate] == nil:
			return nil, nil, &load.Error{Kind: "file", Path: f.path("root.key"), Message: "no such file, and without it the root issues no intermediate", Remedy: "put it back, or make a new CA with --force"}
		}
	}
	made, err := o.make(f.Now, have)
	if err != nil {
		return nil, nil, err
	}
	a := &Authority{made[root], made[intermediate]}
	files, err := f.writeCA(a, have)
	return a, files, err
}

// asksForAnything reports whether a flag says what kind of CA is wanted.
func (o *CA) asksForAnything() bool {
	return o.CommonName != "" || o.KeyType != "" || o.Days != 0 || !o.NotBefore.IsZero() || len(o.Constrain) > 0
}

func (o *CA) check() error {
	if strings.ContainsAny(o.CommonName, ",=\n") || len(o.CommonName) > maxCommonName {
		return usage("--common-name %q: write at most %d octets, without comma, equals sign and line end", o.CommonName, maxCommonName)
	}
	for _, c := range o.Constrain {
		if _, _, err := net.ParseCIDR(c); err == nil {
			continue
		}
		name, kind, err := hostname.ReferenceName(c)
		if err != nil || kind != chain.NameDNS || name != strings.ToLower(c) {
			return usage("--constrain %q is neither a host name such as example.test nor a network such as 127.0.0.0/8", c)
		}
	}
	return checkIssue(o.Days, o.KeyType)
}

// maxCommonName is ub-common-name of RFC 5280 appendix A.1.
const maxCommonName = 64

// read finds what the folder has of a CA, and refuses what does not fit together.
func (f *Folder) read(have atHand) error {
	for _, name := range []string{root, intermediate} {
		var err error
		switch {
		case f.has(name + ".crt"):
			if have.made[name], err = f.pair(name); err != nil {
				return err
			}
		case f.has(name + ".key"):
			if have.keys[name], err = f.key(name); err != nil {
				return err
			}
		}
	}
	if have.made[intermediate] == nil {
		return nil
	}
	return f.belongs(have.made[intermediate], have.made[root])
}

// belongs holds that one certificate of the folder issued another.
func (f *Folder) belongs(m, issuer *testpki.Made) error {
	if issuer == nil || issuer.Cert.CheckSignature(m.Cert.SignatureAlgorithm, m.Cert.RawTBSCertificate, m.Cert.Signature) != nil {
		by := root
		if issuer != nil {
			by = issuer.Name
		}
		return &load.Error{Kind: "format", Path: f.path(m.Name + ".crt"), Message: "it was not issued by " + f.path(by+".crt"), Remedy: "put back the file that belongs to it, or make it anew with --force"}
	}
	return nil
}

// make makes root and intermediate, but for what is there.
func (o *CA) make(now time.Time, have atHand) (map[string]*testpki.Made, error) {
	for _, name := range []string{root, intermediate} {
		if have.made[name] == nil && have.keys[name] == nil {
			var err error
			if have.keys[name], err = testpki.NewKey(name, o.KeyType); err != nil {
				return nil, err
			}
		}
	}
	from := beginning(o.NotBefore, now)
	top := testpki.Recipe{CA: true, NotBefore: from, NotAfter: end(from, cmp.Or(o.Days, rootDays))}
	o.constrain(&top)
	under := testpki.Recipe{Issuer: root, CA: true, PathLen: new(int), NotBefore: from, NotAfter: end(from, min(cmp.Or(o.Days, intermediateDays), intermediateDays)),
		Permitted: top.Permitted, InNets: top.InNets, NotInNets: top.NotInNets}
	name := o.CommonName
	if r := have.made[root]; r != nil { // what bounds the root bounds what it issues
		name = r.Cert.Subject.CommonName
		under.Permitted, under.InNets, under.NotInNets = r.Cert.PermittedDNSDomains, texts(r.Cert.PermittedIPRanges), texts(r.Cert.ExcludedIPRanges)
	} else if name == "" {
		tag, err := keyTag(have.keys[root])
		if err != nil {
			return nil, err
		}
		name = "Lab Root CA " + tag
	}
	issuing := strings.Replace(name, "Root", "Issuing", 1)
	if issuing == name {
		issuing = name[:min(len(name), maxCommonName-len(" Issuing"))] + " Issuing"
	}
	top.Subject, under.Subject = subject(name), subject(issuing)
	m := &testpki.Maker{Clock: now, Random: rand.Reader, Have: have.made, Keys: func(label, _ string) (crypto.Signer, error) { return have.keys[label], nil }}
	return m.Make(map[string]testpki.Recipe{root: top, intermediate: under})
}

// subject is the name of what the lab makes.
func subject(commonName string) string { return "utf8:CN=" + commonName + ",O=" + organization }

// constrain writes the names the CA is good for. A kind of name that is not
// mentioned would be free (RFC 5280 section 4.2.1.10), so it is ruled out.
func (o *CA) constrain(r *testpki.Recipe) {
	if len(o.Constrain) == 0 {
		return
	}
	for _, c := range o.Constrain {
		if _, _, err := net.ParseCIDR(c); err == nil {
			r.InNets = append(r.InNets, c)
		} else {
			r.Permitted = append(r.Permitted, strings.ToLower(c))
		}
	}
	if len(r.InNets) == 0 {
		r.NotInNets = []string{"0.0.0.0/0", "::/0"}
	}
	if len(r.Permitted) == 0 {
		r.Permitted = []string{"invalid"} // RFC 2606: nobody's
	}
}

func texts(nets []*net.IPNet) []string {
	var out []string
	for _, n := range nets {
		out = append(out, n.String())
	}
	return out
}

// keyTag tells the roots of two labs apart by their names.
func keyTag(key crypto.Signer) (string, error) {
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return "", err
	}
	return strings.ToUpper(hex.EncodeToString(digest(spki)[:2])), nil
}

// writeCA writes what is new, keys first: what a run that was cut off has
// written, the next one goes on from.
func (f *Folder) writeCA(a *Authority, have atHand) ([]File, error) {
	var files []File
	add := func(file File, err error) error {
		if err == nil {
			files = append(files, file)
		}
		return err
	}
	for _, m := range []*testpki.Made{a.Root, a.Intermediate} {
		if have.made[m.Name] != nil {
			continue
		}
		if f.Force || !f.has(m.Name+".key") {
			if err := add(f.writeKey(m.Name+".key", m)); err != nil {
				return files, err
			}
		}
		what := "the root: devices and clients trust it"
		if m.Name == intermediate {
			what = "the intermediate: servers send it, clients need not have it"
		}
		if err := add(f.writeCertificates(m.Name+".crt", what, m)); err != nil {
			return files, err
		}
	}
	const profile = "root.mobileconfig"
	if f.Force || !f.has(profile) {
		data, err := mobileconfig(a.Root)
		if err == nil {
			err = f.write(profile, public, data)
		}
		if err := add(File{f.path(profile), "the root as a configuration profile for iPhone, iPad and Mac"}, err); err != nil {
			return files, err
		}
	}
	return files, nil
}

// Open reads the CA of a folder, to issue with it.
func (f *Folder) Open() (*Authority, error) {
	r, err := f.pair(root)
	if err != nil {
		return nil, err
	}
	i, err := f.pair(intermediate)
	if err != nil {
		return nil, err
	}
	if err := f.belongs(i, r); err != nil {
		return nil, err
	}
	if i.Key == nil {
		return nil, &load.Error{Kind: "file", Path: f.path("intermediate.key"), Message: "no such file, and without it nothing is issued", Remedy: "put it back, or make a new CA with --force"}
	}
	return &Authority{r, i}, nil
}

// Root reads the root with its key, to issue directly under it.
func (f *Folder) Root() (*testpki.Made, error) {
	r, err := f.pair(root)
	if err == nil && r.Key == nil {
		err = &load.Error{Kind: "file", Path: f.path("root.key"), Message: "no such file, and without it the root issues nothing", Remedy: "put it back, or leave out --dir"}
	}
	return r, err
}

// permits reports whether a name lies within the CA's name constraints.
func (a *Authority) permits(name string) bool {
	for _, c := range []*x509.Certificate{a.Root.Cert, a.Intermediate.Cert} {
		if ip := net.ParseIP(name); ip != nil {
			in := func(n *net.IPNet) bool { return n.Contains(ip) }
			if slices.ContainsFunc(c.ExcludedIPRanges, in) || len(c.PermittedIPRanges) > 0 && !slices.ContainsFunc(c.PermittedIPRanges, in) {
				return false
			}
			continue
		}
		below := func(domain string) bool {
			return strings.HasSuffix("."+strings.TrimPrefix(name, "*."), "."+domain)
		}
		if len(c.PermittedDNSDomains) > 0 && !slices.ContainsFunc(c.PermittedDNSDomains, below) {
			return false
		}
	}
	return true
}
