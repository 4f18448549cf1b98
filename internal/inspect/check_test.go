package inspect

import (
	"errors"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		name string
		job  Job
		want string // a part of the message; "" none
	}{
		{"nothing", Job{}, ""},
		{"a port alone", Job{Connect: ":8443"}, ""},
		{"a host", Job{Connect: "www.example.com"}, ""},
		{"a name with a port", Job{Connect: "www.example.com:https"}, ""},
		{"an IPv6 address", Job{Connect: "2001:db8::1"}, ""},
		{"in brackets with a port", Job{Connect: "[2001:db8::1]:443"}, ""},
		{"with a zone", Job{Connect: "[fe80::1%en0]:443"}, ""},
		{"a URL", Job{Connect: "https://www.example.com:443"}, "write its host, www.example.com"},
		{"a port too large", Job{Connect: "www.example.com:65536"}, `"65536" is no port`},
		{"no port", Job{Connect: ":"}, "is no port"},
		{"a path", Job{Connect: "www.example.com/x"}, "has a path"},
		{"a mailbox", Job{Connect: "me@example.com"}, "is no host"},
		{"SNI with a port", Job{ServerName: ptr("a.example:443")}, "--servername a.example:443: "},
		{"no SNI", Job{ServerName: ptr("")}, ""},
		{"a name of its kind", Job{Name: ptr("a b"), NameKind: "uri"}, ""},
		{"both families", Job{IPv4: true, IPv6: true}, "exclude each other"},
		{"first iOS", Job{Platform: "ios9"}, ""},
		{"before it", Job{Platform: "ios8"}, "--platform ios8: write"},
		{"last before the jump", Job{Platform: "ios18"}, ""},
		{"in the jump", Job{Platform: "ios19"}, "--platform"},
		{"after it", Job{Platform: "macos26"}, ""},
		{"newest", Job{Platform: "ios27"}, ""},
		{"not yet", Job{Platform: "ios28"}, "--platform"},
		{"macOS", Job{Platform: "macos15"}, ""},
		{"macOS in the jump", Job{Platform: "macos16"}, "--platform"},
		{"a point release", Job{Platform: "ios17.4"}, ""},
		{"no number", Job{Platform: "ios"}, "--platform"},
		{"another family", Job{Platform: "android15"}, "--platform"},
	} {
		err := tc.job.Check()
		var u *UsageError
		if (tc.want == "") != (err == nil) || err != nil && (!errors.As(err, &u) || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

func TestLiveTargetWithAZone(t *testing.T) {
	for _, tc := range []struct{ target, connect, host, address string }{
		{"fe80::1%en0", "", "fe80::1", "[fe80::1%en0]:443"},
		{"[fe80::1%en0]:8443", "", "fe80::1", "[fe80::1%en0]:8443"},
		{"https://[fe80::1%25en0]/", "", "fe80::1", "[fe80::1%en0]:443"},
		{"fe80::1%en0", ":8443", "fe80::1", "[fe80::1%en0]:8443"},
		{"fe80::1%en0", "192.0.2.1", "fe80::1", "192.0.2.1:443"},
		{"2001:db8::1", "", "2001:db8::1", "[2001:db8::1]:443"},
	} {
		got, err := liveTarget(&Job{Target: tc.target, Connect: tc.connect})
		if err != nil || got.Host != tc.host || got.Address() != tc.address || got.ServerName != "" {
			t.Errorf("%s: host %s, address %s, SNI %q, %v", tc.target, got.Host, got.Address(), got.ServerName, err)
		}
	}
}

func TestServerNameIsADNSName(t *testing.T) {
	for _, tc := range []struct {
		job  Job
		want string
	}{
		{Job{Target: "www.example.com."}, "www.example.com"},
		{Job{Target: "192.0.2.1"}, ""},
		{Job{Target: "192.0.2.1", Name: ptr("www.example.com")}, "www.example.com"},
		{Job{Target: "www.example.com", Name: ptr("")}, ""},
		{Job{Target: "www.example.com", Name: ptr("192.0.2.1")}, ""},
		{Job{Target: "www.example.com", Name: ptr("spiffe://example.org/a")}, ""},
		{Job{Target: "www.example.com", Name: ptr("a.example"), ServerName: ptr("b.example")}, "b.example"},
		{Job{Target: "www.example.com", ServerName: ptr("")}, ""},
	} {
		got, err := liveTarget(&tc.job)
		if err != nil || got.ServerName != tc.want {
			t.Errorf("%+v: SNI %q, %v; want %q", tc.job, got.ServerName, err, tc.want)
		}
	}
}
