package inspect

import (
	"context"
	"fmt"
	"os"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/identity"
)

// A FixedIdentity is a .p12 file that imports on a platform. Data holds a private key.
type FixedIdentity struct {
	Data    []byte
	Already bool   // the file imported there before
	Less    string // what of the file is not in it; "" nothing
	Refused string // why the platform does not take this identity in any file; then there is no Data
}

// oldest is the platform whose importer takes the least: what it takes, all take.
const oldest = "ios17"

// FixIdentity writes the identity of a job anew, so that the job's platform
// imports it; without one, so that every Apple version does. The password stays.
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
	if identity.Refusal(id.Facts, platform) == "" {
		data, err := r.read(ctx, &j, "identity", j.Identity)
		return &FixedIdentity{Data: data, Already: true}, err
	}
	var signer *load.Signer
	for i := range id.Signers {
		if id.Signers[i].Certificate >= 0 {
			signer = &id.Signers[i]
			break
		}
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
	out := &FixedIdentity{}
	if n := len(id.Facts.Keys); n > 1 {
		out.Less = fmt.Sprintf("it holds %d private keys, of which the first that fits a certificate is written: make one file for each", n)
	}
	if out.Data, err = load.WritePKCS12(signer.Signer, list[0], list[1:], password, chain.PlatformAtLeast(platform, 18, 15)); err != nil {
		return nil, &load.Error{Kind: chain.ErrorFormat, Path: j.Identity, Message: "it cannot be written as PKCS#12: " + err.Error()}
	}
	return out, out.check(platform, password)
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
