package strict

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(&chain.Rule{
	ID:       "strict-transparency",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "too few timestamps of logs that a browser knows",
	Sources: []chain.Source{{Doc: "Chrome Certificate Transparency Policy", Section: "Embedded SCTs, SCTs via OCSP and TLS"},
		{Doc: "Mozilla Certificate Transparency", Section: "CT policy"}, {Doc: "RFC 6962", Section: "section 3.2"}},
	Explain: "Chrome and Firefox take a certificate under a public root only where logs of theirs have seen it: two timestamps for a lifetime up to 180 days, three for a longer one, of at least two operators, one of them of a log that is approved today. " +
		"Each browser has a list of logs of its own, so that a certificate can do for one and not for the other. Timestamps are counted by their logs; whether each is signed well is judged with Apple's list.",
	Advice: []chain.Advice{{Who: "CA", Text: "reissue item 0 with embedded SCTs of logs that every browser knows"}},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		var list *ctlog.List
		switch store, now := c.Anchors.Store.Name, c.Question.Time; {
		case !p.Builtin() || c.Question.Purpose != chain.PurposeServer:
			return nil
		case store == "chrome" && !p.Leaf().Cert.NotBefore.Before(chromeFrom):
			list = ctlog.Chrome()
		case store == "mozilla" && !now.Before(firefoxFrom):
			list = ctlog.Mozilla()
		default:
			return nil
		}
		leaf := p.Leaf()
		stamps := timestamps(leaf.Cert.SCTList)
		if c.Observation != nil && leaf == c.Leaf() {
			for _, raw := range c.Observation.SCTs {
				if s, ok := readTimestamp(raw); ok {
					stamps = append(stamps, s)
				}
			}
		}
		t := transparency(list, stamps, c.Question.Time, leaf.Cert)
		if t.enough() {
			return nil
		}
		h := chain.Hit{Item: leaf, Kinds: []string{c.Anchors.Store.Name},
			Message:  fmt.Sprintf("%d timestamps of %d operators count after %s, %d of 2 operators are needed", t.counted, len(t.operators), list, t.needed),
			Evidence: []chain.Evid{{Field: "SCTs", Got: fmt.Sprint(len(stamps)), Want: fmt.Sprint(t.needed)}}}
		if t.other || c.Observation != nil && len(c.Observation.Staples[0]) > 0 { // what a newer list, or a stapled answer, may add
			h.Status = chain.Unknown
		}
		return []chain.Hit{h}
	}),
})

// Since when the browsers ask: Chrome of certificates issued since, Firefox (135) of all.
var (
	chromeFrom  = time.Date(2018, 5, 1, 0, 0, 0, 0, time.UTC)
	firefoxFrom = time.Date(2025, 2, 4, 0, 0, 0, 0, time.UTC)
)

// A timestamp is what an SCT says of itself (RFC 6962 section 3.2).
type timestamp struct {
	log [sha256.Size]byte
	at  time.Time
}

// timestamps are those of a SignedCertificateTimestampList, as far as it can be read.
func timestamps(list []byte) []timestamp {
	s := cryptobyte.String(list)
	var rest cryptobyte.String
	var out []timestamp
	if !s.ReadUint16LengthPrefixed(&rest) {
		return nil
	}
	for !rest.Empty() {
		var sct cryptobyte.String
		if !rest.ReadUint16LengthPrefixed(&sct) {
			return out
		}
		if t, ok := readTimestamp(sct); ok {
			out = append(out, t)
		}
	}
	return out
}

func readTimestamp(sct []byte) (t timestamp, ok bool) {
	s := cryptobyte.String(sct)
	var version uint8
	var ms uint64
	if !s.ReadUint8(&version) || version != 0 || !s.CopyBytes(t.log[:]) || !s.ReadUint64(&ms) || ms > 1<<60 {
		return t, false
	}
	t.at = time.UnixMilli(int64(ms)).UTC()
	return t, true
}

// A tally is what timestamps add up to after a browser's list.
type tally struct {
	counted, needed int
	operators       map[string]bool
	current         bool // one is of a log that is approved now
	other           bool // one is of a log that a newer list may have, or the list of then
}

func (t *tally) enough() bool { return t.counted >= t.needed && len(t.operators) >= 2 && t.current }

// transparency counts distinct logs: those approved at the time asked about, and
// those that were when they signed.
func transparency(list *ctlog.List, stamps []timestamp, now time.Time, leaf *x509read.Certificate) *tally {
	t := &tally{needed: 2, operators: map[string]bool{}}
	if chain.Between(leaf.NotBefore, leaf.NotAfter) > 180*chain.Day {
		t.needed = 3
	}
	seen := map[[sha256.Size]byte]bool{}
	for _, s := range stamps {
		log := list.Logs[s.log]
		switch {
		case seen[s.log] || s.at.After(now):
			continue
		case log == nil:
			t.other = t.other || s.at.After(list.Date) || now.Before(list.Date.AddDate(-1, 0, 0))
			continue
		case log.Approved() || log.State == "readonly":
			t.current = true
		case log.State == "retired" && s.at.Before(log.Since): // approved when it signed
		default:
			continue
		}
		seen[s.log] = true
		t.counted++
		t.operators[strings.ToLower(log.Operator)] = true
	}
	return t
}
