package strict

import (
	"fmt"
	"slices"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(transparency)

var transparency = &chain.Rule{
	ID:       "strict-transparency",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "too few timestamps of logs that a browser knows",
	Sources: []chain.Source{{Doc: "Chrome Certificate Transparency Policy", Section: "CT Compliant Certificates"}, {Doc: "chrome_ct_policy_enforcer.cc", Section: "CheckCTPolicyCompliance"},
		{Doc: "CTPolicyEnforcer.cpp (mozilla-central security/ct)", Section: "EmbeddedSCTsCompliant, NonEmbeddedSCTsCompliant"}, {Doc: "RFC 6962", Section: "sections 3.2 and 3.3"}},
	Explain: "Chrome and Firefox take a certificate under a public root only where logs of theirs have seen it. Embedded timestamps: two for a lifetime up to 180 days, three for a longer one, of two operators, and one of a log that is approved today; one of a log that was retired since counts if it is older. " +
		"Those in the handshake or in the stapled OCSP response: of two operators, by logs that are approved today. Each browser has a list of logs of its own, so that a certificate can do for one and not for the other. A timestamp counts where the log's key made its signature.",
	Advice:   []chain.Advice{{Who: "CA", Text: "reissue item 0 with embedded SCTs of logs that every browser knows"}},
	Instants: chain.AtValidity,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		leaf, list := p.Leaf(), browserLogs(c, p)
		if list == nil {
			return nil
		}
		t := tallyOf(c, p, list)
		if t.enough(false) {
			return nil
		}
		counted := 0
		for i := range t.stamps {
			if t.stamps[i].counts != no {
				counted++
			}
		}
		h := chain.Hit{Item: leaf, Kinds: []string{c.Anchors.Store.Name},
			Message:  fmt.Sprintf("%d of the %d timestamps of {item} count after %s, %d embedded ones of two operators are needed", counted, len(t.stamps), list, t.needed),
			Evidence: []chain.Evid{{Field: "SCTs", Got: fmt.Sprintf("%d, %d count", len(t.stamps), counted), Want: fmt.Sprint(t.needed)}}}
		if t.enough(true) {
			h.Status = chain.Unknown
		}
		return []chain.Hit{h}
	}),
}

// Since when the browsers ask: Chrome of certificates issued since, Firefox (135) of all.
var (
	chromeFrom  = time.Date(2018, 5, 1, 0, 0, 0, 0, time.UTC)
	firefoxFrom = time.Date(2025, 2, 4, 0, 0, 0, 0, time.UTC)
)

// browserLogs is the list of the browser whose store the case is judged with; nil
// where none asks for timestamps.
func browserLogs(c *chain.Case, p *chain.Path) *ctlog.List {
	switch {
	case !p.Builtin() || c.Question.Purpose != chain.PurposeServer:
	case c.Anchors.Store.Name == "chrome" && !p.Leaf().Cert.NotBefore.Before(chromeFrom):
		return chromeLogs(c)
	case c.Anchors.Store.Name == "mozilla" && !c.Question.Time.Before(firefoxFrom):
		return ctlog.Mozilla()
	}
	return nil
}

type chromeLogsKey struct{}

// chromeLogs is Chrome's list, the newest at hand.
func chromeLogs(c *chain.Case) *ctlog.List {
	return chain.OnceForAll(c, chromeLogsKey{}, func() *ctlog.List {
		list := ctlog.Chrome()
		for _, e := range c.Capture.Evidence {
			if e.Kind != chain.EvidenceCTList || e.Origin != chain.OriginUpdated || e.Source != "chrome" {
				continue
			}
			if one, err := ctlog.Parse(e.Data, list.Origin); err == nil && one.Newer(list) {
				list = one
			}
		}
		return list
	})
}

// A stamp is a timestamp and what it counts for.
type stamp struct {
	log      [32]byte
	operator string
	at       time.Time
	embedded bool
	counts   weight
	open     bool // a newer list may know its log
}

// weight is what the log of a timestamp is worth.
type weight int

const (
	no     weight = iota
	once          // approved when it signed: embedded alone
	always        // approved now
)

// A tally is the timestamps of a path's item 0, weighed by a browser's list.
type tally struct {
	needed int
	apart  bool // Firefox counts operators apart for what is handed out and what is embedded
	stamps []stamp
}

type tallyKey struct {
	list *ctlog.List
	leaf *chain.Item
	by   *chain.Item
}

func tallyOf(c *chain.Case, p *chain.Path, list *ctlog.List) *tally {
	key := tallyKey{list, p.Leaf(), nil}
	if len(p.Items) > 1 {
		key.by = p.Items[1]
	}
	return chain.Once(c, key, func() *tally {
		var issuer *x509read.Certificate
		if key.by != nil {
			issuer = key.by.Cert
		}
		return newTally(list, c.Question.Time, key.leaf.Cert, issuer, deliveries(c, key.leaf))
	})
}

// A delivered is a timestamp as it came.
type delivered struct {
	ctlog.SCT
	delivery ctlog.Delivery
}

func deliveries(c *chain.Case, leaf *chain.Item) (out []delivered) {
	extension, staple := c.Handed(leaf)
	ctlog.Deliver(leaf.Cert.SCTList, extension, staple, func(s ctlog.SCT, how ctlog.Delivery) { out = append(out, delivered{s, how}) })
	return out
}

// newTally weighs timestamps. Both browsers take the earliest one of a log that is
// approved now for the time of issue, and count one of a retired log where both are
// older than its retirement.
func newTally(list *ctlog.List, now time.Time, leaf, issuer *x509read.Certificate, all []delivered) *tally {
	t := &tally{needed: 2, apart: list.Origin == mozillaOrigin}
	if leaf.NotAfter.Sub(leaf.NotBefore) > 180*24*time.Hour {
		t.needed = 3
	}
	var issued time.Time
	retired := map[int]time.Time{}
	for i := range all {
		d := &all[i]
		log := list.Logs[d.LogID]
		s := stamp{log: d.LogID, at: d.Time, embedded: d.delivery == ctlog.Embedded}
		switch {
		case d.Time.After(now):
		case log == nil || log.State == "pending" && log.Compiled == "":
			s.open = d.Time.After(list.Date) || now.Before(list.Date.AddDate(-1, 0, 0))
			s.operator = fmt.Sprintf("%x", d.LogID) // whoever it is
		case d.Check(leaf, issuer, s.embedded, log.Key) != ctlog.Verified:
		case t.apart && log.Tiled && !d.HasLeafIndex(): // CTPolicyEnforcer.cpp: SCTs of tiled logs need it
		case log.Approved() || log.State == "readonly" || now.Before(log.Since):
			s.counts, s.operator = always, log.Operator
			if issued.IsZero() || s.at.Before(issued) {
				issued = s.at
			}
		case log.State == "retired":
			retired[len(t.stamps)], s.operator = log.Since, log.Operator
		}
		t.stamps = append(t.stamps, s)
	}
	for i, since := range retired {
		if s := &t.stamps[i]; s.embedded && s.at.Before(since) && (issued.IsZero() || issued.Before(since)) {
			s.counts = once
		}
	}
	return t
}

// mozillaOrigin is how Mozilla's list names itself.
const mozillaOrigin = "Mozilla's list"

// enough applies the two ways to comply: by what the server hands out, and by what
// is embedded. lenient counts what a newer list may know.
func (t *tally) enough(lenient bool) bool {
	var logs [][32]byte                // of the embedded ones
	var handed, embedded, all []string // operators
	current := false
	add := func(list *[]string, operator string) {
		if !slices.Contains(*list, operator) {
			*list = append(*list, operator)
		}
	}
	for i := range t.stamps {
		s := &t.stamps[i]
		approved := s.counts == always || lenient && s.open
		if !approved && s.counts != once {
			continue
		}
		add(&all, s.operator)
		if !s.embedded {
			add(&handed, s.operator)
			continue
		}
		add(&embedded, s.operator)
		current = current || approved
		if !slices.Contains(logs, s.log) {
			logs = append(logs, s.log)
		}
	}
	full := current && len(logs) >= t.needed
	if t.apart {
		return len(handed) >= 2 || full && len(embedded) >= 2
	}
	return len(all) >= 2 && (full || len(handed) > 0)
}
