package strict

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(rootLimit)

var rootLimit = &chain.Rule{
	ID:       "strict-root-limit",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "root that a client's store trusts with a limit",
	Sources: []chain.Source{{Doc: "Chrome Root Store 40", Section: "sct_not_after"}, {Doc: "NSS 3.132", Section: "CKA_NSS_SERVER_DISTRUST_AFTER"}, {Doc: "java.security", Section: "jdk.security.caDistrustPolicies"},
		{Doc: "CCADB", Section: "Included CA Certificate Report for MSFT"}},
	Explain: "A store does not drop a root from one day to the next: it goes on to trust what was issued before a date and refuses what came after. Chrome looks at the first certificate timestamp, Firefox and Java at the beginning of item 0's validity. " +
		"So a renewed certificate can fail where the one before it worked, with nothing else changed.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "have the certificate issued under a root that the clients trust without a limit"}},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !p.Builtin() {
			return nil
		}
		var hits []chain.Hit
		for _, l := range limits()[c.Anchors.Store.Name][p.Anchor.SHA256] {
			if h, broken := l.breach(c, p); broken {
				hits = append(hits, h)
			}
		}
		return hits
	}),
}

// A limit is what a store restricts its trust in a root by.
type limit struct {
	kind  string // "sct": the first timestamp; "issued": notBefore of item 0; "names": host names below; "purpose": for what is not known
	until time.Time
	names string
}

// limits are those of all stores, by store and root.
var limits = sync.OnceValue(func() map[string]map[[sha256.Size]byte][]limit {
	out := map[string]map[[sha256.Size]byte][]limit{}
	_, table, _ := strings.Cut(limitsTable, "\n")
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		sum, err := hex.DecodeString(f[1])
		if err != nil || len(sum) != sha256.Size {
			continue // a test reads every row
		}
		l := limit{kind: f[2], names: f[3]}
		l.until, _ = time.Parse(time.RFC3339, f[3])
		if out[f[0]] == nil {
			out[f[0]] = map[[sha256.Size]byte][]limit{}
		}
		out[f[0]][[sha256.Size]byte(sum)] = append(out[f[0]][[sha256.Size]byte(sum)], l)
	}
	return out
})

//go:embed root_limits.tsv
var limitsTable string

func (l *limit) breach(c *chain.Case, p *chain.Path) (chain.Hit, bool) {
	leaf, root := p.Leaf(), p.Last()
	h := chain.Hit{Item: root, Kinds: []string{l.kind}}
	switch l.kind {
	case "issued":
		h.Message = fmt.Sprintf("{item} is trusted for what was issued until %s only, and item 0 is from %s", l.until.Format(time.DateOnly), leaf.Cert.NotBefore.Format(time.DateOnly))
		h.Evidence = []chain.Evid{{Field: "notBefore of item 0", Got: leaf.Cert.NotBefore.Format(time.RFC3339), Want: "not after " + l.until.Format(time.RFC3339)}}
		return h, leaf.Cert.NotBefore.After(l.until)
	case "sct":
		first, ok := firstTimestamp(c, leaf)
		h.Message = fmt.Sprintf("{item} is trusted for what was logged until %s only, and item 0 has no certificate timestamp as old", l.until.Format(time.DateOnly))
		got := "none"
		if ok {
			got = first.Format(time.RFC3339)
		}
		h.Evidence = []chain.Evid{{Field: "first SCT of item 0", Got: got, Want: "not after " + l.until.Format(time.RFC3339)}}
		return h, !ok || first.After(l.until)
	case "names":
		for _, g := range leaf.Cert.SubjectAltName {
			if g.Tag == x509read.TagDNS && !strings.HasSuffix(strings.ToLower(g.Text()), l.names) {
				h.Message = fmt.Sprintf("{item} is trusted for names under %s only", l.names)
				h.Evidence = []chain.Evid{{Field: "subjectAltName", Got: g.Text(), Want: "a name under " + l.names}}
				return h, true
			}
		}
		return h, false
	}
	h.Status = chain.Unknown
	h.Message = "for which purposes {item} is trusted is not known"
	h.Evidence = []chain.Evid{{Field: "root", Got: "in this store alone", Want: "a table with purposes"}}
	return h, true
}

// firstTimestamp is the earliest timestamp of a path's item 0, however it came.
func firstTimestamp(c *chain.Case, leaf *chain.Item) (first time.Time, ok bool) {
	for _, d := range deliveries(c, leaf) {
		if !ok || d.Time.Before(first) {
			first, ok = d.Time, true
		}
	}
	return first, ok
}
