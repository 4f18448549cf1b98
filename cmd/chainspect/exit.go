package main

import (
	"errors"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/pkg/chain"
)

// The exit codes, the same in every format.
const (
	exitClean       = 0 // nothing at or above --fail-on
	exitFindings    = 1 // findings
	exitUsage       = 2 // flags, policy file or a name that cannot be meant
	exitUninspected = 3 // a target could not be inspected
	exitUnknown     = 4 // could not tell: a verdict is unknown, and nothing is at or above --fail-on
)

// exitCode ends the program without a message: everything has been said.
type exitCode int

func (e exitCode) Error() string { return "exit code " + strconv.Itoa(int(e)) }

// usageError is a command line that cannot be meant.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

// noArguments is cobra.NoArgs as a usage error.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{c.Name() + " takes no argument; its flags are in `" + c.CommandPath() + " --help`"}
	}
	return nil
}

func exitOf(err error) int {
	var u usageError
	var iu *inspect.UsageError
	if errors.As(err, &u) || errors.As(err, &iu) {
		return exitUsage
	}
	return exitUninspected
}

// tally sums up what several targets mean for the exit code: 2 before 3 before 1 before 4.
type tally struct {
	failOn               chain.Severity
	findings, unreadable bool
	usage, unknown       bool
}

func (t *tally) add(res inspect.Result) {
	if res.Failure != nil {
		t.unreadable = true
		var iu *inspect.UsageError
		if errors.As(res.Err, &iu) {
			t.usage = true
		}
		return
	}
	t.unknown = t.unknown || res.CouldNotTell()
	for i := range res.Report.Findings {
		if res.Report.Findings[i].Counts(t.failOn) {
			t.findings = true
		}
	}
}

func (t *tally) err() error {
	switch {
	case t.usage:
		return exitCode(exitUsage)
	case t.unreadable:
		return exitCode(exitUninspected)
	case t.findings:
		return exitCode(exitFindings)
	case t.unknown:
		return exitCode(exitUnknown)
	}
	return nil
}
