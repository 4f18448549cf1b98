package inspect

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/client"
)

// A request is a job that can be answered: what it says is meant, and the files it
// names beside its target have been read. Nothing after it reads the job again for
// what stands here.
type request struct {
	job      *Job
	live     bool // a server is asked; otherwise a file, standard input, or what stands in the job
	target   ask.Target
	plan     ask.Plan
	fetch    []string                           // kinds of what is fetched
	begun    time.Time                          // where the job's time is limited
	ends     time.Time                          // and when it is over
	proxy    func(ask.Target) (*url.URL, error) // of a server; nil: reached directly
	profile  *chain.Profile
	question chain.Question
	anchors  *chain.Anchors
	evidence []chain.Evidence
	clients  []*client.Client // whose opinion is wanted as well
}

// resolve makes the request of a job, so that what cannot be used is said before
// a server is asked.
func (r *Runner) resolve(ctx context.Context, j *Job) (*request, error) {
	if err := j.Check(); err != nil {
		return nil, err
	}
	q := &request{job: j}
	if j.Timeout > 0 {
		q.begun = time.Now()
	}
	var err error
	if q.fetch, err = fetchKinds(j.Fetch); err != nil {
		return nil, err
	}
	if q.clients, err = r.clients(j); err != nil {
		return nil, err
	}
	host := ""
	switch {
	case len(j.ChainPEM) > 0:
	case j.Target == "":
		return nil, usage("there is no target: give HOST[:PORT], a URL, a file or -")
	case r.Permit == nil && r.Files.IsFile(j.Target):
		r.idle(j, func(f *Field) bool { return f.Live }, "is about connections; it has no say about a file", "are about connections; they have no say about a file")
	case r.Ask == nil:
		return nil, usage("%s: no server is asked here: give a file", j.Target)
	default:
		var err error
		if q.target, err = liveTarget(j); err != nil {
			return nil, err
		}
		if j.Path != "" && !q.target.HTTPS && q.target.Scheme != "http" {
			r.remark("%s: --path is asked for over HTTPS; this is another protocol", j.Target)
		}
		if q.plan, err = r.plan(ctx, q); err != nil {
			return nil, err
		}
		if q.proxy, err = r.proxy(ctx, j); err != nil {
			return nil, err
		}
		if r.Permit != nil && (q.proxy != nil || strings.HasPrefix(j.Connect, unixPrefix)) {
			return nil, usage("%s: which addresses may be asked is limited here, and neither a proxy nor a socket keeps to it", j.Target)
		}
		q.live, host = true, q.target.Host
	}
	return q, r.basis(ctx, q, host)
}

// basis is what a judgement rests on: rules, question, anchors, evidence.
func (r *Runner) basis(ctx context.Context, q *request, host string) (err error) {
	if q.profile, err = q.job.profile(); err != nil {
		return err
	}
	if q.profile.Name != "apple" {
		r.idle(q.job, func(f *Field) bool { return f.Apple }, "is about Apple platforms; profile "+q.profile.Name+" judges as none", "are about Apple platforms; profile "+q.profile.Name+" judges as none")
	}
	if q.job.FetchPrivate && len(q.fetch) == 0 {
		r.remarkOnce("--fetch-private says where from, and nothing is fetched without --fetch")
	}
	if q.evidence, err = r.evidence(ctx, q.job); err != nil {
		return err
	}
	if q.question, err = r.question(ctx, q.job, q.profile, host, q.evidence); err != nil {
		return err
	}
	q.anchors, err = r.anchors(ctx, q.job, q.profile, q.question.ServerDemands)
	return err
}

// idle says which fields of a job have no effect on it, once a run: what was
// asked for and did not happen looks like an answer.
func (r *Runner) idle(j *Job, idle func(*Field) bool, one, several string) {
	var names []string
	for _, f := range Fields() {
		if idle(f) && len(f.said(j)) > 0 {
			names = append(names, "--"+f.FlagName())
		}
	}
	switch len(names) {
	case 0:
	case 1:
		r.remarkOnce("%s %s", names[0], one)
	default:
		r.remarkOnce("%s %s", strings.Join(names, ", "), several)
	}
}
