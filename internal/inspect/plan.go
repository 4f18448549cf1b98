package inspect

import (
	"context"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/client"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// again is how often --thorough says Apple's own hello to an address once more.
const again = 5

// plan says what to ask the server beyond the one handshake.
func (r *Runner) plan(ctx context.Context, q *request) (ask.Plan, error) {
	j := q.job
	p := ask.Plan{Full: r.Full || j.InfoPlist != "", Path: j.Path != ""}
	if j.Thorough {
		p.Also = []string{tlsname.HelloECDSA, tlsname.HelloRSACert, tlsname.HelloH2, tlsname.HelloHTTP11}
		for range again { // the same question may get another answer
			p.Also = append(p.Also, tlsname.HelloATS)
		}
		p.Also = append(p.Also, client.Hellos(q.clients)...)
		p.EveryAddress, p.Variants, p.Nameless = true, true, true
	}
	if j.Identity == "" {
		return p, nil
	}
	id, err := r.identity(ctx, j)
	if err != nil {
		return p, err
	}
	p.Identity = id
	return p, nil
}
