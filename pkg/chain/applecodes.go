package chain

import "github.com/chainspect/chainspect/pkg/tlsname"

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

// codes fills URL and SSL in: ATS required gives −1200/−9802 ("strict" trust
// evaluation), otherwise −1202/−9807 ("default"); apple: ATS-07, field reports.
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
		c.SSL = -9807
		if strict {
			c.SSL = -9802
		}
	}
	return c
}

// Prints reports whether a report shows a code for the error, be App Transport
// Security required for the host or not.
func (a AppleError) Prints(code int) bool {
	for _, strict := range []bool{true, false} {
		if c := a.codes(strict); c != nil && code != 0 && (c.Sec == code || c.URL == code || c.SSL == code) {
			return true
		}
	}
	return false
}

// HandshakeError is what an Apple platform reports for a handshake that came to
// nothing the way o did: −9824 and −9836 for the alerts about what was offered,
// −9806 for a connection that was closed, −9802 for any other alert, and a
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

// classText is the pattern of the English sentence SecTrust shows for a class.
func classText(c AppleClass, cn string) string {
	name := "“" + cn + "” certificate "
	if cn == "" {
		name = "the certificate "
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
		return name + "is denied by a trust setting"
	case ClassCompliance:
		return name + "is not standards compliant"
	case ClassPinning:
		return name + "does not meet pinning requirements"
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
