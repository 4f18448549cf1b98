package live

import (
	"crypto"
	"errors"
	"fmt"
	"io"

	"github.com/chainspect/chainspect/internal/load"
)

// Identity is a digital identity: certificates and the private key of one of them.
// It lends a signer and gives its certificates; it cannot be printed or encoded.
type Identity struct{ opened *load.Identity }

// OpenIdentity reads a digital identity from a file: PKCS#12, PEM in any order, or a
// Java key store. password is called where the file wants one, again while it is
// wrong, three times at most; nil: there is none. An error is about the file and
// quotes nothing of it.
func OpenIdentity(file string, password func() (string, error)) (*Identity, error) {
	var p load.Passwords
	if password != nil {
		p.Prompt = func(string) (string, error) { return password() }
	}
	id, err := load.ReadIdentity(file, load.IdentityOptions{Passwords: p})
	if err != nil {
		return nil, err
	}
	if signing(id) == nil {
		return nil, fmt.Errorf("%s holds no private key that fits one of its certificates: a certificate alone is public; you need the identity", file)
	}
	return &Identity{id}, nil
}

// signing is the first key that fits a certificate; nil: none does.
func signing(id *load.Identity) *load.Signer {
	for i := range id.Signers {
		if id.Signers[i].Certificate >= 0 {
			return &id.Signers[i]
		}
	}
	return nil
}

// Signer lends the private key; nil where there is none.
func (id *Identity) Signer() crypto.Signer {
	if id == nil || id.opened == nil {
		return nil
	}
	return lent{signing(id.opened)}
}

// lent signs, and is nothing else: the key behind it cannot be taken out.
type lent struct{ key crypto.Signer }

func (l lent) Public() crypto.PublicKey { return l.key.Public() }

func (l lent) Sign(rand io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	return l.key.Sign(rand, digest, o)
}

func (lent) String() string                 { return hidden }
func (lent) Format(s fmt.State, _ rune)     { fmt.Fprint(s, hidden) }
func (lent) MarshalText() ([]byte, error)   { return nil, errEncoded } // and with it JSON
func (lent) MarshalBinary() ([]byte, error) { return nil, errEncoded } // and with it gob

// Certificates are the certificate that the key fits and its issuers, as far as the
// file has them, as DER, leaf first.
func (id *Identity) Certificates() [][]byte {
	if id == nil || id.opened == nil {
		return nil
	}
	return id.opened.Chain(signing(id.opened).Certificate)
}

const hidden = "a digital identity (hidden)"

var errEncoded = errors.New("a digital identity cannot be encoded: it holds a private key")

// String says what it is, and nothing of what it holds.
func (Identity) String() string { return hidden }

// Format prints the same under every verb.
func (Identity) Format(s fmt.State, _ rune) { fmt.Fprint(s, hidden) }

// MarshalText refuses, and with it encoding/json does.
func (Identity) MarshalText() ([]byte, error) { return nil, errEncoded }

// MarshalBinary refuses, and with it encoding/gob does.
func (Identity) MarshalBinary() ([]byte, error) { return nil, errEncoded }
