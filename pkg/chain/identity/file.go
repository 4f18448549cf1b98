package identity

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

type certificatesKey struct{}

// certificates reads the identity's certificates in the file's order; one that
// is not in the capture is nil.
func certificates(c *chain.Case, id *chain.Identity) []*x509read.Certificate {
	return chain.Once(c, certificatesKey{}, func() []*x509read.Certificate {
		out := make([]*x509read.Certificate, len(id.Certificates))
		for i, key := range id.Certificates {
			if der, ok := c.Capture.Blobs[key]; ok {
				out[i], _ = x509read.Parse(der)
			}
		}
		return out
	})
}

// itemOf is the item of the case that is the identity's certificate n; nil if
// the case judges another list.
func itemOf(c *chain.Case, id *chain.Identity, n int) *chain.Item {
	if n < 0 || n >= len(id.Certificates) {
		return nil
	}
	for _, it := range c.Items {
		if hex.EncodeToString(it.Cert.SHA256[:]) == id.Certificates[n] {
			return it
		}
	}
	return nil
}

// subject names certificate n of the file, counted from 1.
func subject(c *chain.Case, id *chain.Identity, n int) string {
	if certs := certificates(c, id); n >= 0 && n < len(certs) && certs[n] != nil {
		return fmt.Sprintf("certificate %d (%s)", n+1, certs[n].Subject.String())
	}
	return fmt.Sprintf("certificate %d", n+1)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// isPKCS12 narrows a rule to the one format that has what it looks at.
func isPKCS12(id *chain.Identity) bool { return id.Format == "PKCS#12" }

// protected is one encrypted thing of a file and where it is.
type protected struct {
	where string // "safe 1", "the key in bag 2"
	key   bool   // a shrouded key, not a safe
	*chain.IdentityEncryption
}

// encryptions lists everything encrypted, in the file's order, safes first.
func encryptions(id *chain.Identity) []protected {
	var out []protected
	for i, p := range id.Parts {
		if p.Encryption != nil {
			out = append(out, protected{fmt.Sprintf("safe %d", i+1), false, p.Encryption})
		}
	}
	for i, b := range inFile(id).Bags {
		if b.Encryption != nil {
			out = append(out, protected{fmt.Sprintf("the key in bag %d", i+1), true, b.Encryption})
		}
	}
	return out
}

// name is a cipher with its derivation, as messages print it.
func (p protected) name() string {
	switch {
	case p.Scheme == "PBES2" && p.PRF != "":
		return p.Cipher + " with " + p.KDF + "-" + p.PRF
	case p.Scheme == "PBES2":
		return p.Cipher + " with " + p.KDF
	}
	return p.Name
}

// protectionOf sums up MAC and encryption in a few words.
func protectionOf(id *chain.Identity) string {
	parts := []string{"no MAC"}
	if id.MAC != nil {
		parts[0] = "MAC " + macName(id.MAC)
	}
	seen := map[string]bool{}
	for _, e := range encryptions(id) {
		if n := e.name(); !seen[n] {
			seen[n] = true
			parts = append(parts, n)
		}
	}
	if len(parts) == 1 {
		parts = append(parts, "not encrypted")
	}
	return strings.Join(parts, "; ")
}

func macName(m *chain.IdentityMAC) string {
	if m.PBMAC1 {
		return "PBMAC1 with " + m.Algorithm
	}
	return m.Algorithm
}

// keyBags are the bags of private keys, readable or not, of one kind.
func keyBags(id *chain.Identity, kind string) int {
	n := 0
	for _, b := range id.Bags {
		if b.Kind == kind {
			n++
		}
	}
	return n
}

// The kinds of key bags, as package pfx names them.
const (
	shroudedKey = "shrouded key"
	plainKey    = "plain key"
)

// hasKey reports whether the file holds a private key, readable or not.
func hasKey(id *chain.Identity) bool {
	return len(id.Keys) > 0 || keyBags(id, shroudedKey)+keyBags(id, plainKey) > 0
}

// leafOf is the first certificate some key fits, and that key; -1, -1 if there
// is none. A saved capture may say anything, so indices are checked.
func leafOf(id *chain.Identity) (certificate, key int) {
	for k := range id.Keys {
		for _, n := range id.Keys[k].Fits {
			if n >= 0 && n < len(id.Certificates) {
				return n, k
			}
		}
	}
	return -1, -1
}

// bagOfKey is the bag a key stands in; nil if there is none.
func bagOfKey(id *chain.Identity, k chain.IdentityKey) *chain.IdentityBag {
	if k.Bag < 0 || k.Bag >= len(id.Bags) {
		return nil
	}
	return &id.Bags[k.Bag]
}

// bagOf is the bag a certificate of the file stands in; nil if there is none.
func bagOf(id *chain.Identity, certificate int) *chain.IdentityBag {
	for i := range id.Bags {
		if id.Bags[i].Certificate == certificate {
			return &id.Bags[i]
		}
	}
	return nil
}

// slot is what Apple's importer pairs keys and certificates by: the localKeyID,
// else the friendlyName (apple: P-06); "" is no slot.
func slot(b *chain.IdentityBag) string {
	switch {
	case len(b.LocalKeyID) > 0:
		return "localKeyID " + fmt.Sprintf("%x", b.LocalKeyID)
	case b.FriendlyName != nil && *b.FriendlyName != "":
		return "friendlyName " + fmt.Sprintf("%q", *b.FriendlyName)
	}
	return ""
}

// unpaired reports that a key of the file and the certificate it fits do not share a slot.
func unpaired(id *chain.Identity) bool {
	id = inFile(id)
	for _, k := range id.Keys {
		bag := bagOfKey(id, k)
		if len(k.Fits) == 0 || bag == nil {
			continue
		}
		s := slot(bag)
		paired := false
		for _, n := range k.Fits {
			if b := bagOf(id, n); b != nil {
				paired = paired || s != "" && slot(b) == s
			}
		}
		if !paired {
			return true
		}
	}
	return false
}

// clashing is the first certificate that shares a key's slot without fitting
// the key, and the slot; -1 if there is none.
func clashing(id *chain.Identity) (certificate int, shared string) {
	for _, k := range id.Keys {
		bag := bagOfKey(id, k)
		if bag == nil {
			continue
		}
		s := slot(bag)
		if s == "" || k.Unmatched {
			continue
		}
		for i := range id.Bags {
			n := id.Bags[i].Certificate
			if n >= 0 && slot(&id.Bags[i]) == s && !slices.Contains(k.Fits, n) {
				return n, s
			}
		}
	}
	return -1, ""
}

// emptyEncoding is the encoding of an empty password where it decides about
// importing: only PKCS#12 derivations differ (apple: P-07); "" else.
func emptyEncoding(id *chain.Identity) string {
	if id.PasswordKind != chain.PasswordEmpty {
		return ""
	}
	return id.PasswordEncoding
}

// The two encodings of the empty password, as package pfx names them.
const (
	twoZeroBytes = "two zero bytes"
	zeroBytes    = "zero bytes"
)

// inFile is the identity without the key that --key names, which is in no bag
// of a PKCS#12 file: importers see the file alone.
func inFile(id *chain.Identity) *chain.Identity {
	if !isPKCS12(id) || id.KeyFile == "" {
		return id
	}
	file := *id
	file.KeyFile, file.Bags, file.Keys = "", nil, nil
	for _, b := range id.Bags { // those of the key file have no part, and come last
		if b.Part >= 0 {
			file.Bags = append(file.Bags, b)
		}
	}
	for _, k := range id.Keys {
		if k.Bag < len(file.Bags) {
			file.Keys = append(file.Keys, k)
		}
	}
	return &file
}

// unusable makes a hit of every problem of one kind. Where an identity came out
// of the file all the same, it is a warning at most.
func unusable(id *chain.Identity, kind, want string) []chain.Hit {
	var out []chain.Hit
	leaf, _ := leafOf(id)
	seen := map[string]bool{}
	for _, p := range id.Problems {
		if p.Kind != kind || seen[p.Message] {
			continue
		}
		seen[p.Message] = true
		got := p.Algorithm
		if got == "" {
			got = p.Message
		}
		h := chain.Hit{Message: fmt.Sprintf("%s: %s", p.Where, p.Message), Evidence: []chain.Evid{{Field: p.Where, Got: got, Want: want}}}
		switch {
		case leaf >= 0 && kind != locked:
			h.AtMost = chain.Warning
		case kind == "unsupported" && id.Format == "JCEKS": // keytool reads its keys
			h.Status = chain.Unknown
		}
		out = append(out, h)
	}
	return out
}
