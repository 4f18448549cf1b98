package report

import (
	"encoding/pem"
	"io"

	"github.com/chainspect/chainspect/pkg/chain"
)

// pemBlocks writes the certificates of the list that was judged, in its order.
type pemBlocks struct{ w io.Writer }

func newPEM(w io.Writer, _ Options) Reporter { return pemBlocks{w} }

func (p pemBlocks) Begin() error { return nil }

func (p pemBlocks) Report(r *chain.Report) error {
	for i := range r.Items {
		it := &r.Items[i]
		if !listed(it) || len(it.DER) == 0 {
			continue
		}
		if err := pem.Encode(p.w, &pem.Block{Type: "CERTIFICATE", Bytes: it.DER}); err != nil {
			return err
		}
	}
	return nil
}

// Failure writes nothing: a file of certificates has no room for it.
func (p pemBlocks) Failure(*chain.Failure) error { return nil }

func (p pemBlocks) End() error { return nil }
