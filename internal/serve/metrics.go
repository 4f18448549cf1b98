package serve

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// metrics are the exporter's own: what it was asked and how it fares. Labels are
// modules of the configuration and fixed words, never anything a probe brought.
type metrics struct {
	mu       sync.Mutex
	probes   map[[2]string]int // module, result
	refused  map[string]int    // reason
	inFlight int
	reloads  map[bool]int // by success
	reloadOK bool
	loadedAt time.Time
}

func newMetrics() *metrics {
	return &metrics{probes: map[[2]string]int{}, refused: map[string]int{}, reloads: map[bool]int{}}
}

func (m *metrics) began() {
	m.mu.Lock()
	m.inFlight++
	m.mu.Unlock()
}

func (m *metrics) ended(module, result string) {
	m.mu.Lock()
	m.inFlight--
	m.probes[[2]string{module, result}]++
	m.mu.Unlock()
}

func (m *metrics) refuse(reason string) {
	m.mu.Lock()
	m.refused[reason]++
	m.mu.Unlock()
}

func (m *metrics) reloaded(ok bool, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reloads[ok]++
	if m.reloadOK = ok; ok {
		m.loadedAt = now
	}
}

// write prints them in Prometheus' text format, version 0.0.4.
func (m *metrics) write(w io.Writer, version string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b strings.Builder
	family := func(name, kind, help string) {
		fmt.Fprintf(&b, "# HELP chainspect_exporter_%s %s\n# TYPE chainspect_exporter_%s %s\n", name, help, name, kind)
	}
	family("build_info", "gauge", "The version that runs.")
	fmt.Fprintf(&b, "chainspect_exporter_build_info{version=%q,go=%q} 1\n", version, runtime.Version())
	family("config_last_reload_successful", "gauge", "Whether the last reading of the configuration succeeded; where not, the one before is in force.")
	fmt.Fprintf(&b, "chainspect_exporter_config_last_reload_successful %d\n", bit(m.reloadOK))
	family("config_last_reload_success_timestamp_seconds", "gauge", "When the configuration in force was read, in seconds since 1970.")
	fmt.Fprintf(&b, "chainspect_exporter_config_last_reload_success_timestamp_seconds %d\n", m.loadedAt.Unix())
	family("config_reloads_total", "counter", "Readings of the configuration.")
	for _, ok := range []bool{true, false} {
		fmt.Fprintf(&b, "chainspect_exporter_config_reloads_total{result=%q} %d\n", map[bool]string{true: "success", false: "failure"}[ok], m.reloads[ok])
	}
	family("goroutines", "gauge", "Goroutines that run now.")
	fmt.Fprintf(&b, "chainspect_exporter_goroutines %d\n", runtime.NumGoroutine())
	family("probes_in_flight", "gauge", "Probes that are being answered now.")
	fmt.Fprintf(&b, "chainspect_exporter_probes_in_flight %d\n", m.inFlight)
	family("probes_total", "counter", "Probes that were answered, by module and result.")
	for _, k := range slices.SortedFunc(maps.Keys(m.probes), func(x, y [2]string) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) }) {
		fmt.Fprintf(&b, "chainspect_exporter_probes_total{module=%q,result=%q} %d\n", k[0], k[1], m.probes[k])
	}
	family("requests_refused_total", "counter", "Requests that were not answered with a probe, by reason.")
	for _, reason := range slices.Sorted(maps.Keys(m.refused)) {
		fmt.Fprintf(&b, "chainspect_exporter_requests_refused_total{reason=%q} %d\n", reason, m.refused[reason])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
