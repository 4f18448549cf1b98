package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// judged reports whether App Transport Security has a say for the case at all:
// a server, reached by URLSession or a system process over HTTPS. Input without
// a connection counts; its certificates can still break a rule.
func judged(c *chain.Case) bool { return inapplicable(c) == "" }

// inapplicable says why App Transport Security has no say; "" where it has.
func inapplicable(c *chain.Case) string {
	q := c.Question
	if q.Purpose == chain.PurposeClient {
		return "App Transport Security judges servers, not client identities"
	}
	if q.For == forNetwork {
		return fmt.Sprintf("App Transport Security covers URLSession; Network.framework and sockets have only the floor of the SDK the app is built with, here %s (TLS 1.2 from the iOS 26 and macOS 26 SDK on, TLS 1.0 before)", decision(c).FloorName())
	}
	if trustAlone(c) {
		return "the job brings its own chain and anchors and no app: trust evaluation is asked for, info_plist brings App Transport Security in"
	}
	if c.Observation != nil && connected(c.Observation) {
		if p := foreign(c.Observation); p != "" {
			return p + " is not HTTPS: App Transport Security covers URLSession, which does not speak it"
		}
	}
	return ""
}

// trustAlone reports a chain that came in a job, without an app's settings: the
// question of SecTrustEvaluateWithError, in which ATS has no part.
func trustAlone(c *chain.Case) bool {
	q := c.Question
	return q.AppSettings == nil && q.For != forSystem && c.Observation != nil && c.Observation.Transport == chain.TransportJob
}

// Applies says whether level 3 can be judged, and if not, why (design: level
// verdicts). Without a connection it cannot, unless one of its own rules about
// certificates is broken: then the engine keeps that failure.
func Applies(c *chain.Case) (bool, string) {
	if why := inapplicable(c); why != "" {
		return false, why
	}
	if c.Observation == nil || !connected(c.Observation) {
		return false, "App Transport Security judges a connection, and none was made"
	}
	return true, ""
}

// Required reports whether ATS is required for the case's host: trust failures
// then show as −1200/−9802, otherwise as −1202/−9807 (apple: ATS-07).
func Required(c *chain.Case) bool {
	return c.Question.Purpose != chain.PurposeClient && c.Question.For != forNetwork && decision(c).Required
}

// Reason says in a few words what the level's verdict rests on:
// "TLS 1.3, for URLSession".
func Reason(c *chain.Case) string {
	who := "for URLSession"
	if c.Question.For == forSystem {
		who = "for system processes"
	}
	if c.Observation == nil {
		return who
	}
	d := decision(c)
	if clearText(c) {
		return "clear text allowed, " + who
	}
	s := serverOf(c)
	text := c.Observation.Outcome.Version
	if got, o := s.answers(d); got == accepts {
		text = o.Outcome.Version
	}
	switch {
	case text == "":
		text = who
	default:
		text += ", " + who
	}
	switch d.Basis {
	case ByLocal:
		text += ", local host"
	case ByArbitrary:
		text += ", App Transport Security off"
	case ByException, ByBuiltin:
		text += ", with an exception"
	}
	return text
}

// Annotate adds level 3's own part to a report: the smallest exception that lets
// a refused connection through.
func Annotate(c *chain.Case, r *chain.Report) {
	if ok, _ := Applies(c); !ok {
		return
	}
	out := &chain.ATSReport{}
	if f := neededException(c); f.ok {
		out.Exception = &f.exception
	}
	r.ATS = out
}

// AnnotateRows adds nscurl's sixteen rows where the observations tell them all,
// or every version was asked for by itself. It comes after Annotate.
func AnnotateRows(c *chain.Case, r *chain.Report) {
	if r.ATS == nil || clearText(c) || c.Question.For == forSystem {
		return
	}
	if rows, known := nscurlRows(c); known || askedSingly(c) {
		r.ATS.Rows = rows
	}
}

// askedSingly reports whether the probe asked for each version by itself, as it
// does when the table of nscurl is wanted.
func askedSingly(c *chain.Case) bool {
	for i := range c.Capture.Observations {
		if tlsname.BaseHello(c.Capture.Observations[i].Hello) == tlsname.HelloOnly12 {
			return true
		}
	}
	return false
}
