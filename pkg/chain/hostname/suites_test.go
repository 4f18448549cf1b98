package hostname

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"

	"github.com/chainspect/chainspect/internal/suite"
)

// text is a JSON string, null, or {"b64": …} for octets that are not UTF-8.
type text struct {
	s    string
	null bool
}

func (x *text) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		x.null = true
		return nil
	}
	if b[0] == '"' {
		return json.Unmarshal(b, &x.s)
	}
	var o struct{ B64 string }
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(o.B64)
	x.s = string(raw)
	return err
}

func TestMozpkixPairs(t *testing.T) {
	type pair struct {
		ID, Expected         string
		Presented, Reference text
	}
	for _, p := range suite.Read[pair](t, "names-mozpkix_dns_pairs") {
		if got := matchDNS(p.Presented.s, p.Reference.s); string(got) != p.Expected {
			t.Errorf("%s: MatchDNS(%q, %q) = %s, want %s", p.ID, p.Presented.s, p.Reference.s, got, p.Expected)
		}
	}
}

func TestMozpkixValidity(t *testing.T) {
	type name struct {
		ID             string
		Input          text
		ValidReference bool `json:"valid_reference"`
		ValidPresented bool `json:"valid_presented"`
	}
	for _, n := range suite.Read[name](t, "names-mozpkix_dns_validity") {
		if got := validReference(n.Input.s); got != n.ValidReference {
			t.Errorf("%s: ValidReference(%q) = %v", n.ID, n.Input.s, got)
		}
		if got := validPresented(n.Input.s); got != n.ValidPresented {
			t.Errorf("%s: ValidPresented(%q) = %v", n.ID, n.Input.s, got)
		}
	}
}

// literalExceptions are inputs judged otherwise than by the suite, with the reason.
var literalExceptions = map[string]string{
	"::": "RFC 4291 section 2.2 gives it as the text of the unspecified address; mozpkix's reader wants one group at least",
}

func TestMozpkixLiterals(t *testing.T) {
	type literal struct {
		ID, Expected, Kind string
		Input              text
		Octets             []int
	}
	for _, l := range suite.Read[literal](t, "names-mozpkix_ip_literals") {
		octets, ok := parseIP(l.Input.s)
		if want := map[string]int{"ipv4": 4, "ipv6": 16}[l.Kind]; ok && len(octets) != want {
			ok = false // an address of the other kind
		}
		if reason, except := literalExceptions[l.Input.s]; except {
			if ok == (l.Expected == "valid") {
				t.Errorf("%s: the exception %q is stale: %s", l.ID, l.Input.s, reason)
			}
			continue
		}
		if ok != (l.Expected == "valid") {
			t.Errorf("%s: ParseIP(%q) = %v, want %s", l.ID, l.Input.s, ok, l.Expected)
			continue
		}
		var want []byte
		for _, o := range l.Octets {
			want = append(want, byte(o))
		}
		if ok && !slices.Equal(octets, want) {
			t.Errorf("%s: ParseIP(%q) = % x, want % x", l.ID, l.Input.s, octets, want)
		}
	}
}

func TestPublicSuffixList(t *testing.T) {
	type entry struct {
		ID     string
		Input  text
		Domain text `json:"registrable_domain"`
	}
	for _, e := range suite.Read[entry](t, "names-psl") {
		got, ok := registrableDomain(e.Input.s)
		if ok == e.Domain.null || got != e.Domain.s {
			t.Errorf("%s: RegistrableDomain(%q) = %q, %v, want %q", e.ID, e.Input.s, got, ok, e.Domain.s)
		}
	}
}
