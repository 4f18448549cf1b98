package chainspect

import (
	"crypto/tls"
	"errors"
	"time"

	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
)

// The types of a report. Their JSON is the schema chainspect/report/v1.
type (
	Report       = chain.Report
	Finding      = chain.Finding
	LevelReport  = chain.LevelReport
	Verdict      = chain.Verdict
	LevelVerdict = chain.LevelVerdict
	Level        = chain.Level
	Severity     = chain.Severity
)

// Verdicts of a report.
const (
	Trusted   = chain.Trusted
	Untrusted = chain.Untrusted
	Unknown   = chain.Undecided
)

// Verdicts of a level.
const (
	Pass          = chain.Pass
	Fail          = chain.Fail
	LevelUnknown  = chain.LevelUnknown
	NotApplicable = chain.NotApplicable
)

// Levels of trust evaluation.
const (
	LevelX509     = chain.LevelX509     // 1: basic X.509
	LevelName     = chain.LevelName     // 2: the name (RFC 2818)
	LevelATS      = chain.LevelATS      // 3: App Transport Security
	LevelIdentity = chain.LevelIdentity // a client identity
)

// signatures bounds what an evaluator remembers: signatures, and issuers read.
const signatures = 1 << 12

// Judge evaluates trust in a list of certificates, each as DER, in the order a
// server sends them: the leaf first. Level ats does not apply where none of its
// rules about certificates is broken, since no connection was made. An error says
// which field of the question cannot be meant.
func Judge(certs [][]byte, q Question) (*Report, error) {
	a, err := q.read()
	if err != nil {
		return nil, err
	}
	if len(certs) == 0 {
		return nil, errors.New("there is no certificate to judge: item 0 is the leaf")
	}
	return a.judge(a.evaluator(), certs, chain.Observation{}), nil
}

func (a *asked) evaluator() *chain.Evaluator {
	return (&rulebook.Assembly{Profile: a.profile, Memory: chain.NewMemory(signatures)}).Evaluator()
}

// judge evaluates a list; seen is what came beside it.
func (a *asked) judge(e *chain.Evaluator, certs [][]byte, seen chain.Observation) *Report {
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: a.question.Name, TakenAt: a.question.Time, Blobs: map[string][]byte{}, Evidence: a.evidence}
	seen.Transport, seen.Outcome.OK = "file", true // crypto/tls proved the key; what Apple's hello would get was not asked
	for _, der := range certs {
		key := chain.BlobKey(der)
		c.Blobs[key] = der
		seen.Sent = append(seen.Sent, key)
	}
	c.Observations = []chain.Observation{seen}
	return e.Evaluate(chain.Input{Capture: c, Question: a.question, Anchors: a.anchors})
}

// NotTrustedError is why a connection is refused: the verdict was not trusted. An
// unknown verdict is no trust either; Report.Verdict tells them apart.
type NotTrustedError struct{ Report *Report }

func (e *NotTrustedError) Error() string { return e.Report.Headline }

// VerifyConnection makes a function for tls.Config.VerifyConnection that refuses a
// connection with a *NotTrustedError unless what the other side sent is trusted.
// The reference name is q.Name, else the ServerName of the connection; a server
// without either is refused, and purpose client asks for none. Set
// InsecureSkipVerify (or ClientAuth: tls.RequireAnyClientCert in a server) where
// this judgement shall stand instead of crypto/tls's own; otherwise both are made.
//
// A question that cannot be meant refuses every connection with the error that
// [Judge] would give. A zero q.Time is the time of each connection.
func VerifyConnection(q Question) func(tls.ConnectionState) error {
	a, err := q.read()
	if err != nil {
		return func(tls.ConnectionState) error { return err }
	}
	e := a.evaluator()
	return func(s tls.ConnectionState) error {
		one, err := a.of(&q, s)
		if err != nil {
			return err
		}
		var certs [][]byte
		for _, c := range s.PeerCertificates {
			certs = append(certs, c.Raw)
		}
		seen := chain.Observation{ServerName: s.ServerName, SCTs: s.SignedCertificateTimestamps}
		if len(s.OCSPResponse) > 0 {
			seen.Staples = map[int][]byte{0: s.OCSPResponse}
		}
		if r := one.judge(e, certs, seen); r.Verdict != Trusted {
			return &NotTrustedError{r}
		}
		return nil
	}
}

// of is the question as it is asked of one connection: by its name, at its time.
func (a *asked) of(q *Question, s tls.ConnectionState) (*asked, error) {
	one := *a
	if q.Time.IsZero() {
		one.question.Time = time.Now().UTC()
	}
	switch {
	case len(s.PeerCertificates) == 0:
		return nil, errors.New("the other side sent no certificate")
	case q.Name != "" || one.question.Purpose != chain.PurposeServer:
		return &one, nil
	case s.ServerName == "":
		return nil, errors.New("there is no name to judge the server by: set Question.Name, or ServerName of the tls.Config")
	}
	var err error
	one.question.Name, one.question.NameKind, err = hostname.ReferenceName(s.ServerName)
	return &one, err
}
