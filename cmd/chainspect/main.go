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
	"golang.org/x/term"

	"github.com/chainspect/chainspect/internal/processors"
	"github.com/chainspect/chainspect/internal/report"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// long begins a run that is more than one check: with all processors, and to be ended
// early by a signal, with what was learned so far reported and files complete. One
// check that writes no file has nothing to save, and is ended by the signal: to catch
// it costs a thread at the start.
func long(ctx context.Context) (context.Context, context.CancelFunc) {
	processors.All()
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
}

// run is the whole program: arguments and streams in, exit code out.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := &standardOutput{Writer: stdout}
	args, err := meant(args)
	if err == nil {
		root := newRoot(commands(args)...)
		root.SetArgs(args)
		root.SetIn(stdin)
		root.SetOut(out)
		root.SetErr(stderr)
		err = root.ExecuteContext(ctx)
	}
	var code exitCode
	if out.err != nil && (err == nil || errors.As(err, &code)) { // nobody else has said so
		err = fmt.Errorf("standard output cannot be written: %w", out.err)
	}
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(stderr, "chainspect: %s\n", report.Printable(err.Error()))
	return exitOf(err)
}

// standardOutput keeps the first error of writing, since help and
// explanations are written by many hands.
type standardOutput struct {
	io.Writer
	err error
}

func (o *standardOutput) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

// terminal gives the file behind a writer where it is a terminal.
func terminal(w io.Writer) (*os.File, bool) {
	if o, ok := w.(*standardOutput); ok {
		w = o.Writer
	}
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

func newRoot(commands ...*cobra.Command) *cobra.Command {
	root := &cobra.Command{
		Use:   "chainspect [TARGET...]",
		Short: "Say why a certificate is not trusted: at which item, at which level, and what to do",
		Long: `chainspect reads what a TLS server sends, what lies in a file, or a digital
identity, evaluates trust in it the way the other side would, and explains
every failure. It never sends a request the command line does not ask for.
Without a command, ` + "`chainspect TARGET`" + ` is ` + "`chainspect check TARGET`" + `.`,
		Example: `  chainspect www.example.com
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
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(help)
	root.PersistentPreRunE = refuseEmpty
	for _, c := range commands {
		subCommandsOnly(c)
	}
	root.RunE = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{fmt.Sprintf("there is no target %q: give HOST[:PORT], a URL, a file or -", args[0])}
		}
		if version {
			_, err := fmt.Fprintln(c.OutOrStdout(), "chainspect", versionText())
			return err
		}
		return c.Help()
	}
	return root
}
