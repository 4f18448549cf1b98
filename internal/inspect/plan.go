package inspect

import (
	"context"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// plan says what to ask the server beyond the one handshake.
func (r *Runner) plan(ctx context.Context, j *Job) (ask.Plan, error) {
	p := ask.Plan{Full: r.Full || j.InfoPlist != "", Path: j.Path != ""}
	if j.Thorough {
		p.Also = []string{tlsname.HelloECDSA, tlsname.HelloRSACert, tlsname.HelloATS} // the last once more: the same question may get another answer
		p.EveryAddress, p.Variants = true, true
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
