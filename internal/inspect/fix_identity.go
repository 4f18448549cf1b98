package inspect

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/identity"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// A FixedIdentity is a .p12 file that imports on a platform. Data holds a private key.
type FixedIdentity struct {
	Data    []byte
	Already bool     // the file imported there before, and nothing was added
	Added   []string // the issuers that came from --with, a line each
	Less    string   // what of the file is not in it; "" nothing
	Refused string   // why the platform does not take this identity in any file; then there is no Data
}

// oldest is the platform whose importer takes the least: what it takes, all take.
const oldest = "ios17"

// FixIdentity writes the identity of a job anew, so that the job's platform
// imports it; without one, so that every Apple version does. The password stays, and
// issuers that the file lacks are taken from --with.
func (r *Runner) FixIdentity(ctx context.Context, j Job) (*FixedIdentity, error) {
	var typed string
	prompt := r.Prompt
	if prompt != nil {
		prompt = func(question string) (string, error) {
			var err error
			typed, err = r.Prompt(question)
			return typed, err
		}
	}
	passwords := load.Passwords{File: j.PasswordFile, Getenv: os.LookupEnv, Prompt: prompt}
	o := load.IdentityOptions{KeyFile: j.Key, Passwords: passwords,
		Read: func(flag, path string) ([]byte, error) { return r.read(ctx, &j, flag, path) }}
	id, err := load.ReadIdentity(j.Identity, o)
	if err != nil {
		return nil, err
	}
	platform := j.Platform
	if platform == "" {
		platform = oldest
	}
	given, err := r.evidence(ctx, &j)
	if err != nil {
		return nil, err
	}
	var signer *load.Signer
	for i := range id.Signers {
		if id.Signers[i].Certificate >= 0 {
			signer = &id.Signers[i]
			break
		}
	}
	out := &FixedIdentity{}
	if signer != nil {
		out.Added = addIssuers(id, signer.Certificate, given)
	}
	if identity.Refusal(id.Facts, platform) == "" && len(out.Added) == 0 {
		out.Already = true
		out.Data, err = r.read(ctx, &j, "identity", j.Identity)
		return out, err
	}
	if signer == nil {
		return nil, noKeyFits(&j, id)
	}
	password := typed
	if password == "" && id.Facts.PasswordKind != chain.PasswordEmpty {
		var ok bool
		if password, ok, err = passwords.New("the new file"); err != nil {
			return nil, err
		} else if !ok {
			return nil, &load.Error{Kind: chain.ErrorPassword, Path: j.Identity, Message: "the new file needs a password", Remedy: "give it with --password-file FILE or $" + load.PasswordVariable}
		}
	}
	list := id.Chain(signer.Certificate)
	if n := len(id.Facts.Keys); n > 1 {
		out.Less = fmt.Sprintf("it holds %d private keys, of which the first that fits a certificate is written: make one file for each", n)
	}
	if out.Data, err = load.WritePKCS12(signer.Signer, list[0], list[1:], password, chain.PlatformAtLeast(platform, 18, 15)); err != nil {
		return nil, &load.Error{Kind: chain.ErrorFormat, Path: j.Identity, Message: "it cannot be written as PKCS#12: " + err.Error()}
	}
	return out, out.check(platform, password)
}

// addIssuers takes up what was given and issued a certificate of the chain, a line for
// each; no root, which the server has.
func addIssuers(id *load.Identity, leaf int, given []chain.Evidence) (added []string) {
	own := len(id.Certificates)
	from := map[string]string{}
	for _, e := range given {
		c, err := x509read.Parse(e.Data)
		if e.Kind != chain.EvidenceCert || err != nil || bytes.Equal(c.Subject.Raw, c.Issuer.Raw) ||
			slices.ContainsFunc(id.Certificates[:own], func(der []byte) bool { return bytes.Equal(der, e.Data) }) {
			continue
		}
		from[string(e.Data)] = e.Source
		id.Certificates = append(id.Certificates, e.Data)
	}
	below := ""
	for _, der := range id.Chain(leaf) {
		name := "a certificate"
		if c, err := x509read.Parse(der); err == nil {
			name = c.Subject.Short()
		}
		if file, ok := from[string(der)]; ok {
			added = append(added, fmt.Sprintf("added: %s, which issued %s, from %s", name, below, file))
		}
		below = name
	}
	return added
}

// check reads back what was written, and asks the table of importers.
func (f *FixedIdentity) check(platform, password string) error {
	const name = "the new file"
	id, err := load.ReadIdentity(name, load.IdentityOptions{
		Passwords: load.Passwords{Getenv: func(string) (string, bool) { return password, true }},
		Read:      func(string, string) ([]byte, error) { return f.Data, nil }})
	if err != nil {
		return err
	}
	if f.Refused = identity.Refusal(id.Facts, platform); f.Refused != "" {
		f.Data = nil
	}
	return nil
}
