package inspect

import (
	"context"

	"github.com/chainspect/chainspect/internal/dial"
)

// plan says what to ask the server beyond the one handshake.
func (r *Runner) plan(ctx context.Context, j *Job) (dial.Plan, error) {
	p := dial.Plan{Full: r.Full || j.InfoPlist != "", Path: j.Path != ""}
	if j.Thorough {
		p.Also = []string{dial.HelloECDSA, dial.HelloRSACert}
		p.Variants = true
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
