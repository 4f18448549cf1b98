package apple

import (
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// maxSCTs bounds how many SCTs of one delivery are verified.
const maxSCTs = 64

// delivered is one SCT as it came, and what became of it.
type delivered struct {
	sct      SCT
	embedded bool
	way      string // "embedded", "TLS extension", "OCSP staple"
	log      *ctlog.Log
	verdict  string // in words, for the evidence
	now      bool   // counts, from a log approved now
	once     bool   // counts, from a log approved when it signed (embedded only)
	open     bool   // a newer list of logs would have to be asked

	elsewhere string // the log that only another client's list has, with that list
}

// collect lists the SCTs of a leaf however they were delivered.
func collect(c *chain.Case, leaf *chain.Item) []delivered {
	var out []delivered
	take := func(scts []SCT, way string) {
		for i, s := range scts {
			if i < maxSCTs {
				out = append(out, delivered{sct: s, way: way, embedded: way == "embedded"})
			}
		}
	}
	if list := leaf.Cert.SCTList; list != nil {
		scts, _ := ParseSCTList(list)
		take(scts, "embedded")
	}
	if c.Observation == nil || leaf != c.Leaf() {
		return out
	}
	var scts []SCT
	for _, raw := range c.Observation.SCTs {
		if s, err := ParseSCT(raw); err == nil && s.Version == 0 {
			scts = append(scts, s)
		}
	}
	take(scts, "TLS extension")
	take(stapled(c.Observation.Staples[0]), "OCSP staple")
	return out
}

// stapled reads the SCTs in an OCSP response (RFC 6962 section 3.3).
func stapled(response []byte) []SCT {
	if len(response) == 0 {
		return nil
	}
	r, err := ocsp.ParseResponse(response, nil)
	if err != nil {
		return nil
	}
	for _, e := range r.Extensions {
		if e.Id.String() != x509read.OIDExtSCTListOCSP.String() {
			continue
		}
		list := e.Value
		if len(list) > 2 && list[0] == 4 { // OCTET STRING around it
			if inner, ok := octets(list); ok {
				list = inner
			}
		}
		scts, _ := ParseSCTList(list)
		return scts
	}
	return nil
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
	return c.Once(countKey{leaf, issuer}, func() any {
		n := &ctCount{all: collect(c, leaf), lists: listsFor(c), needed: neededSCTs(leaf.Cert)}
		n.weigh(c, leaf.Cert, issuer)
		n.decide()
		return n
	}).(*ctCount)
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
			d.once, d.verdict = true, "counts: its log was approved when it signed"
		default:
			d.verdict = "its log was retired on " + d.log.Since.Format("2006-01-02")
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
		if log, list = n.lists.elsewhere(d.sct.LogID); log == nil {
			return
		}
		d.elsewhere = log.Name + ", which is in " + list.String()
		d.verdict += " but in " + list.String()
	}
	status := c.OnceForAll(signedKey{d.sct.millis, d.sct.Hash, d.sct.Sign, string(d.sct.Extensions), string(d.sct.Signature), log, leaf, issuerCert, d.embedded}, func() any {
		return CheckSCT(d.sct, leaf, issuerCert, d.embedded, log.Key)
	}).(SCTStatus)
	if status != SCTVerified {
		d.open, d.elsewhere, d.verdict = false, "", "its signature is "+string(status)
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
		d.verdict = "its log is rejected since " + d.log.Since.Format("2006-01-02")
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
		if d.embedded && (ok || d.once) {
			logs[d.sct.LogID] = true
			current = current || ok
		}
	}
	return current && len(logs) >= n.needed
}
