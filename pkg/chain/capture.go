package chain

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// CaptureSchema names the version of the capture document; fields are only ever added.
const CaptureSchema = "chainspect/capture/v1"

// A Capture is observations and nothing else: what was seen when a target was
// asked, or what a file holds. It has no secrets and can be judged again at any
// time without the network.
type Capture struct {
	Schema       string            `json:"schema"`
	Target       string            `json:"target"`
	TakenAt      time.Time         `json:"taken_at"`
	Blobs        map[string][]byte `json:"blobs"` // lower-case hex of SHA-256 -> DER
	Observations []Observation     `json:"observations"`
	Evidence     []Evidence        `json:"evidence"`
	Identity     *Identity         `json:"identity,omitempty"` // what an identity file holds, without its keys
}

// BlobKey is the key of a certificate's DER in Capture.Blobs.
func BlobKey(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// An Observation is one attempt to get a chain: one handshake, or one file.
type Observation struct {
	Transport Transport `json:"transport"`
	Scheme    string    `json:"scheme,omitempty"`   // URL scheme the user gave, or ""
	StartTLS  string    `json:"starttls,omitempty"` // protocol spoken before TLS, as --starttls names it; "" none
	Address   string    `json:"address,omitempty"`  // host:port connected to
	Network   string    `json:"network,omitempty"`  // IP:port of the peer
	Via       string    `json:"via,omitempty"`      // proxy that was asked, or unix:PATH; Network is not known then
	Resolved  []string  `json:"resolved,omitempty"` // IP addresses of the name, where it has several and this attempt chose among them
	// Missed are the addresses tried before Network, which gave no connection.
	Missed     []Unreached `json:"missed,omitempty"`
	ServerName string      `json:"server_name,omitempty"` // SNI as sent; "" none
	Hello      string      `json:"hello,omitempty"`       // name of the hello offered (tlsname.HelloNamed)
	HelloBytes int         `json:"hello_bytes,omitempty"` // size of the first ClientHello with its record header; 0: not known
	Outcome    Outcome     `json:"outcome"`
	Sent       []string    `json:"sent"`                 // keys of Capture.Blobs, in the order sent or found
	SentBytes  int         `json:"sent_bytes,omitempty"` // size of the Certificate message; 0: not known
	// Unparsed are blobs sent in place of a certificate that are not DER at all.
	Positions  []Position        `json:"positions,omitempty"` // files: where each item of Sent stands
	Staples    map[int][]byte    `json:"staples,omitempty"`   // OCSP response by item number
	SCTs       [][]byte          `json:"scts,omitempty"`      // by TLS extension: serialised SCTs of item 0
	ClientAuth *ClientAuthDemand `json:"client_auth,omitempty"`
	Presented  *Presented        `json:"presented,omitempty"` // the identity used and its fate
	HTTP       *HTTPAnswer       `json:"http,omitempty"`      // the answer to the one GET, if one was sent
}

// HTTPAnswer is what an HTTP/1.1 GET got.
type HTTPAnswer struct {
	Status   int    `json:"status"`             // 0: the answer was no HTTP
	Location string `json:"location,omitempty"` // of a redirect, as sent, shortened
}

// Unreached is an address that gave no connection.
type Unreached struct {
	Address string `json:"address"` // IP:port
	Error   string `json:"error"`
}

// Position is where an item stands in a file.
type Position struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"` // 1-based line of the BEGIN marker; 0 in binary files
}

// Outcome is how the attempt ended.
type Outcome struct {
	OK          bool           `json:"ok"`                     // the handshake got as far as the hello's plan wanted
	Stage       Stage          `json:"stage,omitempty"`        // where it ended
	Version     string         `json:"version,omitempty"`      // "TLS 1.3", …, "SSL 3.0"
	Suite       string         `json:"suite,omitempty"`        // IANA name
	SuiteID     tlsname.Suite  `json:"suite_id,omitempty"`     //
	Group       string         `json:"group,omitempty"`        // "X25519MLKEM768", "P-256" …; "" for static RSA
	SignatureID tlsname.Scheme `json:"signature_id,omitempty"` // of CertificateVerify / ServerKeyExchange
	DHBits      int            `json:"dh_bits,omitempty"`      // finite-field DHE: bits of the prime
	ALPN        string         `json:"alpn,omitempty"`
	EMS         *bool          `json:"ems,omitempty"`         // extended master secret; nil in TLS 1.3 or when unknown
	HelloRetry  string         `json:"hello_retry,omitempty"` // group asked for in HelloRetryRequest
	Alert       *tlsname.Alert `json:"alert,omitempty"`       // TLS alert received
	// Breach is the alert a client answers where the server broke a rule of TLS,
	// which Error then names; nil where it broke none.
	Breach *tlsname.Alert `json:"breach,omitempty"`
	// KeyProof says whether the handshake was signed by the private key of item 0;
	// "" where nothing was signed (static RSA, pre-shared keys) or it did not come
	// that far.
	KeyProof  KeyProof  `json:"key_proof,omitempty"`
	ErrorKind ErrorKind `json:"error_kind,omitempty"`
	Error     string    `json:"error,omitempty"` // one line, facts only
	// PreShared: the server goes by pre-shared keys in TLS 1.3, as the alert to one shows.
	PreShared bool `json:"pre_shared,omitempty"`
	// Spoke is the protocol that was answered in instead of TLS, where the first
	// bytes tell: "http", "imap", "smtp" (or FTP, which greets alike) …
	Spoke string `json:"spoke,omitempty"`
	// Dialogue is how STARTTLS came to nothing; "" where it did not, or where no
	// such protocol was spoken.
	Dialogue DialogueEnd `json:"dialogue,omitempty"`
	// NoFamily is the IP family that was wanted and that the name has no address
	// of: "4" or "6".
	NoFamily string `json:"no_family,omitempty"`
}

// A DialogueEnd is how the dialogue before TLS ended without it.
type DialogueEnd string

// The ends of a dialogue.
const (
	StartTLSNotOffered DialogueEnd = "not_offered" // the server speaks the protocol and has no STARTTLS
	StartTLSRefused    DialogueEnd = "refused"     // it has, and will not now
	StartTLSTurnedAway DialogueEnd = "turned_away" // it greets with a refusal
)

// ClientAuthDemand is the server's CertificateRequest.
type ClientAuthDemand struct {
	Mode        ClientAuthMode   `json:"mode"`
	Authorities [][]byte         `json:"authorities"` // DER names, as sent; empty list: the server named none
	Schemes     []tlsname.Scheme `json:"schemes"`     // signature algorithms
	Types       []byte           `json:"types"`       // TLS 1.2 certificate types
}

// Presented says which identity was shown to the server and what became of it.
type Presented struct {
	Sent      []string       `json:"sent"`               // blobs, leaf first; empty: none was sent
	Place     int            `json:"place,omitempty"`    // where the leaf stands among the certificates of its PEM file, from 0
	Withheld  []string       `json:"withheld,omitempty"` // blobs of the identity that was given and could not be sent
	Fate      Fate           `json:"fate"`
	Over      Layer          `json:"over,omitempty"`
	Version   string         `json:"version,omitempty"`    // of the connection that decided
	Alert     *tlsname.Alert `json:"alert,omitempty"`      // TLS alert received
	Status    int            `json:"status,omitempty"`     // HTTP status
	Sentence  string         `json:"sentence,omitempty"`   // the page's own words, shortened
	LocalNote string         `json:"local_note,omitempty"` // why nothing was sent, or why there is no answer
}

// SentencePostHandshake is how Apache says, with HTTP 403, that it wants the
// identity after a TLS 1.3 handshake and the client cannot (RFC 8446 section 4.6.2).
const SentencePostHandshake = "Cannot perform Post-Handshake Authentication"

// Evidence kinds.
const (
	EvidenceCRL    = "crl"
	EvidenceOCSP   = "ocsp"
	EvidenceCTList = "ctlist"
	EvidenceCert   = "certificate"
)

// OriginUpdated is the origin of a list that `chainspect update` brought; the
// newer of it and the built-in one is used, and no capture keeps it.
const OriginUpdated = "updated"

// Evidence is anything that was not sent by the server but may enter the
// judgement: a CRL, an OCSP response, a CT log list, a further certificate.
type Evidence struct {
	Kind   string `json:"kind"`
	Origin string `json:"origin"` // OriginGiven, OriginFetched, or OriginUpdated
	Source string `json:"source"` // file name, or the URL as the certificate has it; of an updated list, the client whose it is
	Data   []byte `json:"data"`   // DER, or JSON for a log list

	// Of what was fetched:
	Address string    `json:"address,omitempty"` // IP:port it came from; "" behind a proxy
	Time    time.Time `json:"time,omitzero"`
	SHA256  string    `json:"sha256,omitempty"` // lower-case hex, of the body as it came
	Form    string    `json:"form,omitempty"`   // "pem" where a certificate came as PEM, "pkcs7" in a PKCS#7 list
	Error   string    `json:"error,omitempty"`  // why nothing came; Data is then empty
}

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
