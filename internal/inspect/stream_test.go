package inspect

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
)

func numbered(n int) iter.Seq2[Job, error] {
	return func(yield func(Job, error) bool) {
		for i := range n {
			var err error
			if i%3 == 0 {
				err = errors.New("bad line")
			}
			if !yield(Job{ID: fmt.Sprint(i), Target: "missing.pem"}, err) {
				return
			}
		}
	}
}

func TestStreamKeepsTheOrder(t *testing.T) {
	r := &Runner{Now: func() time.Time { return time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC) }}
	for _, workers := range []int{1, 7} {
		next := 0
		r.Stream(context.Background(), numbered(500), workers, func(res Result) bool {
			if res.Failure == nil || res.Failure.ID != fmt.Sprint(next) {
				t.Fatalf("%d workers: answer %d is %+v", workers, next, res.Failure)
			}
			if bad := res.Failure.Error.Message == "bad line"; bad != (next%3 == 0) {
				t.Errorf("%d workers: answer %d says %q", workers, next, res.Failure.Error.Message)
			}
			next++
			return true
		})
		if next != 500 {
			t.Errorf("%d workers: %d answers, want 500", workers, next)
		}
	}
}

// One server is asked by so many jobs at a time, and holds up nobody else's.
func TestStreamIsPolite(t *testing.T) {
	var mu sync.Mutex
	now, most := map[string]int{}, map[string]int{}
	r := &Runner{Now: time.Now, Ask: func(_ context.Context, t ask.Target, _ ask.Plan, _ ask.Way) ([]chain.Observation, map[string][]byte) {
		mu.Lock()
		now[t.Host]++
		most[t.Host] = max(most[t.Host], now[t.Host])
		mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		now[t.Host]--
		mu.Unlock()
		return nil, nil
	}}
	answers := 0
	r.Stream(context.Background(), func(yield func(Job, error) bool) {
		for i := range 200 {
			host := "one.example"
			if i%10 == 0 {
				host = fmt.Sprintf("n%d.example", i)
			}
			if !yield(Job{Target: host}, nil) {
				return
			}
		}
	}, 32, func(Result) bool { answers++; return true })
	if answers != 200 || most["one.example"] != perHost {
		t.Errorf("%d answers; %d at a time asked one host, want %d", answers, most["one.example"], perHost)
	}
}

// TestAskedServer: one server is the same however a line of a list writes it.
func TestAskedServer(t *testing.T) {
	for _, c := range []struct {
		job  Job
		want string
	}{
		{Job{Target: "www.example.com"}, "www.example.com:443"},
		{Job{Target: "WWW.example.com.:443"}, "www.example.com:443"},
		{Job{Target: "https://www.example.com:443/a?b"}, "www.example.com:443"},
		{Job{Target: "https://www.example.com/c"}, "www.example.com:443"},
		{Job{Target: "smtp://www.example.com"}, "www.example.com:25"},
		{Job{Target: "a.example", Connect: "WWW.example.com"}, "www.example.com:443"},
		{Job{Target: "www.example.com", Connect: ":8443"}, "www.example.com:8443"},
		{Job{Target: "[2001:db8::1]"}, "[2001:db8::1]:443"},
		{Job{Target: "www.example.com", Connect: "127.0.0.1:8443"}, ""},
		{Job{Target: "www.example.com", Connect: "unix:/run/server.sock"}, ""},
		{Job{Target: "https://localhost/"}, ""},
		{Job{Target: "a b"}, ""},
	} {
		if got := asked(&c.job); got != c.want {
			t.Errorf("%s by %q: %q, want %q", c.job.Target, c.job.Connect, got, c.want)
		}
	}
}

// A target that is waited for is told.
func TestStreamSaysWhomItWaitsFor(t *testing.T) {
	silent := make(chan struct{})
	var told []string
	r := &Runner{Now: time.Now, Ask: func(_ context.Context, t ask.Target, _ ask.Plan, _ ask.Way) ([]chain.Observation, map[string][]byte) {
		<-silent
		return nil, nil
	}}
	r.Waiting = func(target string) {
		told = append(told, target)
		if len(told) == 1 {
			close(silent)
		}
	}
	r.Stream(context.Background(), func(yield func(Job, error) bool) {
		_ = yield(Job{Target: "a.example"}, nil) && yield(Job{Target: "b.example"}, nil)
	}, 2, func(Result) bool { return true })
	if len(told) == 0 || told[0] != "a.example" {
		t.Errorf("told %v", told)
	}
}

func TestStreamEndsWhenNobodyListens(t *testing.T) {
	r := &Runner{Now: time.Now}
	for _, workers := range []int{1, 3} {
		seen := 0
		r.Stream(context.Background(), numbered(1<<30), workers, func(Result) bool {
			seen++
			return seen < 5
		})
		if seen != 5 {
			t.Errorf("%d workers: %d answers were given, want 5", workers, seen)
		}
	}
}

func TestStreamEndsWithItsContext(t *testing.T) {
	r := &Runner{Now: time.Now}
	for _, workers := range []int{1, 3} {
		ctx, cancel := context.WithCancel(context.Background())
		seen := 0
		r.Stream(ctx, numbered(1<<30), workers, func(Result) bool {
			if seen++; seen == 5 {
				cancel()
			}
			return true
		})
		cancel()
		if seen < 5 || seen == 1<<30 {
			t.Errorf("%d workers: %d answers were given", workers, seen)
		}
	}
}
