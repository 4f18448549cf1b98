package chain

import "github.com/chainspect/chainspect/pkg/chain/x509read"

// Origin says how an item came into the case.
type Origin string

// The origins of items, as reports print them.
const (
	OriginSent    Origin = "sent"    // by the server, in the handshake
	OriginFile    Origin = "file"    // in the file, directory or job that was inspected
	OriginGiven   Origin = "given"   // by the user beside the target (--with)
	OriginFetched Origin = "fetched" // from the network, with --fetch
	OriginStore   Origin = "store"   // an anchor
)

// An Item is one certificate of a case. Items sent come first, in the order
// sent, so that Index is their number; the others follow.
type Item struct {
	Index    int
	Origin   Origin
	Cert     *x509read.Certificate
	Err      error    // not nil: the outer structure cannot be walked; Cert has what could be read
	Position Position // where it stands in a file; zero for a handshake
	Repeats  int      // index of the earlier identical item, or -1
	Anchor   *Anchor  // not nil where this very certificate (or its name and key) is an anchor in force
}

// Sent reports whether the item is part of the list being judged: sent by the
// server, or standing in the inspected file.
func (it *Item) Sent() bool { return it.Origin == OriginSent || it.Origin == OriginFile }

// SelfIssued reports whether subject and issuer are the same name by RFC 5280
// section 7.1.
func (it *Item) SelfIssued() bool { return it.Cert.Subject.Equal5280(it.Cert.Issuer) }
