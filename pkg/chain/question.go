package chain

import (
	"strconv"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// NameKind is the kind of a reference name.
type NameKind string

// Kinds of reference names. NameNone: there is none, and level name does not apply.
const (
	NameNone  NameKind = "none"
	NameDNS   NameKind = "dns"
	NameIP    NameKind = "ip"
	NameEmail NameKind = "email"
	NameURI   NameKind = "uri"
)

// Purpose is what the leaf's key is used for.
type Purpose string

// Purposes.
const (
	PurposeServer Purpose = "server"
	PurposeClient Purpose = "client"
	PurposeAny    Purpose = "any"
)

// RevocationMode says what a missing revocation answer means.
type RevocationMode string

// Revocation modes. Soft: only "revoked" counts. GivenCRLs: hard-fail once a CRL
// was handed in. Require: an answer is wanted for every item.
const (
	RevocationSoft    RevocationMode = "soft"
	RevocationGiven   RevocationMode = "given-crls"
	RevocationRequire RevocationMode = "require"
)

// Callers are the values of Question.For: what of an app, or of the platform, connects.
func Callers() []string { return []string{"urlsession", "webview", "network", "system"} }

// Question is what is asked of a chain. A rule reads Question, Capture and Path, nothing else.
type Question struct {
	Time     time.Time // UTC
	Name     string    // reference name in comparable form; "" with NameNone
	Typed    string    // as the user typed it, where known: with a final dot, or in letters of another script
	NameKind NameKind
	Purpose  Purpose
	Platform string // "ios26", "macos15" …
	// PlatformAsked: the platform was named, and is not the one that is asked about where nobody says.
	PlatformAsked bool
	For           string // one of Callers
	Fetches       bool   // the clients asked about fetch issuers that are not sent; the profile says so

	// Hello names the hello of the client that is asked about and Floor the oldest
	// version with which it goes through; "": the platform's own, which package ats judges.
	Hello string
	Floor tlsname.Version

	Revocation RevocationMode
	Warn       Warn
	MaxDepth   int // intermediates allowed between leaf and anchor; -1: no limit
	Policy     PolicyInput
	EKU        []x509read.OID // all of these are wanted beside the purpose's own

	Flags func() []string // the words by which a command line asks all this of a target again; nil: not known

	AppSettings   *AppSettings   // the app's Info.plist; nil: none was given
	Pins          [][]byte       // SHA-256 of SPKI (or of certificates' SPKI given with --pin-ca) one of which must be on the path
	ServerDemands *ServerDemands // what a server asks of client identities; nil: not given
}

// Warn is the distance before notAfter at which an expiry is worth a warning.
// One of the two is set, or neither.
type Warn struct {
	Before  time.Duration
	Percent float64 // of the lifetime, 0…100, that is left
}

// PolicyInput is RFC 5280 section 6.1.1 (c), (e), (f), (g).
type PolicyInput struct {
	Initial        []x509read.OID // user-initial-policy-set; empty: any-policy
	Explicit       bool
	InhibitMapping bool
	InhibitAny     bool
}

// AppSettings is an app's Info.plist as decoded values: map[string]any, []any,
// string, bool, int64, uint64, float64, []byte, time.Time. Package ats reads it.
type AppSettings struct {
	Source string // file name, or name inside the .ipa
	Root   map[string]any
}

// release splits a platform such as "ios26" or "macos15" into family and major
// version; an unknown or missing number counts as the newest.
func release(platform string) (family string, major int) {
	p := strings.ToLower(strings.TrimSpace(platform))
	i := strings.IndexAny(p, "0123456789")
	if i < 0 {
		return p, newestRelease
	}
	digits, _, _ := strings.Cut(p[i:], ".")
	n, err := strconv.Atoi(digits)
	if err != nil {
		n = newestRelease
	}
	return p[:i], n
}

const newestRelease = 27

// PlatformAtLeast reports whether the platform is at or after a release, given as the
// major version of iOS and of macOS. tvOS counts as iOS, watchOS and visionOS
// are told by their own numbers before 26.
func PlatformAtLeast(platform string, ios, macos int) bool {
	family, major := release(platform)
	switch family {
	case "macos":
		return major >= macos
	case "watchos":
		return major >= ios || ios < 26 && major >= ios-7
	case "visionos":
		return major >= ios || ios < 26 && major >= ios-16
	}
	return major >= ios
}

// OffersMLKEM reports whether the platform's first ClientHello carries the
// post-quantum key share X25519MLKEM768 and so no longer fits one packet
// (Apple 122756).
func OffersMLKEM(platform string) bool { return PlatformAtLeast(platform, 26, 26) }

// Released is about when a release came out: each autumn one, of the same day for
// all families within weeks. Zero: not known.
func Released(platform string) time.Time {
	family, major := release(platform)
	year := 0
	switch {
	case major >= 26: // from here on all families count alike
		year = 1999 + major
	case family == "macos" && major >= 11:
		year = 2009 + major
	case family == "watchos" && major >= 6:
		year = 2013 + major
	case family == "visionos":
		year = 2022 + major
	case (family == "ios" || family == "tvos") && major >= 12:
		year = 2006 + major
	}
	if year == 0 {
		return time.Time{}
	}
	return time.Date(year, time.September, 15, 0, 0, 0, 0, time.UTC)
}

// ServerDemands is a server's policy for client identities (--server-policy).
type ServerDemands struct {
	Source          string   // file name
	ClientCAs       [][]byte // DER
	AcceptableCAs   [][]byte // DER names the server announces; nil: none were given
	AllowedCerts    [][]byte // SHA-256 of certificates
	AllowedKeys     [][]byte // SHA-256 of SPKIs
	RequiredSAN     []string // each "dns:…", "uri:…", "email:…", "ip:…"; one of them must be there
	RequiredSubject string   // a name as RFC 4514 writes it (x509read.ParseNameText), or "" for none
	// MaxDepth is how many certificates may stand between leaf and trusted
	// anchor, self-issued ones counted too, as OpenSSL, nginx and Apache count
	// (openssl-verification-options, -verify_depth); -1: no limit.
	MaxDepth int
}

// NamesCAs reports whether a policy was given that says which CAs may issue identities.
func (d *ServerDemands) NamesCAs() bool { return d != nil && len(d.ClientCAs) > 0 }

// Anchors are the CAs the server trusts to issue identities, and nothing else.
func (d *ServerDemands) Anchors() *Anchors {
	list := make([]*Anchor, 0, len(d.ClientCAs))
	for _, der := range d.ClientCAs {
		list = append(list, NewAnchor(der, Installed, d.Source))
	}
	return NewAnchors(StoreInfo{Name: "none"}, list...)
}
