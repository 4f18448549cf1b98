package ats

import "testing"

// TestWhereAMistakeIsFound: a key that should not be is found in its dictionary, a value
// under its key.
func TestWhereAMistakeIsFound(t *testing.T) {
	for _, c := range []struct{ path, got, field string }{
		{"NSAppTransportSecurity > NSExceptionDomains > a.example", "a.example", "NSAppTransportSecurity > NSExceptionDomains"},
		{"NSAllowsArbitraryLoads", "NSAllowsArbitraryLoads", "Info.plist"},
		{"NSAppTransportSecurity > NSAllowsArbitraryLoads", `string "YES"`, "NSAppTransportSecurity > NSAllowsArbitraryLoads"},
	} {
		m := plistHit(c.path, c.got, "another", "%s: the key is not read here")
		if e := m.hit.Evidence[0]; e.Field != c.field || e.Got != c.got || m.hit.Message != c.path+": the key is not read here" {
			t.Errorf("%s: found in %s: %s (%s)", c.path, e.Field, e.Got, m.hit.Message)
		}
	}
}
