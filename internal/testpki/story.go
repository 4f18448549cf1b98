package testpki

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A Story is a test case: what is wrong in words, how to make it, the clock,
// what must fire – and the near miss, alike but for the fault, where it must not.
type Story struct {
	Words string
	Scene
	Near *Scene
}

// Scene is one set-up and what is expected of it.
type Scene struct {
	At        time.Time         `yaml:"at"`
	Name      string            `yaml:"name"`
	SNI       string            `yaml:"server_name"` // where it is not the name
	Purpose   string            `yaml:"purpose"`
	Profile   string            `yaml:"profile"`
	Graded    map[string]string `yaml:"graded"` // rules with another severity than the profile's
	Platform  string            `yaml:"platform"`
	For       string            `yaml:"for"`
	Certs     map[string]Recipe `yaml:"certs"`
	Send      []string          `yaml:"send"`          // in this order
	Builtin   []string          `yaml:"builtin"`       // anchors by kind
	Until     time.Time         `yaml:"builtin_until"` // builtin anchors are for leaves issued before
	Installed []string          `yaml:"installed"`
	App       []string          `yaml:"app"`
	With      []string          `yaml:"with"`    // certificates given beside the list
	Fetched   []Fetched         `yaml:"fetched"` // what --fetch brought, or why nothing came
	Plist     string            `yaml:"plist"`   // the app's Info.plist, XML
	Version   string            `yaml:"version"` // of a connection: "TLS 1.2"; "" for a file
	Suite     string            `yaml:"suite"`
	SuiteID   tlsname.Suite     `yaml:"suite_id"`
	Group     string            `yaml:"group"`
	Signed    tlsname.Scheme    `yaml:"signed"`     // SignatureScheme of the handshake
	EMS       *bool             `yaml:"ems"`        // extended master secret
	Hello     string            `yaml:"hello"`      // "": apple-ats
	Refused   []Refusal         `yaml:"refused"`    // handshakes that came to nothing before this one
	Peer      string            `yaml:"peer"`       // IP:port of this one
	Others    []OtherList       `yaml:"others"`     // lists sent in handshakes after this one
	Nameless  bool              `yaml:"nameless"`   // this one was made without server_name, the refused ones with it
	Proof     string            `yaml:"proof"`      // what the handshake says of item 0's key: "" verified, "wrong", "none"
	HungUp    bool              `yaml:"hung_up"`    // the server closed the connection after its certificates
	Broke     *Breach           `yaml:"broke"`      // how the server broke a rule of TLS
	SentBytes int               `yaml:"sent_bytes"` // of the Certificate message
	Clear     bool              `yaml:"clear"`      // an http:// URL and no TLS
	SCTs      []int             `yaml:"scts"`       // timestamps for item 0 in the handshake, by the numbers of the logs
	CRLs      []Revocation      `yaml:"crls"`       // handed in
	Staple    *Revocation       `yaml:"staple"`     // for item 0
	Required  string            `yaml:"revocation"` // "require": an answer for every certificate
	Warn      string            `yaml:"warn"`
	Fires     []string          `yaml:"fires"`    // rules that must have a broken finding
	Unknown   []string          `yaml:"unknown"`  // rules that must have an unknown finding
	Errors    *int              `yaml:"errors"`   // broken errors there must be; absent: as many as error rules in fires
	Repaired  *bool             `yaml:"repaired"` // false: the rule's repair does not make it trusted, and why stands in the words
}

// A Breach is what the reader of a handshake says of it, and the alert a client answers.
type Breach struct {
	Alert tlsname.Alert `yaml:"alert"`
	Text  string        `yaml:"text"`
}

// A Refusal is a handshake that the server ended with an alert.
type Refusal struct {
	Hello string        `yaml:"hello"` // "": apple-ats
	Alert tlsname.Alert `yaml:"alert"`
	Peer  string        `yaml:"peer"`
}

// An OtherList is what the server sent in another handshake of the kind of the story's.
type OtherList struct {
	Hello    string   `yaml:"hello"` // "": apple-ats
	Peer     string   `yaml:"peer"`
	Send     []string `yaml:"send"`
	Nameless bool     `yaml:"nameless"` // asked without server_name
}

// Fetched is one download.
type Fetched struct {
	Kind   string `yaml:"kind"`   // "": certificate
	Cert   string `yaml:"cert"`   // what came
	Form   string `yaml:"form"`   // "pem"
	Source string `yaml:"source"` // the address
	Error  string `yaml:"error"`
}

// ParseStory reads words, a line of three dashes, and YAML. The near scene
// begins as a copy of the first; what it names replaces, certificates and keys
// of certificates one by one.
func ParseStory(text string) (*Story, error) {
	words, body, ok := strings.Cut(text, "\n---\n")
	if !ok {
		return nil, fmt.Errorf("a story has words, a line ---, and a scene in YAML")
	}
	var tree map[string]any
	if err := yaml.Unmarshal([]byte(body), &tree); err != nil {
		return nil, err
	}
	s := &Story{Words: strings.TrimSpace(words)}
	near, _ := tree["near"].(map[string]any)
	delete(tree, "near")
	if err := decode(tree, &s.Scene); err != nil {
		return nil, err
	}
	if near != nil {
		merged := merge(tree, near)
		if _, named := near["fires"]; !named {
			delete(merged, "fires")
			delete(merged, "errors")
		}
		s.Near = &Scene{}
		if err := decode(merged, s.Near); err != nil {
			return nil, fmt.Errorf("near: %w", err)
		}
	}
	return s, nil
}

func decode(tree map[string]any, to *Scene) error {
	text, err := yaml.Marshal(tree)
	if err != nil {
		return err
	}
	return yaml.Load(text, to, yaml.WithKnownFields())
}

func merge(base, over map[string]any) map[string]any {
	out := make(map[string]any, len(base))
	for k, v := range base {
		out[k] = v
	}
	for k, v := range over {
		a, okA := out[k].(map[string]any)
		b, okB := v.(map[string]any)
		if okA && okB {
			out[k] = merge(a, b)
		} else if v == nil {
			delete(out, k)
		} else {
			out[k] = v
		}
	}
	return out
}
