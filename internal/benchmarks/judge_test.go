// Package benchmarks measures what a judgement costs, beside crypto/x509.Verify
// in the same run. docs/performance.md says how to read it.
package benchmarks

import (
	"crypto/x509"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/basic"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
	"github.com/chainspect/chainspect/pkg/client"
)

var clock = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

func input(anchors *chain.Anchors, ders ...[]byte) chain.Input {
	return chain.Input{Capture: testpki.Shown("job", ders...), Anchors: anchors,
		Question: chain.Question{Time: clock, Name: "www.example.com", NameKind: chain.NameDNS,
			Purpose: chain.PurposeServer, MaxDepth: -1, Revocation: chain.RevocationSoft}}
}

// scopes are what a chain is judged by: what crypto/x509 judges too, and every
// rule there is.
var scopes = []struct {
	name  string
	books []chain.Book
}{
	{"core", []chain.Book{basic.Rules(), hostname.Rules()}},
	{"all-rules", rulebook.Books()},
}

func evaluator(books []chain.Book) *chain.Evaluator {
	return chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(1<<14), books...)
}

// processor starts a reading of the processor time of a loop; the function
// returned reports it for n chains. Unlike the time on the clock it is worth
// comparing on a machine that has other work.
func processor(b *testing.B) func(n int) {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start := used()
	return func(n int) { b.ReportMetric(float64(used()-start)/float64(n)/1e3, "cpu-µs/chain") }
}

func three(kind string) map[string]testpki.Recipe {
	n := func(i int) string {
		if kind == "rsa" {
			return fmt.Sprintf("rsa2048-%d", i)
		}
		return "p256"
	}
	return map[string]testpki.Recipe{
		"root":         {CA: true, Key: n(1)},
		"intermediate": {CA: true, Issuer: "root", Key: n(2)},
		"leaf":         {Issuer: "intermediate", Key: n(3), DNS: []string{"www.example.com"}},
	}
}

// BenchmarkChain parses, builds and judges one chain from memory, nothing remembered.
func BenchmarkChain(b *testing.B) {
	for _, kind := range []string{"ecdsa", "rsa"} {
		m := testpki.Must(b, three(kind), clock)
		for _, scope := range scopes {
			b.Run(kind+"/"+scope.name, func(b *testing.B) {
				b.ReportAllocs()
				anchors := chain.NewAnchors(chain.StoreInfo{}, chain.NewAnchor(m["root"].DER, chain.Installed, ""))
				in := input(anchors, m["leaf"].DER, m["intermediate"].DER)
				e := evaluator(scope.books)
				report := processor(b)
				for b.Loop() {
					e.Memory = chain.NewMemory(16)
					if r := e.Evaluate(in); r.Verdict != chain.Trusted {
						b.Fatal(r.Headline)
					}
				}
				report(b.N)
			})
		}
		b.Run(kind+"/crypto-x509", func(b *testing.B) {
			b.ReportAllocs()
			roots := x509.NewCertPool()
			roots.AddCert(m["root"].Cert)
			report := processor(b)
			for b.Loop() {
				verify(b, roots, m["leaf"].DER, m["intermediate"].DER)
			}
			report(b.N)
		})
	}
}

func verify(b testing.TB, roots *x509.CertPool, leafDER, intermediateDER []byte) {
	leaf, err := x509.ParseCertificate(leafDER)
	if err != nil {
		b.Fatal(err)
	}
	intermediate, err := x509.ParseCertificate(intermediateDER)
	if err != nil {
		b.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(intermediate)
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: pool, CurrentTime: clock, DNSName: "www.example.com"}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkCorpus judges 10,000 leaves under 50 shared intermediates.
func BenchmarkCorpus(b *testing.B) {
	const leaves, shared = 10000, 50
	for _, kind := range []string{"ecdsa", "rsa"} {
		key := "p256"
		if kind == "rsa" {
			key = "rsa2048-2"
		}
		recipes := map[string]testpki.Recipe{"root": {CA: true, Key: key}}
		for i := range shared {
			recipes[fmt.Sprint("intermediate", i)] = testpki.Recipe{CA: true, Issuer: "root", Key: key}
		}
		for i := range leaves {
			recipes[fmt.Sprint("leaf", i)] = testpki.Recipe{Issuer: fmt.Sprint("intermediate", i%shared), Key: key, DNS: []string{"www.example.com"}}
		}
		m := testpki.Must(b, recipes, clock)
		anchors := chain.NewAnchors(chain.StoreInfo{}, chain.NewAnchor(m["root"].DER, chain.Installed, ""))
		inputs := make([]chain.Input, leaves)
		for i := range leaves {
			inputs[i] = input(anchors, m[fmt.Sprint("leaf", i)].DER, m[fmt.Sprint("intermediate", i%shared)].DER)
		}
		for _, scope := range scopes {
			b.Run(kind+"/"+scope.name, func(b *testing.B) {
				b.ReportAllocs()
				report := processor(b)
				for b.Loop() {
					e := evaluator(scope.books)
					for i := range inputs {
						if r := e.Evaluate(inputs[i]); r.Verdict != chain.Trusted {
							b.Fatal(r.Headline)
						}
					}
				}
				report(leaves * b.N)
				b.ReportMetric(leaves*float64(b.N)/b.Elapsed().Seconds(), "chains/s")
			})
		}
		b.Run(kind+"/crypto-x509", func(b *testing.B) {
			b.ReportAllocs()
			roots := x509.NewCertPool()
			roots.AddCert(m["root"].Cert)
			report := processor(b)
			for b.Loop() {
				for i := range leaves {
					verify(b, roots, m[fmt.Sprint("leaf", i)].DER, m[fmt.Sprint("intermediate", i%shared)].DER)
				}
			}
			report(leaves * b.N)
			b.ReportMetric(leaves*float64(b.N)/b.Elapsed().Seconds(), "chains/s")
		})
	}
}

// BenchmarkMesh judges a leaf below four layers of five CAs that all sign each other's next layer.
func BenchmarkMesh(b *testing.B) {
	recipes := map[string]testpki.Recipe{"root": {CA: true}}
	for layer := range 4 {
		for i := range 5 {
			ca := fmt.Sprintf("ca%d-%d", layer, i)
			recipes[ca] = testpki.Recipe{CA: true, Issuer: "root"}
			for above := range 5 {
				if layer > 0 {
					recipes[fmt.Sprintf("%s-by-%d", ca, above)] = testpki.Recipe{CA: true, Subject: "CN=" + ca, KeyOf: ca,
						Issuer: fmt.Sprintf("ca%d-%d", layer-1, above)}
				}
			}
		}
	}
	recipes["leaf"] = testpki.Recipe{Issuer: "ca3-0", DNS: []string{"www.example.com"}}
	m := testpki.Must(b, recipes, clock)
	ders := [][]byte{m["leaf"].DER}
	for name, c := range m {
		if name != "leaf" && name != "root" && (len(name) > 5 || name[2] == '0') {
			ders = append(ders, c.DER)
		}
	}
	in := input(chain.NewAnchors(chain.StoreInfo{}, chain.NewAnchor(m["root"].DER, chain.Installed, "")), ders...)
	e := evaluator(rulebook.Books())
	for b.Loop() {
		e.Memory = chain.NewMemory(1 << 10)
		if r := e.Evaluate(in); r.Verdict != chain.Trusted {
			b.Fatal(r.Headline)
		}
	}
}

// hostile is a bag of look-alikes: CAs of one name and key identifier that all
// sign each other, and none of which leads to an anchor (golang/go#78282).
func hostile(b testing.TB) chain.Input {
	recipes := map[string]testpki.Recipe{"anchor": {CA: true}}
	const n = 40
	for i := range n {
		recipes[fmt.Sprint("twin", i)] = testpki.Recipe{CA: true, Subject: "CN=Twin", KeyID: "0102030405060708090a0b0c0d0e0f1011121314", Issuer: ""}
	}
	for i := range n {
		recipes[fmt.Sprint("cross", i)] = testpki.Recipe{CA: true, Subject: "CN=Twin", KeyOf: fmt.Sprint("twin", i),
			KeyID: "0102030405060708090a0b0c0d0e0f1011121314", Issuer: fmt.Sprint("twin", (i+1)%n)}
	}
	recipes["leaf"] = testpki.Recipe{Issuer: "twin0", DNS: []string{"www.example.com"}}
	m := testpki.Must(b, recipes, clock)
	ders := [][]byte{m["leaf"].DER}
	for i := range n {
		ders = append(ders, m[fmt.Sprint("cross", i)].DER)
	}
	return input(chain.NewAnchors(chain.StoreInfo{}, chain.NewAnchor(m["anchor"].DER, chain.Installed, "")), ders...)
}

func BenchmarkHostileMesh(b *testing.B) {
	in := hostile(b)
	e := evaluator(rulebook.Books())
	for b.Loop() {
		e.Memory = chain.NewMemory(1 << 10)
		e.Evaluate(in)
	}
}

func TestHostileMeshEndsInBudget(t *testing.T) {
	r := evaluator(rulebook.Books()).Evaluate(hostile(t))
	if r.Verdict != chain.Untrusted {
		t.Fatalf("verdict %s", r.Verdict)
	}
	for _, f := range r.Findings {
		if f.Rule == "basic-budget" && f.Severity == chain.Error {
			return
		}
	}
	t.Errorf("no basic-budget among %d findings", len(r.Findings))
}

// BenchmarkClients judges leaves of one CA, each new to the memory, with all other
// clients and without.
func BenchmarkClients(b *testing.B) {
	const leaves, remembered = 64, 8
	for _, kind := range []string{"ecdsa", "rsa"} {
		recipes := three(kind)
		for i := range leaves {
			leaf := recipes["leaf"]
			leaf.Serial = fmt.Sprint(i + 1000)
			recipes[fmt.Sprint("leaf", i)] = leaf
		}
		m := testpki.Must(b, recipes, clock)
		anchors := chain.NewAnchors(chain.StoreInfo{}, chain.NewAnchor(m["root"].DER, chain.Installed, ""))
		var inputs []chain.Input
		for i := range leaves {
			in := input(anchors, m[fmt.Sprint("leaf", i)].DER, m["intermediate"].DER)
			in.Question.Platform = "ios26"
			inputs = append(inputs, in)
		}
		for _, clients := range [][]*client.Client{nil, client.Clients()} {
			b.Run(fmt.Sprintf("%s/%d-clients", kind, len(clients)), func(b *testing.B) {
				b.ReportAllocs()
				memory := chain.NewMemory(remembered)
				e := (&rulebook.Assembly{Profile: chain.ProfileByName("apple"), Memory: memory}).Evaluator()
				panel := rulebook.Panel(memory, func() *chain.Evaluator { return e })
				report := processor(b)
				for n := 0; b.Loop(); n++ {
					in := inputs[n%leaves]
					c, r := e.Examine(in)
					if clients != nil {
						panel.Annotate(in, c, r, in.Question.Platform, clients)
					}
				}
				report(b.N)
			})
		}
	}
}
