// Command chainspect inspects TLS certificate chains and digital identities:
// what is wrong, at which item, at which level of trust evaluation, why that
// rule exists and what to do.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/report"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// untilInterrupted ends a run early, with what was learned so far reported and
// files complete. A run of one target that writes no file has nothing to save, and
// is ended by the signal: to catch it costs a thread at the start.
func untilInterrupted(ctx context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
}

// run is the whole program: arguments and streams in, exit code out.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot(commands(args)...)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var code exitCode
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(stderr, "chainspect: %s\n", report.Printable(err.Error()))
	return exitOf(err)
}

// commands makes the one command the arguments begin with, and otherwise, for
// help, completion and mistakes, all of them: their flags cost time at the start.
func commands(args []string) []*cobra.Command {
	if len(args) > 0 {
		switch args[0] {
		case "check":
			return []*cobra.Command{newCheck()}
		case "identity":
			return []*cobra.Command{newIdentity()}
		case "gate":
			return []*cobra.Command{newGate()}
		case "explain":
			return []*cobra.Command{newExplain()}
		case "serve":
			return []*cobra.Command{newServe()}
		case "fix":
			return []*cobra.Command{newFix()}
		case "lab":
			return []*cobra.Command{newLab()}
		case "--version", "-v":
			if len(args) == 1 {
				return nil
			}
		}
	}
	return []*cobra.Command{newCheck(), newIdentity(), newGate(), newExplain(), newServe(), newFix(), newLab(), newMan()}
}

func newRoot(commands ...*cobra.Command) *cobra.Command {
	root := &cobra.Command{
		Use:   "chainspect",
		Short: "Say why a certificate is not trusted: at which item, at which level, and what to do",
		Long: `chainspect reads what a TLS server sends, what lies in a file, or a digital
identity, evaluates trust in it the way the other side would, and explains
every failure. It never sends a request the command line does not ask for.

Exit codes, whatever the format:
  0  nothing at or above --fail-on
  1  findings
  2  flags, a policy file or a name that cannot be meant
  3  a target could not be inspected
  4  could not tell: a verdict is unknown, and nothing is at or above --fail-on
     (--allow-unknown makes it 0)`,
		Example: `  chainspect check www.example.com
  chainspect check fullchain.pem --name www.example.com --anchor root.pem
  chainspect identity client.p12
  chainspect explain -9802`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	var version bool
	root.Flags().BoolVarP(&version, "version", "v", false, "version for chainspect")
	root.AddCommand(commands...)
	root.CompletionOptions.DisableDefaultCmd = len(commands) < 2
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Sprintf("%s; see `%s --help`", err, c.CommandPath())}
	})
	root.PersistentPreRunE = refuseEmpty
	root.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{fmt.Sprintf("there is no command %q; see `chainspect --help`", args[0])}
		}
		return nil
	}
	root.RunE = func(c *cobra.Command, _ []string) error {
		if version {
			_, err := fmt.Fprintln(c.OutOrStdout(), "chainspect", versionText())
			return err
		}
		return c.Help()
	}
	return root
}
