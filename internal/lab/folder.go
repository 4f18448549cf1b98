// Package lab is test set-ups done right: a small CA on disk and what it issues,
// servers that are broken on purpose, and a server that judges who connects.
package lab

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/outfile"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// A Folder holds a test CA and what it has issued.
type Folder struct {
	Dir   string
	Now   time.Time
	Force bool // replace what is there
}

// A File was written, and is what the words say.
type File struct{ Path, What string }

// Modes: a private key and a password are their owner's alone.
const (
	public fs.FileMode = 0o644
	secret fs.FileMode = 0o600
)

// The names of the CA's own files, without their endings.
const (
	root         = "root"
	intermediate = "intermediate"
)

func (f *Folder) path(name string) string { return filepath.Join(f.Dir, name) }

func (f *Folder) has(name string) bool {
	_, err := os.Lstat(f.path(name))
	return err == nil
}

func (f *Folder) write(name string, mode fs.FileMode, data []byte) error {
	if err := outfile.Write(f.path(name), mode, data); err != nil {
		return unwritable(f.path(name), err)
	}
	return nil
}

func unwritable(path string, err error) error {
	what := err.Error()
	var pe *fs.PathError
	if errors.As(err, &pe) {
		what = pe.Err.Error()
	}
	return &load.Error{Kind: "file", Path: path, Message: "cannot be written: " + what, Remedy: "name a folder that you may write to", Cause: err}
}

// pemBlock reads the one PEM block that a file of the lab holds.
func (f *Folder) pemBlock(name, what string) ([]byte, error) {
	path := f.path(name)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &load.Error{Kind: "file", Path: path, Message: "no such file", Cause: err,
			Remedy: "`chainspect lab init " + chain.ShellFile(f.Dir) + "` makes what is missing of a lab"}
	}
	if err != nil {
		return nil, &load.Error{Kind: "file", Path: path, Message: "cannot be read", Remedy: "check its permissions", Cause: err}
	}
	block, rest := pem.Decode(data)
	if block == nil || len(bytes.TrimSpace(rest)) > 0 {
		return nil, &load.Error{Kind: "format", Path: path, Message: "this is not one PEM block with " + what, Remedy: "put back what the lab wrote, or make a new one with --force"}
	}
	return block.Bytes, nil
}

// pair reads a certificate and, where it is there, its key.
func (f *Folder) pair(name string) (*testpki.Made, error) {
	der, err := f.pemBlock(name+".crt", "a certificate")
	if err != nil {
		return nil, err
	}
	var key crypto.Signer
	if f.has(name + ".key") {
		if key, err = f.key(name); err != nil {
			return nil, err
		}
	}
	made, err := testpki.Loaded(name, der, key)
	if err != nil {
		return nil, &load.Error{Kind: "format", Path: f.path(name + ".crt"), Message: err.Error(), Remedy: "put back the file that belongs to " + f.path(name+".key") + ", or make both anew with --force"}
	}
	return made, nil
}

func (f *Folder) key(name string) (crypto.Signer, error) {
	der, err := f.pemBlock(name+".key", "a private key")
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil, &load.Error{Kind: "format", Path: f.path(name + ".key"), Message: "no private key in PKCS#8 can be read from it", Remedy: "put back what the lab wrote, or make a new one with --force"}
	}
	return signer, nil
}

func (f *Folder) writeKey(name string, made *testpki.Made) (File, error) {
	text, err := made.KeyPEM()
	if err != nil {
		return File{}, err
	}
	return File{f.path(name), "its private key"}, f.write(name, secret, []byte(text))
}

func (f *Folder) writeCertificates(name, what string, chain ...*testpki.Made) (File, error) {
	text := ""
	for _, m := range chain {
		text += m.PEM()
	}
	return File{f.path(name), what}, f.write(name, public, []byte(text))
}

// exists is the error of a file that must not be replaced.
func (f *Folder) exists(name, why string) error {
	return &load.Error{Kind: "file", Path: f.path(name), Message: "it exists already" + why, Remedy: "--force replaces it"}
}

// usage is a flag or a name that cannot be meant.
func usage(format string, args ...any) error {
	return &inspect.UsageError{Message: fmt.Sprintf(format, args...)}
}
