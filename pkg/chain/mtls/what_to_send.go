package mtls

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// whatToSend concludes how much of the identity the server wants to see: by what
// it took and refused where several ways were tried, else by the CAs it announces.
// "" where nothing tells.
func whatToSend(c *chain.Case) string {
	now, _ := attempts(c)
	var all []*x509read.Certificate
	took, refused := 0, 0 // certificates: the fewest it took, the most it refused
	var names announced
	for _, o := range now {
		certs := certificatesOf(c, o.Presented)
		if len(certs) > len(all) {
			all = certs
		}
		if o.ClientAuth != nil && len(o.ClientAuth.Authorities) > 0 {
			names = announcedBy(o.ClientAuth.Authorities)
		}
		switch n := len(o.Presented.Sent); {
		case n == 0:
		case o.Presented.Fate == chain.FateAccepted && (took == 0 || n < took):
			took = n
		case o.Presented.Fate == chain.FateRefused:
			refused = max(refused, n)
		}
	}
	if took == 0 || len(all) < 2 {
		return ""
	}
	need, by := took, "was tried"
	switch {
	case took == 1 || refused > 0 && refused < took:
	case len(names) > 0:
		if need = fewest(all[:took], names); need == 0 {
			return ""
		}
		by = "by the CAs it announces"
	default:
		return ""
	}
	text := fmt.Sprintf("it needs %s (%s)", items(need), by)
	if last := len(all) - 1; need <= last && selfIssued(all[last]) {
		text += fmt.Sprintf("; item %d, the root, changes nothing", last)
	}
	return text
}

// fewest is how many of the certificates lead to an announced name; 0: all do not.
func fewest(certs []*x509read.Certificate, names announced) int {
	for n := 1; n <= len(certs); n++ {
		if _, at := reach(certs[:n], names); at == reachYes {
			return n
		}
	}
	return 0
}

// items names the first n items.
func items(n int) string {
	switch n {
	case 1:
		return "item 0 alone"
	case 2:
		return "items 0 and 1"
	}
	return fmt.Sprintf("items 0 to %d", n-1)
}
