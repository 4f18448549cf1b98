package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/fetch/web"
	"github.com/chainspect/chainspect/internal/fleet"
	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/outfile"
	"github.com/chainspect/chainspect/internal/processors"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/internal/tables"
	"github.com/chainspect/chainspect/pkg/chain"
)

func newCheck() *cobra.Command {
	var f jobFlags
	var o outputFlags
	var b baselineFlags
	var targets, capture, skipDone string
	var workers int
	c := &cobra.Command{
		Use:   "check TARGET...",
		Short: "Judge the chain of a server, a file, a directory or a capture",
		Long: `Judge what a server sends, or what a file holds, at the three levels of trust
evaluation: basic X.509, the name (RFC 2818), App Transport Security.

TARGET is HOST[:PORT], a URL, a file, a directory, a saved capture, or - for
standard input. Each file of a directory is a target; its folders are not looked
into. Where a flag takes a file, - is standard input too; it is read once.

An http:// TARGET is asked on its own port, and in TLS on port 443 of the same
host, or the port a redirect to https:// names. App Transport Security decides on
clear text before any connection, so that where it refuses, or is not known to
allow it, there is an answer although the host is down.

Where a server asks for a client identity in the handshake and TLS gives no
answer, one GET of --path is sent to learn what becomes of the identity, in each
version of TLS that it is shown in: TLS 1.3 and TLS 1.2. A server that asks for
none gets a GET only where --path was given.`,
		Example: `  chainspect check www.example.com
  chainspect check localhost:8443 --name www.example.com --anchor root.pem
  chainspect check fullchain.pem --name www.example.com --at +30d
  chainspect check api.example.com --identity client.p12
  chainspect check --targets hosts.txt --format ndjson`,
	}
	f.add(c)
	o.add(c)
	c.Flags().Var(text(&capture, "FILE"), "capture", "write what was seen, to be judged again later")
	grouped(c.Flags(), whatToSay, "capture")
	b.add(c)
	c.Flags().Var(text(&targets, "FILE"), "targets", "one target or JSON job a line, or Kubernetes Secrets as YAML or JSON; - is standard input")
	addWorkers(c, &workers)
	c.Flags().Var(text(&skipDone, "FILE"), "skip-done", "leave out what the NDJSON of an earlier run has answered; -o may be the same file")
	grouped(c.Flags(), many, "targets", "skip-done")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 && targets == "" {
			return usageError{"there is no target; give HOST[:PORT], a URL, a file or -, or --targets FILE"}
		}
		if workers < 1 {
			return usageError{"--jobs must be at least 1"}
		}
		workers = affordable(c, workers, descriptors())
		defaults, err := f.defaults(c)
		if err != nil {
			return err
		}
		if err := defaults.CheckIdentity(&inspect.Job{}); err != nil && targets == "" {
			return err
		}
		if capture == "-" && o.stdout() {
			return usageError{"--capture - would stand in the midst of the report: write one of them to a file, with -o FILE or --capture FILE"}
		}
		read := append(inputs(&defaults), named{"--targets", targets}, named{"--baseline", b.file})
		written := append(o.files(), named{"--capture", capture})
		writes := capture != "" || o.intoFile()
		for _, a := range args {
			if a == "-" || writes { // else it is nobody's business whether it is a file
				read = append(read, inputs(&inspect.Job{Target: a})...)
			}
		}
		if err := distinct(read, written); err != nil {
			return err
		}
		r := newRunner(c)
		r.Verbose = o.verbose
		r.Full = o.has("nscurl") || defaults.InfoPlist != ""
		if err := b.read(c.Context(), r, defaults); err != nil {
			return err
		}
		run := &fleetRun{targets: targets, sum: tally{failOn: chain.Severity(o.failOn)}, quiet: o.quiet}
		if skipDone != "" {
			if err := run.skip(c.Context(), r, skipDone, &o, defaults.AllowUnknown); err != nil {
				return err
			}
		}
		answered := func() {}
		if targets != "" {
			answered = collectSeldom()
		}
		out, err := o.open(c)
		if err != nil {
			return err
		}
		defer out.discard()
		if err := out.begin(); err != nil {
			return err
		}
		ctx := c.Context()
		single := len(args) == 1 && targets == ""
		b.alone = single
		if single {
			workers, r.Clients, r.Much = 1, "all", processors.All
		}
		if workers > 1 || writes {
			var stop context.CancelFunc
			ctx, stop = long(ctx)
			defer stop()
		}
		r.Slim = capture == ""
		watch := newProgress(c.ErrOrStderr(), run.total(args))
		defer watch.end()
		r.Waiting = watch.wait
		var writeErr, clash error
		var captures []*chain.Capture
		all := run.done.Without(jobs(ctx, r, args, targets, defaults), &run.skipped)
		if targets != "" { // what the arguments read is known already
			all = apart(all, written, &clash)
		}
		r.Stream(ctx, all, workers, func(res inspect.Result) bool {
			b.compare(r, res)
			b.alarm(res.Report)
			run.add(res)
			answered()
			if res.Capture != nil && (len(captures) == 0 || captures[len(captures)-1] != res.Capture) {
				captures = append(captures, res.Capture)
			}
			writeErr = watch.answer(func() error { return out.show(res, false) })
			return writeErr == nil
		})
		watch.end()
		if ctx.Err() == nil {
			for _, res := range b.gone(r) {
				run.sum.add(res)
				writeErr = errors.Join(writeErr, out.show(res, false))
			}
		}
		if err := errors.Join(clash, writeErr); err != nil {
			return err
		}
		if err := out.end(); err != nil {
			return err
		}
		if capture != "" {
			if err := saveCapture(c.OutOrStdout(), capture, captures); err != nil {
				return err
			}
		}
		if err := run.summary(c, &o); err != nil {
			return err
		}
		return run.end(c, ctx.Err() != nil && !single)
	}
	return c
}

// affordable is how many of the workers that were asked for this process may have:
// each target takes two connections at a time and what looking them up opens. More
// of them would find no descriptor left, and healthy servers unreachable.
func affordable(c *cobra.Command, workers, descriptors int) int {
	const each, spare = 8, 40
	most := max(1, (descriptors-spare)/each)
	if descriptors == 0 || workers <= most {
		return workers
	}
	if c.Flags().Changed("jobs") {
		fmt.Fprintf(c.ErrOrStderr(), "chainspect: --jobs %d: this process may have %d files open, which is enough for %d targets at a time (ulimit -n)\n", workers, descriptors, most)
	}
	return most
}

// addWorkers makes the flag --jobs.
func addWorkers(c *cobra.Command, workers *int) {
	c.Flags().IntVar(workers, "jobs", max(4, 2*runtime.NumCPU()), "at most `N` targets at a time (default 2 for each processor, 4 at least)")
	c.Flags().Lookup("jobs").DefValue = "" // the page of --help is the same on every machine
	grouped(c.Flags(), many, "jobs")
}

func newRunner(c *cobra.Command) *inspect.Runner {
	return &inspect.Runner{
		Ask:    dial.Ask,
		Fetch:  new(web.Client).Fetch,
		Now:    func() time.Time { return time.Now().UTC() },
		Stdin:  c.InOrStdin(),
		Remark: func(s string) { fmt.Fprintf(c.ErrOrStderr(), "chainspect: %s\n", report.Printable(s)) },
		Prompt: prompt(c),

		Updated: tables.Load,
		DataDir: tables.DefaultFolder(os.Getenv),
	}
}

// jobs yields the arguments, then the lines of --targets, as jobs.
func jobs(ctx context.Context, r *inspect.Runner, args []string, targets string, defaults inspect.Job) iter.Seq2[inspect.Job, error] {
	return func(yield func(inspect.Job, error) bool) {
		for _, a := range args {
			j := defaults
			j.Target = a
			if !yield(j, nil) {
				return
			}
		}
		if targets == "" {
			return
		}
		in, err := r.Open(ctx, "--targets", targets)
		if err != nil {
			yield(inspect.Job{Target: targets}, fmt.Errorf("--targets %w", err))
			return
		}
		defer in.Close()
		list := fleet.List{Path: targets, In: in, Defaults: defaults, Remark: func(format string, args ...any) { r.Remark(fmt.Sprintf(format, args...)) }}
		for j, err := range list.Jobs() {
			if !yield(j, err) {
				return
			}
		}
	}
}

// apart ends the jobs at one that reads a file the run writes, before the file
// is replaced: a line of --targets can name it long after the run has begun.
func apart(jobs iter.Seq2[inspect.Job, error], written []named, clash *error) iter.Seq2[inspect.Job, error] {
	return func(yield func(inspect.Job, error) bool) {
		for j, err := range jobs {
			if *clash = distinct(inputs(&j), written); *clash != nil || !yield(j, err) {
				return
			}
		}
	}
}

// saveCapture writes one capture, or several as JSON lines; "-" is standard output.
func saveCapture(stdout io.Writer, path string, captures []*chain.Capture) error {
	if path == "-" {
		return encodeCaptures(stdout, captures)
	}
	f, err := outfile.Create(path, 0o666)
	if err != nil {
		return usageError{fmt.Sprintf("--capture: %s", err)}
	}
	if err := encodeCaptures(f, captures); err != nil {
		f.Discard()
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return f.Commit()
}

func encodeCaptures(w io.Writer, captures []*chain.Capture) error {
	enc := json.NewEncoder(w)
	if len(captures) == 1 {
		enc.SetIndent("", "  ")
	}
	for _, one := range captures {
		kept := *one
		kept.Evidence = slices.DeleteFunc(slices.Clone(one.Evidence), func(e chain.Evidence) bool { return e.Origin == chain.OriginUpdated })
		if err := enc.Encode(&kept); err != nil {
			return err
		}
	}
	return nil
}
