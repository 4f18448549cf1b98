package inspect

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/fetch"
	"github.com/chainspect/chainspect/pkg/chain"
)

// fetchKinds reads --fetch: kinds behind commas.
func fetchKinds(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	kinds := strings.Split(text, ",")
	for _, k := range kinds {
		if !slices.Contains(fetch.Names(), k) {
			return nil, usage("--fetch %s: write aia, ocsp, crl, or several of them with commas between", clip(text))
		}
	}
	return kinds, nil
}

// enrich asks the network for what the certificates of a capture point at, where
// the job wants it. What comes, and why nothing came, enters the capture.
func (r *Runner) enrich(ctx context.Context, q *request, question chain.Question, c *chain.Capture, judged []sentList) {
	if len(q.fetch) == 0 || r.Fetch == nil {
		return
	}
	if !q.begun.IsZero() { // nothing is begun to be fetched in the last tenth
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, q.begun.Add(time.Duration(q.job.Timeout)*9/10))
		defer cancel()
	}
	evaluator := r.evaluator(q.profile, false)
	e := fetch.Enricher{Get: r.Fetch,
		Options: fetch.Options{Kinds: q.fetch, Private: q.job.FetchPrivate, Way: r.way(q)},
		Build: func(c *chain.Capture, observation int) *chain.Case {
			return evaluator.Case(chain.Input{Capture: c, Observation: observation, Question: question, Anchors: q.anchors})
		}}
	var observations []int
	for _, l := range judged {
		observations = append(observations, l.observation)
	}
	e.Enrich(ctx, c, observations...)
}
