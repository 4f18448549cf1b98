package inspect

import (
	"context"
	"iter"
	"sync"
)

// Stream inspects many jobs with a number of workers and yields the results in
// the order of the jobs, as they come: memory does not grow with their number.
func (r *Runner) Stream(ctx context.Context, jobs iter.Seq2[Job, error], workers int, yield func(Result) bool) {
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
			if t.err != nil {
				t.out <- []Result{failed(t.job, nil, t.err)}
			} else {
				t.out <- r.Inspect(ctx, t.job)
			}
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
