package main

import (
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/outfile"
)

func newFix() *cobra.Command {
	var f jobFlags
	var output string
	c := &cobra.Command{
		Use:   "fix TARGET",
		Short: "Write the chain as it should be sent, or an identity as it imports",
		Long: `Write the certificates of a server, a file or a capture as they should be sent:
the leaf first, then each issuer, without the root and without strangers.
Intermediates that were not sent come from --with or the trust store. Of several
chains that fit it takes the one that is good longest. What changed, and why, is
said on standard error. No anchor is needed.

What another list does not mend (an expired leaf, a wrong name) is said with the
way to mend it; then nothing is written and the exit code is 1. So it is where
another list that the server sends (a second certificate, another machine) is not
as it should be. What is wrong with its handshake is said, and changes no exit code.

A TARGET that is an identity (.p12, .pfx, a key store; PEM with a key where FILE
of -o ends in .p12 or .pfx) is written anew so that --platform imports it, or
every Apple version, with the issuers that it lacks and --with has; the password
stays the same.`,
		Example: `  chainspect fix www.example.com -o fullchain.pem
  chainspect fix chain.pem --with intermediates.pem -o fullchain.pem
  chainspect fix client.p12 --platform ios17 -o new.p12`,
	}
	f.add(c)
	c.Flags().VarP(text(&output, "FILE"), "output", "o", "write to this file instead of standard output")
	grouped(c.Flags(), whatToSay, "output")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{"fix takes one target: a server, a file of certificates, a capture or an identity"}
		}
		j, err := f.defaults(c)
		if err != nil {
			return err
		}
		j.Target = args[0]
		if err := distinct(inputs(&j), []named{{"--output", output}}); err != nil {
			return err
		}
		r := newRunner(c)
		if isIdentity(c, r, j.Target, output) {
			return fixIdentity(c, r, j, output)
		}
		return fixChain(c, r, j, output)
	}
	return c
}

// isIdentity looks whether the target is a file with a private key that is to be
// written as one.
func isIdentity(c *cobra.Command, r *inspect.Runner, target, output string) bool {
	if s, err := os.Stat(target); target == "-" || err != nil || !s.Mode().IsRegular() { // a stream is read once, as a chain
		return false
	}
	data, err := r.Read(c.Context(), aTarget, target, 0)
	if err != nil { // which is said where the target is read
		return false
	}
	switch load.Recognise(data) {
	case load.PKCS12, load.JKS, load.JCEKS:
		return true
	case load.PEMIdentity:
		return strings.HasSuffix(output, ".p12") || strings.HasSuffix(output, ".pfx")
	}
	return false
}

func fixChain(c *cobra.Command, r *inspect.Runner, j inspect.Job, output string) error {
	fixed, err := r.Fix(c.Context(), j)
	if err != nil {
		return err
	}
	if len(fixed.Left) > 0 {
		for i := range fixed.Left {
			finding := &fixed.Left[i]
			r.Remark(fmt.Sprintf("%s: no other list mends this: %s [%s]", fixed.Target, finding.Message, finding.Rule))
			for _, step := range finding.Advice {
				r.Remark("fix: " + step.Line())
			}
		}
		if fixed.Open != "" && len(fixed.Chain) == 1 {
			r.Remark(fixed.Open)
		}
		for _, line := range append(fixed.Besides, fixed.Others...) {
			r.Remark(line)
		}
		r.Remark("nothing was written")
		return exitCode(exitFindings)
	}
	var text strings.Builder
	for _, der := range fixed.Chain {
		if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			return err
		}
	}
	if err := writeOutput(c, output, text.String(), 0o644); err != nil {
		return err
	}
	for _, change := range fixed.Changes {
		r.Remark(change)
	}
	if len(fixed.Changes) == 0 && !fixed.Lacks {
		r.Remark(fixed.Target + ": the chain is as it should be")
	}
	if fixed.Open != "" {
		r.Remark(fixed.Open)
	}
	if output != "" && output != "-" && len(fixed.Changes) > 0 && !fixed.Lacks {
		r.Remark(fmt.Sprintf("%s holds the chain as it should be sent (nginx: ssl_certificate, Apache: SSLCertificateFile)", output))
	}
	for _, line := range append(fixed.Besides, fixed.Others...) {
		r.Remark(line)
	}
	if len(fixed.Others) > 0 || fixed.Lacks {
		return exitCode(exitFindings)
	}
	return nil
}

func fixIdentity(c *cobra.Command, r *inspect.Runner, j inspect.Job, output string) error {
	if output == "" || output == "-" {
		return usageError{"an identity is written to a file, not to standard output: give -o new.p12"}
	}
	j.Identity, j.Target = j.Target, ""
	fixed, err := r.FixIdentity(c.Context(), j)
	if err != nil {
		return err
	}
	where := j.Platform
	if where == "" {
		where = "every Apple version"
	}
	if fixed.Refused != "" {
		r.Remark(fmt.Sprintf("%s: no file of this identity imports on %s: %s; have a new one issued for a key that it takes", j.Identity, where, fixed.Refused))
		return exitCode(exitFindings)
	}
	if err := writeOutput(c, output, string(fixed.Data), 0o600); err != nil {
		return err
	}
	if fixed.Less != "" {
		r.Remark(j.Identity + ": " + fixed.Less)
	}
	for _, line := range fixed.Added {
		r.Remark(line)
	}
	if len(j.With) > 0 && len(fixed.Added) == 0 {
		r.Remark(fmt.Sprintf("--with: no issuer in it that %s lacks, but for roots, which are not sent", j.Identity))
	}
	if fixed.Already {
		r.Remark(fmt.Sprintf("%s: it is as it should be for %s, and was copied as it is", j.Identity, where))
		return nil
	}
	r.Remark(fmt.Sprintf("%s imports on %s, with the same password; look at it with `%s`", output, where, j.LookAt(output)))
	return nil
}

// writeOutput writes a file whole, or standard output.
func writeOutput(c *cobra.Command, output, text string, mode fs.FileMode) error {
	if output == "" || output == "-" {
		_, err := io.WriteString(c.OutOrStdout(), text)
		return err
	}
	if err := outfile.Write(output, mode, []byte(text)); err != nil {
		return usageError{fmt.Sprintf("--output: %s; name a file that can be written", err)}
	}
	return nil
}
