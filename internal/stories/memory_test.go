package stories

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// scenes are those of all stories, the near misses included.
func scenes(t *testing.T) map[string]*testpki.Scene {
	all := map[string]*testpki.Scene{}
	for name, s := range load(t) {
		all[name] = &s.Scene
		if s.Near != nil {
			all[name+", near miss"] = s.Near
		}
	}
	return all
}

// assembled is the evaluator of a scene with a memory of its own.
func assembled(t *testing.T, s *testpki.Scene, in chain.Input, m *chain.Memory, verbose bool) *chain.Evaluator {
	t.Helper()
	p, err := rulebook.Profile(s.Profile, in.Question.Purpose)
	if err != nil {
		t.Fatal(err)
	}
	return (&rulebook.Assembly{Profile: p.WithSeverities(grades(s)), Memory: m, Verbose: verbose}).Evaluator()
}

// TestMemoryChangesNothing: a report is the same whatever was judged before, by
// the same evaluator or by another one of the same memory, and where the memory
// is so small that it forgets all the time.
func TestMemoryChangesNothing(t *testing.T) {
	t.Parallel()
	all := scenes(t)
	shared := chain.NewMemory(1 << 14)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := all[name]
		in := input(t, s)
		want := assembled(t, s, in, chain.NewMemory(1<<10), true).Evaluate(in)
		e := assembled(t, s, in, shared, true)
		for _, when := range []string{"with what others left", "again"} {
			if got := e.Evaluate(in); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s: %s\nfindings %+v\nwith a memory of its own: %s\nfindings %+v", name, when, got.Headline, got.Findings,
					want.Headline, want.Findings)
			}
		}
		small := assembled(t, s, in, chain.NewMemory(1), true)
		small.Evaluate(in)
		if got := small.Evaluate(in); !reflect.DeepEqual(got, want) {
			t.Errorf("%s, with a small memory: %s, want %s", name, got.Headline, want.Headline)
		}
	}
}

// TestTheEndOfAVerdict: asking again only what hangs on the time finds what
// judging everything anew at every instant finds.
func TestTheEndOfAVerdict(t *testing.T) {
	t.Parallel()
	for name, s := range scenes(t) {
		in := input(t, s)
		e := assembled(t, s, in, memory, true)
		r := e.Evaluate(in)
		want, last := []chain.Moment(nil), r.Verdict
		for _, at := range instants(e.Case(in)) {
			if at.Before(in.Question.Time) {
				continue
			}
			later := in
			later.Question.Time = at.Add(time.Second)
			if v := e.Evaluate(later).Verdict; v != last {
				want = append(want, chain.Moment{Time: at, Verdict: v})
				last = v
			}
		}
		got := slices.Clone(r.Timeline)
		for i := range got {
			got[i].Rule, got[i].Item = "", nil
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s, %s: timeline %+v, want %+v", name, r.Verdict, got, want)
		}
	}
}

// instants are all the dates at which any answer about a case may change.
func instants(c *chain.Case) (list []time.Time) {
	for _, p := range c.Paths {
		for _, it := range p.Items {
			list = append(list, it.Cert.NotBefore, it.Cert.NotAfter)
		}
	}
	for _, r := range slices.Concat(rulebook.Books()...) {
		if a := r.Applies; a != nil {
			list = append(list, a.JudgedFrom, a.JudgedUntil)
		}
		if r.Instants != nil {
			list = append(list, r.Instants(c)...)
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return slices.CompactFunc(list, time.Time.Equal)
}
