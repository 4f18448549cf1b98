package mtls

import (
	"fmt"
	"strconv"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(depthRule)

var depthRule = &chain.Rule{
	ID: "mtls-depth", Level: chain.LevelIdentity,
	Title: "the identity's chain is deeper than the server allows",
	Sources: []chain.Source{{Doc: "openssl-verification-options", Section: "-verify_depth"}, {Doc: "nginx", Section: "ssl_verify_depth"},
		{Doc: "mod_ssl", Section: "SSLVerifyDepth"}},
	Explain: "A server limits how many certificates may stand between a client's leaf and the trusted anchor. OpenSSL and nginx count neither of the two, Apache counts the anchor as well; where nothing is set nginx allows one intermediate and Apache none. A longer chain is refused (OpenSSL error 22), however good every certificate on it is.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "raise the limit to the number of intermediates, to which Apache adds the anchor; or trust a CA nearer to item 0",
		Config: []string{chain.Nginx + "ssl_verify_depth 2;", chain.Apache + "SSLVerifyDepth 3"}}},
	Needs: func(c *chain.Case) bool {
		d := demands(c)
		return d != nil && d.MaxDepth >= 0
	},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		d := demands(c)
		n := between(len(p.Items), p.End)
		if n <= d.MaxDepth {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("%s between %s and the trusted anchor, the server allows %d", certificates(n), p.Leaf().Label(), d.MaxDepth),
			Evidence: []chain.Evid{{Field: "depth", Got: strconv.Itoa(n), Want: "at most " + strconv.Itoa(d.MaxDepth)}},
			Advice:   []chain.Advice{raiseDepth(n), {Who: "server administrator", Text: "or trust a CA nearer to item 0"}}}}
	}),
}

// raiseDepth is the advice for a chain with n certificates between leaf and
// anchor. Apache counts the anchor too (ssl_callback_SSLVerify: errdepth > depth).
func raiseDepth(n int) chain.Advice {
	return chain.Advice{Who: "server administrator", Text: "raise the limit; Apache counts the anchor too",
		Config: []string{fmt.Sprintf(chain.Nginx+"ssl_verify_depth %d;", n), fmt.Sprintf(chain.Apache+"SSLVerifyDepth %d", n+1)}}
}

func certificates(n int) string {
	if n == 1 {
		return "1 certificate"
	}
	return fmt.Sprintf("%d certificates", n)
}

// between counts the certificates between leaf and anchor of a path of so many
// items, as OpenSSL does: self-issued ones as well. The end of a path that lacks
// its root is an intermediate.
func between(items int, end chain.PathEnd) int {
	if end == chain.Anchored || end == chain.SelfSigned {
		return max(items-2, 0)
	}
	return items - 1
}
