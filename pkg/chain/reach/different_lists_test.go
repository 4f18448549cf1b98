package reach

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// How many connections got another list is counted among those that may be compared.
func TestHowManyDiffer(t *testing.T) {
	var seen []chain.Observation
	add := func(n int, hello, peer, name string, sent ...string) {
		for range n {
			seen = append(seen, chain.Observation{Transport: chain.TransportTLS, Hello: hello, Network: peer, ServerName: name, Sent: sent})
		}
	}
	add(17, "apple-ats", "192.0.2.1:443", "www.example.com", "a", "b")
	add(3, "apple-ats", "192.0.2.1:443", "www.example.com", "a")
	add(4, "apple-ats", "192.0.2.1:443", "", "c")
	add(4, "wide-tls12", "192.0.2.1:443", "www.example.com", "d")
	hits := checkDifferentLists(&chain.Case{Capture: &chain.Capture{Observations: seen}})
	if len(hits) != 1 || !strings.HasPrefix(hits[0].Message,
		"3 of 20 connections got another chain than the others: the same ClientHello to the same address got 2 different lists") {
		t.Errorf("%+v", hits)
	}
	if hits := checkDifferentLists(&chain.Case{Capture: &chain.Capture{Observations: append(seen[:17:17], seen[20:]...)}}); len(hits) != 0 {
		t.Errorf("%+v", hits)
	}
}
