package chain

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// NothingToTrust reports whether the verdict is trusted for want of a chain
// only: level 1 does not apply, as in clear text, and nothing fails. People and
// metrics are not told that such a target is trusted.
func (r *Report) NothingToTrust() bool {
	return r.Verdict == Trusted && len(r.Levels) > 0 && r.Levels[0].Level == LevelX509 && r.Levels[0].Verdict == NotApplicable
}

// Fault is the finding as a first line has it: the fault with its subject.
func (f *Finding) Fault() string { return cmp.Or(f.Short, f.Message) }

// NamesIt reports whether Fault has the name of the certificate it is about.
func (f *Finding) NamesIt() bool { return f.Named || f.Short != "" }

// headline is the first line that every format has: the verdict, the worst fault
// with its subject, the level it breaks, and how many there are besides.
// unreached says that no handshake came about, while the chain is trusted.
func (r *Report) headline(unreached bool) string {
	handshake := ""
	if unreached {
		handshake = ", at the handshake"
	}
	switch {
	case r.NothingToTrust():
		return "nothing to trust: " + r.Levels[0].Reason
	case r.Verdict == Trusted:
		s := "trusted"
		if r.nameNotJudged() {
			s += ", name not judged"
		}
		first, n := r.worst(Warning, Broken)
		switch {
		case n == 1:
			s += ", with a warning: " + first.Fault()
		case n > 1:
			s += fmt.Sprintf(", with %d warnings: %s", n, first.Fault())
		}
		return s
	case r.Verdict == Undecided:
		return "could not tell: " + r.cause(Unknown, LevelUnknown, "")
	case unreached && r.Levels[0].Verdict != Fail:
		handshake = ""
	}
	s := notTrusted + r.cause(Broken, Fail, handshake)
	if unreached {
		s += "; the chain is trusted, but a device gets no connection"
	}
	return s
}

const notTrusted = "not trusted: "

// Among says in the first line of what a report is one: "1 of the 2 lists the server sends".
func (r *Report) Among(what string) {
	if rest, ok := strings.CutPrefix(r.Headline, notTrusted); ok {
		r.Headline = notTrusted + what + ": " + rest
	}
}

// cause is the worst finding of a status with its level; where a level is open
// without one, the level's own reason.
func (r *Report) cause(s Status, v LevelVerdict, handshake string) string {
	first, n := r.worst(Error, s)
	if first == nil {
		for i := range r.Levels {
			if l := &r.Levels[i]; l.Verdict == v {
				return cmp.Or(l.Reason, "it is decided elsewhere") + " (" + l.Level.Label() + ")"
			}
		}
		return "no path leads to a trusted anchor"
	}
	more := ""
	if n > 1 {
		more = fmt.Sprintf(", +%d more", n-1)
	}
	return first.Fault() + " (" + first.Level.Label() + handshake + more + ")"
}

// worst is the first finding of a severity and a status, and how many there are.
// Where a policy grades an error otherwise, the verdict is still about it: a
// finding of a level that fails stands in.
func (r *Report) worst(severity Severity, status Status) (first *Finding, n int) {
	var graded *Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		switch failing := r.level(f.Level) == Fail; {
		case f.Status != status:
		case f.Severity == severity:
			if n++; first == nil {
				first = f
			}
		case graded == nil && failing && severity == Error:
			graded = f
		}
	}
	if first == nil && graded != nil {
		return graded, 1
	}
	return first, n
}

func (r *Report) level(l Level) LevelVerdict {
	if i := slices.IndexFunc(r.Levels, func(x LevelReport) bool { return x.Level == l }); i >= 0 {
		return r.Levels[i].Verdict
	}
	return ""
}

// nameNotJudged reports whether a server's chain was judged without the name
// that it is for: "trusted" alone would say too much.
func (r *Report) nameNotJudged() bool {
	return r.Purpose == PurposeServer && r.Name == "" && r.level(LevelName) == NotApplicable && r.level(LevelX509) == Pass
}

// Label is what people call a level: "level 1", or the digital identity.
func (l Level) Label() string {
	switch l {
	case LevelX509:
		return "level 1"
	case LevelName:
		return "level 2"
	case LevelATS:
		return "level 3"
	}
	return string(l)
}

// fault is what a first line says of a breach: the hit's short form, else its
// message; with the name of the certificate where the message has its label, or
// nothing of it.
func (b *breach) fault() string {
	it, text := b.hit.Item, cmp.Or(b.hit.Short, b.form, b.hit.Message)
	switch {
	case it == nil:
		return text
	case strings.Contains(text, itemHere):
		return strings.ReplaceAll(text, itemHere, it.Named())
	case b.hit.Named, b.hit.Short != "":
		return text
	}
	return text + ": " + it.Named()
}

// shortName is what people call a certificate by: its subject's common name, or
// the first name it covers.
func (it *Item) shortName() string {
	if s := it.Cert.Subject; !s.Empty() {
		return s.Short()
	}
	if len(it.Cert.SubjectAltName) > 0 {
		_, name, _ := strings.Cut(NameText(it.Cert.SubjectAltName[0]), ":")
		return name
	}
	return ""
}

// Label names an item in a message: by number where it was sent, by subject otherwise.
func (it *Item) Label() string {
	switch {
	case it.Sent():
		return it.list() + strconv.Itoa(it.Index)
	case it.Anchor != nil:
		return "the trusted anchor " + it.Cert.Subject.Short()
	}
	return "the certificate " + it.Cert.Subject.Short()
}

// list is what stands before the number of an item that was sent.
func (it *Item) list() string {
	if it.Shown {
		return "identity item "
	}
	return "item "
}

// Named is the label with the certificate's name: item 1 "Example Issuing CA 3".
func (it *Item) Named() string {
	name := it.shortName()
	if !it.Sent() || name == "" {
		return it.Label()
	}
	return it.list() + strconv.Itoa(it.Index) + ` "` + name + `"`
}

// Label is the item's own, with the beginning of its SHA-256 where it has no
// number and its subject is that of another item as well.
func (c *Case) Label(it *Item) string {
	s := it.Label()
	if it.Sent() {
		return s
	}
	for _, x := range c.Items {
		if x.Cert.SHA256 != it.Cert.SHA256 && x.Cert.Subject.Key() == it.Cert.Subject.Key() {
			return s + " (SHA-256 " + it.Fingerprint() + ")"
		}
	}
	return s
}

// Fingerprint is the beginning of the certificate's SHA-256, for people who
// have to tell a few certificates of one name apart: "27ab34cd…".
func (it *Item) Fingerprint() string { return hex.EncodeToString(it.Cert.SHA256[:4]) + "…" }

// SameCA reports whether two certificates are of the same CA: subject and key
// alike, as in a cross-signed intermediate and in a root that is issued again.
func (it *Item) SameCA(other *Item) bool {
	return it.Cert.PublicKey.SHA256 == other.Cert.PublicKey.SHA256 && it.Cert.Subject.Key() == other.Cert.Subject.Key()
}
