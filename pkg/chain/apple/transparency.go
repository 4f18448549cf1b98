package apple

import (
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// ctLists are the lists of logs a case is judged by: Apple's, and those of other
// clients, whose further logs do not count and are named.
type ctLists struct {
	own    *ctlog.List
	from   string // where own came from, in words
	others []*ctlog.List
}

type listsKey struct{}

// listsFor are the list handed in with the case, the last one of several; else
// the built-in ones, or newer ones that the case carries.
func listsFor(c *chain.Case) *ctLists {
	return chain.OnceForAll(c, listsKey{}, func() *ctLists {
		l := &ctLists{own: ctlog.Apple(), from: "built in", others: []*ctlog.List{ctlog.Chrome(), ctlog.Mozilla()}}
		if c.Capture == nil {
			return l
		}
		var given *ctlog.List
		for _, e := range c.Capture.Evidence {
			if e.Kind != chain.EvidenceCTList {
				continue
			}
			switch e.Origin {
			case chain.OriginUpdated:
				l.update(e)
			default:
				if one, err := ctlog.Parse(e.Data, e.Source); err == nil {
					given = one
				}
			}
		}
		if given != nil {
			return &ctLists{own: given, from: "given"}
		}
		return l
	})
}

// update takes a list of a client where it is newer than the built-in one.
func (l *ctLists) update(e chain.Evidence) {
	for client, to := range map[string]**ctlog.List{"apple": &l.own, "chrome": &l.others[0]} {
		if e.Source != client {
			continue
		}
		if one, err := ctlog.Parse(e.Data, (*to).Origin); err == nil && one.Newer(*to) {
			if *to = one; client == "apple" {
				l.from = "from chainspect update"
			}
		}
	}
}

// otherList finds a log in another client's list of approved logs.
func (l *ctLists) otherList(id [32]byte) (*ctlog.Log, *ctlog.List) {
	for _, list := range l.others {
		if log := list.Logs[id]; log != nil && log.Approved() {
			return log, list
		}
	}
	return nil, nil
}

// delivered is one SCT as it came, and what became of it.
type delivered struct {
	sct        ctlog.SCT
	embedded   bool
	delivery   ctlog.Delivery
	log        *ctlog.Log
	verdict    string // in words, for the evidence
	now        bool   // counts, from a log approved now
	retiredLog bool   // counts, from a log approved when it signed (embedded only)
	open       bool   // a newer list of logs would have to be asked

	knownBy string // the log that only another client's list has, with that list
}

// collect lists the SCTs of a leaf however they were delivered.
func collect(c *chain.Case, leaf *chain.Item) (out []delivered) {
	extension, staple := c.Handed(leaf)
	ctlog.Deliver(leaf.Cert.SCTList, extension, staple, func(s ctlog.SCT, how ctlog.Delivery) {
		out = append(out, delivered{sct: s, delivery: how, embedded: how == ctlog.Embedded})
	})
	return out
}

// ctCount is what the SCTs of a path add up to.
type ctCount struct {
	all       []delivered
	lists     *ctLists
	needed    int // embedded SCTs for way B
	compliant bool
	byB       bool // by embedded SCTs alone
	open      bool // not compliant, but a newer list of logs could make it so
}

type countKey struct{ leaf, issuer *chain.Item }

// count verifies and weighs the SCTs of a path's leaf (apple: C-03 to C-10).
func count(c *chain.Case, p *chain.Path) *ctCount {
	leaf := p.Leaf()
	var issuer *chain.Item
	if len(p.Items) > 1 {
		issuer = p.Items[1]
	}
	return chain.Once(c, countKey{leaf, issuer}, func() *ctCount {
		n := &ctCount{all: collect(c, leaf), lists: listsFor(c), needed: neededSCTs(leaf.Cert)}
		n.weigh(c, leaf.Cert, issuer)
		n.decide()
		return n
	})
}

func (n *ctCount) weigh(c *chain.Case, leaf *x509read.Certificate, issuer *chain.Item) {
	issued := c.Question.Time // where no approved log says when
	for i := range n.all {
		d := &n.all[i]
		d.log = n.lists.own.Logs[d.sct.LogID]
		n.judge(c, d, leaf, issuer)
		if d.now && d.sct.Time.Before(issued) {
			issued = d.sct.Time
		}
	}
	for i := range n.all {
		d := &n.all[i]
		if d.verdict != "retired" {
			continue
		}
		// C-04: both the SCT and the certificate have to be older than the retirement.
		at := d.sct.Time.Truncate(time.Second)
		switch {
		case !d.embedded:
			d.verdict = "its log is retired, which counts for embedded SCTs only"
		case at.Before(d.log.Since) && issued.Before(d.log.Since):
			d.retiredLog, d.verdict = true, "counts: its log was approved when it signed"
		default:
			d.verdict = "its log was retired on " + d.log.Since.Format(time.DateOnly)
		}
	}
}

// signedKey is everything the check of an SCT's signature depends on.
type signedKey struct {
	millis       uint64
	hash, sign   uint8
	extensions   string
	signature    string
	log          *ctlog.Log
	leaf, issuer *x509read.Certificate
	embedded     bool
}

// judge verifies one SCT and says whether its log counts.
func (n *ctCount) judge(c *chain.Case, d *delivered, leaf *x509read.Certificate, issuer *chain.Item) {
	now := c.Question.Time
	var issuerCert *x509read.Certificate
	if issuer != nil {
		issuerCert = issuer.Cert
	}
	if d.sct.Time.After(now) {
		d.verdict = "its time lies in the future"
		return
	}
	log := d.log
	if log == nil {
		d.open = d.sct.Time.After(n.lists.own.Date)
		d.verdict = "its log is not in " + n.lists.own.String()
		var list *ctlog.List
		if log, list = n.lists.otherList(d.sct.LogID); log == nil {
			return
		}
		d.knownBy = log.Name + ", which is in " + list.String()
		d.verdict += " but in " + list.String()
	}
	status := chain.OnceForAll(c, signedKey{d.sct.Millis, d.sct.Hash, d.sct.Sign, string(d.sct.Extensions), string(d.sct.Signature), log, leaf, issuerCert, d.embedded}, func() ctlog.Status {
		return d.sct.Check(leaf, issuerCert, d.embedded, log.Key)
	})
	if status != ctlog.Verified {
		d.open, d.knownBy, d.verdict = false, "", "its signature is "+string(status)
		return
	}
	if d.log == nil { // another client knows it: a newer list of Apple's may, too
		d.open = true
		return
	}
	if !d.log.From.IsZero() && leaf.NotAfter.Before(d.log.From) || !d.log.Until.IsZero() && !leaf.NotAfter.Before(d.log.Until) {
		d.verdict = "its log takes certificates that end within another period"
		return
	}
	// A list tells a log's last state only: asked about an earlier time, what is
	// retired since was approved, and what is rejected since is mostly not known.
	earlier := now.Before(d.log.Since)
	switch d.log.State {
	case "usable", "qualified":
		d.now, d.verdict = true, "counts"
	case "readonly":
		d.now = !d.sct.Time.Truncate(time.Second).After(d.log.Since)
		d.verdict = "counts: made before its log was frozen"
		if !d.now {
			d.verdict = "made after its log was frozen"
		}
	case "retired":
		d.verdict = "retired" // decided once the time of issue is known
		if earlier {
			d.now, d.verdict = true, "counts: its log was retired later"
		}
	case "rejected":
		d.verdict = "its log is rejected since " + d.log.Since.Format(time.DateOnly)
		// A shard is struck off when its period is over: until then it was approved.
		d.now = earlier && !d.log.Until.IsZero() && !d.log.Since.Before(d.log.Until)
		d.open = earlier && !d.now
		if d.now {
			d.verdict = "counts: its log was rejected only after its period"
		}
	case "pending":
		d.open = d.sct.Time.After(n.lists.own.Date)
		d.verdict = "its log is not approved yet"
	default:
		d.verdict = "its log is " + d.log.State
	}
}

// decide applies the two ways to comply (apple: C-03, C-04).
func (n *ctCount) decide() {
	n.byB = n.wayB(false)
	n.compliant = n.byB || n.wayA(false)
	n.open = !n.compliant && (n.wayB(true) || n.wayA(true))
}

func (n *ctCount) wayA(lenient bool) bool {
	logs := map[[32]byte]bool{}
	handed := false
	for _, d := range n.all {
		if d.now || lenient && d.open {
			logs[d.sct.LogID] = true
			handed = handed || !d.embedded
		}
	}
	return handed && len(logs) >= 2
}

func (n *ctCount) wayB(lenient bool) bool {
	logs := map[[32]byte]bool{}
	current := false
	for _, d := range n.all {
		ok := d.now || lenient && d.open
		if d.embedded && (ok || d.retiredLog) {
			logs[d.sct.LogID] = true
			current = current || ok
		}
	}
	return current && len(logs) >= n.needed
}

var ctByDays = time.Date(2021, 4, 21, 0, 0, 0, 0, time.UTC)

// neededSCTs is how many embedded SCTs a certificate needs: by lifetime in
// seconds since 2021-04-21 (apple: C-05), by whole calendar months before (C-06).
func neededSCTs(c *x509read.Certificate) int {
	if !c.NotBefore.Before(ctByDays) {
		switch d := chain.Between(c.NotBefore, c.NotAfter); {
		case d <= 180*chain.Day:
			return 2
		case d <= 825*chain.Day:
			return 3
		}
		return 4
	}
	switch m := wholeMonths(c.NotBefore, c.NotAfter); {
	case m < 15:
		return 2
	case m <= 27:
		return 3
	case m <= 39:
		return 4
	}
	return 5
}

// wholeMonths counts complete calendar months in UTC, truncated.
func wholeMonths(from, until time.Time) int {
	from, until = from.UTC(), until.UTC()
	m := (until.Year()-from.Year())*12 + int(until.Month()-from.Month())
	rest := func(t time.Time) time.Duration {
		return t.Sub(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC))
	}
	if rest(until) < rest(from) {
		m--
	}
	return m
}
