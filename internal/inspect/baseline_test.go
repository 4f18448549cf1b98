package inspect

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// site is a report of one sent list; items are certificate and key.
func site(target string, items ...string) *chain.Report {
	one := 1
	r := &chain.Report{Schema: chain.ReportSchema, Target: target, Name: "www.example.com", Verdict: chain.Trusted,
		Levels: []chain.LevelReport{{Level: chain.LevelX509, Verdict: chain.Pass}}, GoodUntil: &chain.GoodUntil{Time: time.Date(2027, 1, 1, 0, 0, 0,
			0, time.UTC)},
		Connection: &chain.Connection{Version: "TLS 1.3", Suite: "TLS_AES_128_GCM_SHA256"}}
	for i, it := range items {
		cert, key, _ := strings.Cut(it, "/")
		r.Items = append(r.Items, chain.ItemReport{Index: i, Subject: "CN=" + cert, SHA256: cert, SPKISHA256: key, Origin: chain.OriginSent})
	}
	r.Paths = []chain.PathReport{{Items: []int{0, 1}, Anchor: &one, Verdict: chain.Trusted}}
	return r
}

// What is a change is told; what moves by itself is not.
func TestChanges(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*chain.Report)
		counts string // the changes that count, by what they are about
	}{
		{"nothing", func(*chain.Report) {}, ""},
		{"a renewal with the same key", func(r *chain.Report) { r.Items[0].SHA256 = "new" }, "item 0"},
		{"one with a new key", func(r *chain.Report) { r.Items[0].SHA256, r.Items[0].SPKISHA256 = "new", "new" }, "item 0, key"},
		{"another root", func(r *chain.Report) { r.Items[1].SHA256 = "new" }, "item 1, anchor"},
		{"an item more", func(r *chain.Report) {
			r.Items = append(r.Items, chain.ItemReport{Index: 2, SHA256: "more", Origin: chain.OriginSent})
		}, "item 2"},
		{"the order", func(r *chain.Report) { r.Items[0].SHA256, r.Items[1].SHA256 = r.Items[1].SHA256, r.Items[0].SHA256 }, "item 0, item 1, anchor"},
		{"the verdict", func(r *chain.Report) { r.Verdict, r.Levels[0].Verdict = chain.Untrusted, chain.Fail }, "verdict, level x509"},
		{"a rule fails", func(r *chain.Report) {
			r.Findings = []chain.Finding{{Rule: "basic-expired", Severity: chain.Error, Status: chain.Broken}}
		}, "finding"},
		{"a warning", func(r *chain.Report) {
			r.Findings = []chain.Finding{{Rule: "basic-expires-soon", Severity: chain.Warning, Status: chain.Broken}}
		}, ""},
		{"the suite", func(r *chain.Report) { r.Connection.Suite = "TLS_AES_256_GCM_SHA384" }, ""},
		{"the address", func(r *chain.Report) { r.Connection.Address = "192.0.2.1:443" }, ""},
		{"the date trust ends at", func(r *chain.Report) { r.GoodUntil.Time = r.GoodUntil.Time.Add(time.Hour) }, ""},
		{"the tables' date", func(r *chain.Report) { r.Anchors.Date = "2027-01-01" }, ""},
	} {
		b := &Baseline{}
		b.keep(site("a", "leaf/k0", "root/k1"))
		now := site("a", "leaf/k0", "root/k1")
		tc.change(now)
		b.Compare(now, true)
		var counts []string
		for _, c := range now.Changes {
			if c.Counts {
				counts = append(counts, c.What)
			}
		}
		if got := strings.Join(counts, ", "); got != tc.counts {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.counts)
		}
	}
}

func TestRenewalSaysWhoseKey(t *testing.T) {
	for key, want := range map[string]string{"k0": "the same key", "other": "a new key"} {
		b := &Baseline{}
		b.keep(site("a", "leaf/k0", "root/k1"))
		now := site("a", "new/"+key, "root/k1")
		b.Compare(now, true)
		if len(now.Changes) == 0 || !strings.HasSuffix(now.Changes[0].After, want) {
			t.Errorf("%+v, want %s", now.Changes, want)
		}
	}
}

// Two jobs of one target are told apart by the name that was judged.
func TestJobsOfOneTarget(t *testing.T) {
	b := &Baseline{}
	one, two := site("a", "one/k", "root/k1"), site("a", "two/k", "root/k1")
	two.Name = "mail.example.com"
	b.keep(one, two)
	now := site("a", "two/k", "root/k1")
	now.Name = "mail.example.com"
	b.Compare(now, false)
	if len(now.Changes) != 0 {
		t.Errorf("compared with another job's: %+v", now.Changes)
	}
	if gone := b.Gone(time.Time{}); len(gone) != 1 || gone[0].Name != "www.example.com" {
		t.Errorf("gone: %+v", gone)
	}
	b.Failed("a")
	if gone := b.Gone(time.Time{}); len(gone) != 0 {
		t.Errorf("what could not be inspected is gone: %+v", gone)
	}
}

func FuzzBaseline(f *testing.F) {
	f.Add(`{"schema":"chainspect/report/v1","reports":[{"schema":"chainspect/report/v1","target":"a","items":[{"index":0,"origin":"sent"}],"paths":[{"items":[0,7],"anchor":9}]}]}`)
	f.Add(`{"schema":"chainspect/report/v1","target":"a","items":[{}],"findings":[{"rule":"x","item":-1}]}` + "\n" + `{"schema":"chainspect/report/v1"}`)
	f.Add(`{"schema":"chainspect/capture/v1","observations":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		r := &Runner{Now: func() time.Time { return time.Unix(0, 0) }, Stdin: strings.NewReader(text)}
		b, err := r.Baseline(context.Background(), "-", Job{})
		if (b == nil) == (err == nil) {
			t.Fatalf("%v, %v", b, err)
		}
		if err == nil {
			b.Compare(site("a", "leaf/k0", "root/k1"), true)
			b.Gone(time.Time{})
		}
	})
}
