package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(encoding)

var encoding = &chain.Rule{
	ID:    "basic-encoding",
	Level: chain.LevelX509,
	Title: "field is not encoded as the standard says",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.1"},
		{Doc: "X.690", Section: "sections 10 and 11"},
	},
	Explain: "A certificate has exactly one encoding, DER, because a signature protects bytes and not meanings. This one can be understood, but a field of it is written in a way the standard does not allow, and strict clients refuse it while they read it. " +
		"Apple platforms forgive some of these and refuse others; rules of their own say which.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with software that encodes it right, as OpenSSL does", Issue: &chain.Issuing{Anew: true}}},
	InsteadOf: []string{"lint-authority-info", "lint-basic-constraints", "lint-der", "lint-distribution-points", "lint-eku-syntax",
		"lint-extension-syntax", "lint-key-id-syntax", "lint-key-usage", "lint-name-encoding", "lint-policies", "lint-policy-constraints",
		"lint-policy-mappings", "lint-public-key", "lint-san-syntax", "lint-serial", "lint-signature-algorithm", "lint-time-encoding",
		"lint-tls-feature", "lint-trailing-data"},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, place chain.Place) []chain.Hit {
		for _, f := range it.Cert.Faults {
			if !misencoded(f.Code) {
				continue
			}
			h := chain.Hit{
				Item:     it,
				Message:  fmt.Sprintf("the field %s of {item} is not encoded as RFC 5280 wants: %s", f.Field, f.Message),
				Evidence: []chain.Evid{{Field: f.Field, Got: fmt.Sprintf("malformed, at byte %d", f.Offset), Want: "the encoding of RFC 5280 section 4"}},
				Advice:   []chain.Advice{{Repair: chain.RepairReissue(it, func(*x509read.Certificate) {})}},
			}
			if f.Code == x509read.FaultTrailingData { // outside of what the CA signed
				h.Message = fmt.Sprintf("{item}: %s", f.Message)
				h.Advise(administrator(c), "install the certificate again without the bytes behind it", "openssl x509 -in cert.pem -out whole.pem")
			}
			return []chain.Hit{h}
		}
		return nil
	}),
}

// misencoded lists the faults of fields that have a value all the same.
func misencoded(code x509read.FaultCode) bool {
	switch code {
	case x509read.FaultLengthNotMinimal, x509read.FaultLengthIndefinite, x509read.FaultIntegerNotMinimal, x509read.FaultBooleanNotDER, x509read.FaultBitsPadding,
		x509read.FaultOID, x509read.FaultTrailingData, x509read.FaultTrailingOuter, x509read.FaultTrailingTBS, x509read.FaultTrailingExtension,
		x509read.FaultTrailingField, x509read.FaultSerialNotMinimal, x509read.FaultSignatureUnusedBits, x509read.FaultKeyUnusedBits,
		x509read.FaultTimeOffset, x509read.FaultTimeNoZone, x509read.FaultTimeNoSeconds, x509read.FaultTimeFraction, x509read.FaultTimeSecond60,
		x509read.FaultNameStringType, x509read.FaultUTF8String, x509read.FaultBMPString, x509read.FaultUniversalString, x509read.FaultIA5String, x509read.FaultGeneralNameString, x509read.FaultGeneralNameIPLength, x509read.FaultKeyParameters, x509read.FaultNumericString, x509read.FaultVisibleString:
		return true
	}
	return false
}
