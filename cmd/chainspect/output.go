package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/internal/outfile"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

// outputFlags say what to print and where.
type outputFlags struct {
	formats               formats
	output, failOn, color string
	quiet, verbose        bool
	gate                  *report.Gate // what a policy says; nil: none judges
}

// formats is --format, which can be given several times: FORMAT, and FORMAT=FILE.
type formats []wanted

// wanted is one report of a run. file is "" where it goes to standard output or -o.
type wanted struct{ format, file string }

func (f *formats) String() string {
	if len(*f) == 0 {
		return "text"
	}
	var names []string
	for _, w := range *f {
		names = append(names, strings.TrimSuffix(w.format+"="+w.file, "="))
	}
	return strings.Join(names, " ")
}

func (f *formats) Set(v string) error {
	name, file, toFile := strings.Cut(v, "=")
	if toFile && file == "" {
		return errors.New("write FORMAT or FORMAT=FILE")
	}
	*f = append(*f, wanted{name, file})
	return nil
}

func (f *formats) Type() string { return "FORMAT[=FILE]" }

func (o *outputFlags) add(c *cobra.Command) {
	s := c.Flags()
	o.failOn, o.color = "error", "auto"
	s.Var(&o.formats, "format", strings.Join(report.Formats(), ", ")+"; with =FILE into a file, several times for several reports of one run")
	s.VarP(text(&o.output, "FILE"), "output", "o", "write to this file instead of standard output")
	s.Var(text(&o.failOn, "error|warning|note"), "fail-on", "exit with 1 from this severity on")
	s.Var(text(&o.color, "auto|always|never"), "color", "NO_COLOR is honoured")
	s.BoolVarP(&o.quiet, "quiet", "q", false, "the verdict line only")
	s.BoolVarP(&o.verbose, "verbose", "v", false, "everything: notes, pins, paths, timeline")
	grouped(s, whatToSay, "format", "output", "fail-on", "color", "quiet", "verbose")
}

// wants lists the reports of the run; without --format it is one, in text.
func (o *outputFlags) wants() []wanted {
	if len(o.formats) == 0 {
		return []wanted{{format: "text"}}
	}
	return o.formats
}

// has reports whether a format is among them.
func (o *outputFlags) has(format string) bool {
	return slices.ContainsFunc(o.wants(), func(w wanted) bool { return w.format == format })
}

// stdout reports whether a report goes to standard output.
func (o *outputFlags) stdout() bool {
	return (o.output == "" || o.output == "-") && slices.ContainsFunc(o.wants(), func(w wanted) bool { return w.file == "" })
}

// intoFile reports whether a report goes to a file.
func (o *outputFlags) intoFile() bool {
	return o.output != "" && o.output != "-" || slices.ContainsFunc(o.wants(), func(w wanted) bool { return w.file != "" })
}

// files are the files that will be written.
func (o *outputFlags) files() []named {
	out := []named{{"--output", o.output}}
	for _, w := range o.formats {
		out = append(out, named{"--format " + w.format, w.file})
	}
	return out
}

func (o *outputFlags) check() error {
	places := 0
	for _, w := range o.wants() {
		if !slices.Contains(report.Formats(), w.format) {
			return usageError{fmt.Sprintf("--format %s: write one of %s%s", w.format, strings.Join(report.Formats(), ", "), near.Hint(w.format, report.Formats(), ""))}
		}
		if w.file == "" {
			places++
		}
	}
	switch {
	case places > 1:
		return usageError{fmt.Sprintf("--format %s: one report goes to one place; give the others a file each: --format %s=FILE", &o.formats, o.formats[1].format)}
	case places == 0 && o.output != "":
		return usageError{"--output " + o.output + ": no report is left for it, since every --format names a file of its own"}
	}
	if err := rulebook.Choose(o.failOn, "error", "warning", "note"); err != nil {
		return usageError{fmt.Sprintf("--fail-on %s: %s", o.failOn, err)}
	}
	if err := rulebook.Choose(o.color, "auto", "always", "never"); err != nil {
		return usageError{fmt.Sprintf("--color %s: %s", o.color, err)}
	}
	return nil
}

// open makes the reporters.
func (o *outputFlags) open(c *cobra.Command) (*outputs, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	out := &outputs{stderr: c.ErrOrStderr()}
	for _, w := range o.wants() {
		s := sink{format: w.format, flag: "--format " + w.format}
		to := w.file
		if to == "" && o.output != "-" {
			to, s.flag = o.output, "--output"
		}
		if err := s.open(c, to, o); err != nil {
			out.discard()
			return nil, err
		}
		out.list = append(out.list, s)
	}
	return out, nil
}

// outputs are the reports of one run.
type outputs struct {
	list   []sink
	stderr io.Writer
}

// sink is one report and where it goes.
type sink struct {
	report.Reporter
	format string
	flag   string
	file   output // nil: standard output, or done
}

// output is a file that is written: at once, or whole at the end.
type output interface {
	io.Writer
	Commit() error
	Discard()
}

// lines are appended to a file as they come.
type lines struct{ *os.File }

func (l lines) Commit() error { return l.Close() }
func (l lines) Discard()      { l.Close() }

func (s *sink) create(file string) error {
	if s.format == "ndjson" {
		f, err := outfile.Append(file, 0o666)
		s.file = lines{f}
		return err
	}
	f, err := outfile.Create(file, 0o666)
	s.file = f
	return err
}

func (s *sink) open(c *cobra.Command, file string, o *outputFlags) (err error) {
	w := c.OutOrStdout()
	if file != "" {
		if err := s.create(file); err != nil {
			return usageError{fmt.Sprintf("%s: %s; name a file that can be written", s.flag, err)}
		}
		w = s.file
	}
	opts := report.Options{FailOn: chain.Severity(o.failOn), Rules: ruleByID, Gate: o.gate, FailuresSaid: s.file == nil}
	if s.format != "text" { // which does not name the tool
		opts.Tool = tool()
	}
	tty, seen := terminal(w)
	if seen {
		opts.Width, _, _ = term.GetSize(int(tty.Fd()))
	}
	opts.Color = o.color == "always" || o.color == "auto" && seen && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	opts.Links = opts.Color && seen
	opts.ASCII = !utf8Locale()
	if o.quiet {
		opts.Verbosity = -1
	} else if o.verbose {
		opts.Verbosity = 1
	}
	s.Reporter, err = report.New(s.format, w, opts)
	return err
}

// utf8Locale reports whether text may go beyond ASCII: not where the environment
// names a locale without UTF-8, as LC_ALL=C does.
func utf8Locale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} { // the order of POSIX, section 8.2
		if v := strings.ToLower(os.Getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}

func (o *outputs) begin() error {
	for _, s := range o.list {
		if err := s.Begin(); err != nil {
			return err
		}
	}
	return nil
}

// show reports a result; text leaves out one that has been said already. A target
// that could not be inspected is one line on standard error and a part of every
// report; text on standard output counts it only, or a terminal would say it twice.
func (o *outputs) show(res inspect.Result, said bool) error {
	if res.Failure != nil {
		fmt.Fprintf(o.stderr, "chainspect: %s\n", report.Printable(res.Failure.Error.Message))
	}
	for _, s := range o.list {
		var err error
		switch {
		case s.format == "text" && said:
		case res.Failure != nil:
			err = s.Failure(res.Failure)
		default:
			err = s.Report(res.Report)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// end finishes the reports; those in files appear now.
func (o *outputs) end() error {
	var errs []error
	for i := range o.list {
		s := &o.list[i]
		err := s.End()
		if err == nil && s.file != nil {
			err = s.file.Commit()
			s.file = nil
		}
		errs = append(errs, err)
	}
	o.discard()
	return errors.Join(errs...)
}

// discard gives up the files that have not been finished.
func (o *outputs) discard() {
	for i := range o.list {
		if s := &o.list[i]; s.file != nil {
			s.file.Discard()
			s.file = nil
		}
	}
}
