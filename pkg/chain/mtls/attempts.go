package mtls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
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
	return slices.ContainsFunc(c.Capture.Observations, func(o chain.Observation) bool {
		return o.Presented != nil && len(identityOf(o.Presented)) > 0
	})
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

// ways names the list an identity was sent as.
func ways(p *chain.Presented) string {
	if n := len(identityOf(p)); n > 1 {
		return fmt.Sprintf("item 0 and %d more", n-1)
	}
	return "item 0 alone"
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
	field := "answer, " + ways(o.Presented)
	if o.Presented.Version != "" {
		field = "answer, " + o.Presented.Version + ", " + ways(o.Presented)
	}
	return chain.Evid{Field: field, Got: answer(o.Presented), Want: want}
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
