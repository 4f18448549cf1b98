package report

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/chainspect/chainspect/pkg/chain"
)

// gathered are the values of a collector's metrics, by name.
func gathered(t *testing.T, c *Collector) map[string]float64 {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	if err := reg.Register(c); err != nil {
		t.Fatal(err)
	}
	families, err := reg.Gather()
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

func TestCollectorKeepsTheWorst(t *testing.T) {
	early, late := time.Unix(1000, 0), time.Unix(2000, 0)
	good := &chain.Report{Target: "a", Verdict: chain.Trusted, GoodUntil: &chain.GoodUntil{Time: late}, EvaluatedAt: early,
		Levels: []chain.LevelReport{{Level: chain.LevelX509, Verdict: chain.Pass}, {Level: chain.LevelATS, Verdict: chain.NotApplicable}}}
	bad := &chain.Report{Target: "a", Verdict: chain.Untrusted, GoodUntil: &chain.GoodUntil{Time: early}, EvaluatedAt: late,
		Levels: []chain.LevelReport{{Level: chain.LevelX509, Verdict: chain.Fail}}}
	for _, order := range [][]*chain.Report{{good, bad}, {bad, good}} {
		c := NewCollector(false)
		for _, r := range order {
			c.Report(r)
		}
		v := gathered(t, c)
		if v["chainspect_trusted"] != 0 || v["chainspect_level_x509_pass"] != 0 || v["chainspect_good_until_timestamp_seconds"] != 1000 || v["chainspect_evaluated_timestamp_seconds"] != 2000 || v["chainspect_inspected"] != 1 {
			t.Errorf("%v", v)
		}
		if _, ok := v["chainspect_level_ats_pass"]; ok {
			t.Error("a level that does not apply has no metric")
		}
	}
	unknown := NewCollector(false)
	unknown.Report(&chain.Report{Target: "a", Verdict: chain.Undecided})
	if v := gathered(t, unknown); v["chainspect_trusted"] != 0 || v["chainspect_decided"] != 0 {
		t.Errorf("%v", v)
	}
}

func TestCollectorTellsWhatWasNotInspected(t *testing.T) {
	c := NewCollector(false)
	c.Failure(&chain.Failure{Target: "a"})
	v := gathered(t, c)
	if n, ok := v["chainspect_inspected"]; !ok || n != 0 || len(v) != 1 {
		t.Errorf("%v", v)
	}
}

func TestCollectorIsSafeForConcurrentUse(t *testing.T) {
	c := NewCollector(true)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			c.Report(&chain.Report{Target: strings.Repeat("x", i+1), Verdict: chain.Trusted})
		})
	}
	wg.Wait()
	if v := gathered(t, c); v["chainspect_trusted"] != 8 {
		t.Errorf("%v", v)
	}
}
