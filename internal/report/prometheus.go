package report

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

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
	name = "chainspect_" + name
	if f[name] == nil {
		f[name] = &family{help: help}
	}
	f[name].samples = append(f[name].samples, sample{labels, value})
}

var (
	helpEscapes  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	labelEscapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

func (f families) write(w io.Writer) error {
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
