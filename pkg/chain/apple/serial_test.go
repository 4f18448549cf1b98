package apple

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func TestSerialNumber(t *testing.T) {
	of := func(n int) *chain.Case {
		return asked(chain.Builtin, leaf(func(c *x509read.Certificate) { c.Serial = make([]byte, n) }), authority("CA", "CA"))
	}
	tell(t, []story{
		{"one zero octet", "apple-serial", of(1), ""},
		{"more than RFC 5280 allows", "apple-serial", of(21), ""},
		{"37 octets", "apple-serial", of(37), ""},
		{"38 octets", "apple-serial", of(38), "error"},
	})
}
