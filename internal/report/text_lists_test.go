package report

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestRowsOfOneName: two CA certificates of one subject are told apart; a copy,
// and a leaf that has its CA's name, need no telling.
func TestRowsOfOneName(t *testing.T) {
	ca := func(index int, role, sha string) chain.ItemReport {
		return chain.ItemReport{Index: index, Role: role, Subject: "CN=Root YR", SHA256: sha, Origin: chain.OriginSent}
	}
	r := &chain.Report{Items: []chain.ItemReport{
		ca(0, "leaf", "00112233445566778899"),
		ca(1, "intermediate", "587e69ca00112233"),
		ca(2, "duplicate", "587e69ca00112233"),
	}}
	names := func() (out []string) {
		for _, x := range itemRows(r) {
			out = append(out, x.name)
		}
		return out
	}
	for i, got := range names() {
		if got != "Root YR" {
			t.Errorf("row %d: %q", i, got)
		}
	}
	r.Items = append(r.Items, ca(3, "unused", "54acf69200112233"))
	for i, want := range []string{"Root YR", "Root YR (587e69ca…)", "Root YR (587e69ca…)", "Root YR (54acf692…)"} {
		if got := names()[i]; got != want {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
}

// TestRoleOfAMissingIssuer: a name that does not say that its owner is an
// intermediate may be the root's.
func TestRoleOfAMissingIssuer(t *testing.T) {
	for issuer, want := range map[string]string{"CN=mkcert me@mac": "issuer", "CN=Shop Root": "issuer", "CN=Corp CA": "issuer",
		"CN=Example Issuing CA 3": "intermediate", "CN=Corp Intermediate": "intermediate"} {
		r := &chain.Report{Items: []chain.ItemReport{{Role: "leaf", Issuer: issuer}}, Paths: []chain.PathReport{{Items: []int{0}, End: chain.NoIssuer}}}
		if _, role := missingIssuer(r); role != want {
			t.Errorf("%s: %s, want %s", issuer, role, want)
		}
	}
}

// TestCheckedNamesTheWay: where a fix has several ways, the one that was tried is named.
func TestCheckedNamesTheWay(t *testing.T) {
	for way, want := range map[string]string{"": "checked: it clears this finding",
		"with the root installed": "checked with the root installed: it clears this finding"} {
		if got := tried(&chain.AdviceReport{Checked: true, Assumes: way}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
