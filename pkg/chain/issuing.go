package chain

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// An Issuing has a certificate issued again. Its commands are written for the one
// at hand: item 0, an intermediate or a root.
type Issuing struct {
	With   []string // what the new one has to have, as lines of an OpenSSL extension file: "keyUsage=critical,digitalSignature"
	Anew   bool     // no extension is taken over from the request, or the old one
	Days   int      // for how long item 0 is issued; 0: 90
	NewKey bool     // for another key
}

// itemHere stands in the text of a step for the certificate that a finding is about.
const itemHere = "{item}"

// General is the step as a rule has it, about no certificate in particular.
func (a *Advice) General() AdviceReport { return a.told(nil, nil) }

// withNewRoot is the step where an earlier one makes the root that it installs.
func (a *Advice) withNewRoot(c *Case, it *Item) AdviceReport { return a.toldWith(c, it, newRootFile) }

// told is the step about a certificate of a case; both may be nil.
func (a *Advice) told(c *Case, it *Item) AdviceReport { return a.toldWith(c, it, rootFile) }

func (a *Advice) toldWith(c *Case, it *Item, root string) AdviceReport {
	r := AdviceReport{Who: a.Who, For: a.For, Text: a.Text, Commands: append([]string{}, aimed(a.Commands, c, root)...), Config: aimed(a.Config, c, root),
		Then: strings.ReplaceAll(a.Then, rootHere, root), Lacks: a.Lacks, Assumes: a.Assumes}
	if strings.Contains(a.Text, itemHere) {
		r.Text = strings.ReplaceAll(a.Text, itemHere, issued(it))
		if r.Then == "" {
			r.Then = replacing(c, it, a.Issue != nil && a.Issue.NewKey)
		}
	}
	if a.Issue == nil {
		return r
	}
	r.Commands = append(r.Commands, a.Issue.commands(c, it)...)
	if a.Issue.NewKey && a.Who == "CA" && placed(c, it) == placeLeaf {
		r.Who = "server administrator and CA"
		if c != nil && c.Question.Purpose == PurposeClient {
			r.Who = "whoever made the identity and CA"
		}
	}
	return r
}

// issued names a certificate that is issued again.
func issued(it *Item) string {
	switch {
	case it == nil:
		return "the certificate"
	case !it.Sent() && it.SelfIssued():
		return "the root " + it.Cert.Subject.Short()
	}
	return it.Named()
}

// replacing says where the new certificate goes: item 0's place is known to everybody.
func replacing(c *Case, it *Item, newKey bool) (then string) {
	if newKey && placed(c, it) != placeLeaf {
		then = "then issue again, with the new key, what the old one signed; "
	}
	switch {
	case placed(c, it) == placeRoot:
		return then + "then the device owner installs the new root in the old one's place"
	case placed(c, it) == placeIntermediate && c.Question.Purpose == PurposeClient:
		return then + "then put the new one in its place in the file of the identity"
	case placed(c, it) == placeIntermediate:
		return then + "then the server administrator puts the new one in its place in the file the server sends"
	}
	return ""
}

// place is where in a chain a certificate stands.
type place int

const (
	placeLeaf place = iota
	placeIntermediate
	placeRoot
)

func placed(c *Case, it *Item) place {
	switch {
	case c == nil, it == nil, it == c.Leaf():
		return placeLeaf
	case it.SelfIssued(), it.Anchor != nil:
		return placeRoot
	}
	return placeIntermediate
}

// The files and keys of the commands below: server.csr is the request, ca.pem and
// ca.key are the CA that signs.
const (
	newECKey  = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 "
	signedBy  = " -CA ca.pem -CAkey ca.key"
	forCAKeys = "keyUsage=critical,keyCertSign,cRLSign"
)

// changes reports whether the extensions have to be written out.
func (s *Issuing) changes() bool { return s.Anew || len(s.With) > 0 }

func (s *Issuing) commands(c *Case, it *Item) []string {
	switch placed(c, it) {
	case placeIntermediate:
		return s.intermediate(it.Cert)
	case placeRoot:
		return s.root(it.Cert)
	}
	return s.leaf(c, it)
}

// days is for how long its command issues item 0.
func (s *Issuing) days() int { return cmp.Or(s.Days, 90) }

// ends is an end of trust that was tried, no later than the new item 0 lives: the trial
// left the old one's end, where the rule asks for no other.
func (s *Issuing) ends(c *Case, it *Item, until *time.Time) *time.Time {
	if s == nil || until == nil || placed(c, it) != placeLeaf {
		return until
	}
	if end := c.Question.Time.Add(time.Duration(s.days()) * 24 * time.Hour); until.After(end) {
		return &end
	}
	return until
}

// leaf issues item 0 again: with the extensions its request asks for, or where
// some have to change with these, its purpose and its names.
func (s *Issuing) leaf(c *Case, it *Item) (commands []string) {
	file, purpose, days := "server", "serverAuth", strconv.Itoa(s.days())
	exampleNames := []string{"DNS:www.example.com"} // where nobody knows them
	names := exampleNames
	if c != nil {
		names = nil
		if c.Question.Purpose == PurposeClient {
			file, purpose = "client", "clientAuth"
		}
		if it != nil {
			names = alternativeNames(it.Cert)
		}
		if len(names) == 0 && plainName(c.Question.Name) && (c.Question.NameKind == NameDNS || c.Question.NameKind == NameIP) {
			names = []string{strings.ToUpper(string(c.Question.NameKind)) + ":" + c.Question.Name}
		}
		if len(names) == 0 && file == "server" {
			names = exampleNames
		}
	}
	san := "subjectAltName=" + strings.Join(names, ",")
	if s.NewKey {
		request := "openssl req -new " + newECKey
		if file == "server" {
			request += "-nodes " // a server starts without anybody to type a password
		}
		if len(names) == 0 {
			commands = append(commands, request+"-subj '/CN=Example "+strings.ToUpper(file[:1])+file[1:]+"' -keyout "+file+".key -out "+file+".csr")
		} else {
			_, first, _ := strings.Cut(names[0], ":")
			commands = append(commands, request+"-subj "+ShellWord("/CN="+first)+" -addext "+ShellWord(san)+" -keyout "+file+".key -out "+file+".csr")
		}
	}
	sign := " -in " + file + ".csr" + signedBy
	if !s.changes() {
		return append(commands, "openssl x509 -req -sha256 -days "+days+" -copy_extensions copy"+sign+" -out "+file+".pem")
	}
	besides := []string{"extendedKeyUsage=" + purpose}
	if len(names) > 0 {
		besides = append(besides, san)
	}
	return append(commands, extensionFile(file, s.With, besides),
		"openssl x509 -req -sha256 -days "+days+sign+" -extfile "+file+".ext -out "+file+".pem")
}

// intermediate has the CA sign a request that is made of the certificate: key, name
// and extensions stay, but for what has to change.
func (s *Issuing) intermediate(cert *x509read.Certificate) (commands []string) {
	lines, ok := caLines(cert)
	if !ok && (s.NewKey || s.changes()) {
		return nil // its limits on names and policies are for its CA to write anew
	}
	const sign = "openssl x509 -req -sha256 -days 1825 -in intermediate.csr" + signedBy
	if s.NewKey {
		commands = []string{"openssl req -new " + newECKey + "-subj '/CN=Example Issuing CA' -keyout intermediate.key -out intermediate.csr"}
	} else {
		commands = []string{"openssl x509 -x509toreq -in intermediate.pem -signkey intermediate.key -copy_extensions copyall -out intermediate.csr"}
	}
	if !s.NewKey && !s.changes() {
		return append(commands, sign+" -copy_extensions copyall -out new-intermediate.pem")
	}
	return append(commands, extensionFile("intermediate", s.With, lines), sign+" -extfile intermediate.ext -out new-intermediate.pem")
}

// root signs the root anew, with its key and name, or makes another.
func (s *Issuing) root(cert *x509read.Certificate) []string {
	lines, ok := caLines(cert)
	switch {
	case s.NewKey:
		return []string{"openssl req -x509 " + newECKey + "-subj '/CN=Example Root CA' -days 3650 -addext " + forCAKeys + " -keyout new-root.key -out new-root.pem"}
	case !s.changes():
		return []string{RootAgain}
	case ok:
		return []string{extensionFile("root", s.With, lines), strings.Replace(RootAgain, " -out", " -clrext -extfile root.ext -out", 1)}
	}
	return nil
}

// caLines are the extensions that make a certificate a CA's, with the limits the
// old one has; false where it has some that are not written here.
func caLines(cert *x509read.Certificate) (lines []string, ok bool) {
	constraints := "basicConstraints=critical,CA:TRUE"
	if b := cert.BasicConstraints; b != nil && b.CA && b.PathLen >= 0 {
		constraints += ",pathlen:" + strconv.Itoa(b.PathLen)
	}
	lines = []string{constraints, forCAKeys}
	if len(cert.ExtKeyUsage) > 0 {
		var names []string
		for _, o := range cert.ExtKeyUsage {
			names = append(names, o.Name())
		}
		lines = append(lines, "extendedKeyUsage="+strings.Join(names, ","))
	}
	return lines, cert.NameConstraints == nil && len(cert.Policies) == 0
}

// extensionFile writes an OpenSSL extension file: what has to change, and beside
// it what none of that says.
func extensionFile(name string, with, besides []string) string {
	lines := slices.Clone(with)
	for _, b := range besides {
		key, _, _ := strings.Cut(b, "=")
		if !slices.ContainsFunc(with, func(w string) bool { return strings.HasPrefix(w, key+"=") }) {
			lines = append(lines, b)
		}
	}
	return command("printf", "%s\\n", lines...) + " > " + name + ".ext"
}
