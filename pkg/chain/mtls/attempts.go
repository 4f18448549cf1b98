package mtls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// identityOf lists the certificates of the identity given in an attempt, sent or not.
func identityOf(p *chain.Presented) []string {
	if len(p.Sent) > 0 {
		return p.Sent
	}
	return p.Withheld
}

// identityShown reports whether an identity was given for a server.
func identityShown(c *chain.Case) bool {
	for i := range c.Capture.Observations {
		if p := c.Capture.Observations[i].Presented; p != nil && len(identityOf(p)) > 0 {
			return true
		}
	}
	return false
}

// attempts are the observations in which an identity was given. Of those that
// send it in the same way, now has the one in the highest version, which is what
// a client negotiates, and older the others.
func attempts(c *chain.Case) (now, older []*chain.Observation) {
	for i := range c.Capture.Observations {
		o := &c.Capture.Observations[i]
		if o.Presented == nil || len(identityOf(o.Presented)) == 0 {
			continue
		}
		same := slices.IndexFunc(now, func(x *chain.Observation) bool {
			return len(identityOf(x.Presented)) == len(identityOf(o.Presented))
		})
		switch {
		case same < 0:
			now = append(now, o)
		case o.Presented.Version > now[same].Presented.Version: // "TLS 1.2" < "TLS 1.3"
			older = append(older, now[same])
			now[same] = o
		default:
			older = append(older, o)
		}
	}
	return now, older
}

// withFate picks the attempts that ended in a way.
func withFate(list []*chain.Observation, fate chain.Fate) []*chain.Observation {
	var out []*chain.Observation
	for _, o := range list {
		if o.Presented.Fate == fate {
			out = append(out, o)
		}
	}
	return out
}

// sentAs names the list an identity was sent as.
func sentAs(p *chain.Presented) string {
	return firstItems(len(identityOf(p)))
}

// answer is what the server said.
func answer(p *chain.Presented) string {
	switch {
	case p.Status != 0:
		return chain.StatusLine(p.Status, p.Sentence)
	case p.Alert != nil:
		return fmt.Sprintf("alert %d (%s)", *p.Alert, meaning(*p.Alert))
	case p.LocalNote != "":
		return p.LocalNote
	case p.Fate == chain.FateAccepted:
		return "not refused"
	}
	return "the connection was closed"
}

// evidence says what came of an attempt.
func evidence(o *chain.Observation, want string) chain.Evid {
	field := "answer to " + sentAs(o.Presented)
	if o.Presented.Version != "" {
		field = "answer in " + o.Presented.Version + " to " + sentAs(o.Presented)
	}
	return chain.Evid{Field: field, Got: answer(o.Presented), Want: want}
}

// named is the identity of an attempt as messages call it: the identity "alice".
func named(c *chain.Case, p *chain.Presented) string {
	if certs := certificatesOf(c, p); len(certs) > 0 {
		if name := certs[0].Subject.Short(); name != "" {
			return `the identity "` + name + `"`
		}
	}
	return "the identity"
}

// Applies says whether level identity can be judged where there is no identity
// file: one was to be shown to a server, or a client's chain is judged by a server's demands. A server that asks for one
// and was shown none says nothing about any.
func Applies(c *chain.Case) (bool, string) {
	if demands(c) != nil {
		return true, ""
	}
	now, older := attempts(c)
	if len(withFate(now, chain.FateUnasked)) < len(now) {
		return true, ""
	}
	if len(now) > 0 {
		why := "the server asks for no client identity"
		if len(withFate(older, chain.FateUnasked)) < len(older) {
			why += " in " + now[0].Presented.Version
		}
		why += ": the one given was not sent"
		if now[0].HTTP == nil {
			why += "; where only some paths ask for one, name such a path (--path)"
		}
		return false, why
	}
	for i := range c.Capture.Observations {
		if d := c.Capture.Observations[i].ClientAuth; d != nil && d.Mode != chain.ClientAuthNone {
			return false, "the server asks for a client identity, and none was offered: give one with --identity"
		}
	}
	return false, "no identity was given or asked for"
}

// Reason says what a passed level identity rests on, where a server was asked.
func Reason(c *chain.Case) string {
	now, older := attempts(c)
	var versions []string
	http := ""
	for _, o := range append(now, older...) {
		p := o.Presented
		if p.Fate != chain.FateAccepted {
			continue
		}
		if !slices.Contains(versions, p.Version) {
			versions = append(versions, p.Version)
		}
		if p.Status != 0 && http == "" {
			http = fmt.Sprintf(", HTTP %d", p.Status)
		}
	}
	if len(versions) == 0 {
		return ""
	}
	reason := "not refused in " + strings.Join(versions, " and ") + http
	if send := whatToSend(c); send != "" {
		reason += "; " + send
	}
	return reason
}

// whatToSend concludes how much of the identity the server wants to see: by what
// it took and refused where several ways were tried, else by the CAs it announces.
// "" where nothing tells.
func whatToSend(c *chain.Case) string {
	now, _ := attempts(c)
	var all []*x509read.Certificate
	took, refused := 0, 0 // certificates: the fewest it took, the most it refused
	var names announced
	for _, o := range now {
		certs := certificatesOf(c, o.Presented)
		if len(certs) > len(all) {
			all = certs
		}
		if o.ClientAuth != nil && len(o.ClientAuth.Authorities) > 0 {
			names = announcedBy(o.ClientAuth.Authorities)
		}
		switch n := len(o.Presented.Sent); {
		case n == 0:
		case o.Presented.Fate == chain.FateAccepted && (took == 0 || n < took):
			took = n
		case o.Presented.Fate == chain.FateRefused:
			refused = max(refused, n)
		}
	}
	if took == 0 || len(all) < 2 {
		return ""
	}
	need, by := took, "was tried"
	switch {
	case took == 1 || refused > 0 && refused < took:
	case len(names) > 0:
		if need = fewestToAnnounced(all[:took], names); need == 0 {
			return ""
		}
		by = "by the CAs it announces"
	default:
		return ""
	}
	text := fmt.Sprintf("it needs %s (%s)", firstItems(need), by)
	if last := len(all) - 1; need <= last && selfIssued(all[last]) {
		text += fmt.Sprintf("; identity item %d, the root, changes nothing", last)
	}
	return text
}

// fewestToAnnounced is how many of the certificates lead to an announced name; 0: all do not.
func fewestToAnnounced(certs []*x509read.Certificate, names announced) int {
	for n := 1; n <= len(certs); n++ {
		if _, at := reach(certs[:n], names); at == reachYes {
			return n
		}
	}
	return 0
}

// firstItems names the first n items.
func firstItems(n int) string {
	switch n {
	case 1:
		return "identity item 0 alone"
	case 2:
		return "identity items 0 and 1"
	}
	return fmt.Sprintf("identity items 0 to %d", n-1)
}
