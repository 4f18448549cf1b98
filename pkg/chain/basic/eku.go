package basic

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(eku)

var eku = &chain.Rule{
	ID:    "basic-eku",
	Level: chain.LevelX509,
	Title: "extended key usage does not allow this purpose",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2.1.12"},
		{Doc: "SecPolicyServer.c", Section: "E-01, X-22", Confidence: chain.ConfidenceSource},
	},
	Explain: "Where a leaf has an extended key usage, it has to contain the purpose the key is used for: serverAuth for a server, clientAuth for a client identity in mutual TLS. An intermediate that has one limits everything below it to its purposes. " +
		"A certificate made for the other side, for code signing or for e-mail fails here although everything else is in order.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with extendedKeyUsage=serverAuth", Issue: &chain.Issuing{Anew: true}},
		{For: chain.ForClient, Who: "CA", Text: "issue {item} again with extendedKeyUsage=clientAuth", Issue: &chain.Issuing{Anew: true}}},
	Apple:     chain.AppleError{Class: chain.ClassUsage, Sec: -67609},
	InsteadOf: []string{"apple-server-auth-eku"},
	Reads:     x509read.FieldExtKeyUsage,
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, place chain.Place) []chain.Hit {
		have := it.Cert.ExtKeyUsage
		if have == nil || it.Anchor != nil && !place.Leaf {
			return nil // basic-anchor-eku
		}
		absent := absentPurposes(c.Question, have)
		if absent == nil {
			return nil
		}
		format := "the extended key usage of {item} does not allow %s"
		if !place.Leaf {
			format = "the extended key usage of {item} limits what it issues to other purposes than %s"
		}
		return []chain.Hit{{
			Item:     it,
			Message:  fmt.Sprintf(format, purposeText(absent)),
			Evidence: []chain.Evid{{Field: "extendedKeyUsage", Got: purposeText(have), Want: purposeText(absent)}},
			Kinds:    purposeKinds(have),
			Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(x *x509read.Certificate) {
				x.ExtKeyUsage = append(have[:len(have):len(have)], absent...)
			})}},
		}}
	}),
}

// absentPurposes lists what the question asks for and an extended key usage does not allow.
func absentPurposes(q chain.Question, have []x509read.OID) []x509read.OID {
	var want []x509read.OID
	switch q.Purpose {
	case chain.PurposeServer:
		want = append(want, x509read.OIDServerAuth)
	case chain.PurposeClient:
		want = append(want, x509read.OIDClientAuth)
	}
	want = append(want, q.EKU...)
	var absent []x509read.OID
	for _, w := range want {
		if !allowsPurpose(have, w) && !slices.Contains(absent, w) {
			absent = append(absent, w)
		}
	}
	return absent
}

func allowsPurpose(have []x509read.OID, want x509read.OID) bool {
	for _, o := range have {
		if o == want || o == x509read.OIDAnyExtKeyUsage {
			return true
		}
	}
	return false
}

func purposeText(list []x509read.OID) string {
	if len(list) == 0 {
		return "none"
	}
	names := make([]string, 0, len(list))
	for i, o := range list {
		if i == 8 {
			names = append(names, "…")
			break
		}
		names = append(names, o.Name())
	}
	return strings.Join(names, ", ")
}

// purposeKinds tells apart the extended key usages that some clients take for a
// server's although they do not name it.
func purposeKinds(have []x509read.OID) []string {
	switch {
	case len(have) == 0:
		return []string{"empty"}
	case slices.Contains(have, x509read.OIDMSServerGatedCrypto):
		return []string{"sgc-microsoft"}
	case slices.Contains(have, x509read.OIDNetscapeServerGatedCrypto):
		return []string{"sgc-netscape"}
	}
	return []string{"other"}
}
