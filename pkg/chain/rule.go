package chain

import (
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Level is one of the three levels of trust evaluation, or the judging of an identity.
type Level string

// The levels, in the order they are reported.
const (
	LevelX509     Level = "x509"
	LevelName     Level = "name"
	LevelATS      Level = "ats"
	LevelIdentity Level = "identity"
)

// Levels lists them in order.
func Levels() []Level { return []Level{LevelX509, LevelName, LevelATS, LevelIdentity} }

// A Rule is one thing that can be wrong.
type Rule struct {
	// What an evaluator is made of stands first, and together.

	ID    string // "basic-expired": the prefix is its package
	Level Level
	// Otherwise is the level the breach counts for where Level does not apply: a
	// handshake that comes to nothing ends the connections of every API. "": none.
	Otherwise Level
	Severity  Severity // where the profile says nothing of the rule; "": Error
	Check     Check
	// Needs reports whether the case has what the rule looks at, beyond what its
	// Check says: a revocation list, an Info.plist. Where it has not, the rule is
	// not asked, and so does not count as passed. nil: nothing more.
	Needs func(*Case) bool
	// Instants lists the dates at which the rule's answer changes, beside those of
	// the validity periods, which the engine knows itself (AtValidity: only those).
	// nil: the answer does not depend on the time of the question, and the rule is
	// not asked again when the end of a verdict is looked for.
	Instants func(*Case) []time.Time
	Applies  *Applies // nil: to everything

	Title   string // lower case, no full stop, at most 60 characters
	Sources []Source
	Explain string     // why the rule exists, in two or three sentences, and what the user sees
	Advice  []Advice   // the steps to take where a hit brings no closer ones
	Apple   AppleError // the code an Apple platform shows for it; zero: none
	// InsteadOf names more general rules: where this one has a broken finding of at
	// least their severity, they are silent about the same item on the same paths.
	InsteadOf []string
	// EvenUnknown says that an unknown finding of this rule silences them as well:
	// what they call broken is then not known.
	EvenUnknown bool
	// Reads lists the fields of certificates the rule draws conclusions from. Where
	// one of them could not be read it is silent: that is the finding of the hit
	// whose Unread has the field.
	Reads x509read.Fields
}

// AtValidity is Instants of rules whose answer changes where a validity period
// begins or ends.
func AtValidity(*Case) []time.Time { return nil }

// Source is where a rule comes from.
type Source struct {
	Doc        string     // "RFC 5280", "Apple 103769", "SecPolicyServer.c" …
	Section    string     // "section 6.1.3 (a)(2)", a function name, or a fact's id such as "V-02"
	Confidence Confidence // of an observation about closed code; "" for a standard
}

// Confidence says how well a fact about an Apple platform is known.
type Confidence string

// S: read in source. T: asserted by a test there. D: Apple document. F: field report. M: inference.
const (
	ConfidenceSource   Confidence = "S"
	ConfidenceTested   Confidence = "S/T"
	ConfidenceDocument Confidence = "D"
	ConfidenceField    Confidence = "F"
	ConfidenceInferred Confidence = "M"
)

// Words are the confidence as pages for people have it.
func (c Confidence) Words() string {
	switch c {
	case ConfidenceSource:
		return "read in source"
	case ConfidenceTested:
		return "read in source, and tested there"
	case ConfidenceDocument:
		return "a document of Apple's"
	case ConfidenceField:
		return "a field report"
	case ConfidenceInferred:
		return "inferred"
	}
	return string(c)
}

// Applies narrows a rule to times, platforms and purposes; the zero value is everything.
// Both windows are half-open: [from, until).
type Applies struct {
	IssuedFrom, IssuedUntil time.Time // compared with notBefore of the item (of the leaf for paths)
	JudgedFrom, JudgedUntil time.Time // compared with Question.Time
	Platforms               []string  // prefixes such as "ios", "macos15"; empty: all
	NotFor                  Purpose   // a purpose of the question the rule says nothing about; "": none
}

// Advice is one step towards a repair.
type Advice struct {
	Who      string   // "server administrator", "app developer", "CA", "device owner" …
	For      string   // for whom it holds: ForClient, ForOthers; "": everybody
	Text     string   // what to do, without the person and without the commands; {item}: the certificate the finding is about, which is issued again
	Commands []string // they run as pasted; {host}, {target} and {server} are those of the case, {root} is the root to install
	Issue    *Issuing // further commands, which issue that certificate again; nil: none
	Config   []string // lines of a server's configuration, each behind the server they are for
	Then     string   // what follows them and is neither; "": nothing
	Repair   Repair   // what the step does, so that it can be tried; nil: it cannot
	Lacks    string   // why it cannot be tried from here: "the intermediate is not here"
	Assumes  string   // what the trial takes for granted, or which of several ways it goes: "with the root installed"
}

// For whom an advice holds. Where a step is for the reader at hand, those for
// everybody are left out.
const (
	ForClient = "client identity" // item 0 is a client's certificate
	ForOthers = "other clients"   // no Apple platform is asked about
)

// A Hit is one breach of a rule, found by a Check.
type Hit struct {
	Item     *Item  // nil: the breach is not one item's
	Identity *int   // the certificate it is about, by its number in the client identity that was shown
	Message  string // lower case, no full stop, facts first; {item} stands for the certificate
	Short    string // what a report's first line says instead of the message; "": the message
	Named    bool   // the message names the certificate in words of its own: a first line does not add its name
	Evidence []Evid
	Status   Status     // zero: Broken
	Advice   []Advice   // for this very case; none falls back to the rule's, and so does a first step without text
	AtMost   Severity   // caps the severity of this hit; "" leaves it
	Beside   Beside     // how it stands where there are other paths
	Replaces bool       // Item is to be replaced by what lies on this path: what else is wrong with it, on others, is a note
	Foremost bool       // it says what the item is: listed before what else is wrong on its level
	Apple    AppleError // the code for this very case; zero falls back to the rule's
	// IfFetched lists the addresses at which a client that fetches issuers may find
	// what is missing: with it nothing is wrong.
	IfFetched []string
	// Unread lists the fields of the item that the hit says could not be read.
	Unread x509read.Fields
	// Kinds tell apart what clients grade differently: "sgc", "wildcard-tld". Of a
	// broken hit with several, a client that forgives one of them is content; of an
	// unknown one it is not known which of them is the case.
	Kinds   []string
	Measure int // what a client's own limit is compared with: bits, octets, a number of certificates
}

// Beside is how a hit stands beside other paths than its own.
type Beside int

const (
	_ Beside = iota // it counts wherever it lies
	// OnlyBest: it counts on the best path alone, which is chosen to avoid it; elsewhere nothing is wrong.
	OnlyBest
	// Yields: where another path fails for a cause of its own, that is what to mend, and this is a note.
	Yields
)

// Advise says who takes the first step, and which; what it is tried by stays.
func (h *Hit) Advise(who, text string, commands ...string) {
	if len(h.Advice) == 0 {
		h.Advice = []Advice{{}}
	}
	h.Advice[0].Who, h.Advice[0].Text, h.Advice[0].Commands = who, text, commands
}

// Try says how the first step is tried, and what that assumes.
func (h *Hit) Try(r Repair, assumes string) {
	if len(h.Advice) == 0 {
		h.Advice = []Advice{{}}
	}
	h.Advice[0].Repair, h.Advice[0].Assumes = r, assumes
}

// Evid is one measured value beside what was wanted.
type Evid struct {
	Field string `json:"field"`
	Got   string `json:"got"`
	Want  string `json:"want"`
}

// Status of a finding.
type Status string

// Broken: the rule is broken. Unknown: the world beyond the input would have to
// be asked. Waived: a policy says so; it changes the exit code, never a verdict.
const (
	Broken  Status = "broken"
	Unknown Status = "unknown"
	Waived  Status = "waived"
)

// Position of an item on a path, as a Check is told it.
type Place struct {
	Leaf   bool // the path begins with it
	Anchor bool // it is the trusted anchor that ends the path
}

// A Check looks at one kind of thing; its type says at which. The engine calls
// it once per thing and records which paths a hit spoils. The list of hits is the
// engine's from then on: a check that remembers hits returns a copy.
type Check interface{ check() }

// The kinds of checks.
type (
	// PerLeaf looks at item 0 once; a hit spoils every path.
	PerLeaf func(*Case, *Item) []Hit
	// PerCertificate looks at every certificate on every path, once per place, and at
	// nothing else: of the item only Cert, Err and Label count. Neither the question
	// nor the rest of the case can change its answer, so that a certificate in which
	// it finds nothing is not asked about again, whatever stands below it.
	PerCertificate func(*Item, Place) []Hit
	// PerItem looks at every item on every path, once per item and place.
	PerItem func(*Case, *Item, Place) []Hit
	// PerLink looks at every issuer link.
	PerLink func(*Case, *Link) []Hit
	// PerPath looks at a whole path.
	PerPath func(*Case, *Path) []Hit
	// PerList looks at the list as sent, used on a path or not; a hit spoils no path.
	PerList func(*Case) []Hit
	// PerObservation looks at the observation being judged; a hit spoils no path.
	PerObservation func(*Case, *Observation) []Hit
	// PerIdentity looks at the identity of the capture; it is not called without one.
	PerIdentity func(*Case, *Identity) []Hit
	// PerOutlook looks at a trusted verdict and the instant it ends.
	PerOutlook func(*Case, *GoodUntil) []Hit
)

func (PerLeaf) check()        {}
func (PerCertificate) check() {}
func (PerItem) check()        {}
func (PerLink) check()        {}
func (PerPath) check()        {}
func (PerList) check()        {}
func (PerObservation) check() {}
func (PerIdentity) check()    {}
func (PerOutlook) check()     {}

// A Book is the list of rules of one package, in no order that means anything. Rules
// add themselves where they are declared; a test, not start-up, looks whether they are
// complete. Each is a variable of its own, which the compiler lays out: no rule is made
// at the start.
type Book []*Rule

// Add appends a rule and returns it.
//
//go:noinline // hundreds of calls at the start are little code, where appending in place is much
func (b *Book) Add(r *Rule) *Rule {
	if *b == nil {
		*b = make(Book, 0, 64)
	}
	*b = append(*b, r)
	return r
}

// Sorted is a copy of the book in the order of the rules' IDs.
func (b Book) Sorted() Book {
	return slices.SortedFunc(slices.Values(b), func(x, y *Rule) int { return strings.Compare(x.ID, y.ID) })
}
