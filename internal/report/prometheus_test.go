package report

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/chainspect/chainspect/pkg/chain"
)

// gathered are the values of the metrics, by name. The text goes through the
// official library: it is parsed, checked as a registry checks what it gathers
// (types, names, doubles), and comes out of its writer as it went in.
func gathered(t *testing.T, c *Collector) map[string]float64 {
	t.Helper()
	var text, again strings.Builder
	if err := c.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	p := expfmt.NewTextParser(model.UTF8Validation)
	parsed, err := p.TextToMetricFamilies(strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	families, err := prometheus.Gatherers{prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		return slices.Collect(maps.Values(parsed)), nil
	})}.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&again, f); err != nil {
			t.Fatal(err)
		}
	}
	if again.String() != text.String() {
		t.Errorf("written:\n%s\nthe library writes:\n%s", text.String(), again.String())
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
		g := NewCollector(false)
		for _, r := range order {
			g.Report(r)
		}
		v := gathered(t, g)
		if v["chainspect_trusted"] != 0 || v["chainspect_level_x509_pass"] != 0 || v["chainspect_evaluated_timestamp_seconds"] != 2000 ||
			v["chainspect_inspected"] != 1 {
			t.Errorf("%v", v)
		}
		if _, ok := v["chainspect_level_ats_pass"]; ok {
			t.Error("a level that does not apply has no metric")
		}
		if _, ok := v["chainspect_good_until_timestamp_seconds"]; ok {
			t.Error("what one answer does not trust is not good until any time")
		}
	}
	if _, ok := gathered(t, worst(good, bad))["probe_ssl_last_chain_expiry_timestamp_seconds"]; ok {
		t.Error("nor is it under blackbox_exporter's name")
	}
	both := NewCollector(false)
	for _, until := range []time.Time{late, early} {
		both.Report(&chain.Report{Target: "a", Verdict: chain.Trusted, GoodUntil: &chain.GoodUntil{Time: until}})
	}
	if v := gathered(t, both); v["chainspect_trusted"] != 1 || v["chainspect_good_until_timestamp_seconds"] != 1000 ||
		v["probe_success"] != 1 || v["probe_ssl_last_chain_expiry_timestamp_seconds"] != 1000 {
		t.Errorf("the earliest end of two counts: %v", v)
	}
	unknown := NewCollector(false)
	unknown.Report(&chain.Report{Target: "a", Verdict: chain.Undecided})
	if v := gathered(t, unknown); v["chainspect_trusted"] != 0 || v["chainspect_decided"] != 0 {
		t.Errorf("%v", v)
	}
}

// worst sums reports up without a label.
func worst(reports ...*chain.Report) *Collector {
	c := NewCollector(false)
	for _, r := range reports {
		c.Report(r)
	}
	return c
}

// TestEarliestExpiryIsOfWhatWasSent: an anchor that was not sent does not count, an intermediate does.
func TestEarliestExpiryIsOfWhatWasSent(t *testing.T) {
	item := func(role, until string, o chain.Origin) chain.ItemReport {
		return chain.ItemReport{Role: role, NotAfter: until, Origin: o}
	}
	v := gathered(t, worst(&chain.Report{Target: "a", Items: []chain.ItemReport{
		item("leaf", "1970-01-01T01:00:00Z", chain.OriginSent), item("intermediate", "1970-01-01T00:30:00Z", chain.OriginSent), item("root",
			"1970-01-01T00:10:00Z", chain.OriginStore)}}))
	if v["probe_ssl_earliest_cert_expiry"] != 1800 || v["chainspect_leaf_not_after_timestamp_seconds"] != 3600 {
		t.Errorf("%v", v)
	}
}

func TestCollectorTellsWhatWasNotInspected(t *testing.T) {
	g := NewCollector(false)
	g.Failure(&chain.Failure{Target: "a"})
	v := gathered(t, g)
	if n, ok := v["chainspect_inspected"]; !ok || n != 0 || v["probe_success"] != 0 || len(v) != 2 {
		t.Errorf("%v", v)
	}
}

func TestCollectorIsSafeForConcurrentUse(t *testing.T) {
	g := NewCollector(true)
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

// Values, labels and help texts with everything that is escaped come through
// the library, and its linter has nothing to say about names, help and units.
func TestPrometheusTextIsTheLibrarys(t *testing.T) {
	c := NewCollector(true)
	feed(t, metrics{io.Discard, c}, append(recorded(), "hostile", "hostile-failure")...)
	c.Report(&chain.Report{Target: "a\\b\"c", Verdict: chain.Trusted, EvaluatedAt: time.Unix(1, 5e8), GoodUntil: &chain.GoodUntil{Time: time.Unix(1e10, 0)}})
	gathered(t, c)
	var b bytes.Buffer
	if err := c.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	problems, err := promlint.New(&b).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	odd := families{}
	odd.gauge("x", "a\\b\nc\"d", -1.5e-9, []metricLabel{{"l", "a\\b\nc\"d"}})
	b.Reset()
	if err := odd.write(&b); err != nil {
		t.Fatal(err)
	}
	const want = "# HELP x a\\\\b\\nc\"d\n# TYPE x gauge\nx{l=\"a\\\\b\\nc\\\"d\"} -1.5e-09\n"
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
}
