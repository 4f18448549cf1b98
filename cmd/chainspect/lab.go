package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/lab"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
)

func newLab() *cobra.Command {
	c := &cobra.Command{
		Use:   "lab",
		Short: "Make a test CA and what it issues, and run servers that are broken on purpose",
		Long: `Test set-ups done right. A self-signed certificate on a test server has to be
trusted by an override, with App Transport Security off; a small CA of one's own
is installed once, and everything it issues passes as it will in production
(QA1948 "HTTPS and Test Servers", TN2326 "Creating Certificates for TLS Testing").`,
	}
	c.AddCommand(newLabInit(), newLabServer(), newLabClient(), newLabFrom(), newLabRun(), newLabListen())
	return c
}

// labFlags are what makes certificates of all kinds.
type labFlags struct {
	folder    lab.Folder
	days      int
	notBefore string
	keyType   string
}

func (f *labFlags) add(c *cobra.Command, days string) {
	s := c.Flags()
	s.IntVar(&f.days, "days", 0, "valid for `N` days (default "+days+")")
	s.Lookup("days").DefValue = "" // the help says it
	s.StringVar(&f.notBefore, "not-before", "", "valid from `TIME` on: RFC 3339, a date, or -30d (default an hour ago)")
	s.StringVar(&f.keyType, "key-type", "", "`TYPE` of the key: p256, p384, p521, rsa2048, rsa3072 or rsa4096 (default p256)")
	s.BoolVar(&f.folder.Force, "force", false, "replace the files that are there")
}

// read gives the folder and the first day of what is made.
func (f *labFlags) read(c *cobra.Command) (from time.Time, err error) {
	f.folder.Now = time.Now().UTC()
	if f.days == 0 && c.Flags().Changed("days") {
		return from, usageError{"--days 0: write a number of days from 1 on, or leave it out"}
	}
	if f.notBefore != "" {
		if from, err = inspect.ParseTime(f.notBefore, f.folder.Now); err != nil {
			return from, usageError{"--not-before: " + err.Error()}
		}
	}
	return from, nil
}

func newLabInit() *cobra.Command {
	var f labFlags
	var ca lab.CA
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Make a test CA: root, intermediate, and a configuration profile",
		Long: `Make a test CA in a folder: root.crt, root.key, intermediate.crt,
intermediate.key and root.mobileconfig. Nothing that is there is replaced without
--force: run again, it makes what is missing.

With --constrain the CA is good for the names below a domain, or within a
network, and for nothing else: what it cannot do, nobody can do with its key.`,
		Example: `  chainspect lab init
  chainspect lab init testca --constrain example.test --constrain 127.0.0.0/8`,
	}
	f.add(c, "3650, the intermediate 1825")
	c.Flags().StringVar(&ca.CommonName, "common-name", "", "the root's `NAME` (default Lab Root CA and four letters)")
	c.Flags().Var(several((*inspect.List)(&ca.Constrain), "name"), "constrain", "host `NAME` or network that the CA is good for; can be given several times")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usageError{"init takes one folder"}
		}
		f.folder.Dir = "."
		if len(args) == 1 {
			f.folder.Dir = args[0]
		}
		if f.folder.Dir == "" {
			return usageError{"the name of the folder is empty: name one, or leave it out"}
		}
		var err error
		if ca.NotBefore, err = f.read(c); err != nil {
			return err
		}
		ca.Days, ca.KeyType = f.days, f.keyType
		a, files, err := f.folder.Init(ca)
		w := c.OutOrStdout()
		list(w, files)
		if err != nil {
			return err
		}
		if len(files) == 0 {
			fmt.Fprintf(w, "the CA is there and complete; nothing was changed\n")
		}
		fmt.Fprintf(w, "\n%s is valid until %s\n", a.Root.Cert.Subject.CommonName, a.Root.Cert.NotAfter.Format(time.DateOnly))
		next(w, f.folder.NextCA(a))
		return nil
	}
	return c
}

// issueFlags are what issues certificates.
type issueFlags struct {
	labFlags
	modern       bool
	passwordFile string
}

func (f *issueFlags) add(c *cobra.Command, days string) {
	f.labFlags.add(c, days)
	s := c.Flags()
	s.StringVar(&f.folder.Dir, "dir", ".", "`FOLDER` of the lab")
	s.BoolVar(&f.modern, "modern", false, "protect the .p12 with AES: iOS 18, macOS 15 and later import it")
	s.StringVar(&f.passwordFile, "password-file", "", "`FILE` with the password of the .p12 (also $CHAINSPECT_PASSWORD, or a prompt; else one is made and written to NAME.p12.password)")
}

// run issues what the flags say, judges it and says what to do with it.
func (f *issueFlags) run(c *cobra.Command, issue func(*lab.Folder, lab.Issue) (*lab.Issued, error)) error {
	from, err := f.read(c)
	if err != nil {
		return err
	}
	made, err := issue(&f.folder, lab.Issue{Days: f.days, NotBefore: from, KeyType: f.keyType, Modern: f.modern,
		Password: func(file string) (string, bool, error) {
			p := load.Passwords{File: f.passwordFile, Getenv: os.LookupEnv, Prompt: prompt(c)}
			return p.New(file)
		}})
	w := c.OutOrStdout()
	if made != nil {
		list(w, made.Files)
	}
	if err != nil {
		return err
	}
	verdicts, err := made.Verdicts(c.Context(), f.folder.Now)
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	judged(w, made, verdicts)
	next(w, f.folder.Next(made))
	return nil
}

func newLabServer() *cobra.Command {
	var f issueFlags
	c := &cobra.Command{
		Use:   "server NAME...",
		Short: "Issue a server's certificate for host names, wildcards and IP addresses",
		Long: `Issue one certificate for all the names: NAME.crt, NAME.key, NAME.fullchain.pem
for the server's configuration, and NAME.p12; NAME is the first of them. It is
valid for as long as the Baseline Requirements allow on its first day.`,
		Example: `  chainspect lab server www.example.test
  chainspect lab server localhost 127.0.0.1 ::1
  chainspect lab server '*.example.test' --days 30 --dir testca`,
	}
	f.add(c, "the longest that public CAs may issue for")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageError{"there is no name: give the host names and IP addresses that clients will type"}
		}
		return f.run(c, func(l *lab.Folder, o lab.Issue) (*lab.Issued, error) { return l.Server(args, o) })
	}
	return c
}

func newLabClient() *cobra.Command {
	var f issueFlags
	c := &cobra.Command{
		Use:   "client NAME",
		Short: "Issue a digital identity for a client",
		Long: `Issue a digital identity for mutual TLS: NAME.p12 to import, and NAME.crt,
NAME.key, NAME.fullchain.pem for tools that take PEM. A NAME with @ is a mail
address.`,
		Example: `  chainspect lab client alice
  chainspect lab client alice@example.test --password-file password.txt`,
	}
	f.add(c, "365")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{"client takes one name: one identity is one client's"}
		}
		return f.run(c, func(l *lab.Folder, o lab.Issue) (*lab.Issued, error) { return l.Client(args[0], o) })
	}
	return c
}

func newLabFrom() *cobra.Command {
	f := labFlags{}
	c := &cobra.Command{
		Use:   "from RECIPE.yaml",
		Short: "Make certificates from a recipe: any fault there is",
		Long: `Make the certificates of a recipe, right ones or wrong in any way, with keys of
their own: NAME.crt and NAME.key of each, NAME.fullchain.pem of each leaf, and
CRLs. docs/lab.md lists the keys. A recipe may name root and intermediate of the
lab in --dir as issuers.`,
		Example: `  chainspect lab from expired.yaml --dir broken`,
	}
	c.Flags().StringVar(&f.folder.Dir, "dir", ".", "`FOLDER` to write to")
	c.Flags().BoolVar(&f.folder.Force, "force", false, "replace the files that are there")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{"from takes one recipe: a YAML file, or - for standard input"}
		}
		if _, err := f.read(c); err != nil {
			return err
		}
		data, err := newRunner(c).Read(c.Context(), "the recipe", args[0], 0)
		if err != nil {
			return err
		}
		files, err := f.folder.From(args[0], data)
		list(c.OutOrStdout(), files)
		return err
	}
	return c
}

// list says which files were written.
func list(w io.Writer, files []lab.File) {
	width := 0
	for _, f := range files {
		width = max(width, len(f.Path))
	}
	for _, f := range files {
		fmt.Fprintf(w, "made  %-*s  %s\n", width, f.Path, f.What)
	}
}

// next says what to do with what was made; what is to be typed or written stands on lines of its own.
func next(w io.Writer, steps []lab.Step) {
	fmt.Fprintln(w, "\nnext")
	for _, s := range steps {
		fmt.Fprintf(w, "  %s\n", s.For)
		for line := range strings.Lines(s.Line) {
			fmt.Fprintf(w, "    %s\n", strings.TrimSuffix(line, "\n"))
		}
	}
}

// judged says what every profile says of what was issued.
func judged(w io.Writer, made *lab.Issued, verdicts []lab.Verdict) {
	var good []string
	until := made.Leaf.Cert.NotAfter
	for _, p := range chain.Profiles() {
		ok := true
		for _, v := range verdicts {
			if v.Profile == p.Name && v.Report.Verdict != chain.Trusted {
				ok = false
				fmt.Fprintf(w, "checked  profile %s, %s: %s\n", p.Name, v.Name, faults(v.Report))
			} else if g := v.Report.GoodUntil; g != nil && g.Time.Before(until) {
				until = g.Time
			}
		}
		if ok {
			good = append(good, p.Name)
		}
	}
	if len(good) > 0 {
		fmt.Fprintf(w, "checked  with the root installed it is trusted until %s (profiles: %s)\n", until.Format(time.DateOnly), strings.Join(good, ", "))
	}
}

// faults is the first error of a report in a line.
func faults(r *chain.Report) string {
	out := r.Headline
	for _, f := range r.Findings {
		if f.Severity == chain.Error && f.Status == chain.Broken {
			out = "not trusted: " + f.Message + " [" + f.Rule + "]"
			break
		}
	}
	return out
}
