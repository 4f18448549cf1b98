package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/chainspect/chainspect/internal/inspect"
)

// jobFlags are the flags that say what to judge and how: the Job in another notation.
type jobFlags struct {
	job              inspect.Job
	name, serverName string
	timeout          time.Duration
	purposeDefault   string
}

// files is a flag that can be given several times.
type files inspect.List

func (f *files) String() string { return strings.Join(*f, " ") }

func (f *files) Set(name string) error {
	if name == "" {
		return errors.New("it is empty: name a file, or leave the flag out")
	}
	*f = append(*f, name)
	return nil
}

func (f *files) Type() string { return "file" }

func (f *jobFlags) add(c *cobra.Command) {
	s := c.Flags()
	s.StringVar(&f.name, "name", "", "reference `name` to judge for, and SNI unless --servername says otherwise; empty: none")
	s.StringVar(&f.serverName, "servername", "", "`name` to send as SNI; empty: send none")
	s.StringVar(&f.job.Connect, "connect", "", "connect to `HOST[:PORT]` instead of the target's own address")
	s.BoolVarP(&f.job.IPv4, "ipv4", "4", false, "connect over IPv4 only")
	s.BoolVarP(&f.job.IPv6, "ipv6", "6", false, "connect over IPv6 only")
	s.DurationVar(&f.timeout, "timeout", 10*time.Second, "time for one target, all its handshakes together")
	s.BoolVar(&f.job.Thorough, "thorough", false, "ask again in every way that can give another answer")
	s.StringVar(&f.job.Identity, "identity", "", "digital identity `FILE` to present in mutual TLS (.p12, PEM, JKS)")
	s.StringVar(&f.job.Key, "key", "", "private key `FILE` of --identity, where it stands apart")
	s.StringVar(&f.job.PasswordFile, "password-file", "", "`FILE` with the password of the identity (also $CHAINSPECT_PASSWORD, or a prompt)")
	s.StringVar(&f.job.Path, "path", "", "path of the HTTP request of mutual TLS (default /); given, it is asked for in any case")
	s.StringVar(&f.job.Purpose, "purpose", f.purposeDefault, "server or client")
	s.Var((*files)(&f.job.Anchor), "anchor", "trusted anchor `FILE`, as a user or administrator installs it (PEM, DER, .mobileconfig)")
	s.Var((*files)(&f.job.AppAnchor), "app-anchor", "trusted anchor `FILE` that only the app's own code adds")
	s.StringVar(&f.job.TrustStore, "trust-store", "", "apple, mozilla, system or none (default apple in profile apple, else mozilla)")
	s.Var((*files)(&f.job.With), "with", "`FILE` with intermediates, CRLs, OCSP responses or a CT log list to judge with")
	s.Var((*files)(&f.job.With), "crl", "the same as --with")
	s.StringVar(&f.job.Revocation, "revocation", "", "soft or require (default soft)")
	s.StringVar(&f.job.Profile, "profile", "", "apple, rfc or webpki (default apple; rfc for --purpose client)")
	s.StringVar(&f.job.For, "for", "", "urlsession, network or system: who connects (default urlsession)")
	s.StringVar(&f.job.Platform, "platform", "", "ios17, ios18, ios26, macos15, macos26 … (default ios26)")
	s.StringVar(&f.job.InfoPlist, "info-plist", "", "the app's Info.plist: a `FILE`, an .app or an .ipa")
	s.Var((*files)(&f.job.PinCA), "pin-ca", "certificate `FILE` of a CA that must be on the path")
	s.StringVar(&f.job.ServerPolicy, "server-policy", "", "`FILE` with what a server asks of client identities")
	s.StringVar(&f.job.At, "at", "", "judge as of `TIME`: RFC 3339, a date, or +30d")
	s.StringVar(&f.job.Warn, "warn", "", "warn when trust ends within `SPAN`: 30d, or 33% of the leaf's lifetime")
	for flag, values := range map[string][]string{
		"purpose": {"server", "client"}, "trust-store": {"apple", "mozilla", "system", "none"}, "revocation": {"soft", "require"},
		"profile": {"apple", "rfc", "webpki"}, "for": {"urlsession", "network", "system"}, "platform": {"ios17", "ios18", "ios26", "macos15", "macos26"},
	} {
		_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}

// defaults makes the Job the flags describe.
func (f *jobFlags) defaults(c *cobra.Command) (inspect.Job, error) {
	j := f.job
	if c.Flags().Changed("name") {
		j.Name = &f.name
	}
	if c.Flags().Changed("servername") {
		j.ServerName = &f.serverName
	}
	if f.timeout <= 0 {
		return j, usageError{"--timeout must be longer than 0"}
	}
	j.Timeout = inspect.Duration(f.timeout)
	return j, j.Check()
}

// refuseEmpty names a flag that was given nothing, as an unset variable gives it,
// where only its absence means something.
func refuseEmpty(c *cobra.Command, _ []string) error {
	var err error
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Value.String() == "" && !inspect.EmptyAllowed(f.Name) {
			err = usageError{fmt.Sprintf("--%s is empty: give it a value, or leave it out", f.Name)}
		}
	})
	return err
}
