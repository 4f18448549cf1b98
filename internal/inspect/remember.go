package inspect

import "sync"

// remembered is what a file of the command line or of a job held.
type remembered struct {
	once  sync.Once
	value any
	err   error
}

// maxRemembered bounds the files kept, so that memory stays flat where every job names others.
const maxRemembered = 64

// remember reads a file once per run, however many jobs name it; those that want
// it meanwhile wait for it, and nobody else does. What is kept is shared between
// jobs and must not be changed.
func remember[T any](r *Runner, key string, read func() (T, error)) (T, error) {
	r.mu.Lock()
	f, ok := r.files[key]
	if !ok {
		if r.files == nil || len(r.files) >= maxRemembered {
			r.files = map[string]*remembered{}
		}
		f = &remembered{}
		r.files[key] = f
	}
	r.mu.Unlock()
	f.once.Do(func() { f.value, f.err = read() })
	return f.value.(T), f.err
}
