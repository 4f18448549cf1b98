package apple

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(nameChaining)

var nameChaining = &chain.Rule{
	ID:    "apple-name-chaining",
	Level: chain.LevelX509,
	Title: "issuer and subject match, but not octet by octet",
	Sources: []chain.Source{
		{Doc: "SecCertificate.c", Section: "X-05", Confidence: chain.ConfidenceSource},
	},
	Explain: "Apple platforms find a certificate's issuer by comparing names almost octet by octet: case and spaces are folded in PrintableString values only, and the string types have to agree. " +
		"A CA that writes its own name as UTF8String and its customers' issuer field as PrintableString is not recognised as the issuer, although RFC 5280 calls the names equal. The device then finds no chain of trust and says that the certificate is not trusted.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with the issuer's name copied octet by octet from the CA's subject, as OpenSSL does", Issue: &chain.Issuing{}}},
	Apple:  chain.AppleError{Class: chain.ClassTrust, Sec: -25318},
	Reads:  x509read.FieldIssuer | x509read.FieldSubject,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		want, got := l.Child.Cert.Issuer, l.Issuer.Cert.Subject
		if want.EqualApple(got) {
			return nil
		}
		return []chain.Hit{{Item: l.Child, Advice: []chain.Advice{{Repair: chain.RepairReissue(l.Child, func(cert *x509read.Certificate) { cert.Issuer = got })}}, Message: "{item} does not write its issuer's name as the CA writes its own subject: encoding, case or spaces differ",
			Evidence: []chain.Evid{{Field: "issuer", Got: want.String(), Want: got.String()}}}}
	}),
}
