package apple

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func usage(list ...x509read.OID) edit {
	return func(c *x509read.Certificate) { c.ExtKeyUsage = list }
}

func from(when string) edit {
	return func(c *x509read.Certificate) { c.NotBefore = moment(when) }
}

func TestPurposes(t *testing.T) {
	const rule, sub = "apple-server-auth-eku", "apple-intermediate-eku"
	with := func(kind chain.AnchorKind, e edit) *chain.Case {
		return asked(kind, leaf(), authority("CA", "Root", e), authority("Root", "Root", usage(x509read.OIDEmailProtection)))
	}
	any, serverAuth, clientAuth, sgc := x509read.OIDAnyExtKeyUsage, x509read.OIDServerAuth, x509read.OIDClientAuth, x509read.OIDMSServerGatedCrypto
	tell(t, []story{
		{"serverAuth", rule, under(chain.Builtin), ""},
		{"serverAuth and clientAuth", rule, under(chain.Builtin, usage(clientAuth, serverAuth)), ""},
		{"none under a built-in root", rule, under(chain.Builtin, usage()), "error"},
		{"any under a built-in root", rule, under(chain.Builtin, usage(any)), "error"},
		{"none under a built-in root, old", rule, under(chain.Builtin, usage(), from("2015-01-01T00:00:00Z")), "error"},
		{"none under the app's anchor", rule, under(chain.App, usage()), "error"},
		{"none under the app's anchor, at the start", rule, under(chain.App, usage(), from("2019-06-30T23:00:00Z")), ""},
		{"none under the app's anchor, a second later", rule, under(chain.App, usage(), from("2019-06-30T23:00:01Z")), "error"},
		{"none under an installed root", rule, under(chain.Installed, usage()), "note"},
		{"none, untrusted", rule, under("", usage()), "note"},
		{"the app's leaf", rule, asked(chain.App, leaf(usage())), "error"},
		{"the installed leaf", rule, asked(chain.Installed, leaf(usage())), "note"},
		{"client", rule, client(under(chain.Builtin, usage())), ""},

		{"no usage", sub, with(chain.Builtin, usage()), ""},
		{"serverAuth", sub, with(chain.Builtin, usage(serverAuth)), ""},
		{"any", sub, with(chain.Builtin, usage(any)), ""},
		{"e-mail only", sub, with(chain.Installed, usage(x509read.OIDEmailProtection)), "error"},
		{"server gated crypto under a private root", sub, with(chain.Installed, usage(sgc)), ""},
		{"server gated crypto under a built-in root", sub, with(chain.Builtin, usage(sgc)), "error"},
		{"clientAuth for a server", sub, with(chain.Installed, usage(clientAuth)), "error"},
		{"clientAuth for a client", sub, client(with(chain.Installed, usage(clientAuth))), ""},
		{"serverAuth for a client", sub, client(with(chain.Installed, usage(serverAuth))), "error"},
	})
}
