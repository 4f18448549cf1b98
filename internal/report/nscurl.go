package report

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/ats"
	"github.com/chainspect/chainspect/pkg/chain"
)

// nscurl writes the table of `nscurl --ats-diagnostics`.
type nscurl struct {
	w io.Writer
	o Options
}

func newNscurl(w io.Writer, o Options) Reporter { return nscurl{w, o} }

func (n nscurl) Begin() error { return nil }

func (n nscurl) Report(r *chain.Report) error {
	c := *r
	c.Target = printable(heading(r))
	if r.ATS == nil || len(r.ATS.Rows) == 0 {
		_, err := io.WriteString(n.w, c.Target+": no table: its rows need an HTTPS server to ask\n")
		return err
	}
	a := *r.ATS
	a.Rows = slices.Clone(a.Rows)
	for i := range a.Rows {
		row := &a.Rows[i]
		row.Section, row.Name, row.Error = printable(row.Section), printable(row.Name), printable(row.Error)
	}
	c.ATS = &a
	var b bytes.Buffer
	if err := ats.WriteNscurl(&b, &c, n.o.Verbosity > 0); err != nil {
		return err
	}
	_, err := io.WriteString(n.w, strings.Join(printableLines(b.String()), "\n")+"\n")
	return err
}

func (n nscurl) Failure(f *chain.Failure) error {
	_, err := io.WriteString(n.w, printable(failedJob(f))+": not inspected: "+printable(causeOf(f))+"\n")
	return err
}

func (n nscurl) End() error { return nil }
