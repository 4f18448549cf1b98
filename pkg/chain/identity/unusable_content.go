package identity

import "github.com/chainspect/chainspect/pkg/chain"

// unusable makes a hit of every problem of one kind. Where an identity came out
// of the file all the same, it is a warning at most.
func unusable(id *chain.Identity, kind, want string) []chain.Hit {
	var out []chain.Hit
	leaf, _ := leafOf(id)
	seen := map[string]bool{}
	for _, p := range id.Problems {
		if p.Kind != kind || seen[p.Message] {
			continue
		}
		seen[p.Message] = true
		got := p.Algorithm
		if got == "" {
			got = p.Message
		}
		h := chain.Hit{Message: p.Where + ": " + p.Message, Evidence: []chain.Evid{{Field: p.Where, Got: got, Want: want}}}
		switch {
		case leaf >= 0 && kind != locked:
			h.AtMost = chain.Warning
		case kind == "unsupported" && id.Format == "JCEKS": // keytool reads its keys
			h.Status = chain.Unknown
		}
		out = append(out, h)
	}
	return out
}
