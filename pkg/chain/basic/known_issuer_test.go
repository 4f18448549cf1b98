package basic

import "testing"

// TestKnownIssuers: an issuer that no device is meant to trust is told by its
// name, wherever in the chain it stands; a private CA is none.
func TestKnownIssuers(t *testing.T) {
	var stories []story
	for root, want := range map[string]string{
		"CN=(STAGING) Pretend Pear X1,O=(STAGING) Internet Security Research Group": "basic-known-issuer",
		"CN=Fake LE Root X1":       "basic-known-issuer",
		"CN=Pebble Root CA 1f2e3d": "basic-known-issuer",
		"O=CloudFlare Inc,OU=CloudFlare Origin SSL ECC Certificate Authority": "basic-known-issuer",
		"CN=Kubernetes Ingress Controller Fake Certificate,O=Acme Co":         "basic-known-issuer",
		"CN=TRAEFIK DEFAULT CERT":      "basic-known-issuer",
		"CN=Staging Root CA,O=Example": "basic-anchor-not-trusted",
		"CN=Example Origin CA":         "basic-anchor-not-trusted",
	} {
		stories = append(stories, story{name: root, sent: "leaf sub root", anchors: "other", want: "error:" + want,
			recipes: with(recipes{"root": {Subject: root, CA: true}})})
	}
	run(t, stories)
}
