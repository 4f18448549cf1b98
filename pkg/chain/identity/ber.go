package identity

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(ber)

var ber = &chain.Rule{
	ID: "identity-ber", Level: chain.LevelIdentity, Severity: chain.Note,
	Title:   "the file is BER and not DER",
	Sources: []chain.Source{{Doc: "RFC 7292", Section: "section 3.1"}, {Doc: "X.690", Section: "sections 8.1.3.6, 8.7.3"}},
	Explain: "PKCS#12 allows lengths that are not known in advance and strings in pieces, and Windows and NSS have written files like this. Readers made for DER only, Go's libraries among them, call such a file malformed; Apple's importers, OpenSSL and Java read it.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "only for readers that fail: write it anew with OpenSSL, which writes DER", Commands: []string{"openssl pkcs12 -in identity.p12 -nodes -out tmp.pem && openssl pkcs12 -export -in tmp.pem -out new.p12; rm -f tmp.pem"}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if !isPKCS12(id) || id.Encoding != "BER" {
			return nil
		}
		h := chain.Hit{Message: "the file is encoded in BER: indefinite lengths, strings in pieces, or lengths that are not the shortest",
			Evidence: []chain.Evid{{Field: "encoding", Got: "BER", Want: "DER"}}}
		h.Advice = writeAgain(id, "only for readers that fail", newRecipe)
		return []chain.Hit{h}
	}),
}
