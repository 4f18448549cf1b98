package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/policy"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

// gateFlags are the flags of gate; those of a job are the defaults of all jobs.
type gateFlags struct {
	job      jobFlags
	out      outputFlags
	baseline baselineFlags
	capture  string
	confine  string
	workers  int
	init     bool
}

func newGate() *cobra.Command {
	var f gateFlags
	c := &cobra.Command{
		Use:   "gate POLICY.yaml",
		Short: "Judge many targets by a policy, with one exit code for CI",
		Long: `Judge the jobs of a policy file: servers, files and identities, with expected
failures, severities, waivers that end, and thresholds. A summary comes first,
then the details of what fails (-v: of all). -q gives the summary only.

Flags that say what to judge and how are defaults of all jobs: the policy's own
defaults come before them, and a job's keys before those.`,
		Example: `  chainspect gate chainspect.yaml
  chainspect gate chainspect.yaml --format sarif -o chainspect.sarif
  chainspect gate chainspect.yaml --at +30d
  chainspect gate --init staging.example.com:443 certs/fullchain.pem > chainspect.yaml`,
	}
	f.job.add(c)
	f.out.add(c)
	c.Flags().Var(text(&f.capture, "FILE"), "capture", "write what was seen, to be judged again later")
	grouped(c.Flags(), whatToSay, "capture")
	f.baseline.add(c)
	addWorkers(c, &f.workers)
	c.Flags().BoolVar(&f.init, "init", false, "write a commented policy for the TARGETs given, to standard output")
	c.Flags().Var(text(&f.confine, "DIR"), "confine", "open no file outside of this directory, whatever the policy names")
	c.RunE = func(c *cobra.Command, args []string) error {
		if f.init {
			_, err := fmt.Fprint(c.OutOrStdout(), policy.Template(args))
			return err
		}
		if len(args) != 1 {
			return usageError{"gate takes one policy file; `chainspect gate --init TARGET...` writes one"}
		}
		return f.run(c, args[0])
	}
	return c
}

func (f *gateFlags) run(c *cobra.Command, file string) error {
	if f.workers < 1 {
		return usageError{"--jobs must be at least 1"}
	}
	f.workers = affordable(c, f.workers, descriptors())
	defaults, err := f.job.defaults(c)
	if err != nil {
		return err
	}
	r := newRunner(c)
	r.DataDir = "" // a gate judges the same everywhere, unless its policy names a folder
	if f.confine != "" {
		if r.Files, err = load.Confine(f.confine); err != nil {
			return usageError{"--confine " + err.Error()}
		}
		r.Files.Free(file, f.baseline.file) // and what else the command line itself names
		for _, of := range inputs(&defaults) {
			r.Files.Free(of.path)
		}
	}
	data, err := r.Read(c.Context(), "the policy", file, time.Duration(defaults.Timeout))
	if err != nil {
		return usageError{err.Error()}
	}
	p, err := policy.Parse(file, data, policy.Context{Defaults: defaults, Files: r.Files, Known: func(id string) bool { return rulebook.Rule(id) != nil }, IDs: rulebook.RuleIDs})
	if err != nil {
		return usageError{err.Error()}
	}
	read := []named{{"the policy", p.File}, {"--baseline", f.baseline.file}}
	for i := range p.Entries {
		read = append(read, inputs(&p.Entries[i].Job)...)
	}
	if err := distinct(read, append(f.out.files(), named{"--capture", f.capture})); err != nil {
		return err
	}
	if err := f.baseline.read(c.Context(), r, defaults); err != nil {
		return err
	}
	f.baseline.alone = len(p.Entries) == 1
	f.out.gate = &report.Gate{}
	out, err := f.out.open(c)
	if err != nil {
		return err
	}
	defer out.discard()
	r.Regrade, r.Verbose = p.Regrade(), f.out.verbose
	ctx, stop := long(c.Context())
	defer stop()
	return f.report(c, r, p, out, inspectAll(ctx, r, p, f.workers))
}

// report judges the answers by the policy and writes them: text gets a table first.
func (f *gateFlags) report(c *cobra.Command, r *inspect.Runner, p *policy.Policy, out *outputs, results [][]inspect.Result) error {
	sum := tally{failOn: chain.Severity(f.out.failOn)}
	var captures []*chain.Capture
	row := func(res inspect.Result, own bool) {
		sum.add(res)
		line := gateRow(res, sum.failOn)
		line.Own = own
		f.out.gate.Rows = append(f.out.gate.Rows, line)
	}
	for i, list := range results {
		for k := range list {
			res := &list[k]
			f.baseline.compare(r, *res)
			if res.Report != nil {
				p.Apply(&p.Entries[i], res)
				f.baseline.alarm(res.Report)
			} else {
				p.NotInspected(&p.Entries[i], res)
			}
			if res.Capture != nil && (len(captures) == 0 || captures[len(captures)-1] != res.Capture) {
				captures = append(captures, res.Capture)
			}
			row(*res, false)
		}
	}
	gone := f.baseline.gone(r)
	for _, res := range gone {
		p.Adopt(res.Report)
		row(res, false)
	}
	results = append(results, gone)
	left := p.Leftovers(r.Now())
	if left != nil {
		res := inspect.Result{Report: left}
		row(res, true)
		results = append(results, []inspect.Result{res})
	}
	if err := out.begin(); err != nil {
		return err
	}
	for _, list := range results {
		for _, res := range list {
			// The summary says all there is to say of a target that passes, and of one
			// that fails as others do.
			said := !f.out.verbose && res.Report != left && (!fails(res, sum.failOn) || res.Report != nil && f.out.gate.Told(res.Report, sum.failOn))
			if err := out.show(res, said); err != nil {
				return err
			}
		}
	}
	if err := out.end(); err != nil {
		return err
	}
	if f.capture != "" {
		if err := saveCapture(c.OutOrStdout(), f.capture, captures); err != nil {
			return err
		}
	}
	return sum.err()
}

// inspectAll runs the entries in parallel and keeps their order.
func inspectAll(ctx context.Context, r *inspect.Runner, p *policy.Policy, workers int) [][]inspect.Result {
	out := make([][]inspect.Result, len(p.Entries))
	slots := make(chan struct{}, max(1, workers))
	var wg sync.WaitGroup
	for i := range p.Entries {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			e := &p.Entries[i]
			deadline := time.Now().Add(e.Wait)
			for {
				out[i] = e.Inspect(ctx, r)
				if len(out[i]) != 1 || !policy.Retry(out[i][0]) || !time.Now().Before(deadline) || ctx.Err() != nil {
					return
				}
				time.Sleep(min(250*time.Millisecond, time.Until(deadline)))
			}
		}()
	}
	wg.Wait()
	return out
}

func fails(res inspect.Result, failOn chain.Severity) bool {
	t := tally{failOn: failOn}
	t.add(res)
	return t.err() != nil
}

// gateRow is the summary's line for a target.
func gateRow(res inspect.Result, failOn chain.Severity) report.GateRow {
	row := report.GateRow{Report: res.Report, Failure: res.Failure, Fails: fails(res, failOn)}
	result := "pass"
	if row.Fails {
		result = "fail"
	}
	if res.Failure != nil {
		res.Failure.Gate.Result = result
	} else {
		res.Report.Gate.Result = result
	}
	return row
}
