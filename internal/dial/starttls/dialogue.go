// Package starttls has the protocols that begin in clear text and turn to TLS
// later: each is a row of a table, and one reader walks them all. What a server
// says is foreign: it is read octet by octet, so that nothing of the handshake
// is swallowed, and no more of it than maxTalk.
package starttls

import (
	"errors"
	"io"
	"net"
	"slices"
	"strings"
)

// A Dialogue is what is said before the ClientHello.
type Dialogue struct {
	Name    string   // as --starttls and openssl s_client name it
	Title   string   // "SMTP"
	Schemes []Scheme // the first has the protocol's registered port
	Ports   []string // further ports that `auto` takes for it
	Enable  string   // how an administrator switches STARTTLS on

	greetings []string // what the server's first octets begin with; none: the client speaks first
	steps     []step
}

// A Scheme is a URL scheme and its registered port.
type Scheme struct{ Name, Port string }

// A step is one thing said and the answer to it, as data.
type step struct {
	send     string                      // "{name}" is the name asked for; "": only listen
	asks     string                      // how messages call what was sent: "EHLO"; "" for the greeting
	read     func(*talk) (answer, error) // cuts one answer out of the stream
	ok       []string                    // verdicts that go on
	unknown  []string                    // verdicts that say there is no such command
	offers   string                      // a word that the answer has to have, where STARTTLS is offered
	optional bool                        // another verdict leaves the question open
}

// An answer is what a server said to one step.
type answer struct {
	verdict string // what decides: "250", "OK", "proceed", "S"
	text    string // all of it, where offers are looked for
	said    string // the server's own words, for messages
}

// Kind tells the ends of a dialogue apart that is no handshake.
type Kind int

// The kinds of Error.
const (
	Broken     Kind = iota // the connection ended or the time was over
	NotOffered             // the server speaks the protocol and has no STARTTLS
	Refused                // it has, or may have, and will not
	Foreign                // it speaks another protocol
	TooMuch                // it said more than maxTalk
)

// Error says how a dialogue ended without TLS.
type Error struct {
	Kind     Kind
	Protocol string // Title of the dialogue
	After    string // what was sent last: "EHLO"; "" in the greeting
	Said     string // the server's words, shortened and printable; "" none
	Spoke    string // name of the dialogue that a Foreign server's words begin; "" none known
	Err      error  // of the connection, where it is Broken
}

func (e *Error) Error() string {
	switch {
	case e.Kind == NotOffered && e.Said != "":
		return "the server speaks " + e.Protocol + " and has no STARTTLS: it answered " + e.Said
	case e.Kind == NotOffered:
		return "the server speaks " + e.Protocol + " and offers no STARTTLS"
	case e.Kind == Refused && e.After == "":
		return "the server speaks " + e.Protocol + " and turns this client away: " + e.Said
	case e.Kind == Refused:
		return "the server speaks " + e.Protocol + " and refuses STARTTLS: it answered " + e.Said
	case e.Kind == Foreign && e.After == "":
		return "the server's greeting is no " + e.Protocol + ": " + e.Said
	case e.Kind == Foreign:
		return "the answer to " + e.After + " is no " + e.Protocol + ": " + e.Said
	case e.Kind == TooMuch:
		return "the server says more in " + e.Protocol + " than anybody reads, and does not come to TLS"
	case !e.Timeout() && e.After == "":
		return "the server closed the connection before its " + e.Protocol + " greeting"
	case !e.Timeout():
		return "the server closed the connection after " + e.After + " of " + e.Protocol
	case e.After == "":
		return "connected, but no " + e.Protocol + " greeting came within the time"
	}
	return "the server did not answer " + e.After + " of " + e.Protocol + " within the time"
}

func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether the time was over: a stream is closed by whoever
// watches the time, too.
func (e *Error) Timeout() bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(e.Err, net.ErrClosed) || errors.As(e.Err, &timeout) && timeout.Timeout()
}

// Speak goes through the dialogue on a stream, for the server of a name. What
// comes next on the stream is the server's half of a TLS handshake.
func (d *Dialogue) Speak(stream io.ReadWriter, name string) error {
	t := &talk{stream: stream, left: maxTalk}
	for _, s := range d.steps {
		if err := d.step(t, s, name); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dialogue) step(t *talk, s step, name string) error {
	fail := func(k Kind, said string, err error) *Error {
		return &Error{Kind: k, Protocol: d.Title, After: s.asks, Said: said, Err: err}
	}
	if s.send != "" {
		if _, err := io.WriteString(t.stream, strings.ReplaceAll(s.send, "{name}", name)); err != nil {
			return fail(Broken, "", err)
		}
	}
	if s.read == nil { // the last word is ours
		return nil
	}
	a, err := s.read(t)
	switch {
	case errors.Is(err, errTooMuch):
		return fail(TooMuch, "", nil)
	case errors.Is(err, errForeign):
		e := fail(Foreign, quote(a.said), nil)
		if other := ByGreeting([]byte(a.said)); other != nil && other != d {
			e.Spoke = other.Name
		}
		return e
	case err != nil:
		return fail(Broken, "", err)
	case slices.Contains(s.unknown, a.verdict):
		if s.optional {
			return nil
		}
		return fail(NotOffered, quote(a.said), nil)
	case !slices.Contains(s.ok, a.verdict):
		return fail(Refused, quote(a.said), nil)
	case s.offers != "" && !slices.Contains(words(a.text), s.offers):
		return fail(NotOffered, "", nil)
	}
	return nil
}

// words are the runs of letters and digits of a text, in upper case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return !('A' <= r && r <= 'Z' || '0' <= r && r <= '9') })
}
