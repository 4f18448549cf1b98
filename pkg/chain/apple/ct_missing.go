package apple

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var ctFrom = time.Date(2018, 10, 16, 0, 0, 0, 0, time.UTC)

// appleAnchors are the five certificates whose chains are exempt (apple: C-01);
// the prefixes of their fingerprints are unique in the store.
var appleAnchors = [...]string{"b0b1730e", "c2b9b042", "63343abf", "fb3f6cf6", "eda23b3f"}

// ctEnforced reports whether Certificate Transparency is asked of a path (apple: C-01, C-02).
func ctEnforced(c *chain.Case, p *chain.Path) bool {
	leaf := p.Leaf().Cert
	// What a repair reissues is logged anew.
	if !server(c) || !p.Builtin() || p.Leaf().Reissued || leaf.NotBefore.Before(ctFrom) ||
		c.Question.Time.Before(leaf.NotBefore) || c.Question.Time.After(leaf.NotAfter) {
		return false
	}
	sum := hex.EncodeToString(p.Anchor.SHA256[:])
	for _, prefix := range appleAnchors {
		if strings.HasPrefix(sum, prefix) {
			return false
		}
	}
	return true
}

// ctNeeded reports whether Certificate Transparency is asked of any path.
func ctNeeded(c *chain.Case) bool {
	return slices.ContainsFunc(c.Paths, func(p *chain.Path) bool { return ctEnforced(c, p) })
}

var _ = rules.Add(ctMissing)

var ctMissing = &chain.Rule{
	ID:    "apple-ct-missing",
	Level: chain.LevelX509,
	Title: "too few certificate timestamps (SCTs)",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c SecPolicyCheckSystemTrustedCTRequired", Section: "C-01, C-02", Confidence: chain.ConfidenceTested},
		{Doc: "CertificateTransparency.m", Section: "C-03 to C-06, C-08 to C-10", Confidence: chain.ConfidenceTested},
		{Doc: "Apple 103214", Section: "C-12", Confidence: chain.ConfidenceDocument},
	},
	Explain: "A server certificate under a root of Apple's own store has to be in public logs (Certificate Transparency), and proves it by timestamps the logs have signed: inside the certificate, in the handshake, or in the stapled OCSP response. " +
		"Two to five are needed, by its lifetime, at least one of them from a log that is approved today. Private roots are exempt; the log on the device calls the certificate not standards compliant.",
	Advice:    []chain.Advice{{Who: "CA", Text: "reissue item 0 with embedded SCTs from logs that Apple approves (every public CA does this unless asked not to log)"}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67825},
	InsteadOf: []string{"apple-ct-not-embedded", "apple-ct-single-operator"},
	Needs:     ctNeeded,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !ctEnforced(c, p) {
			return nil
		}
		n := count(c, p)
		if n.compliant {
			return nil
		}
		h := chain.Hit{Item: p.Leaf(), Evidence: n.evidence()}
		counted, open := n.numbers()
		if n.open {
			h.Status = chain.Unknown
			h.Message = fmt.Sprintf("%d of %d SCTs of {item} count after %s; %d more are of logs whose state at that time the list does not tell%s", counted, n.needed, n.list(c), open, n.otherLists())
			h.Advise("whoever runs this check", "bring newer lists with chainspect update, or hand in the current one: --with current_log_list.json")
		} else {
			h.Message = fmt.Sprintf("%d SCTs of {item} count after %s, %d are needed", counted, n.list(c), n.needed)
			h.Try(chain.RepairReissue(p.Leaf(), func(*x509read.Certificate) {}), "") // what is issued anew is logged
			if counted >= n.needed {
				h.Message = fmt.Sprintf("%d SCTs of {item} count after %s, but none of them is from a log approved today", counted, n.list(c))
			}
		}
		return []chain.Hit{h}
	}),
	Instants: func(c *chain.Case) []time.Time {
		leaf := c.Leaf()
		if leaf == nil {
			return nil
		}
		var out []time.Time
		for _, d := range collect(c, leaf) {
			out = append(out, d.sct.Time)
		}
		return out
	},
}

// numbers counts distinct logs: those that count, and those another list may approve.
func (n *ctCount) numbers() (counted, open int) {
	good, lenient := map[[32]byte]bool{}, map[[32]byte]bool{}
	for _, d := range n.all {
		switch {
		case d.now || d.retiredLog:
			good[d.sct.LogID] = true
		case d.open:
			lenient[d.sct.LogID] = true
		}
	}
	return len(good), len(lenient)
}

// list names the list of logs, with its age where that is old.
func (n *ctCount) list(c *chain.Case) string {
	return n.lists.own.String() + chain.Aged(n.lists.own.Date, c.Question.Time)
}

// Transparency names the list of logs by which a path has timestamps enough, and
// where it came from; "" where none are asked for, or there are too few.
func Transparency(c *chain.Case, p *chain.Path) string {
	if !ctEnforced(c, p) {
		return ""
	}
	n := count(c, p)
	if !n.compliant {
		return ""
	}
	return fmt.Sprintf("SCTs counted after %s (%s)", n.list(c), n.lists.from)
}

// otherLists names the logs that only another client's list has.
func (n *ctCount) otherLists() string {
	var names []string
	for _, d := range n.all {
		if d.knownBy != "" && !slices.Contains(names, d.knownBy) {
			names = append(names, d.knownBy)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(names, "; ") + ")"
}

func (n *ctCount) evidence() []chain.Evid {
	if len(n.all) == 0 {
		return []chain.Evid{{Field: "SCTs", Got: "none", Want: fmt.Sprint(n.needed)}}
	}
	var out []chain.Evid
	for _, d := range n.all {
		name := "log " + base64.StdEncoding.EncodeToString(d.sct.LogID[:])
		if d.log != nil {
			name = d.log.Name + " (" + d.log.State + ")"
		}
		out = append(out, chain.Evid{Field: "SCT, " + string(d.delivery), Got: name + ", " + d.sct.Time.Format(time.RFC3339) + ": " + d.verdict, Want: "a log approved by Apple"})
	}
	return out
}
