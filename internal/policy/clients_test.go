package policy

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestExpectedClients(t *testing.T) {
	p, err := Parse("p.yaml", []byte(`version: 1
jobs:
  - target: www.example.com
    expect: {clients: {chrome: trusted, java: untrusted}}
`), known())
	if err != nil {
		t.Fatal(err)
	}
	e := &p.Entries[0]
	if e.Job.Clients != "chrome,java" {
		t.Errorf("asks %q", e.Job.Clients)
	}
	r := &chain.Report{Clients: []chain.ClientVerdict{
		{Client: "chrome", Label: "Chrome", Verdict: chain.Undecided, Message: "why"}, {Client: "java", Label: "Java 17", Verdict: chain.Untrusted},
		{Client: "java", Label: "Java 25", Verdict: chain.Trusted}, {Client: "go", Label: "Go", Verdict: chain.Untrusted}}}
	p.clients(e, r)
	if len(r.Findings) != 2 || !strings.HasPrefix(r.Findings[0].Message, "Chrome says unknown") ||
		!strings.HasPrefix(r.Findings[1].Message, "Java 25 says trusted") {
		t.Errorf("%+v", r.Findings)
	}
	for text, want := range map[string]string{
		"{chrom: trusted}":  "chrome",
		"{chrome: trustd}":  "trusted",
		"[chrome, trusted]": "expect.clients",
	} {
		if _, err := Parse("p.yaml", []byte("version: 1\njobs:\n  - target: www.example.com\n    expect: {clients: "+text+"}\n"),
			known()); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 4") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
