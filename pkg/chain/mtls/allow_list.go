package mtls

import (
	"bytes"
	"encoding/hex"
	"strconv"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(allowList)

var allowList = &chain.Rule{
	ID: "mtls-allow-list", Level: chain.LevelIdentity,
	Title:   "the identity is not on the server's allow-list",
	Sources: []chain.Source{{Doc: "server policy", Section: "allow_cert, allow_spki"}},
	Explain: "Some servers trust single client identities, by the hash of the certificate or of its public key, and no CA decides. An identity that was issued again has another certificate hash; only the hash of its key survives a renewal with the same key.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "add the hash of the identity's certificate or key to the allow-list"}},
	Needs: func(c *chain.Case) bool {
		d := demands(c)
		return d != nil && len(d.AllowedCerts)+len(d.AllowedKeys) > 0
	},
	Check: chain.PerLeaf(func(c *chain.Case, leaf *chain.Item) []chain.Hit {
		d := c.Question.ServerDemands
		if listed(d.AllowedCerts, leaf.Cert.SHA256[:]) || listed(d.AllowedKeys, leaf.Cert.PublicKey.SHA256[:]) {
			return nil
		}
		return []chain.Hit{{Item: leaf, Message: "neither the certificate nor the key of {item} is on the server's allow-list",
			Evidence: []chain.Evid{{Field: "certificate sha256", Got: hex.EncodeToString(leaf.Cert.SHA256[:]), Want: "one of " + strconv.Itoa(len(d.AllowedCerts)) + " in allow_cert"},
				{Field: "key sha256", Got: hex.EncodeToString(leaf.Cert.PublicKey.SHA256[:]), Want: "one of " + strconv.Itoa(len(d.AllowedKeys)) + " in allow_spki"}}}}
	}),
}

func listed(list [][]byte, sum []byte) bool {
	for _, x := range list {
		if bytes.Equal(x, sum) {
			return true
		}
	}
	return false
}
