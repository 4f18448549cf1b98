package inspect

import (
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
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
	r.memoryOnce.Do(func() { r.memory = chain.NewMemory(1 << 14) })
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
