package reach

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(differentLists)

var differentLists = &chain.Rule{
	ID: "reach-different-lists", Level: chain.LevelX509, Severity: chain.Warning,
	Title:   "the same question gets different certificates",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.2"}},
	Explain: "A server with keys of two kinds picks its certificates by what the client can verify. Here nothing that was asked explains the difference: the same name and hello, or one for the same kind of key, got another list. Behind a name there are often several machines, and one of them has an older certificate or lacks an intermediate: which verdict a device comes to is then a matter of chance.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "bring the same certificate file to every machine behind the name, reload each, and ask them all again", Commands: []string{"chainspect check --thorough {target}"}}},
	Needs:   func(c *chain.Case) bool { return c.Observation != nil && c.Observation.Transport == chain.TransportTLS },
	Check:   chain.PerList(checkDifferentLists),
}

// An answer is one list of certificates and where it came from.
type answer struct {
	*chain.Observation
	list string
	key  x509read.KeyType
}

// checkDifferentLists compares the answers to hellos that an Apple platform may
// send, under the name asked for first: at one address, then between addresses.
func checkDifferentLists(c *chain.Case) []chain.Hit {
	if len(c.Capture.Observations) < 2 {
		return nil
	}
	var answers []answer
	var all []answer
	first := ""
	for i := range c.Capture.Observations {
		o := &c.Capture.Observations[i]
		if i == 0 {
			first = o.ServerName
		}
		if o.Transport != chain.TransportTLS || o.ServerName != first || len(o.Sent) == 0 || !likeApple(o.Hello) {
			continue
		}
		a := answer{Observation: o, list: strings.Join(o.Sent, " ")}
		if leaf, _ := x509read.Parse(c.Capture.Blobs[o.Sent[0]]); leaf != nil {
			a.key = leaf.PublicKey.Type
		}
		all = append(all, a)
		if !slices.ContainsFunc(answers, func(b answer) bool { return b.list == a.list && b.Network == a.Network && b.Hello == a.Hello }) {
			answers = append(answers, a)
		}
	}
	for _, at := range []struct {
		same   func(a, b answer) bool
		format string
	}{
		{func(a, b answer) bool { return a.Network == b.Network && a.Hello == b.Hello }, "%d of %d connections got another chain than the others: the same ClientHello to the same address got %d different lists of certificates"},
		{func(a, b answer) bool { return a.Network == b.Network && a.key == b.key && a.key != "" }, "%d of %d connections got another chain than the others: %d different lists of certificates came from the same address, for the same kind of key"},
		{func(a, b answer) bool { return a.Hello == b.Hello }, "%d of %d connections got another chain than the others: the addresses of the name send %d different lists of certificates"},
	} {
		for i, a := range answers {
			different := []answer{a}
			for _, b := range answers[i+1:] {
				if at.same(a, b) && !slices.ContainsFunc(different, func(d answer) bool { return d.list == b.list }) {
					different = append(different, b)
				}
			}
			if len(different) > 1 {
				others, connections := otherAnswers(a, all, at.same)
				return []chain.Hit{{Message: fmt.Sprintf(at.format, others, connections, len(different)), Evidence: described(different)}}
			}
		}
	}
	return nil
}

// otherAnswers counts the connections that may be compared, and those of them that got
// another list than most did.
func otherAnswers(a answer, all []answer, same func(a, b answer) bool) (others, connections int) {
	most, lists := 0, map[string]int{}
	for _, b := range all {
		if same(a, b) {
			connections++
			lists[b.list]++
			most = max(most, lists[b.list])
		}
	}
	return connections - most, connections
}

// likeApple reports whether a hello is Apple's, or a part of it.
func likeApple(name string) bool {
	h, known := tlsname.HelloNamed(name)
	return known && (h.Sender == tlsname.Apple || h.Sender == tlsname.Narrowed)
}

// described is one line of evidence per list.
func described(lists []answer) []chain.Evid {
	var out []chain.Evid
	for i, a := range lists[:min(len(lists), maxEvidence)] {
		e := chain.Evid{Field: "to " + a.Hello + " from " + a.Network, Want: "the same list each time",
			Got: fmt.Sprintf("%d certificates, item 0 with SHA-256 %.16s…", len(a.Sent), a.Sent[0])}
		if i > 0 && a.Sent[0] == lists[0].Sent[0] {
			e.Got = fmt.Sprintf("%d certificates, with the same item 0", len(a.Sent))
		}
		out = append(out, e)
	}
	return out
}
