package chain

// AppleClass orders the errors of SecTrust: of several, the one of the lowest
// class is shown (apple: section 11; SecTrustInternal.h).
type AppleClass int

// The classes, the one that wins first. ClassNone: no Apple code.
const (
	ClassNone AppleClass = iota
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

// AppleError is what an Apple platform reports for a broken rule. URL and SSL
// are zero where they follow from whether ATS is required for the host.
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
	if c.SSL == 0 && c.URL != -1022 { // clear text has no TLS to fail
		c.SSL = -9807
		if strict {
			c.SSL = -9802
		}
	}
	return c
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
	case -1022:
		return "App Transport Security refuses clear text"
	case -1205:
		return "the server rejected the client identity"
	case -1206:
		return "the server requires a client identity"
	}
	return ""
}
