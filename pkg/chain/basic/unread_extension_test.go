package basic

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// A fault belongs to one of the two rules, never to both: the same code in an
// extension that every client reads makes the certificate unreadable.
func TestFaultsOfUnreadExtensions(t *testing.T) {
	for _, s := range []struct {
		code x509read.FaultCode
		oid  x509read.OID
		want bool
	}{
		{x509read.FaultAltNameSyntax, x509read.OIDExtIssuerAltName, true},
		{x509read.FaultAltNameSyntax, x509read.OIDExtSubjectAltName, false},
		{x509read.FaultGeneralNameTag, x509read.OIDExtIssuerAltName, true},
		{x509read.FaultGeneralNameTag, x509read.OIDExtNameConstraints, false},
		{x509read.FaultDistributionSyntax, x509read.OIDExtFreshestCRL, true},
		{x509read.FaultDistributionSyntax, x509read.OIDExtCRLDistributionPoints, false},
		{x509read.FaultSubtreeIPMask, x509read.OIDExtNameConstraints, true},
		{x509read.FaultSubtreeIPLength, x509read.OIDExtNameConstraints, false},
	} {
		f := x509read.Fault{Code: s.code, OID: s.oid}
		if got := unread(&f); got != s.want {
			t.Errorf("%s in %s: %v, want %v", s.code, s.oid.Name(), got, s.want)
		}
		if !unread(&f) && !unusable(&f) {
			t.Errorf("%s in %s: no rule has it", s.code, s.oid.Name())
		}
	}
}
