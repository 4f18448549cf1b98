package lint

import (
	"encoding/pem"
	"slices"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/suite"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// suiteCase is a line of a third-party chain suite.
type suiteCase struct {
	ID, Expected, Name string
	Purpose            chain.Purpose
	NameKind           chain.NameKind `json:"name_kind"`
	Time               time.Time
	ChainPEM           []string `json:"chain_pem"`
	RootsPEM           []string `json:"roots_pem"`
}

func decodePEM(blocks []string) (out [][]byte) {
	for _, text := range blocks {
		rest := []byte(text)
		for {
			var b *pem.Block
			if b, rest = pem.Decode(rest); b == nil {
				break
			}
			out = append(out, b.Bytes)
		}
	}
	return out
}

func (s *suiteCase) build() *chain.Case {
	q := chain.Question{Time: s.Time, Name: s.Name, NameKind: s.NameKind, Purpose: s.Purpose, MaxDepth: -1}
	return caseOf(q, decodePEM(s.ChainPEM), decodePEM(s.RootsPEM))
}

// caseOf builds a case of DER certificates, item 0 first.
func caseOf(q chain.Question, sent, roots [][]byte) *chain.Case {
	var anchors []*chain.Anchor
	for _, der := range roots {
		anchors = append(anchors, chain.NewAnchor(der, chain.Installed, "job"))
	}
	in := chain.Input{Capture: testpki.Shown("job", sent...), Anchors: chain.NewAnchors(chain.StoreInfo{}, anchors...), Question: q}
	return chain.Build(in, chain.DefaultBudget(), chain.NewMemory(64))
}

// onPath lists the rules that fire on a path, errors and warnings apart.
func onPath(c *chain.Case, p *chain.Path) (hard, soft []string) {
	for i, it := range p.Items {
		at := chain.Place{Leaf: i == 0, Anchor: p.End == chain.Anchored && i == len(p.Items)-1}
		for _, r := range Rules() {
			check := ofItem(r)
			if check == nil {
				continue
			}
			for _, h := range check(c, it, at) {
				if h.AtMost == "" {
					hard = append(hard, r.ID)
				} else {
					soft = append(soft, r.ID)
				}
			}
		}
	}
	slices.Sort(hard)
	slices.Sort(soft)
	return slices.Compact(hard), slices.Compact(soft)
}

// contradictions are valid for the suite's authors under RFC 5280 and invalid
// under the Baseline Requirements, by certificates of one shape: the profile
// this package is for can only be one of the two.
var contradictions = map[string]string{
	"rfc5280::ca-as-leaf":                         "webpki::ca-as-leaf has the same certificates and is invalid",
	"rfc5280::eku::ee-without-eku":                "webpki::eku::ee-without-eku has the same certificates and is invalid",
	"pathlen::validation-ignores-pathlen-in-leaf": "item 0 is a CA, as in webpki::ca-as-leaf; the suite asks about path lengths only",
}

// TestLimboValid checks that no certificate-profile rule is an error on every
// path of a chain that the suite calls valid.
func TestLimboValid(t *testing.T) {
	for _, s := range suite.Read[suiteCase](t, "limbo") {
		if s.Expected != "valid" {
			continue
		}
		c := s.build()
		clean := false
		var said []string
		for _, p := range c.Paths {
			hard, _ := onPath(c, p)
			good := p.End == chain.Anchored
			for _, l := range p.Links {
				good = good && l.Signature.Status == x509read.Verified
			}
			clean = clean || good && len(hard) == 0
			said = append(said, hard...)
		}
		if reason, ok := contradictions[s.ID]; ok == clean {
			t.Errorf("%s: clean %v, said %v %s", s.ID, clean, said, reason)
		}
	}
}

// profileCases are the suite's cases that are about a certificate profile, and
// the rule that has to find each.
var profileCases = map[string]string{
	"invalid::invalid-issuer-key":                                               "lint-public-key",
	"rfc5280::aki::critical-aki":                                                "lint-aki-critical",
	"rfc5280::aki::leaf-missing-aki":                                            "lint-aki-missing",
	"rfc5280::aki::intermediate-missing-aki":                                    "lint-aki-missing",
	"rfc5280::aki::cross-signed-root-missing-aki":                               "lint-aki-missing",
	"rfc5280::nc::invalid-ipv6-address":                                         "lint-name-constraints-subtree",
	"rfc5280::nc::invalid-email-address":                                        "lint-name-constraints-subtree",
	"rfc5280::nc::not-allowed-in-ee-noncritical":                                "lint-name-constraints-leaf",
	"rfc5280::nc::not-allowed-in-ee-critical":                                   "lint-name-constraints-leaf",
	"rfc5280::nc::nc-permits-invalid-ip-san":                                    "lint-san-syntax",
	"rfc5280::nc::nc-permits-invalid-email-san":                                 "lint-san-email",
	"rfc5280::pc::ica-noncritical-pc":                                           "lint-policy-constraints-critical",
	"rfc5280::san::noncritical-with-empty-subject":                              "lint-san-not-critical",
	"rfc5280::san::underscore-dns":                                              "lint-san-underscore",
	"rfc5280::san::ip-in-dns":                                                   "lint-san-ip-as-dns",
	"rfc5280::ski::critical-ski":                                                "lint-ski-critical",
	"rfc5280::ski::intermediate-missing-ski":                                    "lint-ski-missing",
	"rfc5280::ee-empty-issuer":                                                  "lint-issuer-empty",
	"rfc5280::root-non-critical-basic-constraints":                              "lint-basic-constraints-critical",
	"rfc5280::duplicate-extensions":                                             "lint-extension-duplicate",
	"rfc5280::mismatching-signature-algorithm":                                  "lint-signature-algorithm",
	"webpki::aki::root-with-aki-missing-keyidentifier":                          "lint-key-id-syntax",
	"webpki::aki::root-with-aki-authoritycertissuer":                            "lint-br-aki-shape",
	"webpki::aki::root-with-aki-authoritycertserialnumber":                      "lint-br-aki-shape",
	"webpki::aki::root-with-aki-ski-mismatch":                                   "lint-br-root-aki",
	"webpki::cn::ipv6-uppercase-mismatch":                                       "lint-br-cn-in-san",
	"webpki::cn::ipv6-non-rfc5952-mismatch":                                     "lint-br-cn-in-san",
	"webpki::cn::not-in-san":                                                    "lint-br-cn-in-san",
	"webpki::eku::ee-critical-eku":                                              "lint-br-eku-critical",
	"webpki::eku::ee-without-eku":                                               "lint-br-eku-missing",
	"webpki::eku::root-has-eku":                                                 "lint-br-root-eku",
	"webpki::nc::intermediate-permitted-excluded-subtrees-both-null":            "lint-name-constraints",
	"webpki::nc::intermediate-permitted-excluded-subtrees-both-empty-sequences": "lint-name-constraints",
	"webpki::san::public-suffix-wildcard-san":                                   "lint-br-wildcard-suffix",
	"webpki::san::public-suffix-multi-label-wildcard-san":                       "lint-br-wildcard-suffix",
	"webpki::san::public-suffix-private-namespace-wildcard-san":                 "lint-br-wildcard-suffix",
	"webpki::san::wildcard-not-in-leftmost-san":                                 "lint-san-dns-name",
	"webpki::san::no-san":                                                       "lint-br-san-missing",
	"webpki::san::san-wildcard-only-tld":                                        "lint-san-dns-name",
	"webpki::malformed-aia":                                                     "lint-authority-info",
	"webpki::forbidden-p192-root":                                               "lint-br-key-type",
	"webpki::forbidden-dsa-leaf":                                                "lint-br-key-type",
	"webpki::forbidden-weak-rsa-key-in-root":                                    "lint-br-rsa-size",
	"webpki::forbidden-weak-rsa-in-leaf":                                        "lint-br-rsa-size",
	"webpki::forbidden-rsa-not-divisible-by-8-in-root":                          "lint-br-rsa-multiple",
	"webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf":                      "lint-br-rsa-multiple",
	"webpki::v1-cert":                                                           "lint-br-version",
	"webpki::ca-as-leaf":                                                        "lint-br-leaf-ca",
}

func TestLimboInvalid(t *testing.T) {
	seen := 0
	for _, s := range suite.Read[suiteCase](t, "limbo") {
		want, ok := profileCases[s.ID]
		if !ok {
			continue
		}
		seen++
		c := s.build()
		for _, p := range c.Paths {
			if hard, soft := onPath(c, p); !slices.Contains(hard, want) {
				t.Errorf("%s: path %d says %v and %v, want %s", s.ID, p.Index, hard, soft, want)
			}
		}
	}
	if seen != len(profileCases) {
		t.Errorf("%d of %d cases are in the suite", seen, len(profileCases))
	}
}
