package report

import (
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/chainspect/chainspect/pkg/chain"
)

// gathered are the values of the metrics, by name. Gathering through
// client_golang checks what a registry checks: types, names, doubles, order.
func gathered(t *testing.T, g *Gatherer) map[string]float64 {
	t.Helper()
	families, err := prometheus.Gatherers{g}.Gather()
	if err != nil {
		t.Fatal(err)
	}
	v := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			v[f.GetName()] += m.GetGauge().GetValue()
		}
	}
	return v
}

func TestGathererKeepsTheWorst(t *testing.T) {
	early, late := time.Unix(1000, 0), time.Unix(2000, 0)
	good := &chain.Report{Target: "a", Verdict: chain.Trusted, GoodUntil: &chain.GoodUntil{Time: late}, EvaluatedAt: early,
		Levels: []chain.LevelReport{{Level: chain.LevelX509, Verdict: chain.Pass}, {Level: chain.LevelATS, Verdict: chain.NotApplicable}}}
	bad := &chain.Report{Target: "a", Verdict: chain.Untrusted, GoodUntil: &chain.GoodUntil{Time: early}, EvaluatedAt: late,
		Levels: []chain.LevelReport{{Level: chain.LevelX509, Verdict: chain.Fail}}}
	for _, order := range [][]*chain.Report{{good, bad}, {bad, good}} {
		g := NewGatherer(false)
		for _, r := range order {
			g.Report(r)
		}
		v := gathered(t, g)
		if v["chainspect_trusted"] != 0 || v["chainspect_level_x509_pass"] != 0 || v["chainspect_evaluated_timestamp_seconds"] != 2000 || v["chainspect_inspected"] != 1 {
			t.Errorf("%v", v)
		}
		if _, ok := v["chainspect_level_ats_pass"]; ok {
			t.Error("a level that does not apply has no metric")
		}
		if _, ok := v["chainspect_good_until_timestamp_seconds"]; ok {
			t.Error("what one answer does not trust is not good until any time")
		}
	}
	both := NewGatherer(false)
	for _, until := range []time.Time{late, early} {
		both.Report(&chain.Report{Target: "a", Verdict: chain.Trusted, GoodUntil: &chain.GoodUntil{Time: until}})
	}
	if v := gathered(t, both); v["chainspect_trusted"] != 1 || v["chainspect_good_until_timestamp_seconds"] != 1000 {
		t.Errorf("the earliest end of two counts: %v", v)
	}
	unknown := NewGatherer(false)
	unknown.Report(&chain.Report{Target: "a", Verdict: chain.Undecided})
	if v := gathered(t, unknown); v["chainspect_trusted"] != 0 || v["chainspect_decided"] != 0 {
		t.Errorf("%v", v)
	}
}

func TestGathererTellsWhatWasNotInspected(t *testing.T) {
	g := NewGatherer(false)
	g.Failure(&chain.Failure{Target: "a"})
	v := gathered(t, g)
	if n, ok := v["chainspect_inspected"]; !ok || n != 0 || len(v) != 1 {
		t.Errorf("%v", v)
	}
}

func TestGathererIsSafeForConcurrentUse(t *testing.T) {
	g := NewGatherer(true)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			g.Report(&chain.Report{Target: strings.Repeat("x", i+1), Verdict: chain.Trusted})
		})
	}
	wg.Wait()
	if v := gathered(t, g); v["chainspect_trusted"] != 8 {
		t.Errorf("%v", v)
	}
}

// What is written is what a scrape of the same metrics through client_golang
// writes, and its linter has nothing to say about names, help and units.
func TestPrometheusIsWhatAScrapeGives(t *testing.T) {
	text := written(t, "prometheus", Options{}, recorded()...)
	g := NewGatherer(true)
	feed(t, metrics{io.Discard, g}, recorded()...)
	answer := httptest.NewRecorder()
	promhttp.HandlerFor(g, promhttp.HandlerOpts{}).ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	if answer.Body.String() != text {
		t.Errorf("the text differs from a scrape:\n%s\nscrape:\n%s", text, answer.Body)
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}
