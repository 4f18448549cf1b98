package load

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// Bounds of one identity file: keys, and encrypted keys, each of which may cost
// seconds.
const maxKeys, maxEncryptedKeys = 100, 10

func tooManyKeys() error {
	return &pfx.UnsupportedError{Where: "file", Kind: "content", Algorithm: fmt.Sprintf("more than %d private keys", maxKeys)}
}

// pemBlocks reads certificates and keys in any order.
func (r *identityReader) pemBlocks(data []byte) error {
	var params []byte // EC PARAMETERS, as openssl ecparam writes before the key
	err := EachPEM(r.path, data, func(block *pem.Block, line int) error {
		if block.Type == "EC PARAMETERS" {
			params = block.Bytes
			return nil
		}
		return r.pemBlock(block, line, params)
	})
	if err != nil {
		return err
	}
	if err = r.nothing(); err != nil && Recognise(data) == CSR {
		return Misplaced(r.path, data, "")
	}
	return err
}

// nothing is the error of a file in which nothing could be used.
func (r *identityReader) nothing() error {
	f := r.id.Facts
	if len(f.Certificates)+len(f.Keys) > 0 {
		return nil
	}
	if r.locked != nil {
		return r.locked
	}
	if len(f.Problems) > 0 {
		p := f.Problems[0]
		return &Error{Kind: "format", Path: r.path, Position: p.Where, Message: p.Message, Remedy: "convert the key with OpenSSL: `openssl pkcs8 -topk8`"}
	}
	return &Error{Kind: "format", Path: r.path, Message: "neither a certificate nor a private key among its PEM blocks",
		Remedy: "give the file with the BEGIN CERTIFICATE and BEGIN PRIVATE KEY blocks"}
}

func (r *identityReader) pemBlock(block *pem.Block, line int, params []byte) error {
	position := fmt.Sprintf("line %d", line)
	switch label := block.Type; {
	case strings.HasSuffix(label, "PRIVATE KEY"):
		return r.keyBlock(label, block, line, params...)
	case r.keysOnly:
		return nil
	case label == "PKCS12":
		return r.pkcs12(block.Bytes, position)
	}
	more, err := BlockOf(r.path, block, line)
	for _, b := range more {
		r.block(b)
	}
	return err
}

// keyBlock reads one key of any of the PEM labels; line is 0 in binary files.
func (r *identityReader) keyBlock(label string, block *pem.Block, line int, params ...byte) error {
	position := ""
	if line > 0 {
		position = fmt.Sprintf("line %d", line)
	}
	if label == labelEncrypted {
		r.encrypted++
	}
	if len(r.id.Facts.Keys) >= maxKeys || r.encrypted > maxEncryptedKeys {
		return &Error{Kind: "format", Path: r.path, Position: position,
			Message: fmt.Sprintf("more than %d private keys, or more than %d encrypted ones", maxKeys, maxEncryptedKeys), Remedy: "give a file with one identity"}
	}
	bag := chain.IdentityBag{Kind: string(pfx.PlainKeyBag), Part: -1, Line: line, Certificate: -1, Key: -1}
	pkcs8, err := r.openKey(label, block, params, &bag)
	var stop *Error
	if errors.As(err, &stop) {
		return stop
	}
	if err == nil {
		var key *pfx.Key
		if key, err = pfx.ReadKey(pkcs8); err == nil {
			if r.keysOnly && r.again(key) {
				r.copied = true
				return nil
			}
			bag.Key = r.key(key, pkcs8, len(r.id.Facts.Bags))
		}
	}
	switch {
	case refused(err):
		r.lock(err, position)
	case err != nil:
		r.problem(err, position)
	}
	r.id.Facts.Bags = append(r.id.Facts.Bags, bag)
	return nil
}

// openKey decrypts a key where it has to, and notes how it was encrypted.
func (r *identityReader) openKey(label string, block *pem.Block, params []byte, bag *chain.IdentityBag) (pkcs8 []byte, err error) {
	switch {
	case x509.IsEncryptedPEMBlock(block): //lint:ignore SA1019 old files are encrypted so; nothing is written
		bag.Kind, bag.Encryption = string(pfx.ShroudedKeyBag), legacyEncryption(block)
		return r.decrypt(func(c []string) (pkcs8 []byte, err error) {
			return openLegacy(label, block, params, c)
		})
	case label == labelEncrypted:
		bag.Kind = string(pfx.ShroudedKeyBag)
		return r.decrypt(func(c []string) (pkcs8 []byte, err error) {
			pkcs8, enc, err := pfx.DecryptKey(block.Bytes, c)
			bag.Encryption = encryptionFacts(enc)
			return pkcs8, err
		})
	case label == "OPENSSH PRIVATE KEY":
		return nil, &pfx.UnsupportedError{Where: "key", Kind: "format", Algorithm: "OpenSSH private key"}
	}
	pkcs8, ok := toPKCS8(label, block.Bytes, params)
	if !ok {
		return nil, &pfx.DamagedError{Where: label, Offset: -1, What: "is not what its label says"}
	}
	return pkcs8, nil
}

// decrypt opens one key with the passwords and notes what kind of password it was.
func (r *identityReader) decrypt(open func(candidates []string) ([]byte, error)) (pkcs8 []byte, err error) {
	err = r.passwords.try(r.path, func(c []string) (err error) {
		if pkcs8, err = open(c); err == nil {
			r.id.Facts.PasswordKind = passwordKind(strings.Join(c, ""))
		}
		return err
	})
	return pkcs8, err
}
