package basic

import (
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(policyQualifier)

var policyQualifier = &chain.Rule{
	ID:    "basic-policy-qualifier",
	Level: chain.LevelX509,
	Title: "critical policies with a qualifier that nobody knows",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2.1.4"},
	},
	Explain: "A certificate policy may carry qualifiers: the address of the CA's statement of practice, or a notice to the user. Where the extension is critical, whoever validates the path must be able to interpret it with its qualifiers, or refuse the certificate. " +
		"This one has a qualifier of another kind, so that what it limits cannot be told. Apple platforms read the policies alone.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again without the qualifier, or with certificatePolicies not marked critical", Issue: &chain.Issuing{Anew: true}}},
	Reads:  x509read.FieldPolicies,
	Check: chain.PerCertificate(func(it *chain.Item, place chain.Place) []chain.Hit {
		e := it.Cert.Extension(x509read.OIDExtCertificatePolicies)
		if e == nil || !e.Critical || place.Anchor { // trust in an anchor is decided elsewhere (section 6.1.1 (d))
			return nil
		}
		for _, p := range it.Cert.Policies {
			if id := foreignQualifier(p.Qualifiers); id != "" {
				return []chain.Hit{{
					Item:     it,
					Message:  fmt.Sprintf("{item} has a critical certificatePolicies with the qualifier %s at policy %s, which is not known", id.Name(), p.OID.Name()),
					Evidence: []chain.Evid{{Field: "policyQualifierId", Got: id.String(), Want: "id-qt-cps (1.3.6.1.5.5.7.2.1) or id-qt-unotice (1.3.6.1.5.5.7.2.2)"}},
					Advice:   []chain.Advice{{Repair: chain.RepairReissue(it, dropQualifiers)}},
				}}
			}
		}
		return nil
	}),
}

// foreignQualifier is the first qualifier that RFC 5280 does not define; "": none.
func foreignQualifier(raw []byte) x509read.OID {
	in := cryptobyte.String(raw)
	var list, one cryptobyte.String
	if !in.ReadASN1(&list, asn1.SEQUENCE) {
		return ""
	}
	for !list.Empty() {
		var id cryptobyte.String
		if !list.ReadASN1(&one, asn1.SEQUENCE) || !one.ReadASN1(&id, asn1.OBJECT_IDENTIFIER) {
			return "" // does not decode: lint-policies
		}
		if oid := x509read.OID(id); oid != x509read.OIDPolicyQualifierCPS && oid != x509read.OIDPolicyQualifierUserNotice {
			return oid
		}
	}
	return ""
}

// dropQualifiers has the policies stand alone.
func dropQualifiers(x *x509read.Certificate) {
	x.Policies = slices.Clone(x.Policies)
	for i := range x.Policies {
		x.Policies[i].Qualifiers = nil
	}
}
