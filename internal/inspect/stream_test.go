package inspect

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"
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
