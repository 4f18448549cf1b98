package basic

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestInspection: known products by name, private roots of public names by kind.
func TestInspection(t *testing.T) {
	named := func(name string) func(*chain.Question) {
		return func(q *chain.Question) { q.Name, q.NameKind = name, chain.NameDNS }
	}
	proxy := with(recipes{"root": {CA: true, Subject: "CN=Zscaler Root CA,O=Zscaler Inc."}})
	run(t, []story{
		{name: "known product", recipes: proxy, want: "note:basic-inspection-suspected"},
		{name: "known product, not trusted", recipes: proxy, sent: "leaf sub root", anchors: "other",
			want: "error:basic-known-issuer note:basic-inspection-suspected"},
		{name: "the maker's own site", recipes: with(recipes{"leaf": {Issuer: "sub", Subject: "CN=www.zscaler.com,O=Zscaler Inc."}})},
		{name: "public name, private root", ask: named("www.example-shop.de"), want: "note:basic-inspection-suspected"},
		{name: "private name, private root", ask: named("www.corp.internal")},
		{name: "single label", ask: named("intranet")},
		{name: "documentation name", ask: named("www.example.com.")},
		{name: "client", recipes: with(recipes{"leaf": {Issuer: "sub", EKU: []string{"clientAuth"}}}), ask: func(q *chain.Question) {
			named("www.example-shop.de")(q)
			q.Purpose = chain.PurposeClient
		}},
	})
}
