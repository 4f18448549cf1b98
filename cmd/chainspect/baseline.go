package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/policy"
	"github.com/chainspect/chainspect/pkg/chain"
)

// baselineFlags compare a run with an earlier one.
type baselineFlags struct {
	file         string
	failOnChange bool
	before       *inspect.Baseline // nil: nothing is compared
	alone        bool              // the run has one target
}

func (b *baselineFlags) add(c *cobra.Command) {
	c.Flags().Var(text(&b.file, "FILE"), "baseline", "an earlier JSON report or capture: say first what changed")
	c.Flags().BoolVar(&b.failOnChange, "fail-on-change", false, "exit with 1 where something is not as in --baseline: verdict, levels, rules that fail, certificates, key, anchor, targets")
	grouped(c.Flags(), whatToSay, "baseline", "fail-on-change")
}

// read opens the baseline, where there is one.
func (b *baselineFlags) read(ctx context.Context, r *inspect.Runner, defaults inspect.Job) (err error) {
	if b.file == "" {
		if b.failOnChange {
			return usageError{"--fail-on-change compares with an earlier run: give it with --baseline FILE"}
		}
		return nil
	}
	b.before, err = r.Baseline(ctx, b.file, defaults)
	return err
}

// compare says of an answer what changed.
func (b *baselineFlags) compare(r *inspect.Runner, res inspect.Result) {
	switch {
	case b.before == nil:
		return
	case res.Report == nil:
		b.before.Failed(res.Failure.Target)
		return
	}
	if other := b.before.Compare(res.Report, b.alone); other != "" {
		r.Remark(res.Report.Target + ": compared with the only target of the baseline, " + other)
	}
	if len(res.Report.Changes) == 0 {
		r.Remark(res.Report.Target + ": nothing changed since the baseline")
	}
}

// alarm makes findings of the changes, where they are to fail the run.
func (b *baselineFlags) alarm(r *chain.Report) {
	if b.failOnChange && r != nil {
		policy.FailOnChange(r)
	}
}

// gone are answers about the targets of the baseline that were not asked.
func (b *baselineFlags) gone(r *inspect.Runner) []inspect.Result {
	if b.before == nil {
		return nil
	}
	var out []inspect.Result
	for _, one := range b.before.Gone(r.Now()) {
		b.alarm(one)
		out = append(out, inspect.Result{Report: one, Settled: true}) // it asks no question of trust
	}
	return out
}
