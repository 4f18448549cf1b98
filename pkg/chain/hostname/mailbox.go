package hostname

import (
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// splitMailbox cuts a mailbox at its only "@" outside a quoted local part; false
// when it is no mailbox (RFC 5321 section 4.1.2).
func splitMailbox(address string) (local, domain string, ok bool) {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at == len(address)-1 || len(address) > 320 {
		return "", "", false
	}
	local, domain = address[:at], address[at+1:]
	quoted := len(local) > 1 && local[0] == '"' && local[len(local)-1] == '"'
	if !quoted && strings.ContainsAny(local, "@ \t\r\n\x00\"<>()[]\\,;:") {
		return "", "", false
	}
	if domain[0] == '[' {
		return local, domain, domain[len(domain)-1] == ']'
	}
	a, err := toASCII(domain)
	return local, domain, err == nil && ValidReference(a)
}

// MatchMailbox compares mailboxes: the local part exactly, the host part by its
// A-labels without regard to case (RFC 5280 section 7.5, RFC 9598 section 5).
func MatchMailbox(presented, reference string) bool {
	pl, pd, ok1 := splitMailbox(presented)
	rl, rd, ok2 := splitMailbox(reference)
	if !ok1 || !ok2 || pl != rl {
		return false
	}
	pa, err1 := toASCII(pd)
	ra, err2 := toASCII(rd)
	return err1 == nil && err2 == nil && strings.EqualFold(pa, ra)
}

// mailbox returns the mailbox a name holds: an rfc822Name, or an otherName of
// type SmtpUTF8Mailbox (RFC 9598 section 3).
func mailbox(g x509read.GeneralName) (string, bool) {
	switch {
	case g.Tag == x509read.TagEmail:
		return g.Text(), ascii(g.Text())
	case g.Tag == x509read.TagOtherName && g.OtherName == x509read.OIDOtherNameSmtpUTF8:
		s, text := cryptobyte.String(g.OtherValue), cryptobyte.String(nil)
		ok := s.ReadASN1(&text, asn1.UTF8String) && s.Empty()
		return string(text), ok
	}
	return "", false
}
