package inspect

import (
	"cmp"
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/internal/load"
)

// standardInput is read once, for the one flag or target that names it "-".
type standardInput struct {
	mu   sync.Mutex
	use  string // whose it is; "" nobody's yet
	data []byte
	err  error
}

// claim makes standard input one use's; another use of it is a *UsageError.
func (s *standardInput) claim(use string) error {
	if s.use = cmp.Or(s.use, use); s.use != use {
		return usage("-: standard input is read once, and is %s already", s.use)
	}
	return nil
}

// aTarget is the use of "-" as a target; others are flags.
const aTarget = "the target"

// Read reads a file for a use, such as "--baseline": standard input for "-". A
// stream is read for the limit of time at most, where it is not 0; standard
// input is waited for as long as it is open.
func (r *Runner) Read(ctx context.Context, use, path string, limit time.Duration) ([]byte, error) {
	if path == "-" {
		s := &r.stdin
		s.mu.Lock()
		defer s.mu.Unlock()
		first := s.use == ""
		if err := s.claim(use); err != nil {
			return nil, err
		}
		if first {
			s.data, s.err = load.ReadStream(ctx, path, load.Interruptible(ctx, r.input()))
		}
		return s.data, s.err
	}
	return r.Files.Read(ctx, path, limit)
}

// Open opens a file for a use, or standard input for "-", to be read as it comes.
func (r *Runner) Open(ctx context.Context, use, path string) (io.ReadCloser, error) {
	if path != "-" {
		return r.Files.Open(ctx, path, 0)
	}
	r.stdin.mu.Lock()
	defer r.stdin.mu.Unlock()
	if err := r.stdin.claim(use); err != nil {
		return nil, err
	}
	return load.Interruptible(ctx, r.input()), nil
}

func (r *Runner) input() io.Reader {
	if r.Stdin == nil {
		return strings.NewReader("")
	}
	return r.Stdin
}

// read reads a file that a flag of the job names.
func (r *Runner) read(ctx context.Context, j *Job, flag, path string) ([]byte, error) {
	return r.Read(ctx, "--"+flag, path, time.Duration(j.Timeout))
}

// given is what the file that a flag of the job names holds, read once per run.
func given[T any](ctx context.Context, r *Runner, j *Job, flag, path string, parse func(data []byte) (T, error)) (T, error) {
	v, err := remember(r, flag+" "+path, func() (T, error) {
		data, err := r.read(ctx, j, flag, path)
		if err != nil {
			var none T
			return none, err
		}
		return parse(data)
	})
	return v, of(flag, err)
}

// A FileError is about a file that a flag, or a key of a job, names.
type FileError struct {
	Flag string // without its dashes
	Err  error
}

func (e *FileError) Error() string { return "--" + e.Flag + " " + e.Err.Error() }

func (e *FileError) Unwrap() error { return e.Err }

// of says which flag named a file that cannot be used.
func of(flag string, err error) error {
	if err == nil {
		return nil
	}
	return &FileError{flag, err}
}
