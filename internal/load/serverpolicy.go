package load

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// serverPolicy is the file of --server-policy, in YAML or JSON.
type serverPolicy struct {
	ClientCA        []string `yaml:"client_ca"`        // certificate files, relative to the policy
	AcceptableCA    []string `yaml:"acceptable_ca"`    // certificate files whose subjects the server announces
	AllowCert       []string `yaml:"allow_cert"`       // hex SHA-256 of certificates
	AllowSPKI       []string `yaml:"allow_spki"`       // hex SHA-256 of SubjectPublicKeyInfos
	RequiredSAN     []string `yaml:"required_san"`     // dns:… uri:… email:… ip:…
	RequiredSubject string   `yaml:"required_subject"` // RFC 4514
	Depth           *int     `yaml:"depth"`            // intermediates allowed
}

// ServerPolicy reads what a server demands of client identities, out of a policy
// file's content and the certificate files it names.
func ServerPolicy(ctx context.Context, path string, data []byte) (*chain.ServerDemands, error) {
	const keys = "its keys are client_ca, acceptable_ca, allow_cert, allow_spki, required_san, required_subject, depth"
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &Error{Kind: "format", Path: path, Message: "the file is empty", Remedy: keys}
	}
	var p serverPolicy
	if err := yaml.Load(data, &p, yaml.WithKnownFields()); err != nil {
		return nil, &Error{Kind: "format", Path: path, Message: "no server policy: " + oneLine(err), Remedy: keys}
	}
	d := &chain.ServerDemands{Source: path, RequiredSAN: p.RequiredSAN, RequiredSubject: p.RequiredSubject, MaxDepth: -1}
	if p.Depth != nil {
		d.MaxDepth = *p.Depth
	}
	var err error
	if d.ClientCAs, err = certificateFiles(ctx, path, "client_ca", p.ClientCA); err != nil {
		return nil, err
	}
	announced, err := certificateFiles(ctx, path, "acceptable_ca", p.AcceptableCA)
	if err != nil {
		return nil, err
	}
	for _, der := range announced {
		if raw, ok := x509read.SubjectRaw(der); ok {
			d.AcceptableCAs = append(d.AcceptableCAs, raw)
		}
	}
	for _, set := range []struct {
		key  string
		from []string
		to   *[][]byte
	}{{"allow_cert", p.AllowCert, &d.AllowedCerts}, {"allow_spki", p.AllowSPKI, &d.AllowedKeys}} {
		for _, text := range set.from {
			b, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
			if err != nil || len(b) != 32 {
				return nil, &Error{Kind: "format", Path: path, Position: set.key, Message: fmt.Sprintf("%q is no SHA-256: 64 hex digits are wanted", clip(text))}
			}
			*set.to = append(*set.to, b)
		}
	}
	for _, s := range p.RequiredSAN {
		if kind, _, ok := strings.Cut(s, ":"); !ok || kind != "dns" && kind != "uri" && kind != "email" && kind != "ip" {
			return nil, &Error{Kind: "format", Path: path, Position: "required_san", Message: fmt.Sprintf("%q has no kind: write dns:…, uri:…, email:… or ip:…", clip(s))}
		}
	}
	return d, nil
}

func certificateFiles(ctx context.Context, policy, key string, files []string) ([][]byte, error) {
	var out [][]byte
	for _, name := range files {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(policy), name)
		}
		data, err := Read(ctx, name)
		var blocks []Block
		if err == nil {
			blocks, err = Blocks(name, data)
		}
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", policy, key, err)
		}
		for _, b := range blocks {
			if b.Kind == "certificate" {
				out = append(out, b.DER)
			}
		}
	}
	return out, nil
}

func oneLine(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Message
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
