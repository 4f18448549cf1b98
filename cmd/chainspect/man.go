package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/load"
)

// newMan writes the manual pages. They are written here, since cobra's own
// generator makes every start of the program slower by a fifth.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages into a directory",
		Long: `Write the manual pages of all commands into a directory, which is made where it
is not there. $SOURCE_DATE_EPOCH is their date, where it is set.`,
		Example: `  chainspect man ~/.local/share/man/man1
  man chainspect-check`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{"man takes the directory to write into"}
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			return manualPages(c.Root(), args[0], manualDate())
		},
	}
}

// manualDate is $SOURCE_DATE_EPOCH's, where a packager sets it.
func manualDate() time.Time {
	if s, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(s, 0).UTC()
	}
	return time.Now().UTC()
}

// manualPages writes the page of a command and those of its subcommands.
func manualPages(c *cobra.Command, dir string, date time.Time) error {
	for _, sub := range inOrder(c) {
		if sub.IsAvailableCommand() {
			if err := manualPages(sub, dir, date); err != nil {
				return err
			}
		}
	}
	c.InitDefaultHelpFlag()
	var page bytes.Buffer
	manualPage(&page, c, date)
	return os.WriteFile(filepath.Join(dir, pageName(c)+".1"), page.Bytes(), 0o644)
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manualPage writes one page in the man macros of roff. Lines stay as they are
// in --help: its tables are aligned by blanks.
func manualPage(w io.Writer, c *cobra.Command, date time.Time) {
	fmt.Fprintf(w, ".TH %q 1 %q %q %q\n", strings.ToUpper(pageName(c)), date.Format(time.DateOnly), "chainspect", "chainspect")
	fmt.Fprintf(w, ".SH NAME\n%s \\- %s\n", roff(pageName(c)), roff(c.Short))
	fmt.Fprintf(w, ".SH SYNOPSIS\n.B %s\n", roff(c.UseLine()))
	description := c.Long
	if description == "" {
		description = c.Short
	}
	fmt.Fprintf(w, ".SH DESCRIPTION\n.nf\n%s\n.fi\n", roff(description))
	fmt.Fprint(w, ".SH OPTIONS\n")
	for _, g := range flagGroups(c) {
		fmt.Fprintf(w, ".SS %s\n", roff(g.title))
		for _, f := range g.flags {
			fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(flagName(f))), roff(flagHelp(f)))
		}
	}
	section := func(title string, rows [][2]string) {
		fmt.Fprintf(w, ".SH %s\n", title)
		for _, row := range rows {
			fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(row[0]), roff(row[1]))
		}
	}
	section("EXIT STATUS", exitStatus())
	section("ENVIRONMENT", environment())
	section("FILES", files())
	if c.Example != "" {
		fmt.Fprintf(w, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(c.Example))
	}
	var also []string
	if c.HasParent() {
		also = append(also, pageName(c.Parent()))
	}
	for _, sub := range inOrder(c) {
		if sub.IsAvailableCommand() {
			also = append(also, pageName(sub))
		}
	}
	if len(also) > 0 {
		fmt.Fprintf(w, ".SH SEE ALSO\n%s(1)\n", roff(strings.Join(also, "(1), ")))
	}
}

// roff escapes what the formatter would take for a request or a hyphen.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

// exitStatus says what the exit codes mean, in --help and in the pages.
func exitStatus() [][2]string {
	return [][2]string{
		{"0", "nothing at or above --fail-on"},
		{"1", "findings, or a change with --fail-on-change"},
		{"2", "flags, a policy file or a name that cannot be meant"},
		{"3", "a target could not be inspected"},
		{"4", "could not tell: a verdict is unknown, and nothing is at or above --fail-on (--allow-unknown makes it 0)"},
	}
}

// environment lists the variables that are read.
func environment() [][2]string {
	return [][2]string{
		{load.PasswordVariable, "the password of a digital identity, where no --password-file is given"},
		{"NO_COLOR, TERM", "no colour where NO_COLOR is set and not empty, or TERM is dumb"},
		{"LC_ALL, LC_CTYPE, LANG", "whether text may be more than ASCII"},
		{"SSL_CERT_FILE, SSL_CERT_DIR", "the roots of --trust-store system"},
		{"HTTPS_PROXY, NO_PROXY", "the proxy of --proxy env; without that flag they are not read"},
		{"XDG_DATA_HOME, LocalAppData", "where your data folder is, on Unix systems and on Windows"},
		{"SOURCE_DATE_EPOCH", "the date of the manual pages"},
	}
}

// files lists the files that are read without being named.
func files() [][2]string {
	return [][2]string{
		{"~/.local/share/chainspect", "newer lists of CT logs, as update writes them; --data-dir names another folder"},
		{"/etc/ssl/certs, /etc/pki/tls/certs …", "the roots of --trust-store system, where the environment names no other"},
	}
}
