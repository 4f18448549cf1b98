package chain

import (
	"slices"
	"strings"
	"sync"
)

// A Profile is data: it gives rules other severities than their own. Nothing
// else knows which profile is in force.
type Profile struct {
	Name  string
	About string
	// Fetches says that the clients it stands for fetch issuers that are not sent,
	// from the addresses in the certificates (caIssuers).
	Fetches bool
	Table   []Grade // the longest matching prefix decides; none: the rule itself. Unchanged once it was asked

	once     sync.Once
	byID     map[string]*Grade // lines of one rule
	lengths  uint64            // of their IDs, by 64
	prefixes []*Grade          // the others
}

// Grade is one line of a profile: a rule's ID, or the beginning of several up to a hyphen.
type Grade struct {
	Prefix      string
	Severity    Severity
	BuiltinOnly bool // counts on paths that end in a builtin anchor only
}

// Severity is how grave the profile holds a breach of a rule for.
func (p *Profile) Severity(r *Rule) (s Severity, builtinOnly bool) {
	p.once.Do(p.index)
	if p.lengths>>(len(r.ID)%64)&1 != 0 { // most IDs are no entry's
		if g := p.byID[r.ID]; g != nil {
			return g.Severity, g.BuiltinOnly
		}
	}
	if s = r.Severity; s == "" {
		s = Error
	}
	best := 0
	for _, g := range p.prefixes {
		if n := len(g.Prefix); n > best && strings.HasPrefix(r.ID, g.Prefix) {
			best, s, builtinOnly = n, g.Severity, g.BuiltinOnly
		}
	}
	return s, builtinOnly
}

func (p *Profile) index() {
	p.byID = make(map[string]*Grade, len(p.Table))
	for i := range p.Table {
		if g := &p.Table[i]; strings.HasSuffix(g.Prefix, "-") {
			p.prefixes = append(p.prefixes, g)
		} else if p.byID[g.Prefix] == nil { // the first of two, as of prefixes
			p.byID[g.Prefix] = g
			p.lengths |= 1 << (len(g.Prefix) % 64)
		}
	}
}

// Judges reports whether the profile leaves any rule of a book switched on.
func (p *Profile) Judges(b Book) bool {
	return slices.ContainsFunc(b, func(r *Rule) bool {
		s, _ := p.Severity(r)
		return s != Off
	})
}

// WithSeverities returns the profile with other severities for some rules.
func (p *Profile) WithSeverities(m map[string]Severity) *Profile {
	if len(m) == 0 {
		return p
	}
	q := &Profile{Name: p.Name, About: p.About, Fetches: p.Fetches, Table: append([]Grade(nil), p.Table...)}
	for id, s := range m {
		for i := range q.Table {
			if q.Table[i].Prefix == id {
				q.Table[i] = q.Table[len(q.Table)-1]
				q.Table = q.Table[:len(q.Table)-1]
				break
			}
		}
		q.Table = append(q.Table, Grade{Prefix: id, Severity: s})
	}
	return q
}

// Profiles lists the profiles in the order --help shows them; they are shared
// and must not be changed.
func Profiles() []*Profile { return profiles() }

var profiles = sync.OnceValue(func() []*Profile {
	return []*Profile{
		{Name: "apple", About: "what iOS, macOS and their siblings say", Fetches: true, Table: []Grade{
			{Prefix: "lint-", Severity: Note},
			{Prefix: "lint-br-", Severity: Warning, BuiltinOnly: true},
			{Prefix: "apple-lifetime-schedule", Severity: Warning},
			{Prefix: "basic-anchor-extension", Severity: Off}, // apple: X-15
			// Apple's own procedure or limits stand in rules of package apple.
			{Prefix: "basic-critical-extension", Severity: Off},   // apple: X-15
			{Prefix: "basic-name-constraints", Severity: Off},     // apple: N-01…N-08
			{Prefix: "basic-signature-algorithm", Severity: Off},  // apple: X-25
			{Prefix: "basic-duplicate-extension", Severity: Off},  // apple: X-14
			{Prefix: "basic-key-identifier", Severity: Off},       // apple: X-17
			{Prefix: "basic-not-ca", Severity: Off},               // apple: X-18
			{Prefix: "basic-key-cert-sign", Severity: Off},        // apple: X-19
			{Prefix: "basic-path-length", Severity: Off},          // apple: X-20
			{Prefix: "basic-weak-key", Severity: Off},             // apple: K-01
			{Prefix: "basic-weak-hash", Severity: Off},            // apple: K-04
			{Prefix: "basic-sha1", Severity: Off},                 // apple: K-05
			{Prefix: "basic-anchor-eku", Severity: Off},           // apple: X-22
			{Prefix: "basic-eku", Severity: Off},                  // apple: E-01, X-22
			{Prefix: "basic-key-usage", Severity: Warning},        // apple: X-19
			{Prefix: "basic-self-signature", Severity: Warning},   // apple: X-07
			{Prefix: "basic-unread-extension", Severity: Warning}, // apple: X-13a, X-15
			{Prefix: "basic-policy-qualifier", Severity: Warning}, // the policies are read alone
			{Prefix: "basic-encoding", Severity: Warning},         // apple: X-09…X-17 are rules of their own
			{Prefix: "ats-off", Severity: Note},
			{Prefix: "ats-local-host", Severity: Note},
			{Prefix: "ats-post-quantum", Severity: Note},
			{Prefix: "reach-large-clienthello", Severity: Error}, // what iOS 26 sends comes to nothing
			{Prefix: "reach-server-name", Severity: Error},
		}},
		{Name: "rfc", About: "RFC 5280 and RFC 2818/9525, nothing else", Table: []Grade{
			{Prefix: "apple-", Severity: Off},
			{Prefix: "ats-", Severity: Off},
			{Prefix: "lint-", Severity: Warning},
		}},
		{Name: "webpki", About: "rfc, and the certificate-profile rules as errors whatever the anchor", Table: []Grade{
			{Prefix: "apple-", Severity: Off},
			{Prefix: "ats-", Severity: Off},
			{Prefix: "lint-", Severity: Error},
			{Prefix: "revocation-crl-profile", Severity: Error}, // Baseline Requirements 7.2
		}},
	}
})

// ProfileByName finds a profile; nil if there is none of that name.
func ProfileByName(name string) *Profile {
	for _, p := range Profiles() {
		if p.Name == name {
			return p
		}
	}
	return nil
}
