package reach

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestAddress(t *testing.T) {
	fine := chain.Observation{Transport: "tls", Network: "192.0.2.1:443", Sent: []string{"a"}}
	dead := func(i int) chain.Observation {
		return chain.Observation{Transport: "tls", Network: fmt.Sprintf("192.0.2.%d:443", i),
			Outcome: chain.Outcome{Stage: "connect", ErrorKind: "refused", Error: "refused"}}
	}
	passed := fine
	passed.Resolved, passed.Missed = []string{"2001:db8::1", "192.0.2.1"}, []chain.Unreached{{Address: "[2001:db8::1]:443", Error: "connection refused"}}
	wide := dead(1) // the same address, by a hello that is refused
	var many []chain.Observation
	for i := range 20 {
		many = append(many, dead(i+2))
	}
	for _, tt := range []struct {
		name   string
		seen   []chain.Observation
		want   string // part of the message; "": silent
		atMost chain.Severity
		lines  int
	}{
		{"one address", []chain.Observation{wide, fine}, "", "", 0},
		{"one of two is dead", []chain.Observation{dead(2), fine, dead(2)}, "1 of the 2 addresses of the name shows no certificate: 192.0.2.2:443", "", 1},
		{"all are dead", []chain.Observation{dead(2), dead(3)}, "", "", 0},
		{"passed over", []chain.Observation{passed, fine}, "went to 192.0.2.1:443, one of 2 addresses of the name, after [2001:db8::1]:443 gave none",
			chain.Note, 1},
		{"many", append(many, fine), "20 of the 21 addresses of the name show no certificate: 192.0.2.2:443", "", maxEvidence},
	} {
		hits := checkAddress(&chain.Case{Capture: &chain.Capture{Observations: tt.seen}})
		if len(hits) > 0 != (tt.want != "") {
			t.Errorf("%s: %+v", tt.name, hits)
		} else if len(hits) > 0 && (!strings.Contains(hits[0].Message, tt.want) || hits[0].AtMost != tt.atMost || len(hits[0].Evidence) != tt.lines) {
			t.Errorf("%s: %+v", tt.name, hits[0])
		}
	}
}

func TestDifferentLists(t *testing.T) {
	sent := func(hello, peer string, list ...string) chain.Observation {
		return chain.Observation{Transport: "tls", Hello: hello, Network: peer, Sent: list}
	}
	nameless := sent("apple-ats", "a", "x")
	named := sent("apple-ats", "a", "y")
	named.ServerName = "www.example.com"
	for _, tt := range []struct {
		name string
		seen []chain.Observation
		want string
	}{
		{"the same", []chain.Observation{sent("apple-ats", "a", "x"), sent("apple-ats", "a", "x"), sent("apple-ats", "b", "x")}, ""},
		{"for two hellos, of kinds not known", []chain.Observation{sent("apple-ats-ecdsa", "a", "x"), sent("apple-ats-rsa-cert", "a", "y")}, ""},
		{"a hello of no platform", []chain.Observation{sent("go-tls13", "a", "x"), sent("go-tls13", "a", "y")}, ""},
		{"without a name", []chain.Observation{named, nameless}, ""},
		{"the same hello", []chain.Observation{sent("apple-ats", "a", "x"), sent("apple-ats", "a", "y"), sent("apple-ats", "a", "x", "z")},
			"the same ClientHello to the same address got 3"},
		{"two addresses", []chain.Observation{sent("apple-ats", "a", "x"), sent("apple-ats", "b", "y")}, "the addresses of the name send 2"},
	} {
		hits := checkDifferentLists(&chain.Case{Capture: &chain.Capture{Observations: tt.seen}})
		if len(hits) > 0 != (tt.want != "") || len(hits) > 0 && !strings.Contains(hits[0].Message, tt.want) {
			t.Errorf("%s: %+v", tt.name, hits)
		}
	}
}
