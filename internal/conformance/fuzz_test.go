package conformance

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// FuzzJudge changes octets of a chain that was sent and asks crypto/x509 as
// well: what it refuses is not trusted, and nothing panics or runs away.
func FuzzJudge(f *testing.F) {
	clock := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	made := testpki.Must(f, map[string]testpki.Recipe{
		"root": {CA: true},
		"sub":  {CA: true, Issuer: "root", Permitted: []string{"example.com"}},
		"leaf": {Issuer: "sub", DNS: []string{"www.example.com"}},
	}, clock)
	anchors := chain.NewAnchors(chain.StoreInfo{Name: "none"}, chain.NewAnchor(made["root"].DER, chain.Installed, "root"))
	e := evaluator("rfc")
	f.Add(made["leaf"].DER, made["sub"].DER)
	f.Add(made["leaf"].DER, made["root"].DER)
	f.Add(made["root"].DER, []byte{})
	for _, at := range []int{0, 1, 4, 20, 100, 200, 300} {
		bent := append([]byte(nil), made["leaf"].DER...)
		bent[at%len(bent)] ^= 1
		f.Add(bent, made["sub"].DER)
	}
	f.Fuzz(func(t *testing.T, leaf, sub []byte) {
		in := chain.Input{Capture: testpki.Shown("job", leaf, sub), Anchors: anchors, Question: chain.Question{
			Time: clock, Name: "www.example.com", NameKind: chain.NameDNS, Purpose: chain.PurposeServer, MaxDepth: -1}}
		r := e.Evaluate(in)
		if r.Verdict != chain.Trusted {
			return
		}
		if err := goVerify(in); err != nil {
			t.Errorf("trusted, and crypto/x509 says: %v", err)
		}
	})
}
