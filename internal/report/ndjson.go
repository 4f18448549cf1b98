package report

import (
	"encoding/json"
	"io"

	"github.com/chainspect/chainspect/pkg/chain"
)

// ndjson writes one line per answer, at once.
type ndjson struct{ w io.Writer }

func newNDJSON(w io.Writer, _ Options) Reporter { return ndjson{w} }

func (n ndjson) Begin() error { return nil }

func (n ndjson) Report(r *chain.Report) error { return n.line(withoutNulls(r)) }

func (n ndjson) Failure(f *chain.Failure) error { return n.line(f) }

func (n ndjson) End() error { return nil }

func (n ndjson) line(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = n.w.Write(append(harmlessJSON(b), '\n'))
	return err
}
