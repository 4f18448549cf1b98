package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
)

func newIdentity() *cobra.Command {
	f := jobFlags{leave: []string{"connect", "servername", "starttls", "proxy", "ipv4", "ipv6", "thorough", "path", "for", "info-plist"}}
	var o outputFlags
	c := &cobra.Command{
		Use:   "identity FILE",
		Short: "Say what an identity file is, where it imports, and whether a server would trust it",
		Long: `Say what a file of a digital identity holds (.p12, PEM, JKS): which key fits
which certificate, what protects it, where it imports, and whether its
certificate is good for a client. Name the server's CA with --anchor, or its
demands with --server-policy, to judge the chain as that server would.

The password comes from --password-file, $CHAINSPECT_PASSWORD or a prompt.`,
		Example: `  chainspect identity client.p12
  chainspect identity client.pem --key client.key --anchor client-ca.pem
  chainspect identity client.p12 --server-policy server.yaml`,
	}
	f.add(c)
	o.add(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{"identity takes one file: .p12, PEM or JKS"}
		}
		j, err := f.defaults(c)
		if err != nil {
			return err
		}
		if j.Identity != "" {
			return usageError{"identity takes the file as its argument, not with --identity"}
		}
		j.Identity = args[0]
		if err := distinct(inputs(&j), o.files()); err != nil {
			return err
		}
		out, err := o.open(c)
		if err != nil {
			return err
		}
		defer out.discard()
		r := newRunner(c)
		r.Verbose = o.verbose
		res := r.InspectIdentity(c.Context(), j)
		if err := out.begin(); err != nil {
			return err
		}
		if err := out.show(res, false); err != nil {
			return err
		}
		if err := out.end(); err != nil {
			return err
		}
		sum := tally{failOn: chain.Severity(o.failOn)}
		sum.add(res)
		return sum.err()
	}
	return c
}

// prompt asks for a password on the terminal; nil where there is none.
func prompt(c *cobra.Command) func(string) (string, error) {
	in, ok := c.InOrStdin().(*os.File)
	if !ok {
		return nil
	}
	return load.TerminalPrompt(in, c.ErrOrStderr())
}
