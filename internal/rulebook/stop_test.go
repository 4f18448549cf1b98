package rulebook

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// Wherever the time runs out there is no verdict, and no panic.
func TestStop(t *testing.T) {
	clock := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	m := testpki.Must(t, map[string]testpki.Recipe{"root": {CA: true}, "ca": {CA: true, Issuer: "root"},
		"leaf": {Issuer: "ca", DNS: []string{"www.example.com"}, Ends: "-1d"}}, clock)
	o := chain.Observation{Transport: chain.TransportTLS, ServerName: "www.example.com", Hello: "apple-ats",
		Outcome: chain.Outcome{OK: true, Version: "TLS 1.3", KeyProof: chain.ProofVerified}}
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: "www.example.com:443", Blobs: map[string][]byte{}}
	for _, name := range []string{"leaf", "ca"} {
		key := chain.BlobKey(m[name].DER)
		c.Blobs[key], o.Sent = m[name].DER, append(o.Sent, key)
	}
	c.Observations = []chain.Observation{o}
	in := chain.Input{Capture: c,
		Question: chain.Question{Time: clock, Name: "www.example.com", NameKind: chain.NameDNS, Purpose: chain.PurposeServer, Platform: "ios26", MaxDepth: -1},
		Anchors:  chain.NewAnchors(chain.StoreInfo{Name: "none"}, chain.NewAnchor(m["root"].DER, chain.Installed, "root"))}
	p, err := Profile("apple", chain.PurposeServer)
	if err != nil {
		t.Fatal(err)
	}
	e := (&Assembly{Profile: p, Memory: chain.NewMemory(1000)}).Evaluator()
	calls := 0
	in.Stop = func() bool { calls++; return false }
	if e.Evaluate(in) == nil || calls < 50 {
		t.Fatalf("there is no report, or nobody asked for the time: %d calls", calls)
	}
	for after := 0; after < calls; after += 7 {
		n := 0
		in.Stop = func() bool { n++; return n > after }
		if r := e.Evaluate(in); r != nil {
			t.Fatalf("a verdict after %d of %d calls: %s", after, calls, r.Verdict)
		}
	}
}
