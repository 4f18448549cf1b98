package report

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// metrics writes the text format a node exporter's textfile collector reads.
type metrics struct {
	w io.Writer
	c *Collector
}

func newPrometheus(w io.Writer, _ Options) Reporter { return metrics{w, NewCollector(true)} }

func (m metrics) Begin() error { return nil }

func (m metrics) Report(r *chain.Report) error {
	m.c.Report(r)
	return nil
}

func (m metrics) Failure(f *chain.Failure) error {
	m.c.Failure(f)
	return nil
}

func (m metrics) End() error { return m.c.WriteText(m.w) }

// families are gauges by name. The text format (version 0.0.4) is written here
// and held against the official library by a test: linked in, that library and
// Protocol Buffers under it cost every start of the program more than a check.
type families map[string]*family

type family struct {
	help    string
	samples []sample
}

type sample struct {
	labels []metricLabel // by name
	value  float64
}

type metricLabel struct{ name, value string }

func (f families) gauge(name, help string, value float64, labels []metricLabel) {
	if f[name] == nil {
		f[name] = &family{help: help}
	}
	f[name].samples = append(f[name].samples, sample{labels, value})
}

func (f families) write(w io.Writer) error {
	helpEscapes, labelEscapes := strings.NewReplacer(`\`, `\\`, "\n", `\n`), strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(f)) {
		b.WriteString("# HELP " + name + " " + helpEscapes.Replace(f[name].help) + "\n# TYPE " + name + " gauge\n")
		slices.SortFunc(f[name].samples, func(x, y sample) int {
			return slices.CompareFunc(x.labels, y.labels, func(p, q metricLabel) int { return cmp.Compare(p.value, q.value) })
		})
		for _, s := range f[name].samples {
			b.WriteString(name)
			sep := "{"
			for _, l := range s.labels {
				b.WriteString(sep + l.name + `="` + labelEscapes.Replace(l.value) + `"`)
				sep = ","
			}
			if len(s.labels) > 0 {
				b.WriteByte('}')
			}
			b.WriteByte(' ')
			b.Write(strconv.AppendFloat(b.AvailableBuffer(), s.value, 'g', -1, 64))
			b.WriteByte('\n')
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// A Collector holds the answers of a run as Prometheus metrics, to be written as
// a text or answered to a scrape. Its labels are target (where asked for), rule
// and severity, and never anything out of a certificate. It is safe for
// concurrent use.
type Collector struct {
	mu         sync.Mutex
	withTarget bool
	order      []string
	targets    map[string]*measured
}

// measured are the values of one target; several answers about it – lists that
// it sends, names it was asked for – are summed up as the worst of them.
type measured struct {
	inspected, trusted, decided bool
	evaluated, goodUntil        time.Time
	notAfter, earliest          time.Time // of item 0; of all that was sent
	levels                      map[chain.Level]bool
	findings                    map[[2]string]int
}

// NewCollector makes an empty Collector. With withTarget every metric carries
// the target as a label; without it the scrape itself names the target.
func NewCollector(withTarget bool) *Collector {
	return &Collector{withTarget: withTarget, targets: map[string]*measured{}}
}

// Report adds the answer for a target.
func (c *Collector) Report(r *chain.Report) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.target(jobName(r))
	m.trusted = m.trusted && r.Verdict == chain.Trusted && !r.NothingToTrust()
	m.decided = m.decided && r.Verdict != chain.Undecided && !r.NothingToTrust()
	if r.EvaluatedAt.After(m.evaluated) {
		m.evaluated = r.EvaluatedAt
	}
	if r.GoodUntil != nil {
		m.goodUntil = earlier(m.goodUntil, r.GoodUntil.Time)
	}
	for i := range r.Items {
		t, err := time.Parse(time.RFC3339, r.Items[i].NotAfter)
		if err != nil || !listed(&r.Items[i]) {
			continue
		}
		m.earliest = earlier(m.earliest, t)
		if r.Items[i].Role == "leaf" {
			m.notAfter = earlier(m.notAfter, t)
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
	m := c.target(failedJob(f))
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

// WriteText writes the metrics in Prometheus' text format: families by name,
// their samples by labels. The error is the writer's.
func (c *Collector) WriteText(w io.Writer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := c.order
	if !c.withTarget && len(names) > 1 {
		names = names[:1] // without the label there is room for one target
	}
	f := families{}
	for _, name := range names {
		var own []metricLabel
		if c.withTarget {
			own = []metricLabel{{"target", name}}
		}
		c.targets[name].addTo(f, own)
	}
	return f.write(w)
}

func (m *measured) addTo(f families, own []metricLabel) {
	f.gauge("chainspect_inspected", "Whether the target could be inspected.", bit(m.inspected), own)
	// The names of blackbox_exporter's, so that its alerts and dashboards go on.
	f.gauge("probe_success", "Whether the target could be inspected and its chain is trusted.", bit(m.inspected && m.trusted), own)
	if !m.inspected {
		return
	}
	if !m.earliest.IsZero() {
		f.gauge("probe_ssl_earliest_cert_expiry", "The earliest notAfter of the certificates that were sent, in seconds since 1970.", seconds(m.earliest), own)
	}
	f.gauge("chainspect_trusted", "Whether the chain is trusted, by every answer about the target; 0 also where it could not be told.", bit(m.trusted), own)
	f.gauge("chainspect_decided", "Whether every verdict could be told.", bit(m.decided), own)
	f.gauge("chainspect_evaluated_timestamp_seconds", "When the chain was judged, in seconds since 1970.", seconds(m.evaluated), own)
	if m.trusted && !m.goodUntil.IsZero() {
		f.gauge("chainspect_good_until_timestamp_seconds", "When the chain stops being trusted, in seconds since 1970: the earliest of several answers; absent where it is not trusted.", seconds(m.goodUntil), own)
		f.gauge("probe_ssl_last_chain_expiry_timestamp_seconds", "chainspect_good_until_timestamp_seconds under blackbox_exporter's name.", seconds(m.goodUntil), own)
	}
	if !m.notAfter.IsZero() {
		f.gauge("chainspect_leaf_not_after_timestamp_seconds", "notAfter of item 0, in seconds since 1970: the earliest of several answers.", seconds(m.notAfter), own)
	}
	for _, l := range chain.Levels() {
		if pass, ok := m.levels[l]; ok {
			f.gauge("chainspect_level_"+string(l)+"_pass", "Whether "+strings.TrimSpace(levelTitle(l))+" passes; absent where it does not apply or could not be told.", bit(pass), own)
		}
	}
	for k, n := range m.findings {
		f.gauge("chainspect_findings", "Findings by rule; severity is also unknown or waived.", float64(n), append([]metricLabel{{"rule", printable(k[0])}, {"severity", k[1]}}, own...))
	}
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 { return float64(t.UnixNano()) / 1e9 }
