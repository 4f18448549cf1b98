//go:build !js

package load

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// policyKeys is said wherever a server policy cannot be meant.
const policyKeys = "its keys are client_ca, acceptable_ca, allow_cert, allow_spki, required_san, required_subject, depth"

// ServerPolicy reads what a server demands of client identities, out of a policy
// file's content, in YAML or JSON, and the certificate files it names. Content
// that cannot be meant is an *Error of kind "policy".
func (f *Files) ServerPolicy(ctx context.Context, path string, data []byte) (*chain.ServerDemands, error) {
	k := Recognise(data)
	switch k {
	case Demands, Text, OtherJSON, Empty:
	default:
		e := Misplaced(path, data, "give a server policy: "+policyKeys)
		e.Kind = "policy"
		return nil, e
	}
	p := policyReader{ctx: ctx, files: f, path: path, out: chain.ServerDemands{Source: path, MaxDepth: -1}}
	err := p.document(data)
	if err != nil && k != Demands && k != Empty { // what it says is nobody's business
		return nil, &Error{Kind: "policy", Path: path, Message: "no server policy: this is " + string(k), Remedy: policyKeys}
	}
	return &p.out, err
}

// document reads the one mapping of a policy.
func (p *policyReader) document(data []byte) error {
	var doc, second yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return &Error{Kind: "policy", Path: p.path, Message: "no server policy: it is not YAML: " + strings.Join(strings.Fields(err.Error()), " "), Remedy: policyKeys}
	}
	if len(doc.Content) == 0 {
		return &Error{Kind: "policy", Path: p.path, Message: "the file is empty", Remedy: policyKeys}
	}
	if dec.Decode(&second) == nil && len(second.Content) > 0 {
		return p.bad(second.Content[0], "a second document begins: a server policy is one document")
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		return p.unknownKey(top, "no server policy: it must be a mapping of keys to values")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		if seen[key.Value] {
			return p.bad(key, "the key %q stands there twice", clip(key.Value))
		}
		seen[key.Value] = true
		if err := p.set(key, value); err != nil {
			return err
		}
	}
	return nil
}

type policyReader struct {
	ctx   context.Context
	files *Files
	path  string
	out   chain.ServerDemands
}

func (p *policyReader) bad(n *yaml.Node, format string, args ...any) *Error {
	return &Error{Kind: "policy", Path: p.path, Position: "line " + strconv.Itoa(n.Line), Message: fmt.Sprintf(format, args...)}
}

// unknownKey is the error of what is no server policy: it says what one holds.
func (p *policyReader) unknownKey(n *yaml.Node, format string, args ...any) *Error {
	e := p.bad(n, format, args...)
	e.Remedy = policyKeys
	return e
}

func (p *policyReader) set(key, value *yaml.Node) error {
	switch key.Value {
	case "client_ca":
		return p.each(key, value, func(n *yaml.Node) error { return p.certificates(key.Value, n.Value, &p.out.ClientCAs) })
	case "acceptable_ca":
		return p.each(key, value, func(n *yaml.Node) error {
			var ders [][]byte
			err := p.certificates(key.Value, n.Value, &ders)
			for _, der := range ders {
				if raw, ok := x509read.SubjectRaw(der); ok {
					p.out.AcceptableCAs = append(p.out.AcceptableCAs, raw)
				}
			}
			return err
		})
	case "allow_cert":
		return p.each(key, value, func(n *yaml.Node) error { return p.sum(n, &p.out.AllowedCerts) })
	case "allow_spki":
		return p.each(key, value, func(n *yaml.Node) error { return p.sum(n, &p.out.AllowedKeys) })
	case "required_san":
		return p.each(key, value, p.name)
	case "required_subject":
		if value.Kind != yaml.ScalarNode {
			return p.bad(value, "required_subject must be one name, such as \"CN=client-1,O=Example\"")
		}
		if _, err := x509read.ParseNameText(value.Value); err != nil {
			return p.bad(value, "required_subject: %s; write it as `openssl x509 -noout -subject -nameopt RFC2253 -in client.pem` does", err)
		}
		p.out.RequiredSubject = value.Value
	case "depth":
		n, err := strconv.Atoi(value.Value)
		if value.Kind != yaml.ScalarNode || err != nil || n < 0 {
			return p.bad(value, "depth must be a whole number from 0: how many certificates may stand between item 0 and the client CA")
		}
		p.out.MaxDepth = n
	default:
		return p.unknownKey(key, "no server policy: there is no key %q", clip(key.Value))
	}
	return nil
}

// each goes through a list of strings; a string stands for a list of one.
func (p *policyReader) each(key, value *yaml.Node, do func(*yaml.Node) error) error {
	list := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		list = value.Content
	}
	for _, n := range list {
		if n.Kind != yaml.ScalarNode || n.Value == "" || n.Tag == "!!null" {
			return p.bad(n, "%s must be a string or a list of strings", key.Value)
		}
		if err := do(n); err != nil {
			return err
		}
	}
	return nil
}

// sum takes a SHA-256 in hexadecimal, with colons or without.
func (p *policyReader) sum(n *yaml.Node, to *[][]byte) error {
	b, err := hex.DecodeString(strings.ReplaceAll(n.Value, ":", ""))
	if err != nil || len(b) != 32 {
		return p.bad(n, "%q is no SHA-256: 64 hex digits are wanted", clip(n.Value))
	}
	*to = append(*to, b)
	return nil
}

// name takes a subjectAltName as reports write it.
func (p *policyReader) name(n *yaml.Node) error {
	text := n.Value
	kind, value, _ := strings.Cut(text, ":")
	switch kind {
	case "dns", "uri", "email":
	case "ip":
		a, err := netip.ParseAddr(value)
		if err != nil {
			return p.bad(n, "required_san: %q is no IP address", clip(value))
		}
		text = "ip:" + a.String()
	default:
		return p.bad(n, "required_san: %q has no kind: write dns:…, uri:…, email:… or ip:…", clip(text))
	}
	p.out.RequiredSAN = append(p.out.RequiredSAN, text)
	return nil
}

// certificates reads a file, its name relative to the policy's.
func (p *policyReader) certificates(key, name string, to *[][]byte) error {
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(p.path), name)
	}
	data, err := p.files.Read(p.ctx, name, 0)
	var blocks []Block
	if err == nil {
		blocks, err = Blocks(name, data)
	}
	if err != nil {
		return fmt.Errorf("%s, %s: %w", p.path, key, err)
	}
	before := len(*to)
	for _, b := range blocks {
		if b.Kind == "certificate" {
			*to = append(*to, b.DER)
		}
	}
	if len(*to) == before {
		return fmt.Errorf("%s, %s: %w", p.path, key, &Error{Kind: "format", Path: name, Message: "it holds no certificate"})
	}
	return nil
}
