package strict

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(limitsRule)

var limitsRule = &chain.Rule{
	ID:       "strict-limits",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "more sent than some clients take",
	Sources:  []chain.Source{{Doc: "SSL_CTX_set_max_cert_list(3)", Section: "100 kB"}, {Doc: "java.security", Section: "jdk.tls.maxHandshakeMessageSize, jdk.tls.maxCertificateChainLength"}, {Doc: "mozilla::pkix", Section: "MAX_SUBCA_COUNT"}, {Doc: "gnutls", Section: "DEFAULT_MAX_VERIFY_DEPTH"}},
	Explain:  "Each client bounds what it reads before it trusts anybody: Java takes ten certificates and a message of 32 kB, GnuTLS sixteen certificates, OpenSSL and Chrome 100 kB, Firefox six intermediates on the path. Beyond its own limit a client ends the handshake with a message about its size or its syntax.",
	Advice:   []chain.Advice{{Who: "server administrator", Text: "send item 0 and the intermediates of its path, and nothing else", Commands: []string{chain.FullChain}, Config: chain.SentFile()}},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		sent := c.Sent()
		if len(sent) == 0 {
			return nil
		}
		// RFC 8446 section 4.4.2: a context, the length of the list, and for each
		// certificate its length and two octets for extensions; RFC 5246 has less.
		message, largest := 4, sent[0]
		for _, it := range sent {
			message += len(it.Cert.Raw) + 5
			if onPath(c, it) && len(it.Cert.Raw) > len(largest.Cert.Raw) {
				largest = it
			}
		}
		if o := c.Observation; o != nil && o.SentBytes > 0 { // as it came
			message = o.SentBytes
		}
		var hits []chain.Hit
		add := func(it *chain.Item, kind string, n, from int, format string) {
			if n > from {
				hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf(format, n), Kinds: []string{kind}, Measure: n,
					Evidence: []chain.Evid{{Field: kind, Got: fmt.Sprint(n), Want: fmt.Sprintf("at most %d, which every client takes", from)}}})
			}
		}
		add(nil, "certificates", len(sent), 10, "%d certificates are sent")
		add(nil, "message", message, 16<<10, "the certificates make a message of %d octets")
		add(largest, "certificate", len(largest.Cert.Raw), 16<<10, "{item} has %d octets")
		return hits
	}),
}

// onPath reports whether a path needs an item: what is sent beside them is not read.
func onPath(c *chain.Case, it *chain.Item) bool {
	return slices.ContainsFunc(c.Paths, func(p *chain.Path) bool { return slices.Contains(p.Items, it) })
}
