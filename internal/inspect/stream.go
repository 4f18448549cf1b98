package inspect

import (
	"context"
	"iter"
	"net"
	"net/netip"
	"strings"
	"sync"
)

// perHost is how many jobs ask one server at a time: a list with many names of one
// server is no attack on it. Loopback is this machine's own.
const perHost = 8

// window is how many jobs may be ahead of the one whose answer is due: a server
// that is silent holds up no worker but its own, and memory does not grow.
func window(workers int) int { return min(max(6*workers, 128), 384) }

// Stream inspects many jobs with a number of workers and yields the results in
// the order of the jobs, as they come: memory does not grow with their number.
func (r *Runner) Stream(ctx context.Context, jobs iter.Seq2[Job, error], workers int, yield func(Result) bool) {
	if workers == 1 {
		r.inTurn(ctx, jobs, yield)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &crew{run: r, ctx: ctx, order: make(chan *task, window(workers)), ready: make(chan *task, window(workers)+2), busy: map[string]int{}, waiting: map[string][]*task{}}
	var wg sync.WaitGroup
	wg.Go(func() { c.dispatch(jobs, workers, &wg) })
	for t := range c.order {
		if !r.taken(t, yield) {
			cancel()
			for range c.order { // let the sender end
			}
			break
		}
	}
	wg.Wait()
}

// taken yields the results of a task; false: no more are wanted.
func (r *Runner) taken(t *task, yield func(Result) bool) bool {
	var results []Result
	select {
	case results = <-t.out:
	default:
		if r.Waiting != nil {
			r.Waiting(t.job.Target)
		}
		results = <-t.out
	}
	for _, res := range results {
		if !yield(res) {
			return false
		}
	}
	return true
}

// task is a job on its way.
type task struct {
	job  Job
	err  error  // the line could not be read
	host string // whom it asks; "" nobody, or this machine
	out  chan []Result
}

// crew shares the jobs out.
type crew struct {
	run   *Runner
	ctx   context.Context
	order chan *task // as they came
	ready chan *task // a worker may take it

	mu      sync.Mutex
	busy    map[string]int     // jobs of a host under way
	waiting map[string][]*task // those that wait for their host
	open    sync.WaitGroup     // jobs without an answer
}

// dispatch hands the jobs to workers, which it starts as there is work for them.
func (c *crew) dispatch(jobs iter.Seq2[Job, error], workers int, wg *sync.WaitGroup) {
	started := 0
	for job, err := range jobs {
		t := &task{job: job, err: err, out: make(chan []Result, 1)}
		if err == nil {
			t.host = asked(&job)
		}
		select {
		case c.order <- t:
		case <-c.ctx.Done():
		}
		if c.ctx.Err() != nil {
			t.out <- nil // should it have been ordered
			break
		}
		c.open.Add(1)
		if started < workers {
			started++
			wg.Go(c.work)
		}
		c.mu.Lock()
		if t.host != "" && c.busy[t.host] >= perHost {
			c.waiting[t.host] = append(c.waiting[t.host], t)
		} else {
			c.busy[t.host]++
			c.ready <- t
		}
		c.mu.Unlock()
	}
	close(c.order)
	c.open.Wait()
	close(c.ready)
}

// work answers jobs until there are none.
func (c *crew) work() {
	for t := range c.ready {
		t.out <- c.run.one(c.ctx, t.job, t.err)
		c.mu.Lock()
		if next := c.waiting[t.host]; len(next) > 0 {
			c.ready <- next[0]
			if c.waiting[t.host] = next[1:]; len(next) == 1 {
				delete(c.waiting, t.host)
			}
		} else if c.busy[t.host]--; c.busy[t.host] == 0 {
			delete(c.busy, t.host)
		}
		c.mu.Unlock()
		c.open.Done()
	}
}

// asked is the server that a job asks, host and port, however it is written; "" where
// it asks none, or this machine.
func asked(j *Job) string {
	if len(j.ChainPEM) > 0 || strings.HasPrefix(j.Connect, unixPrefix) {
		return ""
	}
	target, err := liveTarget(j)
	if err != nil {
		return ""
	}
	host, port, err := net.SplitHostPort(strings.ToLower(target.Address()))
	if err != nil {
		return ""
	}
	if a, err := netip.ParseAddr(host); err == nil && a.IsLoopback() || host == "localhost" {
		return ""
	}
	return net.JoinHostPort(host, port)
}

// inTurn does the jobs in the caller's goroutine.
func (r *Runner) inTurn(ctx context.Context, jobs iter.Seq2[Job, error], yield func(Result) bool) {
	for job, err := range jobs {
		if ctx.Err() != nil {
			return
		}
		if r.Waiting != nil {
			r.Waiting(job.Target)
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
	results := r.Inspect(ctx, job)
	for i := range results {
		if r.Slim {
			results[i].Capture = nil
		}
	}
	return results
}
