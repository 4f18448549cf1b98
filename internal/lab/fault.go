package lab

import (
	"embed"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

//go:embed faults/*.yaml
var faultFiles embed.FS

// A Fault is a server that is wrong in one way, as a file of faults says it.
type Fault struct {
	Name  string `yaml:"name"`
	Story string `yaml:"story"`
	Host  string `yaml:"host"` // the name it plays; default NAME.lab.example

	// Certs and what is sent of them. $HOST and $HTTP stand for the name and for
	// the address at which the lab serves CRLs, OCSP and issuers.
	Certs      map[string]testpki.Recipe `yaml:"certs"`
	Send       []string                  `yaml:"send"`
	Keyed      string                    `yaml:"keyed"`       // whose key signs the handshake; default the first sent
	Also       []string                  `yaml:"also"`        // a second list, for clients that take its key
	WithoutSNI []string                  `yaml:"without_sni"` // sent where no server_name was
	EveryThird []string                  `yaml:"every_third"` // sent on each third connection
	Pad        int                       `yaml:"pad"`         // strangers are sent along until the list has so many octets
	CRLs       []testpki.Revocation      `yaml:"crls"`
	Staple     *testpki.Revocation       `yaml:"staple"`
	OCSP       *testpki.Revocation       `yaml:"ocsp"` // what the responder answers; default good

	TLS    Handshake `yaml:"tls"`
	Client Demand    `yaml:"client"`
	Speaks string    `yaml:"speaks"` // in place of TLS: a key of speakers
	Script string    `yaml:"script"` // a handshake that breaks the grammar of TLS: a case of tlsscript

	Check  Check  `yaml:"check"`
	Expect Expect `yaml:"expect"`
}

// Handshake narrows what the server speaks.
type Handshake struct {
	Min    string   `yaml:"min"`
	Max    string   `yaml:"max"`
	Suites []string `yaml:"suites"`
}

// Demand is what the server wants of clients.
type Demand struct {
	Mode  string   `yaml:"mode"` // "": nothing; required, optional, http-400
	CAs   []string `yaml:"cas"`
	Allow []string `yaml:"allow"` // the only certificates that are taken
}

// Check is how the fault is asked for, beyond name, address and root.
type Check struct {
	Identity   string  `yaml:"identity"`
	ServerName *string `yaml:"servername"`
	Thorough   bool    `yaml:"thorough"`
	Timeout    string  `yaml:"timeout"`
	WithCRL    bool    `yaml:"with_crl"`
	Fetch      string  `yaml:"fetch"` // from the lab's own address
}

// Expect is what chainspect has to say: the verdict and every error and warning,
// or why the server could not be inspected. A rule of a note may be named as well.
type Expect struct {
	Verdict  chain.Verdict   `yaml:"verdict"`
	Findings []string        `yaml:"findings"`
	Error    chain.ErrorKind `yaml:"error"`
}

func (e Expect) String() string {
	words := string(e.Verdict)
	if e.Error != "" {
		words = "not inspected: " + string(e.Error)
	}
	if len(e.Findings) > 0 {
		words += ": " + strings.Join(e.Findings, ", ")
	}
	return words
}

// Faults lists the servers of the lab.
func Faults() ([]Fault, error) {
	var out []Fault
	for _, file := range []string{"chains", "names", "certificates", "handshakes", "mutual", "revocation"} {
		var part []Fault
		if err := readFaults(file, &part); err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	for i := range out {
		if out[i].Host == "" {
			out[i].Host = out[i].Name + ".lab.example"
		}
	}
	return out, nil
}

func readFaults(name string, to any) error {
	file := path.Join("faults", name+".yaml")
	data, err := faultFiles.ReadFile(file)
	if err != nil {
		return err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if line, err := checkNode(doc.Content[0], reflect.TypeOf(to), file); err != nil {
		return fmt.Errorf("%s, line %d: %w", file, line, err)
	}
	return doc.Decode(to)
}

// FaultNames lists the names of the servers.
func FaultNames(list []Fault) []string {
	var out []string
	for i := range list {
		out = append(out, list[i].Name)
	}
	return out
}

// find picks one of the servers.
func find(list []Fault, name string) *Fault {
	if i := slices.Index(FaultNames(list), name); i >= 0 {
		return &list[i]
	}
	return nil
}
