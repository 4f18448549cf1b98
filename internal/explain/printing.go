package explain

import (
	"strconv"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Printing returns those of the rules that a report for an Apple platform prints
// a code of: a number such as "-9802", of SecTrust, URLError or SSL. Rules that
// are no errors there print none.
func Printing(code string, rules []*chain.Rule) []*chain.Rule {
	n, err := strconv.Atoi(code)
	if err != nil {
		return nil
	}
	apple := chain.ProfileByName("apple")
	var out []*chain.Rule
	for _, r := range rules {
		if s, _ := apple.Severity(r); s == chain.Error && r.Apple.Prints(n) {
			out = append(out, r)
		}
	}
	return out
}
