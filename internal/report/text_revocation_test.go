package report

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestRevocationSentence(t *testing.T) {
	r := &chain.Report{Items: []chain.ItemReport{{Index: 0, Subject: "CN=www.example.com", Origin: chain.OriginSent},
		{Index: 1, Subject: "CN=Example Issuing CA 3", Origin: chain.OriginSent}, {Index: 2, Subject: "CN=Another CA", Origin: chain.OriginSent}},
		Revocation: []chain.RevocationReport{{Item: 0, Status: "good", Source: "the CRL of CN=X"},
			{Item: 1, Status: "revoked", Reason: "keyCompromise", RevokedAt: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Source: "the stapled OCSP response"},
			{Item: 2, Status: "unknown", Why: "nobody answered"}}}
	want := "www.example.com: good, says the CRL of CN=X; Example Issuing CA 3: revoked on 2026-05-01 00:00 UTC (keyCompromise), says the " +
		"stapled OCSP response; Another CA: could not tell: nobody answered"
	if got := revocationSentence(r); got != want {
		t.Errorf("%s", got)
	}
	if got := revocationSentence(&chain.Report{}); got != "" {
		t.Error(got)
	}
}
