package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/fleet"
	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/pkg/chain"
)

// fleetRun is what a run over many targets comes to, with what an earlier one has
// answered already.
type fleetRun struct {
	targets  string
	quiet    bool
	done     *fleet.Done // nil: nothing is left out
	sum      tally
	all      fleet.Summary
	answered int
	skipped  int
}

// collectSeldom has garbage of a run over many targets collected half as often as Go
// would by itself: little of what it makes lives. The limit keeps the process within
// 40 MiB all the same, however many answers wait for their turn. What is returned is
// called for each answer: where much lives after all, of captures or of a report that
// is written at its end, the limit would have garbage collected without a pause, and
// Go decides again. Who sets GOGC or GOMEMLIMIT has decided.
func collectSeldom() (answered func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	percent, limit := debug.SetGCPercent(200), debug.SetMemoryLimit(24<<20)
	answers, given, least := 0, false, uint64(math.MaxUint64)
	return func() {
		if answers++; given || answers%32 != 0 {
			return
		}
		// What lives is the least that the heap is seen to hold: it grows and shrinks in
		// between. runtime/metrics knows at once, and costs a hundredth of every check
		// at the start.
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		least = min(least, m.HeapAlloc)
		if answers%512 != 0 {
			return
		}
		if least > muchLives {
			debug.SetGCPercent(percent)
			debug.SetMemoryLimit(limit)
			given = true
		}
		least = math.MaxUint64
	}
}

// muchLives is about half of what the limit of collectSeldom leaves for the heap: with
// more, Go by itself collects less often than the limit has it.
const muchLives = 10 << 20

// skip reads the answers of an earlier run. They count as those of this one; the
// output of this run may be the same file, and then need not be there yet.
func (f *fleetRun) skip(ctx context.Context, r *inspect.Runner, file string, o *outputFlags, allowUnknown bool) error {
	appended := false
	for _, w := range o.wants() {
		to := w.file
		if to == "" {
			to = o.output
		}
		if to == "" || !sameFile(file, to) {
			continue
		}
		if w.format != "ndjson" {
			return usageError{fmt.Sprintf("--format %s would replace what --skip-done reads: write ndjson, which is appended, or name another file", w.format)}
		}
		appended = true
	}
	in, err := r.Open(ctx, "--skip-done", file)
	if errors.Is(err, fs.ErrNotExist) && appended {
		f.done = &fleet.Done{}
		return nil
	}
	if err != nil {
		return &inspect.FileError{Flag: "skip-done", Err: err}
	}
	defer in.Close()
	f.done, err = fleet.ReadDone(file, in, func(a *fleet.Answer) {
		f.all.Answer(a)
		f.sum.add(answered(a, allowUnknown))
	})
	if err != nil {
		return &inspect.FileError{Flag: "skip-done", Err: err}
	}
	return nil
}

// answered is an answer of an earlier run as the exit code counts it.
func answered(a *fleet.Answer, allowUnknown bool) inspect.Result {
	if a.Error != nil {
		return inspect.Result{Failure: &chain.Failure{Target: a.Target, Error: *a.Error}}
	}
	return inspect.Result{Report: &chain.Report{Target: a.Target, Verdict: a.Verdict, Findings: a.Findings}, Settled: allowUnknown}
}

// add takes an answer of this run.
func (f *fleetRun) add(res inspect.Result) {
	f.answered++
	f.sum.add(res)
	if res.Report != nil {
		f.all.Report(res.Report)
	} else {
		f.all.Failure(res.Failure)
	}
}

// total is how many targets there are; -1 where a list is read as it comes.
func (f *fleetRun) total(args []string) int {
	if f.targets == "" {
		return len(args)
	}
	info, err := os.Stat(f.targets)
	if err != nil || !info.Mode().IsRegular() {
		return -1
	}
	in, err := os.Open(f.targets)
	if err != nil {
		return -1
	}
	defer in.Close()
	n := len(args)
	for lines := bufio.NewReaderSize(in, 1<<16); ; {
		_, more, err := lines.ReadLine()
		if err != nil {
			return n
		}
		if !more {
			n++
		}
	}
}

// summary says what the targets of a list have in common: at the end of the text,
// and beside another format where somebody is watching.
func (f *fleetRun) summary(c *cobra.Command, o *outputFlags) error {
	if f.targets == "" || f.quiet || f.all.Answers < 2 {
		return nil
	}
	if o.has("text") && o.stdout() {
		return f.all.Write(c.OutOrStdout(), report.Printable)
	}
	if _, watched := terminal(c.ErrOrStderr()); watched {
		fmt.Fprintln(c.ErrOrStderr(), f.all.Sentence())
		return f.all.Write(c.ErrOrStderr(), report.Printable)
	}
	return nil
}

// end is the exit code of the run; what is left out of it is said.
func (f *fleetRun) end(c *cobra.Command, interrupted bool) error {
	switch {
	case interrupted:
		fmt.Fprintf(c.ErrOrStderr(), "chainspect: interrupted after %d answers: the targets that are left were not inspected\n", f.answered)
		return exitCode(exitUninspected)
	case f.skipped > 0:
		fmt.Fprintf(c.ErrOrStderr(), "chainspect: %d targets were answered by an earlier run, %d by this one\n", f.skipped, f.answered)
	case f.answered == 0:
		fmt.Fprintf(c.ErrOrStderr(), "chainspect: %s names no target: nothing was inspected\n", f.targets)
	}
	return f.sum.err()
}
