package report

import (
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/chainspect/chainspect/pkg/chain"
)

// A Collector holds the answers of a run as Prometheus metrics. Its labels are
// target (where asked for), rule and severity, and never anything out of a
// certificate. It is safe for concurrent use.
type Collector struct {
	mu      sync.Mutex
	labels  []string // "target", or none
	order   []string
	targets map[string]*measured
}

// measured are the values of one target; several lists sent by one target are
// summed up as the worst of them.
type measured struct {
	inspected, trusted, decided bool
	evaluated, goodUntil        time.Time
	notAfter                    time.Time
	levels                      map[chain.Level]bool
	findings                    map[[2]string]int
}

// NewCollector makes an empty Collector. With withTarget every metric carries
// the target as a label; without it the scrape itself names the target.
func NewCollector(withTarget bool) *Collector {
	c := &Collector{targets: map[string]*measured{}}
	if withTarget {
		c.labels = []string{"target"}
	}
	return c
}

// Report adds the answer for a target.
func (c *Collector) Report(r *chain.Report) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.target(r.Target)
	m.trusted = m.trusted && r.Verdict == chain.Trusted
	m.decided = m.decided && r.Verdict != chain.Undecided
	if r.EvaluatedAt.After(m.evaluated) {
		m.evaluated = r.EvaluatedAt
	}
	if r.GoodUntil != nil {
		m.goodUntil = earlier(m.goodUntil, r.GoodUntil.Time)
	}
	for i := range r.Items {
		if r.Items[i].Index == 0 && listed(&r.Items[i]) {
			if t, err := time.Parse(time.RFC3339, r.Items[i].NotAfter); err == nil {
				m.notAfter = earlier(m.notAfter, t)
			}
		}
	}
	for _, l := range r.Levels {
		if l.Verdict == chain.Pass || l.Verdict == chain.Fail {
			was, seen := m.levels[l.Level]
			m.levels[l.Level] = l.Verdict == chain.Pass && (was || !seen)
		}
	}
	for i := range r.Findings {
		m.findings[[2]string{r.Findings[i].Rule, grade(&r.Findings[i])}]++
	}
}

// Failure adds a target that could not be inspected.
func (c *Collector) Failure(f *chain.Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.target(f.Target)
	m.inspected, m.trusted = false, false
}

func (c *Collector) target(name string) *measured {
	name = printable(name)
	m := c.targets[name]
	if m == nil {
		m = &measured{inspected: true, trusted: true, decided: true, levels: map[chain.Level]bool{}, findings: map[[2]string]int{}}
		c.targets[name] = m
		c.order = append(c.order, name)
	}
	return m
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// Describe sends nothing: which metrics there are depends on what was found
// (prometheus.Collector calls such a collector unchecked).
func (c *Collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the metrics.
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := c.order
	if len(c.labels) == 0 && len(names) > 1 {
		names = names[:1] // without the label there is room for one target
	}
	for _, name := range names {
		c.collect(ch, name, c.targets[name])
	}
}

func (c *Collector) collect(ch chan<- prometheus.Metric, name string, m *measured) {
	var own []string
	if len(c.labels) > 0 {
		own = []string{name}
	}
	gauge := func(metric, help string, v float64) {
		ch <- prometheus.MustNewConstMetric(prometheus.NewDesc("chainspect_"+metric, help, c.labels, nil), prometheus.GaugeValue, v, own...)
	}
	gauge("inspected", "Whether the target could be inspected.", bit(m.inspected))
	if !m.inspected {
		return
	}
	gauge("trusted", "Whether the chain is trusted; 0 also where it could not be told.", bit(m.trusted))
	gauge("decided", "Whether the verdict could be told.", bit(m.decided))
	gauge("evaluated_timestamp_seconds", "When the chain was judged, in seconds since 1970.", seconds(m.evaluated))
	if !m.goodUntil.IsZero() {
		gauge("good_until_timestamp_seconds", "When the chain stops being trusted, in seconds since 1970.", seconds(m.goodUntil))
	}
	if !m.notAfter.IsZero() {
		gauge("leaf_not_after_timestamp_seconds", "notAfter of item 0, in seconds since 1970.", seconds(m.notAfter))
	}
	for _, l := range chain.Levels() {
		if pass, ok := m.levels[l]; ok {
			gauge("level_"+string(l)+"_pass", "Whether "+strings.TrimSpace(levelTitle(l))+" passes; absent where it does not apply or could not be told.", bit(pass))
		}
	}
	desc := prometheus.NewDesc("chainspect_findings", "Findings by rule; severity is also unknown or waived.", append(append([]string{}, c.labels...), "rule", "severity"), nil)
	for k, n := range m.findings {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n), append(append([]string{}, own...), printable(k[0]), k[1])...)
	}
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 { return float64(t.UnixNano()) / 1e9 }
