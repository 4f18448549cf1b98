package hostname

import (
	"net/url"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// MatchURI compares URIs: scheme and host without regard to case, everything
// else exactly (RFC 5280 section 7.4).
func MatchURI(presented, reference string) bool {
	p, ok1 := foldURI(presented)
	r, ok2 := foldURI(reference)
	return ok1 && ok2 && p == r
}

// foldURI lower-cases scheme and host; false when it is no absolute URI.
func foldURI(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || !ascii(text) {
		return "", false
	}
	scheme, rest, _ := strings.Cut(text, ":")
	out := strings.ToLower(scheme) + ":"
	if !strings.HasPrefix(rest, "//") {
		return out + rest, true
	}
	end := strings.IndexAny(rest[2:], "/?#")
	if end < 0 {
		end = len(rest) - 2
	}
	authority := rest[2 : 2+end]
	user := strings.LastIndexByte(authority, '@') + 1
	return out + "//" + authority[:user] + strings.ToLower(authority[user:]) + rest[2+end:], true
}

// spiffeID reports whether a URI is a SPIFFE ID: scheme spiffe, a trust domain,
// no user, port, query or fragment (SPIFFE-ID section 2).
func spiffeID(text string) bool {
	u, err := url.Parse(text)
	return err == nil && strings.EqualFold(u.Scheme, "spiffe") && u.Host != "" && u.Port() == "" &&
		u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

// uriCount counts the URIs of a list of names.
func uriCount(names []x509read.GeneralName) (n int) {
	for _, g := range names {
		if g.Tag == x509read.TagURI {
			n++
		}
	}
	return n
}
