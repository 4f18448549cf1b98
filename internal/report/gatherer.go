package report

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/chainspect/chainspect/pkg/chain"
)

// A Gatherer holds the answers of a run as Prometheus metrics; it is a
// prometheus.Gatherer of client_golang, for a text as for a scrape. (Making the
// families needs client_model only: client_golang itself costs every start of
// the program a millisecond.) Its labels are target (where asked for), rule and
// severity, and never anything out of a certificate. It is safe for concurrent use.
type Gatherer struct {
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
	notAfter                    time.Time
	levels                      map[chain.Level]bool
	findings                    map[[2]string]int
}

// NewGatherer makes an empty Gatherer. With withTarget every metric carries
// the target as a label; without it the scrape itself names the target.
func NewGatherer(withTarget bool) *Gatherer {
	return &Gatherer{withTarget: withTarget, targets: map[string]*measured{}}
}

// Report adds the answer for a target.
func (g *Gatherer) Report(r *chain.Report) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := g.target(r.Target)
	m.trusted = m.trusted && r.Verdict == chain.Trusted && !r.NothingToTrust()
	m.decided = m.decided && r.Verdict != chain.Undecided && !r.NothingToTrust()
	if r.EvaluatedAt.After(m.evaluated) {
		m.evaluated = r.EvaluatedAt
	}
	if r.GoodUntil != nil {
		m.goodUntil = earlier(m.goodUntil, r.GoodUntil.Time)
	}
	for i := range r.Items {
		if r.Items[i].Role == "leaf" && listed(&r.Items[i]) {
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
func (g *Gatherer) Failure(f *chain.Failure) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := g.target(f.Target)
	m.inspected, m.trusted = false, false
}

func (g *Gatherer) target(name string) *measured {
	name = printable(name)
	m := g.targets[name]
	if m == nil {
		m = &measured{inspected: true, trusted: true, decided: true, levels: map[chain.Level]bool{}, findings: map[[2]string]int{}}
		g.targets[name] = m
		g.order = append(g.order, name)
	}
	return m
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// Gather gives the metrics: families by name, their metrics by labels. The error
// is always nil.
func (g *Gatherer) Gather() ([]*dto.MetricFamily, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	names := g.order
	if !g.withTarget && len(names) > 1 {
		names = names[:1] // without the label there is room for one target
	}
	f := families{}
	for _, name := range names {
		var own []promLabel
		if g.withTarget {
			own = []promLabel{{"target", name}}
		}
		g.targets[name].addTo(f, own)
	}
	return f.sorted(), nil
}

func (m *measured) addTo(f families, own []promLabel) {
	f.gauge("inspected", "Whether the target could be inspected.", bit(m.inspected), own)
	if !m.inspected {
		return
	}
	f.gauge("trusted", "Whether the chain is trusted, by every answer about the target; 0 also where it could not be told.", bit(m.trusted), own)
	f.gauge("decided", "Whether every verdict could be told.", bit(m.decided), own)
	f.gauge("evaluated_timestamp_seconds", "When the chain was judged, in seconds since 1970.", seconds(m.evaluated), own)
	if m.trusted && !m.goodUntil.IsZero() {
		f.gauge("good_until_timestamp_seconds", "When the chain stops being trusted, in seconds since 1970: the earliest of several answers; absent where it is not trusted.", seconds(m.goodUntil), own)
	}
	if !m.notAfter.IsZero() {
		f.gauge("leaf_not_after_timestamp_seconds", "notAfter of item 0, in seconds since 1970: the earliest of several answers.", seconds(m.notAfter), own)
	}
	for _, l := range chain.Levels() {
		if pass, ok := m.levels[l]; ok {
			f.gauge("level_"+string(l)+"_pass", "Whether "+strings.TrimSpace(levelTitle(l))+" passes; absent where it does not apply or could not be told.", bit(pass), own)
		}
	}
	for k, n := range m.findings {
		f.gauge("findings", "Findings by rule; severity is also unknown or waived.", float64(n), append([]promLabel{{"rule", printable(k[0])}, {"severity", k[1]}}, own...))
	}
}

// promLabel is a label of a metric; labels are given in the order of their names.
type promLabel struct{ name, value string }

// families are metric families by name.
type families map[string]*dto.MetricFamily

func (f families) gauge(name, help string, value float64, labels []promLabel) {
	name = "chainspect_" + name
	family := f[name]
	if family == nil {
		family = &dto.MetricFamily{Name: &name, Help: &help, Type: dto.MetricType_GAUGE.Enum()}
		f[name] = family
	}
	m := &dto.Metric{Gauge: &dto.Gauge{Value: &value}}
	for _, l := range labels {
		m.Label = append(m.Label, &dto.LabelPair{Name: &l.name, Value: &l.value})
	}
	family.Metric = append(family.Metric, m)
}

func (f families) sorted() []*dto.MetricFamily {
	list := make([]*dto.MetricFamily, 0, len(f))
	for _, family := range f {
		slices.SortFunc(family.Metric, func(a, b *dto.Metric) int {
			return slices.CompareFunc(a.Label, b.Label, func(x, y *dto.LabelPair) int { return cmp.Compare(x.GetValue(), y.GetValue()) })
		})
		list = append(list, family)
	}
	slices.SortFunc(list, func(a, b *dto.MetricFamily) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return list
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 { return float64(t.UnixNano()) / 1e9 }
