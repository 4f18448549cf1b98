package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/policy"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

func newGate() *cobra.Command {
	var o outputFlags
	var workers int
	var initPolicy, allowUnknown bool
	c := &cobra.Command{
		Use:   "gate POLICY.yaml",
		Short: "Judge many targets by a policy, with one exit code for CI",
		Long: `Judge the jobs of a policy file: servers, files and identities, with expected
failures, severities, waivers that end, and thresholds. A summary comes first,
then the details of what fails (-v: of all). -q gives the summary only.`,
		Example: `  chainspect gate chainspect.yaml
  chainspect gate chainspect.yaml --format sarif -o chainspect.sarif
  chainspect gate --init staging.example.com:443 certs/fullchain.pem > chainspect.yaml`,
	}
	o.add(c)
	addWorkers(c, &workers)
	c.Flags().BoolVar(&initPolicy, "init", false, "write a commented policy for the TARGETs given, to standard output")
	c.Flags().BoolVar(&allowUnknown, "allow-unknown", false, "a verdict that could not be told is no reason for exit code 4")
	grouped(c.Flags(), inspect.HowToJudge, "allow-unknown")
	c.RunE = func(c *cobra.Command, args []string) error {
		if initPolicy {
			_, err := fmt.Fprint(c.OutOrStdout(), policy.Template(args))
			return err
		}
		if len(args) != 1 {
			return usageError{"gate takes one policy file; `chainspect gate --init TARGET...` writes one"}
		}
		r := newRunner(c)
		r.DataDir = "" // a gate judges the same everywhere, unless its policy names a folder
		data, err := r.Read(c.Context(), "the policy", args[0], 0)
		if err != nil {
			return usageError{err.Error()}
		}
		p, err := policy.Parse(args[0], data, func(id string) bool { return rulebook.Rule(id) != nil })
		if err != nil {
			return usageError{err.Error()}
		}
		for i := range p.Entries {
			p.Entries[i].Job.AllowUnknown = p.Entries[i].Job.AllowUnknown || allowUnknown
		}
		return runGate(c, r, p, &o, workers)
	}
	return c
}

// runGate inspects every entry and reports: text gets a table first.
func runGate(c *cobra.Command, r *inspect.Runner, p *policy.Policy, o *outputFlags, workers int) error {
	o.gate = &report.Gate{}
	read := []named{{"the policy", p.File}}
	for i := range p.Entries {
		read = append(read, inputs(&p.Entries[i].Job)...)
	}
	if err := distinct(read, o.files()); err != nil {
		return err
	}
	out, err := o.open(c)
	if err != nil {
		return err
	}
	defer out.discard()
	r.Regrade, r.Verbose = p.Regrade(), o.verbose
	ctx, stop := untilInterrupted(c.Context())
	defer stop()
	results := inspectAll(ctx, r, p, workers)
	sum := tally{failOn: chain.Severity(o.failOn)}
	for i, list := range results {
		for k := range list {
			if list[k].Report != nil {
				p.Apply(&p.Entries[i], &list[k])
			} else {
				p.NotInspected(&p.Entries[i], list[k].Failure)
			}
			sum.add(list[k])
			o.gate.Rows = append(o.gate.Rows, gateRow(list[k], sum.failOn))
		}
	}
	left := p.Leftovers(r.Now())
	if left != nil {
		res := inspect.Result{Report: left}
		sum.add(res)
		row := gateRow(res, sum.failOn)
		row.Own = true
		o.gate.Rows = append(o.gate.Rows, row)
		results = append(results, []inspect.Result{res})
	}
	if err := out.begin(); err != nil {
		return err
	}
	for _, list := range results {
		for _, res := range list {
			// The summary says all there is to say of a target that passes.
			said := !o.verbose && !fails(res, sum.failOn) && res.Report != left
			if err := out.show(res, said); err != nil {
				return err
			}
		}
	}
	if err := out.end(); err != nil {
		return err
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
