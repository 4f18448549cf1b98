package load

import (
	"bytes"
	"context"
	"crypto"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// Identity is a digital identity file as read: its facts, which hold no key, its
// certificates, and the signers, which never leave this process.
type Identity struct {
	Facts        *chain.Identity
	Certificates [][]byte // DER, in the file's order
	Signers      []Signer // the keys that can sign here
}

// Signer is a private key, lent to the dialler.
type Signer struct {
	crypto.Signer
	SPKI        []byte // SubjectPublicKeyInfo of the key
	Key         int    // index into Facts.Keys
	Certificate int    // index into Certificates of the certificate to send; -1: none fits
}

// IdentityOptions says where the other parts of an identity are.
type IdentityOptions struct {
	KeyFile   string // --key; "" the key stands in the file
	Passwords Passwords
	Read      ReadFile // nil: Read, without end
}

// ReadFile reads the file a flag names, such as "identity" or "key".
type ReadFile func(flag, path string) ([]byte, error)

// ReadIdentity reads a digital identity by content: PKCS#12, PEM in any order,
// a DER certificate or key, or a Java key store. Content that cannot be used is
// told in Facts. Its *Error of kind "password" comes with the Identity where
// something could be read without the password, and says what could not; beside
// any other error the Identity is nil.
func ReadIdentity(path string, o IdentityOptions) (*Identity, error) {
	if o.Read == nil {
		o.Read = func(_, path string) ([]byte, error) { return Read(context.Background(), path) }
	}
	o.Passwords.readFile = o.Read
	r := newIdentityReader(path, &o)
	data, err := o.Read("identity", path)
	if err != nil {
		return nil, err
	}
	if err := r.content(data); err != nil {
		return nil, err
	}
	if o.KeyFile != "" {
		if data, err = o.Read("key", o.KeyFile); err != nil {
			return nil, err
		}
		r.path = o.KeyFile
		if err := r.keyFile(data); err != nil {
			return nil, err
		}
	}
	r.match()
	if r.locked != nil {
		return r.id, r.locked
	}
	return r.id, nil
}

// identityReader collects what a file holds.
type identityReader struct {
	path      string
	passwords *Passwords
	id        *Identity
	keysOnly  bool       // --key: certificates in that file are passed over
	copied    bool       // --key: a key of it stands in the identity's file too
	locked    *Error     // the first thing the password did not open
	encrypted int        // encrypted keys met outside PKCS#12
	fitters   []*pfx.Key // beside Facts.Keys
}

func newIdentityReader(path string, o *IdentityOptions) *identityReader {
	return &identityReader{path: path, passwords: &o.Passwords,
		id: &Identity{Facts: &chain.Identity{File: path, KeyFile: o.KeyFile, PasswordKind: chain.PasswordNone,
			Parts: []chain.IdentityPart{}, Bags: []chain.IdentityBag{}, Keys: []chain.IdentityKey{}, Certificates: []string{}}}}
}

// giveIdentity is the remedy where nothing better is known.
const giveIdentity = "give a .p12, a PEM file or a Java key store"

// content tells the formats apart.
func (r *identityReader) content(data []byte) error {
	f := r.id.Facts
	switch k := Recognise(data); {
	case pfx.IsPFX(data):
		f.Format = "PKCS#12"
		return r.pkcs12(data, "")
	case k == JKS || k == JCEKS:
		return r.keyStore(data)
	case bytes.Contains(data, begin) && !startsJSON(data):
		f.Format = "PEM"
		return r.pemBlocks(data)
	case k == PrivateKey || k == Certificate || k == PKCS7 || k == CutDER || k == OtherDER:
		f.Format = "DER"
		return r.der(data)
	}
	e := Misplaced(r.path, data, giveIdentity)
	if e.Remedy == giveIdentity && r.passwords.File != "" {
		e.Remedy += "; did it change places with --password-file?"
	}
	return e
}

// keyFile reads --key: a key in PEM or DER.
func (r *identityReader) keyFile(data []byte) error {
	r.keysOnly = true
	f := r.id.Facts
	before := len(f.Keys) + len(f.Problems)
	var err error
	if bytes.Contains(data, begin) {
		err = r.pemBlocks(data)
	} else if kind := derKey(data); kind != "" {
		err = r.keyBlock(kind, &pem.Block{Bytes: data}, 0)
	}
	if err == nil && len(f.Keys)+len(f.Problems) == before && !r.copied {
		return &Error{Kind: "format", Path: r.path, Message: "no private key in it: this is " + string(Recognise(data)), Remedy: "give the file with the BEGIN PRIVATE KEY block"}
	}
	return err
}

// der reads one certificate or one key.
func (r *identityReader) der(data []byte) error {
	if kind := derKey(data); kind != "" {
		if err := r.keyBlock(kind, &pem.Block{Bytes: data}, 0); err != nil {
			return err
		}
		return r.nothing()
	}
	blocks, err := Blocks(r.path, data)
	if err != nil {
		return err
	}
	for _, b := range blocks {
		r.block(b)
	}
	if len(r.id.Certificates) == 0 {
		return Misplaced(r.path, data, giveIdentity)
	}
	return nil
}

// block takes an object of a certificate file.
func (r *identityReader) block(b Block) {
	bag := chain.IdentityBag{Kind: b.Kind, Part: -1, Line: b.Line, Certificate: -1, Key: -1}
	if b.Kind == "certificate" {
		bag.Certificate = r.certificate(b.DER)
	}
	r.id.Facts.Bags = append(r.id.Facts.Bags, bag)
}

// lock records what a password did not open; the rest of the file is read on.
func (r *identityReader) lock(err error, position string) {
	var e *Error
	if !errors.As(r.passwords.failure(r.path, position, err), &e) {
		return
	}
	r.problem(err, position)
	p := &r.id.Facts.Problems[len(r.id.Facts.Problems)-1]
	p.Kind = "locked"
	if m := r.id.Facts.MAC; m != nil && !m.Verified && r.passwords.some() { // over the whole file
		p.Message += "; it is wrong, or the file was changed after it was made"
	}
	if r.locked == nil {
		r.locked = e
	}
}

// problem records content that could not be used.
func (r *identityReader) problem(err error, where string) {
	if r.keysOnly {
		where = strings.TrimSuffix("key file, "+where, ", ")
	}
	r.id.Facts.Problems = append(r.id.Facts.Problems, problemOf(err, where))
}
