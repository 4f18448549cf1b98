package load

import (
	"errors"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// pkcs12 reads a PKCS#12 file; position is where it stands, "" the whole file.
func (r *identityReader) pkcs12(data []byte, position string) error {
	var f *pfx.File
	keys := map[int][]byte{}
	password := ""
	err := r.passwords.try(r.path, func(c []string) (err error) {
		clear(keys)
		password = strings.Join(c, "") // none or one
		f, err = pfx.Open(data, c, func(bag int, pkcs8 []byte) { keys[bag] = pkcs8 })
		return err
	})
	locked := refused(err) && readable(f)
	if err != nil && !locked {
		return r.passwords.failure(r.path, position, err)
	}
	facts := r.id.Facts
	facts.Encoding, facts.Trailing, facts.Signed = f.Encoding, f.Trailing, f.Signed
	facts.PasswordEncoding = string(f.PasswordEncoding)
	if f.PasswordUsed >= 0 {
		facts.PasswordKind = passwordKind(password)
	} else if f.MAC != nil && f.MAC.Verified || encrypted(f) {
		facts.PasswordKind = chain.PasswordEmpty
	}
	if m := f.MAC; m != nil {
		facts.MAC = &chain.IdentityMAC{Algorithm: m.Algorithm, KDF: m.KDF, PRF: m.PRF, PBMAC1: m.PBMAC1, SaltLength: m.SaltLength,
			Iterations: m.Iterations, Verified: m.Verified, Unsupported: m.Unsupported}
	}
	if locked {
		r.lock(err, position)
	}
	firstPart := len(facts.Parts)
	for _, s := range f.Safes {
		facts.Parts = append(facts.Parts, chain.IdentityPart{Content: s.Content, Encryption: encryptionFacts(s.Encryption), Bags: s.Bags})
		if s.Problem != nil && !(locked && refused(s.Problem)) {
			r.problem(s.Problem, "")
		}
	}
	for i, b := range f.Bags {
		bag := chain.IdentityBag{Kind: string(b.Kind), Part: firstPart + b.Safe, Encryption: encryptionFacts(b.Encryption),
			LocalKeyID: b.LocalKeyID, JavaTrusted: b.JavaTrusted, Certificate: -1, Key: -1}
		if b.HasFriendlyName {
			name := b.FriendlyName
			bag.FriendlyName = &name
		}
		if b.Problem != nil && !(locked && refused(b.Problem)) {
			r.problem(b.Problem, "")
		}
		if b.Kind == pfx.CertificateBag && b.DER != nil {
			bag.Certificate = r.certificate(b.DER)
		}
		if b.Key != nil {
			bag.Key = r.key(b.Key, keys[i], len(facts.Bags))
		}
		facts.Bags = append(facts.Bags, bag)
	}
	return nil
}

// readable reports whether something of the file stands in the clear: a
// certificate, or a key.
func readable(f *pfx.File) bool {
	if f == nil {
		return false
	}
	for i := range f.Bags {
		if b := &f.Bags[i]; b.Problem == nil && (b.Key != nil || b.Kind == pfx.CertificateBag) {
			return true
		}
	}
	return false
}

// encrypted reports whether anything of the file was decrypted.
func encrypted(f *pfx.File) bool {
	for _, s := range f.Safes {
		if s.Encryption != nil && s.Problem == nil {
			return true
		}
	}
	for _, b := range f.Bags {
		if b.Encryption != nil && b.Problem == nil {
			return true
		}
	}
	return false
}

func encryptionFacts(e *pfx.Encryption) *chain.IdentityEncryption {
	if e == nil {
		return nil
	}
	return &chain.IdentityEncryption{Scheme: e.Scheme, Name: e.Name, OID: e.OID, Cipher: e.Cipher, KDF: e.KDF, PRF: e.PRF, PRFField: e.PRFField,
		SaltLength: e.SaltLength, Iterations: e.Iterations, KeyLength: e.KeyLength, Unsupported: e.Unsupported}
}

// problemOf tells the three kinds of package pfx's errors apart; where is used
// for an error that does not say it itself.
func problemOf(err error, where string) chain.IdentityProblem {
	var password *pfx.PasswordError
	var unsupported *pfx.UnsupportedError
	var broken *pfx.DamagedError
	p := chain.IdentityProblem{Kind: "damaged", Where: where, Message: err.Error()}
	switch {
	case errors.As(err, &password):
		p.Kind, p.Where, p.Message = "password", password.Where, password.What
	case errors.As(err, &unsupported):
		p.Kind, p.Where, p.Algorithm = "unsupported", unsupported.Where, unsupported.Algorithm
		p.Message = unsupported.Kind + " " + unsupported.Algorithm + " is not supported"
	case errors.As(err, &broken):
		p.Where, p.Message = broken.Where, broken.What
	}
	if where != "" {
		p.Where = where
	}
	return p
}
