package chain

import "strings"

// A Transport is how an observation came about.
type Transport string

// The transports; HTTP is clear text.
const (
	TransportTLS   Transport = "tls"
	TransportHTTP  Transport = "http"
	TransportFile  Transport = "file"
	TransportStdin Transport = "stdin"
	TransportJob   Transport = "job"
)

// Given reports whether the list was handed over, in a file, a stream or a job,
// and not sent by a server.
func (t Transport) Given() bool {
	return t == TransportFile || t == TransportStdin || t == TransportJob
}

// A Stage is how far an attempt came.
type Stage string

// The stages, in their order.
const (
	StageDNS         Stage = "dns"
	StageConnect     Stage = "connect"
	StageHello       Stage = "hello"
	StageCertificate Stage = "certificate" // the Certificate message was seen
	StageFinished    Stage = "finished"
	StageHTTP        Stage = "http" // clear text: the request was sent
)

// An ErrorKind says what ended an attempt, or why a target could not be inspected.
type ErrorKind string

// The kinds. The last four are of files and of this machine.
const (
	ErrorDNS      ErrorKind = "dns"
	ErrorRefused  ErrorKind = "refused"
	ErrorTimeout  ErrorKind = "timeout"
	ErrorNotTLS   ErrorKind = "not_tls"
	ErrorTLS      ErrorKind = "tls"    // an alert, or something that TLS does not allow
	ErrorClosed   ErrorKind = "closed" // in an observation alone
	ErrorFile     ErrorKind = "file"
	ErrorPassword ErrorKind = "password"
	ErrorFormat   ErrorKind = "format"
	ErrorLocal    ErrorKind = "local" // our own limits: descriptors, memory, addresses
)

// A KeyProof says whether the server showed that it holds the private key of item 0.
type KeyProof string

// What is known of it; NotCheckable gives the others.
const (
	ProofVerified KeyProof = "verified"
	ProofWrong    KeyProof = "wrong"

	notCheckable = "not checkable: "
)

// NotCheckable is a proof that came and cannot be checked here.
func NotCheckable(why string) KeyProof { return KeyProof(notCheckable + why) }

// Unchecked says why a proof that came could not be checked.
func (p KeyProof) Unchecked() (why string, ok bool) {
	return strings.CutPrefix(string(p), notCheckable)
}

// A ClientAuthMode says whether a server asks for a client identity.
type ClientAuthMode string

// The modes.
const (
	ClientAuthNone      ClientAuthMode = "none"
	ClientAuthRequested ClientAuthMode = "requested"
	ClientAuthRequired  ClientAuthMode = "required"
	ClientAuthUnknown   ClientAuthMode = "unknown"
)

// A Fate is what became of an identity that was given for a server.
type Fate string

// The fates.
const (
	FateAccepted Fate = "accepted" // not refused
	FateRefused  Fate = "refused"
	FateUnknown  Fate = "unknown"
	FateUnasked  Fate = "unasked" // the server wants none
)

// A Layer is where an answer to an identity was given.
type Layer string

// The layers.
const (
	OverTLS  Layer = "tls"
	OverHTTP Layer = "http"
)
