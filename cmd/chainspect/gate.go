package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/policy"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/pkg/chain"
)

func newGate() *cobra.Command {
	var o outputFlags
	var workers int
	var initPolicy bool
	c := &cobra.Command{
		Use:   "gate POLICY.yaml",
		Short: "Judge many targets by a policy, with one exit code for CI",
		Long: `Judge the jobs of a policy file: servers, files and identities, with expected
failures, severities, waivers that end, and thresholds. A summary comes first,
then the details of what fails.`,
		Example: `  chainspect gate chainspect.yaml
  chainspect gate chainspect.yaml --format sarif -o chainspect.sarif
  chainspect gate --init staging.example.com:443 certs/fullchain.pem > chainspect.yaml`,
	}
	o.add(c)
	c.Flags().IntVar(&workers, "jobs", max(4, 2*runtime.NumCPU()), "how many targets at a time")
	c.Flags().BoolVar(&initPolicy, "init", false, "write a commented policy for the TARGETs given, to standard output")
	c.RunE = func(c *cobra.Command, args []string) error {
		if initPolicy {
			_, err := fmt.Fprint(c.OutOrStdout(), policy.Template(args))
			return err
		}
		if len(args) != 1 {
			return usageError{"gate takes one policy file; `chainspect gate --init TARGET...` writes one"}
		}
		r := newRunner(c)
		data, err := r.Read(c.Context(), "the policy", args[0], 0)
		if err != nil {
			return usageError{err.Error()}
		}
		p, err := policy.Parse(args[0], data, func(id string) bool { return inspect.Rule(id) != nil })
		if err != nil {
			return usageError{err.Error()}
		}
		return runGate(c, r, p, &o, workers)
	}
	return c
}

// runGate inspects every entry and reports: text gets a table first.
func runGate(c *cobra.Command, r *inspect.Runner, p *policy.Policy, o *outputFlags, workers int) error {
	o.policy = p.File
	read := []named{{"the policy", p.File}}
	for i := range p.Entries {
		read = append(read, inputs(&p.Entries[i].Job)...)
	}
	if err := distinct(read, []named{{"--output", o.output}}); err != nil {
		return err
	}
	rep, done, err := o.open(c)
	if err != nil {
		return err
	}
	r.Regrade = p.Severities
	ctx, stop := untilInterrupted(c.Context())
	defer stop()
	results := inspectAll(ctx, r, p, workers)
	sum := tally{failOn: chain.Severity(o.failOn)}
	for i, list := range results {
		for k := range list {
			if list[k].Report != nil {
				p.Apply(&p.Entries[i], list[k].Report)
			} else {
				p.NotInspected(list[k].Failure.Target)
			}
			sum.add(list[k])
		}
	}
	if left := p.Leftovers(r.Now()); left != nil {
		res := inspect.Result{Report: left}
		sum.add(res)
		results = append(results, []inspect.Result{res})
	}
	text := o.format == "text"
	if text {
		summary(o.w, results, sum.failOn)
	}
	if err := rep.Begin(); err != nil {
		return err
	}
	for _, list := range results {
		for _, res := range list {
			if text && !failing(res, sum.failOn) {
				continue
			}
			if err := o.show(c, rep, res); err != nil {
				return err
			}
		}
	}
	if err := rep.End(); err != nil {
		return err
	}
	if err := done(); err != nil {
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
				out[i] = r.Inspect(ctx, e.Job)
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

func failing(res inspect.Result, failOn chain.Severity) bool {
	t := tally{failOn: failOn}
	t.add(res)
	return t.err() != nil
}

// summary is the table: one line a target.
func summary(out io.Writer, results [][]inspect.Result, failOn chain.Severity) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	failed, total := 0, 0
	for _, list := range results {
		for _, res := range list {
			total++
			state := "ok"
			if failing(res, failOn) {
				state = "FAIL"
				failed++
			}
			if res.Failure != nil {
				fmt.Fprintf(w, "%s\t%s\tcould not be inspected: %s\n", state, report.Printable(res.Failure.Target), res.Failure.Error.Kind)
				continue
			}
			note := res.Report.Headline
			if g := res.Report.GoodUntil; g != nil {
				note += ", good until " + g.Time.UTC().Format(time.DateOnly)
			}
			if n := waived(res.Report); n > 0 {
				note += fmt.Sprintf(", %d expected or waived", n)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", state, report.Printable(res.Report.Target), note)
		}
	}
	w.Flush()
	fmt.Fprintf(out, "\n%d of %d targets fail\n\n", failed, total)
}

func waived(r *chain.Report) int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Status == chain.Waived {
			n++
		}
	}
	return n
}
