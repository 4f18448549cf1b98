package inspect

import (
	"context"
	"iter"
	"sync"
)

// Stream inspects many jobs with a number of workers and yields the results in
// the order of the jobs, as they come: memory does not grow with their number.
func (r *Runner) Stream(ctx context.Context, jobs iter.Seq2[Job, error], workers int, yield func(Result) bool) {
	if workers == 1 {
		r.inTurn(ctx, jobs, yield)
		return
	}
	type slot chan []Result
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	order := make(chan slot, 4*workers)
	type task struct {
		job Job
		err error
		out slot
	}
	work := make(chan task)
	var wg sync.WaitGroup
	worker := func() {
		for t := range work {
			t.out <- r.one(ctx, t.job, t.err)
		}
	}
	wg.Go(func() {
		defer close(order)
		defer close(work)
		started := 0
		for job, err := range jobs {
			out := make(slot, 1)
			select {
			case order <- out:
			case <-ctx.Done():
				return
			}
			if started < workers { // one job needs no crew
				started++
				wg.Go(worker)
			}
			select {
			case work <- task{job, err, out}:
			case <-ctx.Done():
				out <- nil
				return
			}
		}
	})
	for out := range order {
		for _, res := range <-out {
			if !yield(res) {
				cancel()
				for range order { // let the sender end
				}
				wg.Wait()
				return
			}
		}
	}
	wg.Wait()
}

// inTurn does the jobs in the caller's goroutine.
func (r *Runner) inTurn(ctx context.Context, jobs iter.Seq2[Job, error], yield func(Result) bool) {
	for job, err := range jobs {
		if ctx.Err() != nil {
			return
		}
		for _, res := range r.one(ctx, job, err) {
			if !yield(res) {
				return
			}
		}
	}
}

// one answers a job, or says that its line could not be read.
func (r *Runner) one(ctx context.Context, job Job, unread error) []Result {
	if unread != nil {
		return []Result{failed(job, nil, unread)}
	}
	return r.Inspect(ctx, job)
}
