package chain

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// AnchorKind decides most of Apple's exemptions.
type AnchorKind string

// The kinds of trusted anchors, strongest first: the same certificate given
// twice is builtin before installed before app.
const (
	Builtin   AnchorKind = "builtin"   // in the platform's own store (apple: SYS)
	Installed AnchorKind = "installed" // added by the user or an administrator (apple: USER)
	App       AnchorKind = "app"       // added by the app's own code (apple: APP)
)

// An Anchor is a certificate, or a name and a key, that the evaluating side
// trusts by itself. A leaf or an intermediate can be one.
type Anchor struct {
	Kind        AnchorKind
	Origin      string    // the store's name, or file and payload it came from
	NotAfter    time.Time // builtin constraint: leaves issued (notBefore) at or after this are refused; zero: none
	DER         []byte
	SHA256      [sha256.Size]byte
	parse       sync.Once
	cert        *x509read.Certificate
	subjectKey  string
	subjectOnce sync.Once
}

// NewAnchor makes an anchor of a certificate's DER without parsing it yet.
func NewAnchor(der []byte, kind AnchorKind, origin string) *Anchor {
	return &Anchor{Kind: kind, Origin: origin, DER: der, SHA256: sha256.Sum256(der)}
}

// Cert reads the certificate on first use; it is never nil.
func (a *Anchor) Cert() *x509read.Certificate {
	a.parse.Do(func() {
		c, _ := x509read.Parse(a.DER)
		if c == nil {
			c = &x509read.Certificate{Raw: a.DER, SHA256: a.SHA256}
		}
		a.cert = c
	})
	return a.cert
}

// SubjectKey is the loose comparison key of the anchor's subject.
func (a *Anchor) SubjectKey() string {
	a.subjectOnce.Do(func() {
		if raw, ok := x509read.SubjectRaw(a.DER); ok {
			a.subjectKey = x509read.NameKey(raw)
		}
	})
	return a.subjectKey
}
