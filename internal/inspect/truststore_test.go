package inspect

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestAPlatformsOwnRootAndItsLogs: a chain whose root is handed in as the
// platform's own is asked for timestamps, and is trusted with those of logs that
// are handed in too; without the list of these logs nobody can tell.
func TestAPlatformsOwnRootAndItsLogs(t *testing.T) {
	recipes := testpki.Example()
	leaf := recipes["leaf"]
	leaf.SCTs = []int{1, 2, 3}
	recipes["logged"] = leaf
	made := testpki.Must(t, recipes, testpki.ExampleClock())
	logs, err := testpki.LogList()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"logged.pem": made["logged"].PEM() + made["intermediate"].PEM(),
		"plain.pem": made["leaf"].PEM() + made["intermediate"].PEM(),
		"root.pem":  made["root"].PEM(), "logs.json": string(logs)} {
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	name := "www.example.com"
	r := &Runner{Now: func() time.Time { return testpki.ExampleClock() }}
	for _, tc := range []struct {
		target string
		job    Job
		want   chain.Verdict
		rule   string // with which finding; "" none
	}{
		{"logged.pem", Job{TrustStore: path("root.pem"), With: List{path("logs.json")}}, chain.Trusted, ""},
		{"logged.pem", Job{TrustStore: path("root.pem")}, chain.Undecided, "apple-ct-missing"},
		{"plain.pem", Job{TrustStore: path("root.pem"), With: List{path("logs.json")}}, chain.Untrusted, "apple-ct-missing"},
		{"plain.pem", Job{Anchor: List{path("root.pem")}}, chain.Trusted, ""}, // an installed root asks for none
		{"logged.pem", Job{With: List{path("logs.json")}}, chain.Untrusted, "basic-anchor-not-trusted"},
		{"plain.pem", Job{TrustStore: path("root.pem"), Profile: "rfc"}, chain.Trusted, ""},
	} {
		tc.job.Target, tc.job.Name = path(tc.target), &name
		res := r.Inspect(context.Background(), tc.job)
		if len(res) != 1 || res[0].Report == nil {
			t.Fatalf("%+v: %+v", tc.job, res)
		}
		report := res[0].Report
		found := tc.rule == ""
		for _, f := range report.Findings {
			found = found || f.Rule == tc.rule
		}
		if report.Verdict != tc.want || !found {
			t.Errorf("%s, %+v: %s, %s; want %s with %q", tc.target, tc.job, report.Verdict, report.Headline, tc.want, tc.rule)
		}
		if tc.job.TrustStore != "" && (report.Anchors.Store != path("root.pem") || report.Anchors.Installed != 0) {
			t.Errorf("%+v: anchors %+v", tc.job, report.Anchors)
		}
	}
}

func TestTrustStoresThatCannotBeMeant(t *testing.T) {
	for store, ok := range map[string]bool{"apple": true, "none": true, "": true, "chrome": false, "appel": false, "./chrome": true, "roots.pem": true} {
		if err := (&Job{TrustStore: store}).Check(); (err == nil) != ok {
			t.Errorf("%q: %v", store, err)
		}
	}
}
