package inspect

import (
	"cmp"
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

// An answer is a report, and the lists that it is about.
type answer struct {
	report *chain.Report
	lists  []sentList
}

// reports judges the lists of a capture. Addresses that send the same list and
// come to the same answer share a report.
func reports(c *chain.Capture, all []sentList, evaluate func(observation int) *chain.Report) []*chain.Report {
	var out []answer
	for _, l := range all {
		r := evaluate(l.observation)
		i := slices.IndexFunc(out, func(a answer) bool { return a.lists[0].key == l.key && a.lists[0].peer != l.peer })
		if i >= 0 && sameAnswer(out[i].report, r) {
			out[i].lists = append(out[i].lists, l)
			continue
		}
		out = append(out, answer{r, []sentList{l}})
	}
	return worstFirst(c, out)
}

// worstFirst numbers the answers of a target, those that fail before the others: the
// first line of the first is what a reader takes along.
func worstFirst(c *chain.Capture, all []answer) []*chain.Report {
	slices.SortStableFunc(all, func(a, b answer) int { return cmp.Compare(badness(a.report), badness(b.report)) })
	var sorted []*chain.Report
	failing, peers := 0, map[string]bool{}
	for _, a := range all {
		sorted = append(sorted, a.report)
		if a.report.Verdict == chain.Untrusted {
			failing++
		}
		peers[a.lists[0].peer] = true
	}
	for i, r := range sorted {
		if r.Label = label(c, all, all[i].lists); len(sorted) < 2 {
			continue
		}
		r.Part, r.Parts = i+1, len(sorted)
		if len(peers) == 1 {
			r.Hellos = hellos(c, all[i].lists[0])
		}
		switch {
		case r.Verdict != chain.Untrusted || failing == len(sorted):
		case len(peers) == 1:
			r.Among(fmt.Sprintf("%d of the %d lists the server sends", failing, len(sorted)))
		default:
			r.Among(fmt.Sprintf("%d of the %d answers of its addresses", failing, len(sorted)))
		}
	}
	return sorted
}

// badness orders verdicts, the worst first.
func badness(r *chain.Report) int {
	switch {
	case r.Verdict == chain.Untrusted:
		return 0
	case r.Verdict == chain.Undecided:
		return 1
	case slices.ContainsFunc(r.Findings, func(f chain.Finding) bool { return f.Counts(chain.Warning) }):
		return 2
	}
	return 3
}

// sameAnswer reports whether two reports differ in nothing but whom they are about.
func sameAnswer(a, b *chain.Report) bool {
	return a.Verdict == b.Verdict && slices.EqualFunc(a.Levels, b.Levels, func(x, y chain.LevelReport) bool { return x == y }) &&
		slices.EqualFunc(a.Findings, b.Findings, func(x, y chain.Finding) bool {
			return x.Rule == y.Rule && x.Severity == y.Severity && x.Status == y.Status
		})
}

// maxNamed is how many addresses a label lists.
const maxNamed = 4

// label says what tells a report from the others of its target: the address
// where the name has several, and who gets the list where an address sent several.
func label(c *chain.Capture, all []answer, members []sentList) string {
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
	for _, a := range all { // at one address each is another list
		for _, l := range a.lists {
			if l.peer != first.peer {
				continue
			}
			if of++; l.key == first.key {
				number = of
			}
		}
	}
	if of < 2 {
		return text
	}
	return strings.TrimSpace(fmt.Sprintf("%s list %d of %d, sent to %s", text, number, of, hearers(c, first)))
}

// hearers says who gets a list: the kind of client where that decides, else how
// many of the connections did.
func hearers(c *chain.Capture, l sentList) string {
	got, asked := 0, 0
	for i := range c.Observations {
		if o := &c.Observations[i]; o.Network == l.peer && len(o.Sent) > 0 {
			if asked++; strings.Join(o.Sent, " ") == l.key {
				got++
			}
		}
	}
	for _, kind := range [...]struct{ hello, takes string }{{tlsname.HelloRSACert, "RSA"}, {tlsname.HelloECDSA, "ECDSA"}} {
		if !slices.ContainsFunc(hellos(c, l), func(name string) bool { return !strings.HasPrefix(name, kind.hello) }) {
			return "clients that take " + kind.takes + " certificates only"
		}
	}
	return fmt.Sprintf("%d of %d connections", got, asked)
}

// hellos names those that brought a list.
func hellos(c *chain.Capture, l sentList) (names []string) {
	for i := range c.Observations {
		if o := &c.Observations[i]; o.Network == l.peer && strings.Join(o.Sent, " ") == l.key && !slices.Contains(names, o.Hello) {
			names = append(names, o.Hello)
		}
	}
	return names
}

// shortened lists words, no more than maxNamed of them.
func shortened(words []string) string {
	if n := len(words) - maxNamed; n > 0 {
		return strings.Join(words[:maxNamed], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(words, ", ")
}
