package inspect

// remembered is what a file of the command line or of a job held.
type remembered struct {
	value any
	err   error
}

// maxRemembered bounds the files kept, so that memory stays flat where every job names others.
const maxRemembered = 64

// remember reads a file once per run, however many jobs name it. What is kept is
// shared between jobs and must not be changed.
func remember[T any](r *Runner, key string, read func() (T, error)) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, ok := r.files[key]
	if !ok {
		f.value, f.err = read()
		if r.files == nil || len(r.files) >= maxRemembered {
			r.files = map[string]remembered{}
		}
		r.files[key] = f
	}
	return f.value.(T), f.err
}
