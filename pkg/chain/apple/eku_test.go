package apple

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func forPurposes(list ...x509read.OID) *x509read.Certificate {
	return leaf(func(c *x509read.Certificate) { c.ExtKeyUsage = list })
}

func TestExtendedKeyUsageOfTheLeaf(t *testing.T) {
	client := func(c *chain.Case) *chain.Case { c.Question.Purpose = chain.PurposeClient; return c }
	besides := func(c *chain.Case) *chain.Case { c.Question.EKU = []x509read.OID{x509read.OIDClientAuth}; return c }
	root := authority("CA", "CA")
	ask := func(cert *x509read.Certificate) *chain.Case { return asked(chain.Installed, cert, root) }
	tell(t, []story{
		{"absent", "apple-eku", ask(leaf(func(c *x509read.Certificate) { c.ExtKeyUsage = nil })), ""},
		{"serverAuth", "apple-eku", ask(forPurposes(x509read.OIDServerAuth)), ""},
		{"any", "apple-eku", ask(forPurposes(x509read.OIDAnyExtKeyUsage)), ""},
		{"Microsoft SGC", "apple-eku", ask(forPurposes(x509read.OIDMSServerGatedCrypto)), ""},
		{"Netscape SGC", "apple-eku", ask(forPurposes(x509read.OIDNetscapeServerGatedCrypto)), ""},
		{"clientAuth on a server", "apple-eku", ask(forPurposes(x509read.OIDClientAuth)), "error"},
		{"present and empty", "apple-eku", ask(leaf(func(c *x509read.Certificate) { c.ExtKeyUsage = []x509read.OID{} })), "error"},
		{"clientAuth on a client", "apple-eku", client(ask(forPurposes(x509read.OIDClientAuth))), ""},
		{"any on a client", "apple-eku", client(ask(forPurposes(x509read.OIDAnyExtKeyUsage))), ""},
		{"SGC on a client", "apple-eku", client(ask(forPurposes(x509read.OIDMSServerGatedCrypto))), "error"},
		{"a further purpose, absent", "apple-eku", besides(ask(forPurposes(x509read.OIDServerAuth))), "error"},
		{"a further purpose, there", "apple-eku", besides(ask(forPurposes(x509read.OIDServerAuth, x509read.OIDClientAuth))), ""},
		{"the leaf is the anchor", "apple-eku", asked(chain.App, forPurposes(x509read.OIDClientAuth)), "error"},
		{"the anchor above is not examined", "apple-eku", asked(chain.App, forPurposes(x509read.OIDServerAuth),
			authority("CA", "CA", func(c *x509read.Certificate) { c.ExtKeyUsage = []x509read.OID{x509read.OIDClientAuth} })), ""},
	})
}

func TestFractionOfTheLastSecond(t *testing.T) {
	end := moment("2026-04-10T00:00:00Z") // of every certificate that made makes
	for _, s := range []struct {
		after time.Duration
		want  string
	}{
		{-time.Millisecond, ""}, {0, ""}, {time.Nanosecond, "error"}, {time.Millisecond, "error"}, {time.Second - 1, "error"}, {time.Second, ""},
	} {
		for _, certs := range [][]*x509read.Certificate{
			{leaf(), authority("CA", "CA", func(c *x509read.Certificate) { c.NotAfter = moment("2036-01-01T00:00:00Z") })},
			{leaf(func(c *x509read.Certificate) { c.NotAfter = moment("2026-12-01T00:00:00Z") }), authority("CA", "CA")},
		} {
			c := asked(chain.Builtin, certs...)
			c.Question.Time = end.Add(s.after)
			if got := outcome(fire(t, "apple-expired-fraction", c)); got != s.want {
				t.Errorf("%v after notAfter: %q, want %q", s.after, got, s.want)
			}
		}
	}
}
