package chain

import (
	"cmp"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// ReportSchema names the version of the report; fields are only ever added.
const ReportSchema = "chainspect/report/v1"

// Verdict of a whole report.
type Verdict string

// Verdicts.
const (
	Trusted   Verdict = "trusted"
	Untrusted Verdict = "untrusted"
	Undecided Verdict = "unknown"
)

// LevelVerdict is the verdict of one level.
type LevelVerdict string

// Verdicts of levels.
const (
	Pass          LevelVerdict = "pass"
	Fail          LevelVerdict = "fail"
	LevelUnknown  LevelVerdict = "unknown"
	NotApplicable LevelVerdict = "not_applicable"
)

// Severity of a finding: the profile's, lowered to note where a good path avoids it.
type Severity string

// Severities; Off rules are not run.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
	Off     Severity = "off"
)

// Report is the answer for one target (one list of certificates). Its JSON is a promise.
type Report struct {
	ID          string          `json:"id,omitempty"`
	Schema      string          `json:"schema"`
	Target      string          `json:"target"`
	EvaluatedAt time.Time       `json:"evaluated_at"`
	Profile     string          `json:"profile"`
	Platform    string          `json:"platform"`
	Purpose     Purpose         `json:"purpose"`
	Verdict     Verdict         `json:"verdict"`
	Headline    string          `json:"headline"`
	GoodUntil   *GoodUntil      `json:"good_until"`
	Levels      []LevelReport   `json:"levels"`
	Anchors     AnchorsReport   `json:"anchors"`
	Connection  *Connection     `json:"connection"`
	Items       []ItemReport    `json:"items"`
	Paths       []PathReport    `json:"paths"`
	Findings    []Finding       `json:"findings"`
	ATS         *ATSReport      `json:"ats,omitempty"`
	Identity    *IdentityReport `json:"identity,omitempty"`
	Device      *DeviceError    `json:"device,omitempty"`     // the one error an Apple platform would show
	Timeline    []Moment        `json:"timeline,omitempty"`   // every instant at which the verdict changes
	Name        string          `json:"name,omitempty"`       // the reference name judged
	For         string          `json:"for,omitempty"`        // urlsession, network, system
	Changes     []Change        `json:"changes,omitempty"`    // against a baseline
	Passed      []string        `json:"passed,omitempty"`     // IDs of the rules that had something to look at and found nothing wrong
	Handshakes  []Handshake     `json:"handshakes,omitempty"` // in the order made, where one did not do
	Label       string          `json:"label,omitempty"`      // what the report is about, where a target has several addresses or sends several lists
	Part        int             `json:"part,omitempty"`       // from 1, where a target has several reports
	Parts       int             `json:"parts,omitempty"`      // how many it has
	Hellos      []string        `json:"hellos,omitempty"`     // which ClientHellos brought this list, where a server sends several
	Policy      *PolicyLine     `json:"policy,omitempty"`     // the job, where a gate judged
	Gate        *GateReport     `json:"gate,omitempty"`       // what it came to there
	Plan        []AdviceReport  `json:"plan,omitempty"`       // what to do about all errors, where one act mends several
	Clients     []ClientVerdict `json:"clients,omitempty"`    // what other clients would say
	// Revocation is what the evidence at hand says of each certificate below the anchor.
	Revocation []RevocationReport `json:"revocation,omitempty"`
}

// ClientVerdict is what one client in one version would make of the chain.
type ClientVerdict struct {
	Client     string  `json:"client"`
	Version    string  `json:"version"`
	Label      string  `json:"label"` // as people call it
	Verdict    Verdict `json:"verdict"`
	Rule       string  `json:"rule,omitempty"`      // the first that decides
	Shows      string  `json:"shows"`               // what its user sees
	Confidence string  `json:"confidence"`          // of what decides: run, source, document, memory
	Message    string  `json:"message,omitempty"`   // what was found, or what is missing to tell
	Fetches    string  `json:"fetches,omitempty"`   // trusted if it can fetch this
	Condition  string  `json:"condition,omitempty"` // trusted once the root is there
	Unless     string  `json:"unless,omitempty"`    // trusted unless this is so, which was not asked
	Store      string  `json:"store,omitempty"`     // its public roots, with version and date
	Aged       bool    `json:"aged,omitempty"`      // they are older than a year
}

// RevocationReport is what is known of one certificate.
type RevocationReport struct {
	Item      int       `json:"item"`
	Status    string    `json:"status"`           // "good", "revoked", "unknown"
	Source    string    `json:"source,omitempty"` // what said so: "the CRL of CN=…", "the OCSP response of http://…"
	Reason    string    `json:"reason,omitempty"` // of a revocation: "keyCompromise"
	RevokedAt time.Time `json:"revoked_at,omitzero"`
	Why       string    `json:"why,omitempty"` // unknown: what came nearest to an answer lacked
}

// PolicyLine is a place in a gate's policy.
type PolicyLine struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// GateReport is what a policy made of a job.
type GateReport struct {
	Result   string      `json:"result"`           // pass, fail
	Expected []GateEntry `json:"expected"`         // faults that the policy expects
	Waived   []GateEntry `json:"waived"`           // findings that it waives, or has switched off
	Graded   []string    `json:"graded,omitempty"` // rules whose findings have the policy's severity
}

// GateEntry is a finding that a policy keeps from counting, and why.
type GateEntry struct {
	Rule   string `json:"rule"`
	Item   *int   `json:"item"`
	Reason string `json:"reason,omitempty"`
	Until  string `json:"until,omitempty"` // the date a waiver ends
}

// GoodUntil is the first instant after which the chain is no longer trusted.
type GoodUntil struct {
	Time time.Time `json:"time"`
	Item *int      `json:"item"`
	Rule string    `json:"rule"`
}

// Moment is an instant at which the verdict changes, and why.
type Moment struct {
	Time    time.Time `json:"time"`
	Verdict Verdict   `json:"verdict"`
	Rule    string    `json:"rule"`
	Item    *int      `json:"item"`
}

// LevelReport is the verdict of one level; Reason says why it does not apply or what decided.
type LevelReport struct {
	Level   Level        `json:"level"`
	Verdict LevelVerdict `json:"verdict"`
	Reason  string       `json:"reason,omitempty"`
}

// AnchorsReport says which anchors were in force.
type AnchorsReport struct {
	Store     string `json:"store"`
	Version   string `json:"version"`
	Date      string `json:"date"`
	Installed int    `json:"installed"`
	App       int    `json:"app"`
}

// Connection is the handshake whose list was judged.
type Connection struct {
	Address    string           `json:"address"`
	Version    string           `json:"version"`
	Suite      string           `json:"suite"`
	Group      string           `json:"group"`
	ALPN       string           `json:"alpn"`
	ClientAuth ClientAuthReport `json:"client_auth"`
	Hello      string           `json:"hello"`
	EMS        *bool            `json:"ems,omitempty"`
	ServerName string           `json:"server_name,omitempty"`
	Network    string           `json:"network,omitempty"`  // IP:port of the peer
	StartTLS   string           `json:"starttls,omitempty"` // protocol spoken before TLS
	Via        string           `json:"via,omitempty"`      // proxy that was asked, or unix:PATH
}

// Handshake is one attempt of several: what was said, and how it ended.
type Handshake struct {
	Hello      string         `json:"hello"`
	ServerName string         `json:"server_name"` // as sent; "": none
	Version    string         `json:"version,omitempty"`
	Alert      *tlsname.Alert `json:"alert,omitempty"`
	Error      string         `json:"error,omitempty"`
	Network    string         `json:"network,omitempty"` // IP:port of the peer, where there was one
}

// ClientAuthReport says whether the server asked for a client identity, and
// what it answered to the one that was given.
type ClientAuthReport struct {
	Mode        ClientAuthMode   `json:"mode"`
	Authorities []string         `json:"authorities"`
	Attempts    []IdentityAnswer `json:"attempts,omitempty"` // with an identity, in the order made
}

// IdentityAnswer is what one attempt with an identity came to, as in Presented.
type IdentityAnswer struct {
	Version  string         `json:"version,omitempty"`
	Sent     int            `json:"sent"` // certificates
	Fate     Fate           `json:"fate"`
	Over     Layer          `json:"over,omitempty"`
	Alert    *tlsname.Alert `json:"alert,omitempty"`
	Status   int            `json:"status,omitempty"`
	Sentence string         `json:"sentence,omitempty"`
	Note     string         `json:"note,omitempty"` // why nothing was sent, or why there is no answer
}

// KeyReport is a public key's kind and size.
type KeyReport struct {
	Type string `json:"type"`
	Bits int    `json:"bits"`
}

// ItemReport is one certificate.
type ItemReport struct {
	Index      int       `json:"index"`
	Role       string    `json:"role"` // leaf, intermediate, root, unused
	Subject    string    `json:"subject"`
	Issuer     string    `json:"issuer"`
	SHA256     string    `json:"sha256"`
	SPKISHA256 string    `json:"spki_sha256"`
	Serial     string    `json:"serial"`
	NotBefore  string    `json:"not_before"`
	NotAfter   string    `json:"not_after"`
	Key        KeyReport `json:"key"`
	Signature  string    `json:"signature"`
	Origin     Origin    `json:"origin"`
	Faults     []string  `json:"faults"`
	Names      []string  `json:"names,omitempty"` // subjectAltName of the leaf: "dns:…", "ip:…"
	File       string    `json:"file,omitempty"`
	Line       int       `json:"line,omitempty"`
	Pin        string    `json:"pin,omitempty"`        // Base64 of the SHA-256 of the SubjectPublicKeyInfo
	Extensions []string  `json:"extensions,omitempty"` // a line each: "basicConstraints (critical): CA"
	DER        []byte    `json:"-"`

	Unread x509read.Fields `json:"-"` // what of the certificate could not be read
}

// PathReport is one candidate path.
type PathReport struct {
	Items   []int   `json:"items"`
	End     PathEnd `json:"end"`
	Anchor  *int    `json:"anchor"`
	Verdict Verdict `json:"verdict"`
	Why     string  `json:"why,omitempty"`
}

// Finding is one breach of one rule.
type Finding struct {
	Rule       string         `json:"rule"`
	Level      Level          `json:"level"`
	Severity   Severity       `json:"severity"`
	Status     Status         `json:"status"`
	Item       *int           `json:"item"`
	List       string         `json:"list,omitempty"` // which items it counts in: "items", or "identity": those of identity.items
	Paths      []int          `json:"paths"`
	Message    string         `json:"message"`
	Short      string         `json:"short,omitempty"` // the message for a first line, where it has another
	Evidence   []Evid         `json:"evidence"`
	Advice     []AdviceReport `json:"advice"`
	Step       int            `json:"step,omitempty"`      // the step of the report's plan that cures it, counted from 1
	Fix        string         `json:"fix"`                 // the first step as a line
	FixChecked bool           `json:"fix_checked"`         // the first step was tried and does what it promises
	FixUntil   *time.Time     `json:"fix_until,omitempty"` // how long the repaired chain is trusted, where FixChecked
	FixTried   string         `json:"fix_tried,omitempty"` // which of several ways was tried: "with the root installed"
	Codes      *Codes         `json:"codes,omitempty"`
	CodesOr    []Codes        `json:"codes_or,omitempty"`   // shown instead, where reports of devices differ
	Named      bool           `json:"named,omitempty"`      // the message has the certificate's name, not only its number
	IfFetched  []string       `json:"if_fetched,omitempty"` // a client that fetches issuers from one of these addresses finds nothing wrong
	Elsewhere  string         `json:"elsewhere,omitempty"`  // which other clients do what otherwise, where that is why it works there
	Waiver     string         `json:"waiver,omitempty"`     // reason and end date, where Status is waived

	Policy *PolicyLine `json:"policy,omitempty"` // the demand or the waiver it is about, where a gate judged
}

// Counts reports whether a finding is at or above the severity that fails a run ("" is error);
// one that is unknown or waived never is.
func (f *Finding) Counts(failOn Severity) bool {
	return failOn != Off && f.Status == Broken && weight(f.Severity) >= weight(cmp.Or(failOn, Error))
}

// AdviceReport is one step of a finding's repair.
type AdviceReport struct {
	Who      string     `json:"who"`
	For      string     `json:"for,omitempty"`
	Text     string     `json:"text"`
	Commands []string   `json:"commands"`         // they run as pasted
	Config   []string   `json:"config,omitempty"` // lines of a server's configuration, each behind the server they are for
	Then     string     `json:"then,omitempty"`   // what follows them and is neither
	Checked  bool       `json:"checked"`          // the step was tried and does what it promises
	Lacks    string     `json:"lacks,omitempty"`  // why it was not tried
	Assumes  string     `json:"assumes,omitempty"`
	Until    *time.Time `json:"until,omitempty"` // how long the chain is trusted then, where it was checked
	Mends    []string   `json:"mends,omitempty"` // in a plan: the rules whose errors the step cures
}

// Codes are what an Apple platform shows for a finding: SecTrust, URLError and SSL code.
type Codes struct {
	Sec int `json:"sec,omitempty"`
	URL int `json:"url,omitempty"`
	SSL int `json:"ssl,omitempty"`
}

// DeviceError is the one error a device would show, by the platform's own priority.
type DeviceError struct {
	Rule       string     `json:"rule"`
	Codes      Codes      `json:"codes"`
	CodesOr    []Codes    `json:"codes_or,omitempty"` // or these: reports differ, or two errors of one class are in no order
	Evaluation string     `json:"evaluation"`         // "strict" (App Transport Security required) or "default"
	Confidence Confidence `json:"confidence"`
	Hides      []string   `json:"hides"`                // rules whose errors it hides
	Text       string     `json:"text"`                 // SecTrust's sentence, in the log and the underlying error
	AppText    string     `json:"app_text,omitempty"`   // what the app's own NSError says
	IfFetched  []string   `json:"if_fetched,omitempty"` // it connects if it can fetch the issuer from one of these addresses
}

// ATSReport is level 3's own part of the report.
type ATSReport struct {
	Exception *ATSException `json:"exception"`
	Rows      []ATSRow      `json:"rows,omitempty"` // the sixteen rows of nscurl
}

// ATSException is the smallest set of Info.plist keys that lets the connection through.
type ATSException struct {
	Host string         `json:"host"`
	Keys map[string]any `json:"keys"`
	XML  string         `json:"xml"`
}

// ATSRow is one row of nscurl's table.
type ATSRow struct {
	Section    string         `json:"section"`
	Name       string         `json:"name"`
	Dictionary map[string]any `json:"dictionary"`
	Pass       bool           `json:"pass"`
	Error      string         `json:"error,omitempty"`
}

// IdentityReport is level identity's own part of the report.
//
// Where a server was shown an identity, its certificates alone are known.
type IdentityReport struct {
	Items      []ItemReport        `json:"items"`                // numbered apart: "identity item 0" is the leaf
	Protection *ProtectionReport   `json:"protection,omitempty"` // of an identity file
	Keys       []IdentityKeyReport `json:"keys"`
	Imports    []ImportReport      `json:"imports"`
}

// The lists that a finding's item may be in.
const (
	ListItems    = "items"
	ListIdentity = "identity"
)

// IdentityFile is the identity's part of the report where it is a file's; nil else.
func (r *Report) IdentityFile() *IdentityReport {
	if r.Identity == nil || r.Identity.Protection == nil {
		return nil
	}
	return r.Identity
}

// ProtectionReport says what protects an identity file.
type ProtectionReport struct {
	MAC        string `json:"mac"`
	KDF        string `json:"kdf"`
	Cipher     string `json:"cipher"`
	Iterations int    `json:"iterations"`
}

// IdentityKeyReport is one private key of an identity file, without the key.
type IdentityKeyReport struct {
	Type string `json:"type"`
	Bits int    `json:"bits"`
	Item *int   `json:"item"` // the certificate whose public key it fits
}

// ImportReport says whether one importer takes the file.
type ImportReport struct {
	Where   string `json:"where"`
	OK      bool   `json:"ok"`
	Why     string `json:"why"`
	Convert string `json:"convert"`
}

// Change is one difference from a baseline.
type Change struct {
	What   string `json:"what"` // of the question: "profile", "name", "platform", "purpose", "for"; of the answer: "verdict", "level x509" …, "item 0" …, "key", "anchor", "good until", "path", "connection", "finding"; "target" where there is no report to compare with
	Before string `json:"before"`
	After  string `json:"after"`
	Counts bool   `json:"counts,omitempty"` // it is a change in the sense of --fail-on-change
}

// Failure is the answer for a target that could not be inspected.
type Failure struct {
	ID     string       `json:"id,omitempty"`
	Target string       `json:"target"`
	Error  FailureCause `json:"error"`
	Name   string       `json:"name,omitempty"`   // the reference name asked for, where it is not the target's
	Policy *PolicyLine  `json:"policy,omitempty"` // the job, where a gate judged
	Gate   *GateReport  `json:"gate,omitempty"`   // what it came to there
}

// FailureCause names the kind (dns, refused, timeout, not_tls, tls, file,
// password, format) and says in one line what was found, where, and what to do.
type FailureCause struct {
	Kind    ErrorKind `json:"kind"`
	Message string    `json:"message"`
}
