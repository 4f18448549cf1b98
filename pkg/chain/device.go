package chain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// AppleClass orders the errors of SecTrust: of several, the one of the lowest
// class is shown (apple: section 11; SecTrustInternal.h).
type AppleClass int

// The classes, the one that wins first. ClassNone: no Apple code.
const (
	ClassNone      AppleClass = iota
	ClassHandshake            // not SecTrust: the handshake ends before there is a chain to evaluate
	ClassBlocked
	ClassRevoked
	ClassKeySize
	ClassWeakHash
	ClassDenied
	ClassCompliance
	ClassPinning
	ClassTrust
	ClassUsage
	ClassName
	ClassExpired
	ClassTLS // not SecTrust: the TLS stack or App Transport Security itself refuses
)

// order puts the classes in the order in which they win; without one comes last.
func (c AppleClass) order() AppleClass {
	if c == ClassNone {
		return ClassTLS + 1
	}
	return c
}

// AppleError is what an Apple platform reports for a broken rule. URL and SSL
// are zero where they follow from whether ATS is required for the host; a URL
// alone stands for itself.
type AppleError struct {
	Class AppleClass
	Sec   int // SecTrust / OSStatus, such as -67818
	URL   int // NSURLErrorDomain
	SSL   int // _kCFStreamErrorCodeKey
}

// codes fills URL and SSL in: ATS required gives -1200/-9802 ("strict" trust
// evaluation; so the one device log there is of a wrong name), otherwise -1202
// and the SSL code of the class ("default"); apple: ATS-07, field reports.
func (a AppleError) codes(strict bool) *Codes {
	if a == (AppleError{}) {
		return nil
	}
	c := &Codes{Sec: a.Sec, URL: a.URL, SSL: a.SSL}
	if c.URL == 0 {
		c.URL = -1202
		if strict {
			c.URL = -1200
		}
	}
	if c.SSL == 0 && a.URL == 0 { // clear text and a timeout have no TLS error
		c.SSL = sslCode(a.Class)
		if strict {
			c.SSL = -9802
		}
	}
	return c
}

// or lists what is shown instead of codes, where reports differ: the general
// errSSLXCertChainInvalid for what has a code of its own.
func (a AppleError) or(strict bool) []Codes {
	if c := a.codes(strict); c != nil && a.SSL == 0 && a.URL == 0 && !strict && c.SSL != chainInvalid {
		return []Codes{{Sec: c.Sec, URL: c.URL, SSL: chainInvalid}}
	}
	return nil
}

const chainInvalid = -9807

// sslCode is the code of the TLS stack for a class of errors of default trust
// evaluation: errSSLNoRootCert, errSSLHostNameMismatch, errSSLCertExpired.
func sslCode(c AppleClass) int {
	switch c {
	case ClassTrust:
		return -9813
	case ClassName:
		return -9843
	case ClassExpired:
		return -9814
	}
	return chainInvalid
}

// Prints reports whether a report shows a code for the error, be App Transport
// Security required for the host or not.
func (a AppleError) Prints(code int) bool {
	for _, strict := range []bool{true, false} {
		c := a.codes(strict)
		if c == nil || code == 0 {
			continue
		}
		for _, c := range append(a.or(strict), *c) {
			if c.Sec == code || c.URL == code || c.SSL == code {
				return true
			}
		}
	}
	return false
}

// HandshakeError is what an Apple platform reports for a handshake that came to
// nothing the way o did: -9824 and -9836 for the alerts about what was offered,
// -9806 for a connection that was closed, -9802 for any other alert, and a
// timeout of its own (apple: section 10, ATS-03).
func HandshakeError(o *Outcome) AppleError {
	a := AppleError{Class: ClassHandshake, URL: -1200, SSL: -9802}
	switch {
	case o.Alert != nil && (*o.Alert == tlsname.HandshakeFailure || *o.Alert == tlsname.InsufficientSecurity):
		a.SSL = -9824
	case o.Alert != nil && *o.Alert == tlsname.ProtocolVersion:
		a.SSL = -9836
	case o.ErrorKind == ErrorClosed:
		a.SSL = -9806
	case o.ErrorKind == ErrorTimeout:
		a.URL, a.SSL = -1001, 0
	}
	return a
}

// device names the one error an Apple platform would show, by its own priority.
func (e *Evaluator) device(c *Case, j *judgement, r *Report) {
	if e.Strict == nil || r.Verdict != Untrusted {
		return
	}
	list := j.deviceErrors()
	if len(list) == 0 {
		return
	}
	strict, first := e.Strict(c), list[0]
	class, codes := first.apple().Class, *first.apple().codes(strict)
	d := &DeviceError{Rule: first.as, Codes: codes, CodesOr: first.apple().or(strict), Evaluation: "default", Confidence: ConfidenceField, Hides: []string{}}
	if strict {
		d.Evaluation = "strict"
	}
	for _, s := range list[1:] {
		if s.as != first.as {
			d.Hides = append(d.Hides, s.as)
		}
		// Two errors of one class on one certificate come out of a dictionary: either is shown.
		if x := s.apple().codes(strict); s.apple().Class == class && s.hit.Item == first.hit.Item && *x != codes && !slices.Contains(d.CodesOr, *x) {
			d.CodesOr = append(d.CodesOr, *x)
		}
	}
	if e.Profile.Fetches {
		d.IfFetched = first.hit.IfFetched
	}
	it := first.hit.Item
	if it == nil {
		it = c.Leaf()
	}
	d.Text, d.AppText = classText(class, it), appText(codes.URL, c.Question.Name)
	if class == ClassPinning && first.hit.Item == nil && j.best >= 0 {
		d.Text = pinningText(c.Paths[j.best])
	}
	if text := urlText(codes.URL); text != "" {
		d.Text = text
	}
	r.Device = d
}

// deviceError is a breach that a device has an error for, and the rule that tells of it.
type deviceError struct {
	*breach
	as string
}

// deviceErrors lists what bears on the verdict and has an error of Apple's, what
// is shown first. A handshake that comes to nothing is the error, whichever rule
// tells of it: it ends before there is a chain to evaluate.
func (j *judgement) deviceErrors() (list []deviceError) {
	for i := range j.kept {
		if b := &j.kept[i]; b.severity == Error && b.hit.Status == Broken && j.counts(b) && b.apple() != (AppleError{}) {
			list = append(list, deviceError{b, b.rule.ID})
		}
	}
	for i := range j.silent {
		if s := &j.silent[i]; s.severity == Error && s.hit.Status == Broken && s.by.Level != s.rule.Level && s.apple().Class == ClassHandshake {
			list = append(list, deviceError{&s.breach, s.by.ID})
		}
	}
	slices.SortStableFunc(list, func(x, y deviceError) int {
		return cmp.Or(cmp.Compare(x.apple().Class.order(), y.apple().Class.order()), cmp.Compare(position(x.hit.Item), position(y.hit.Item)))
	})
	return list
}

// classText is the English sentence SecTrust has for a class, as the log and the
// underlying error show it (SecFrameworkStrings.h).
func classText(c AppleClass, it *Item) string {
	name := "the certificate "
	if it != nil {
		name = quotedName(it) + " certificate "
	}
	switch c {
	case ClassBlocked:
		return name + "is blocked"
	case ClassRevoked:
		return name + "is revoked"
	case ClassKeySize:
		return name + "is using a broken key size"
	case ClassWeakHash:
		return name + "is using a broken signature algorithm"
	case ClassDenied:
		return "User or administrator set " + name + "as distrusted"
	case ClassCompliance:
		return name + "is not standards compliant"
	case ClassPinning:
		return strings.TrimSuffix(name, " certificate ") + " certificates do not meet pinning requirements"
	case ClassTrust:
		return name + "is not trusted"
	case ClassUsage:
		return name + "is not permitted for this usage"
	case ClassName:
		return name + "name does not match input"
	case ClassExpired:
		return name + "is expired"
	}
	return "the TLS connection failed"
}

// pinningText is the sentence about pins, which names the whole chain.
func pinningText(p *Path) string {
	var names []string
	for _, it := range p.Items {
		names = append(names, quotedName(it))
	}
	return strings.Join(names, ",") + " certificates do not meet pinning requirements"
}

func quotedName(it *Item) string {
	name := x509read.Shortened(it.Cert.Subject.CommonName(), maxName)
	if name == "" {
		name = x509read.Shortened(it.Cert.Subject.String(), maxName)
	}
	return "“" + name + "”"
}

// appText is what the app's own NSError says, which is not SecTrust's sentence.
func appText(url int, host string) string {
	switch url {
	case -1001:
		return "The request timed out."
	case -1022:
		return "The resource could not be loaded because the App Transport Security policy requires the use of a secure connection."
	case -1200:
		return "An SSL error has occurred and a secure connection to the server cannot be made."
	case -1202:
		return "The certificate for this server is invalid. You might be connecting to a server that is pretending to be “" + host + "” which could put your confidential information at risk."
	case -1205:
		return "The server “" + host + "” did not accept the certificate."
	case -1206:
		return "The server “" + host + "” requires a client certificate."
	}
	return ""
}

// urlText says what a URLError of its own means; "" for those that follow from the class.
func urlText(url int) string {
	switch url {
	case -1001:
		return "the request timed out"
	case -1022:
		return "App Transport Security refuses clear text"
	case -1205:
		return "the server rejected the client identity"
	case -1206:
		return "the server requires a client identity"
	}
	return ""
}
