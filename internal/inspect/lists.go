package inspect

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A sentList is what one peer sent, as the observation that is judged shows it.
type sentList struct {
	observation int
	peer        string // IP:port, "" where there is none
	key         string // the certificates, by their hashes
}

// lists picks what is judged: the list that Apple's own hello brought, or with
// --thorough each different one that each address sent, that one first.
func lists(c *chain.Capture, thorough bool) []sentList {
	at := func(i int) sentList {
		o := &c.Observations[i]
		return sentList{i, o.Network, strings.Join(o.Sent, " ")}
	}
	out := []sentList{at(Judged(c))}
	if !thorough {
		return out
	}
	asked := c.Observations[out[0].observation].ServerName
	for i := range c.Observations {
		l := at(i)
		if c.Observations[i].ServerName != asked { // reach-default-certificate
			continue
		}
		if l.key != "" && !slices.ContainsFunc(out, func(x sentList) bool { return x.peer == l.peer && x.key == l.key }) {
			out = append(out, l)
		}
	}
	// Of what another address sent, too, the answer to Apple's own hello counts.
	for k := range out {
		for i := range c.Observations {
			if l := at(i); c.Observations[i].Hello == tlsname.HelloATS && l.peer == out[k].peer && l.key == out[k].key {
				out[k].observation = i
				break
			}
		}
	}
	return out
}

// Judged picks the observation whose list is judged: the one that Apple's own
// hello brought, else the first that holds one.
func Judged(c *chain.Capture) int {
	first := -1
	for i := range c.Observations {
		switch o := &c.Observations[i]; {
		case len(o.Sent) == 0:
		case o.Hello == tlsname.HelloATS:
			return i
		case first < 0:
			first = i
		}
	}
	return max(first, 0)
}

// reports judges the lists of a capture. Addresses that send the same list and
// come to the same answer share a report.
func reports(c *chain.Capture, all []sentList, evaluate func(observation int) *chain.Report) []*chain.Report {
	var out []*chain.Report
	var members [][]sentList
	for _, l := range all {
		r := evaluate(l.observation)
		i := slices.IndexFunc(members, func(m []sentList) bool { return m[0].key == l.key && m[0].peer != l.peer })
		if i >= 0 && sameAnswer(out[i], r) {
			members[i] = append(members[i], l)
			continue
		}
		out, members = append(out, r), append(members, []sentList{l})
	}
	for i, r := range out {
		r.Label = label(c, all, members[i])
		if len(out) > 1 {
			r.Part, r.Parts = i+1, len(out)
		}
	}
	return out
}

// sameAnswer reports whether two reports differ in nothing but whom they are about.
func sameAnswer(a, b *chain.Report) bool {
	return a.Verdict == b.Verdict && slices.EqualFunc(a.Levels, b.Levels, func(x, y chain.LevelReport) bool { return x == y }) &&
		slices.EqualFunc(a.Findings, b.Findings, func(x, y chain.Finding) bool {
			return x.Rule == y.Rule && x.Severity == y.Severity && x.Status == y.Status
		})
}

// maxNamed is how many addresses or hellos a label lists.
const maxNamed = 4

// label says what tells a report from the others of its target: the address
// where the name has several, and the hello where an address sent several lists.
func label(c *chain.Capture, all, members []sentList) string {
	var addresses []string
	for _, m := range members {
		if a, err := netip.ParseAddrPort(m.peer); err == nil {
			addresses = append(addresses, a.Addr().String())
		}
	}
	peers := map[string]bool{}
	for i := range c.Observations {
		if o := &c.Observations[i]; o.Transport == chain.TransportTLS && o.Network != "" {
			peers[o.Network] = true
		}
	}
	text := ""
	switch resolved := len(c.Observations[members[0].observation].Resolved); {
	case len(addresses) == 0:
	case len(peers) > 1:
		text = "at " + shortened(addresses)
	case resolved > 1:
		text = fmt.Sprintf("at %s, one of %d addresses", addresses[0], resolved)
	}
	first, number, of := members[0], 0, 0
	for _, l := range all { // at one address each is another list
		if l.peer != first.peer {
			continue
		}
		if of++; l.key == first.key {
			number = of
		}
	}
	if of < 2 {
		return text
	}
	var hellos []string
	for i := range c.Observations {
		if o := &c.Observations[i]; o.Network == first.peer && strings.Join(o.Sent, " ") == first.key && !slices.Contains(hellos, o.Hello) {
			hellos = append(hellos, o.Hello)
		}
	}
	return strings.TrimSpace(fmt.Sprintf("%s list %d of %d, to hello %s", text, number, of, shortened(hellos)))
}

// shortened lists words, no more than maxNamed of them.
func shortened(words []string) string {
	if n := len(words) - maxNamed; n > 0 {
		return strings.Join(words[:maxNamed], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(words, ", ")
}
