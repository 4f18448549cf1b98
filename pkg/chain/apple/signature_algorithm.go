package apple

import "github.com/chainspect/chainspect/pkg/chain/x509read"

// verifiable lists the signature algorithms Apple platforms can verify (apple: K-06).
func verifiable(oid x509read.OID) bool {
	switch oid {
	case x509read.OIDMD5WithRSA, x509read.OIDSHA1WithRSA, x509read.OIDSHA1WithRSAOIW, x509read.OIDSHA224WithRSA,
		x509read.OIDSHA256WithRSA, x509read.OIDSHA384WithRSA, x509read.OIDSHA512WithRSA,
		x509read.OIDECDSAWithSHA1, x509read.OIDECDSAWithSHA224, x509read.OIDECDSAWithSHA256,
		x509read.OIDECDSAWithSHA384, x509read.OIDECDSAWithSHA512, x509read.OIDEd25519, x509read.OIDEd448:
		return true
	}
	return false
}
