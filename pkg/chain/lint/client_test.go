package lint

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func TestClientCertificatesAreNoServers(t *testing.T) {
	for _, r := range Rules() {
		if strings.HasPrefix(r.ID, "lint-br-") != (r.Applies != nil && r.Applies.NotFor == chain.PurposeClient) {
			t.Errorf("%s applies: %+v", r.ID, r.Applies)
		}
	}
	for _, change := range []func(*cert){
		func(c *cert) { c.ExtKeyUsage, c.Extensions = nil, without(c.Extensions, x509read.OIDExtExtKeyUsage) },
		func(c *cert) { c.Subject = subjectOf(t, "A Person") },
	} {
		if got := say(t, false, chain.PurposeClient, "", change); got != "" {
			t.Errorf("said %q of a client identity", got)
		}
		if got := say(t, false, chain.PurposeServer, "", change); got == "" {
			t.Error("nothing said of a server's certificate")
		}
	}
}
