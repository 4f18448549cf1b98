package chainspect

import (
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/chainspect/chainspect/internal/anchors/embedded"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/ats"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Question is what is asked of a chain. Its zero value is what the command asks
// without flags.
type Question struct {
	// Name is the reference name: a DNS name, an IP address, a mailbox or a URI.
	// Empty: the name is not judged, and level name does not apply.
	Name string
	// Time is the instant to judge at; zero: now.
	Time time.Time
	// Profile is apple, rfc or webpki; empty: apple, and rfc for purpose client.
	Profile string
	// Purpose is server, client or any; empty: server.
	Purpose string
	// Platform is an Apple platform such as ios26 or macos15; empty: the newest iOS.
	Platform string
	// For is who connects: urlsession, network or system; empty: urlsession.
	For string

	// TrustStore is apple, mozilla or none; empty: the profile's own.
	TrustStore string
	// Anchors are certificates that the user or an administrator installed, DER.
	Anchors [][]byte
	// AppAnchors are certificates that the app itself trusts, DER.
	AppAnchors [][]byte

	// With are further certificates that may stand on the path, DER.
	With [][]byte
	// CRLs are certificate revocation lists, DER.
	CRLs [][]byte
	// RequireRevocation wants an answer about every certificate; otherwise only
	// "revoked" counts.
	RequireRevocation bool

	// InfoPlist is the app's Info.plist, XML or binary.
	InfoPlist []byte
	// Warn is how long before its end an item that expires is worth a warning.
	Warn time.Duration
}

// asked is a question that can be meant, with all that it rests on.
type asked struct {
	question chain.Question
	profile  *chain.Profile
	anchors  *chain.Anchors
	evidence []chain.Evidence
}

// read looks at every field of a question once.
func (q *Question) read() (*asked, error) {
	a := &asked{question: rulebook.Question()}
	out := &a.question
	for _, c := range []struct {
		field, value string
		to           *string
		allowed      []string
	}{
		{"Purpose", q.Purpose, (*string)(&out.Purpose), []string{"server", "client", "any"}},
		{"For", q.For, &out.For, chain.Callers()},
		{"TrustStore", q.TrustStore, new(string), []string{"apple", "mozilla", "none"}},
	} {
		if err := rulebook.Choose(c.value, c.allowed...); err != nil {
			return nil, fmt.Errorf("question: %s %q: %w", c.field, c.value, err)
		}
		if c.value != "" {
			*c.to = c.value
		}
	}
	if err := rulebook.Platform(q.Platform); err != nil {
		return nil, fmt.Errorf("question: Platform %q: %w", q.Platform, err)
	}
	if q.Platform != "" {
		out.Platform = q.Platform
	}
	var err error
	if a.profile, err = rulebook.Profile(q.Profile, out.Purpose); err != nil {
		return nil, err
	}
	if out.Time = q.Time.UTC(); q.Time.IsZero() {
		out.Time = time.Now().UTC()
	}
	if q.Warn < 0 {
		return nil, fmt.Errorf("question: Warn %s: a span before the end of validity is positive", q.Warn)
	}
	out.Warn.Before = q.Warn
	if q.Name != "" {
		if out.Name, out.NameKind, err = hostname.ReferenceName(q.Name); err != nil {
			return nil, fmt.Errorf("question: Name %q: %w", q.Name, err)
		}
	}
	if q.InfoPlist != nil {
		if out.AppSettings, err = ats.ReadInfoPlist("Info.plist", q.InfoPlist); err != nil {
			return nil, fmt.Errorf("question: InfoPlist: %w", err)
		}
	}
	if len(q.CRLs) > 0 && a.profile.Name != "apple" {
		out.Revocation = chain.RevocationGiven // as the command: rfc and webpki are hard-fail once a list is at hand
	}
	if q.RequireRevocation {
		out.Revocation = chain.RevocationRequire
	}
	return a, a.files(q)
}

// files reads what stands in the question as DER.
func (a *asked) files(q *Question) error {
	store := embedded.Store(q.TrustStore)
	if q.TrustStore == "" {
		store = rulebook.Store(a.profile)
	}
	var given []*chain.Anchor
	for _, set := range []struct {
		field string
		list  [][]byte
		kind  chain.AnchorKind
	}{{"Anchors", q.Anchors, chain.Installed}, {"AppAnchors", q.AppAnchors, chain.App}} {
		for i, der := range set.list {
			if err := certificate(set.field, i, der); err != nil {
				return err
			}
			given = append(given, chain.NewAnchor(der, set.kind, "given"))
		}
	}
	a.anchors = store
	if len(given) > 0 {
		a.anchors = store.With(given...)
	}
	for i, der := range q.With {
		if err := certificate("With", i, der); err != nil {
			return err
		}
		a.evidence = append(a.evidence, chain.Evidence{Kind: chain.EvidenceCert, Origin: "given", Source: "With", Data: der})
	}
	for i, der := range q.CRLs {
		if len(der) == 0 {
			return fmt.Errorf("question: CRLs[%d] is empty: it takes the DER of a certificate revocation list", i)
		}
		a.evidence = append(a.evidence, chain.Evidence{Kind: chain.EvidenceCRL, Origin: "given", Source: "CRLs", Data: der})
	}
	return nil
}

// certificate refuses what is no certificate at all. An item of the chain may be
// damaged, which is a finding; what is to be trusted or added may not.
func certificate(field string, i int, der []byte) error {
	if c, err := x509read.Parse(der); c == nil || err != nil {
		return fmt.Errorf("question: %s[%d] is no certificate: it takes DER, which ParsePEM makes of PEM", field, i)
	}
	return nil
}

// ParsePEM gives the certificates of a PEM text as DER, in their order. Other
// blocks are passed over; a text without any certificate is an error.
func ParsePEM(text []byte) ([][]byte, error) {
	var out [][]byte
	others := 0
	for rest := text; ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		switch b.Type {
		case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
			out = append(out, b.Bytes)
		default:
			others++
		}
	}
	switch {
	case len(out) > 0:
		return out, nil
	case others > 0:
		return nil, fmt.Errorf("there is no certificate among %d PEM blocks: look for a block CERTIFICATE", others)
	}
	return nil, errors.New("there is no PEM block: a certificate begins with -----BEGIN CERTIFICATE-----")
}
