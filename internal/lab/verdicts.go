package lab

import (
	"context"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/pkg/chain"
)

// A Verdict is what a profile says of a certificate under one of its names.
type Verdict struct {
	Profile, Name string
	Report        *chain.Report
}

// Verdicts judges what was issued, with the lab's root installed, in every
// profile, from the day on which it is valid.
func (i *Issued) Verdicts(ctx context.Context, now time.Time) ([]Verdict, error) {
	if from := i.Leaf.Cert.NotBefore; now.Before(from) {
		now = from
	}
	runner := &inspect.Runner{Now: func() time.Time { return now }}
	roots := inspect.List{i.Root.PEM()}
	var out []Verdict
	for _, p := range chain.Profiles() {
		for _, name := range i.Names {
			job := inspect.Job{ID: name, ChainPEM: inspect.List{i.Leaf.PEM(), i.Intermediate.PEM()}, RootsPEM: &roots, Profile: p.Name}
			if i.Client {
				job.Purpose = "client"
			} else {
				asked := strings.Replace(name, "*.", "any.", 1)
				job.Name = &asked
			}
			for _, r := range runner.Inspect(ctx, job) {
				if r.Err != nil {
					return nil, r.Err
				}
				out = append(out, Verdict{p.Name, name, r.Report})
			}
		}
	}
	return out, nil
}
