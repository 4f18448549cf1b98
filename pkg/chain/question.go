package chain

import (
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
	For           string // "urlsession", "network", "system"
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
