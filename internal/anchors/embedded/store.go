// Package embedded holds the trust stores that are built in: Apple's and
// Mozilla's, and those of other clients. It is pure, and nothing is parsed, hashed
// or indexed before a store is asked for.
package embedded

import "github.com/chainspect/chainspect/pkg/chain"

// Store returns the built-in trust store of a name: apple, mozilla, android,
// chrome, java, microsoft, or none, which is empty; nil for any other.
func Store(name string) *chain.Anchors {
	switch name {
	case "apple":
		return Apple()
	case "mozilla":
		return Mozilla()
	case "android":
		return android()
	case "chrome":
		return chrome()
	case "java":
		return java()
	case "microsoft":
		return microsoft()
	case "none":
		return chain.NewAnchors(chain.StoreInfo{Name: "none"})
	}
	return nil
}
