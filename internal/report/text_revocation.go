package report

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// revocation is what is known of each certificate, where anything was to be had.
func (t *text) revocation(r *chain.Report) {
	if s := revocationSentence(r); s != "" {
		t.put("revocation  ", "            ", printable(s), nil)
	}
}

// revocationSentence: "www.example.com: good, says the OCSP response of http://…; Example
// Issuing CA 3: could not tell: …". "": nobody was asked and nothing was at hand.
func revocationSentence(r *chain.Report) string {
	var out []string
	for i := range r.Revocation {
		s := &r.Revocation[i]
		text := itemName(r, &s.Item) + ": "
		switch s.Status {
		case "good":
			text += "good, says " + s.Source
		case "revoked":
			text += "revoked on " + instant(s.RevokedAt) + " (" + s.Reason + "), says " + s.Source
		default:
			text += "could not tell: " + s.Why
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}
