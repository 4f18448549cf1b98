package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

var update = flag.Bool("update", false, "write the golden files anew")

// recorded are the reports under testdata/reports, in the order a run gives them.
func recorded() []string {
	return []string{"trusted", "missing-intermediate", "cross-sign", "mtls", "failure"}
}

// feed hands recorded reports to a reporter.
func feed(t *testing.T, rep Reporter, names ...string) {
	t.Helper()
	if err := rep.Begin(); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join("testdata", "reports", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "failure") {
			var f chain.Failure
			if err = json.Unmarshal(b, &f); err == nil {
				err = rep.Failure(&f)
			}
		} else {
			var r chain.Report
			if err = json.Unmarshal(b, &r); err == nil {
				err = rep.Report(withDER(&r))
			}
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if err := rep.End(); err != nil {
		t.Fatal(err)
	}
}

// withDER gives items the bytes a live run has; it is not part of the JSON.
func withDER(r *chain.Report) *chain.Report {
	for i := range r.Items {
		r.Items[i].DER = []byte{0x30, 3, byte(i << 2), 1, 1}
	}
	return r
}

// written is a whole run in one format.
func written(t *testing.T, format string, o Options, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	o.Tool = Tool{Name: "chainspect", Version: "v1.2.3", Revision: "0123456789ab", Go: "go1.26"}
	if o.Rules == nil {
		o.Rules = testRules
	}
	rep, err := New(format, &b, o)
	if err != nil {
		t.Fatal(err)
	}
	feed(t, rep, names...)
	return b.String()
}

// testRules stands for the rule books.
func testRules(id string) *chain.Rule {
	switch id {
	case "basic-intermediate-missing":
		return &chain.Rule{ID: id, Level: chain.LevelX509, Title: "an intermediate was not sent",
			Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.2"}, {Doc: "Apple QA1948", Confidence: chain.ConfidenceDocument}},
			Explain: "A server has to send its own certificate and every intermediate; the client has the root already. A browser may have " +
				"the missing one in a cache, an iPhone says “not trusted”.",
			Advice: []chain.Advice{{Who: "server administrator", Text: "append the intermediate to the certificate file"}}}
	case "basic-expires-soon":
		return &chain.Rule{ID: id, Level: chain.LevelX509, Title: "item 0 expires soon",
			Explain: "After notAfter every client refuses the chain.", Advice: []chain.Advice{{Who: "server administrator", Text: "renew it: `certbot renew`"}}}
	}
	return nil
}

// golden compares an output with its file, or writes the file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not as recorded; run with -update and read the difference\n%s", file, got)
	}
}
