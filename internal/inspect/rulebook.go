package inspect

import (
	"sync"

	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/client"
)

// profile is the one the job names, or its purpose's default.
func (j *Job) profile() (*chain.Profile, error) {
	p, err := rulebook.Profile(j.Profile, chain.Purpose(j.Purpose))
	if err != nil {
		return nil, usage("--profile: %s", err)
	}
	return p, nil
}

// evaluator plans the rules once per profile. openEnd: no CA was named for an
// identity, and its chain is not judged to its end.
func (r *Runner) evaluator(p *chain.Profile, openEnd bool) *chain.Evaluator {
	r.remembering()
	r.mu.Lock()
	defer r.mu.Unlock()
	key := p.Name
	if openEnd {
		key += ", open end"
	}
	if e, ok := r.evaluators[key]; ok {
		return e
	}
	a := rulebook.Assembly{Profile: p, Memory: r.memory, Regrade: r.Regrade, Verbose: r.Verbose, Rows: r.Full, OpenEnd: openEnd}
	if r.evaluators == nil {
		r.evaluators = map[string]*chain.Evaluator{}
	}
	e := a.Evaluator()
	r.evaluators[key] = e
	return e
}

// remembering makes the memory of certificates and signatures, once.
func (r *Runner) remembering() {
	r.memoryOnce.Do(func() { r.memory = chain.NewMemory(1 << 14) })
}

// clients are the other clients whose opinion a job wants: those it names, else
// the run's default, which is for servers' certificates only.
func (r *Runner) clients(j *Job) ([]*client.Client, error) {
	list := j.Clients
	if list == "" && j.Purpose != string(chain.PurposeClient) {
		list = r.Clients
	}
	out, err := rulebook.Clients(list)
	if err != nil {
		return nil, usage("--clients: %s", err)
	}
	return out, nil
}

// apple gives the evaluator that judges the rows of Apple platforms: the run's own,
// unless a policy grades findings otherwise, which is no matter of a client's.
func (r *Runner) apple() func() *chain.Evaluator {
	p := chain.ProfileByName("apple")
	if len(r.Regrade) > 0 {
		return sync.OnceValue((&rulebook.Assembly{Profile: p, Memory: r.memory}).Evaluator)
	}
	return func() *chain.Evaluator { return r.evaluator(p, false) }
}

// askClients adds to a report what other clients would say.
func (r *Runner) askClients(q *request, in chain.Input, judged *chain.Case, report *chain.Report) {
	if len(q.clients) == 0 || in.Capture.Identity != nil || report.Purpose == chain.PurposeClient {
		return
	}
	if o := in.Capture.Observations; len(o) > 0 && o[0].Scheme == "dtls" { // none of them speaks it
		return
	}
	r.remembering()
	r.panelOnce.Do(func() { r.panel = rulebook.Panel(r.memory, r.apple()) })
	platform := ""
	if q.profile.Name == "apple" {
		platform = in.Question.Platform
	}
	r.panel.Annotate(in, judged, report, platform, q.clients)
}
