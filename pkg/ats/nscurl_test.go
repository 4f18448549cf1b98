package ats

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// passes writes a row as P or F, all sixteen in one text.
func passes(rows []chain.ATSRow) string {
	var b strings.Builder
	for _, r := range rows {
		if r.Pass {
			b.WriteByte('P')
		} else {
			b.WriteByte('F')
		}
	}
	return b.String()
}

func TestNscurlRows(t *testing.T) {
	untrusted := func(c *chain.Case) { c.DefaultTrust, c.AppTrust = chain.Untrusted, chain.Untrusted }
	static := hello("apple-rsa", "TLS 1.2", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0)
	for _, tc := range []struct {
		name   string
		change func(*chain.Case)
		obs    []chain.Observation
		want   string
		known  bool
	}{
		{"TLS 1.3", nil, []chain.Observation{good13}, "PPPPPPPPPPPPPPPP", true},
		{"no TLS 1.3: row 3 and its like fail alone", nil, []chain.Observation{good12}, "PPFPPPPPFPPPFPPP", true},
		{"untrusted", untrusted, []chain.Observation{good13}, "FFFFFFFFFFFFFFFF", true},
		{"static RSA", nil, []chain.Observation{noHello, refusal("apple-tls10", 40), static}, "FPFFFFPPFPPPFPPP", true},
		{"TLS 1.1", nil, []chain.Observation{refusal("apple-ats", 70), refusal("apple-rsa", 70),
			hello("apple-tls10", "TLS 1.1", 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "P-256", 0)}, "FFFFPPFFFFPPFFPP", true},
		{"DHE only", nil, []chain.Observation{noHello, refusal("apple-default", 40),
			hello("wide-tlsname.TLS12", "TLS 1.2", 0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "ffdhe2048", 0x0804)}, "FFFFFFFFFFFFFFFF", true},
		{"not probed", nil, []chain.Observation{noHello, static}, "FPFFFFPPFPPPFPPP", false},
	} {
		c := caseOf(tc.change, tc.obs...)
		rows, known := nscurlRows(c)
		if got := passes(rows); got != tc.want || known != tc.known {
			t.Errorf("%s: %s known %v, want %s %v", tc.name, got, known, tc.want, tc.known)
		}
		for i, r := range rows {
			if r.Pass == (r.Error != "") {
				t.Errorf("%s: row %d: pass %v, error %q", tc.name, i+1, r.Pass, r.Error)
			}
		}
	}
	rows, _ := nscurlRows(caseOf(untrusted, good13))
	if len(rows) != 16 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, r := range rows { // ATS-07: the code tells whether ATS was required
		loose := i == 1 || i == 7 || i >= 12
		if want := map[bool]string{true: "Code=-1202", false: "Code=-1200"}[loose]; !strings.Contains(r.Error, want) {
			t.Errorf("row %d: %s, want %s", i+1, r.Error, want)
		}
	}
}

func TestWriteNscurl(t *testing.T) {
	c := caseOf(nil, good12)
	r := &chain.Report{Target: "example.com:443"}
	Annotate(c, r)
	AnnotateRows(c, r)
	var b strings.Builder
	if err := WriteNscurl(&b, r, true); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{
		"Starting ATS Diagnostics\n\n",
		"HTTPS loads to https://example.com.\n",
		"\n" + strings.Repeat("=", 80) + "\n\nDefault ATS Secure Connection\n\n---\nATS Default Connection\nATS Dictionary:\n{\n}\nResult : PASS\n---\n",
		"---\nAllow All Loads\nATS Dictionary:\n{\n    NSAllowsArbitraryLoads = true;\n}\nResult : PASS\n---\n",
		"TLSv1.3\nATS Dictionary:\n{\n    NSExceptionDomains = {\n        \"example.com\" = {\n            NSExceptionMinimumTLSVersion = " +
			"\"TLSv1.3\";\n        };\n    };\n}\nResult : FAIL\nError : Error Domain=NSURLErrorDomain Code=-1200",
		"Configuring TLS exceptions with PFS disabled and insecure HTTP allowed for example.com\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("missing %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "Result : "); n != 16 {
		t.Errorf("%d results", n)
	}
	b.Reset()
	if err := WriteNscurl(&b, r, false); err != nil || strings.Contains(b.String(), "Dictionary") || strings.Contains(b.String(), "Error :") {
		t.Errorf("without verbose: %v\n%s", err, b.String())
	}
	if err := WriteNscurl(&b, &chain.Report{Target: "x"}, false); err == nil {
		t.Error("a report without rows is written")
	}
	r.Target = "https://example.com/\x1b[31m"
	b.Reset()
	if err := WriteNscurl(&b, r, false); err != nil || strings.Contains(b.String(), "\x1b") {
		t.Errorf("control characters get through: %v", err)
	}
}
