package client

import (
	_ "embed" // the table
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// judged is the observation the report is about; nil without one.
func (b *bench) judged() *chain.Observation {
	if all := b.in.Capture.Observations; b.in.Observation < len(all) {
		return &all[b.in.Observation]
	}
	return nil
}

// clearText reports whether the target is http://, for which only App Transport
// Security has a verdict.
func (b *bench) clearText() bool {
	o := b.judged()
	return o != nil && o.Transport == chain.TransportHTTP
}

// unless says what a client that is content would mind and nobody has asked; "" nothing.
func (b *bench) unless(k *Client) string {
	if where := b.unasked(k); where != "" {
		return fmt.Sprintf("%s says that item 0 is revoked (--fetch ocsp asks it)", where)
	}
	if group := b.onlyGroup(k); group != "" {
		return fmt.Sprintf("%s is the only group of the server (--thorough asks with this client's hello)", group)
	}
	return ""
}

// unasked is the responder that a client asks about item 0 and chainspect did not;
// "" where there is none, or an answer was stapled or fetched.
func (b *bench) unasked(k *Client) string {
	if o := b.judged(); !k.Asks || o != nil && len(o.Staples[0]) > 0 {
		return ""
	}
	leaf := b.built(b.store(k), b.observation(k)).Leaf()
	if leaf == nil {
		return ""
	}
	for _, where := range overHTTP(leaf.Cert, x509read.OIDAccessOCSP) {
		if !slices.ContainsFunc(b.in.Capture.Evidence, func(e chain.Evidence) bool { return e.Kind == chain.EvidenceOCSP && e.Source == where }) {
			return where
		}
	}
	return ""
}

// onlyGroup is the group that a server of TLS 1.3 was seen to agree on, where it is
// none that the client offers and no handshake showed another.
func (b *bench) onlyGroup(k *Client) string {
	judged := b.judged()
	if judged == nil || judged.Outcome.Version != tlsname.TLS13.String() {
		return ""
	}
	h, known := tlsname.HelloNamed(k.Hello)
	if !known {
		return ""
	}
	for i := range b.in.Capture.Observations {
		o := &b.in.Capture.Observations[i]
		group := tlsname.GroupNamed(o.Outcome.Group)
		if o.Network == judged.Network && o.Outcome.Version == judged.Outcome.Version && (slices.Contains(h.Groups, group) || tlsname.BaseHello(o.Hello) == h.Name) {
			return ""
		}
	}
	return judged.Outcome.Group
}

// blocked is the root that decides for a client whose store calls it blocked; ""
// where another thing decides. Microsoft's table says of such roots neither since
// when nor for what.
func (b *bench) blocked(k *Client, o chain.Opinion) string {
	if k.Store != "microsoft" || o.Verdict != chain.Untrusted || o.Seen.Hit.Item == nil || b.p.stores == nil {
		return ""
	}
	switch o.Seen.Rule.ID {
	case "basic-anchor-not-trusted", "basic-self-signed", "basic-intermediate-missing":
	default:
		return ""
	}
	it := o.Seen.Hit.Item
	if it.SelfIssued() && microsoftBlocked()[it.Cert.SHA256] {
		return it.Label()
	}
	for _, name := range []string{"apple", "mozilla", "android", "java", "chrome"} {
		store := b.p.stores(name)
		if store == nil {
			continue
		}
		for _, a := range store.BySubject(it.Cert.Issuer.Key()) {
			if microsoftBlocked()[a.SHA256] {
				return "the root " + a.Cert().Subject.Short()
			}
		}
	}
	return ""
}

//go:embed microsoft_blocked.txt
var microsoftTable string

// microsoftBlocked are the fingerprints of that table.
func microsoftBlocked() map[[32]byte]bool {
	blocked.once.Do(func() { blocked.all = readMicrosoftTable() })
	return blocked.all
}

var blocked struct { // by the first who asks, as made is
	once sync.Once
	all  map[[32]byte]bool
}

func readMicrosoftTable() map[[32]byte]bool {
	out := map[[32]byte]bool{}
	for line := range strings.Lines(microsoftTable) {
		if sum, err := hex.DecodeString(strings.TrimSpace(line)); err == nil && len(sum) == 32 {
			out[[32]byte(sum)] = true
		}
	}
	return out
}
