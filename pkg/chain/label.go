package chain

import (
	"encoding/hex"
	"strconv"
)

// Label names an item in a message: by number where it was sent, by subject otherwise.
func (it *Item) Label() string {
	if it.Sent() {
		return "item " + strconv.Itoa(it.Index)
	}
	if it.Anchor != nil {
		return "the trusted anchor " + it.Cert.Subject.Short()
	}
	return "the certificate " + it.Cert.Subject.Short()
}

// Named is the label with the certificate's name: item 1 "Example Issuing CA 3".
func (it *Item) Named() string {
	s, name := it.Label(), it.shortName()
	if !it.Sent() || name == "" {
		return s
	}
	return s + ` "` + name + `"`
}

// Label is the item's own, with the beginning of its SHA-256 where it has no
// number and its subject is that of another item as well.
func (c *Case) Label(it *Item) string {
	s := it.Label()
	if it.Sent() {
		return s
	}
	for _, x := range c.Items {
		if x.Cert.SHA256 != it.Cert.SHA256 && x.Cert.Subject.Key() == it.Cert.Subject.Key() {
			return s + " (SHA-256 " + it.Fingerprint() + ")"
		}
	}
	return s
}

// Fingerprint is the beginning of the certificate's SHA-256, for people who
// have to tell a few certificates of one name apart: "27ab34cd…".
func (it *Item) Fingerprint() string { return hex.EncodeToString(it.Cert.SHA256[:4]) + "…" }

// SameCA reports whether two certificates are of the same CA: subject and key
// alike, as in a cross-signed intermediate and in a root that is issued again.
func (it *Item) SameCA(other *Item) bool {
	return it.Cert.PublicKey.SHA256 == other.Cert.PublicKey.SHA256 && it.Cert.Subject.Key() == other.Cert.Subject.Key()
}
