package report

import (
	"io"

	"github.com/prometheus/common/expfmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

// metrics writes the text format a node exporter's textfile collector reads.
type metrics struct {
	w io.Writer
	g *Gatherer
}

func newPrometheus(w io.Writer, _ Options) Reporter { return metrics{w, NewGatherer(true)} }

func (m metrics) Begin() error { return nil }

func (m metrics) Report(r *chain.Report) error {
	m.g.Report(r)
	return nil
}

func (m metrics) Failure(f *chain.Failure) error {
	m.g.Failure(f)
	return nil
}

func (m metrics) End() error {
	families, err := m.g.Gather()
	if err != nil {
		return err
	}
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(m.w, f); err != nil {
			return err
		}
	}
	return nil
}
