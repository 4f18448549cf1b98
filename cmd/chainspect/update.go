package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/tables"
)

// noFolder is the value of --data-dir that keeps to the built-in lists.
const noFolder = "none"

func newUpdate() *cobra.Command {
	var from, dir string
	c := &cobra.Command{
		Use:   "update",
		Short: "Bring newer lists of CT logs into your data folder",
		Long: `Fetch the lists of Certificate Transparency logs that Apple platforms and Chrome
know, check them, and write them into your data folder. Later runs use the newer
of these and the built-in ones, and say which. Nothing else fetches them.

` + addresses() + `
Apple's list has no signature of its own: it is as good as the connection it came
over, which has to be https. Chrome's is verified with the key that Google signs
it with. A list that is older than the one here, or lacks many of its logs, is
refused, and then nothing is written.

The folder is $XDG_DATA_HOME/chainspect, else ~/.local/share/chainspect, on
Windows %LocalAppData%\chainspect. A folder or a file that others can write is not
used. A gate uses the built-in lists, unless its policy has data_dir.`,
		Example: `  chainspect update
  chainspect update --from https://mirror.example.com/ct
  chainspect update --from ./lists --data-dir /var/lib/chainspect`,
		Args: noArguments,
	}
	c.Flags().StringVar(&from, "from", "", "a mirror: the `URL|DIR` of a folder with these files under their own names")
	for _, f := range inspect.Fields() {
		if name := f.FlagName(); name == "data-dir" {
			c.Flags().Var(text(&dir, f.Placeholder()), name, f.Help)
		}
	}
	c.RunE = func(c *cobra.Command, _ []string) error {
		switch dir {
		case noFolder:
			return usageError{"--data-dir none: there is no folder to write into; leave it out, or name one"}
		case "":
			dir = tables.DefaultFolder(os.Getenv)
		}
		ctx, stop := context.WithTimeout(c.Context(), time.Minute)
		defer stop()
		done, err := (&tables.Update{Dir: dir, From: from, Now: time.Now()}).Run(ctx)
		if err != nil {
			return err
		}
		for _, d := range done {
			what := "is still the newest"
			if d.New {
				what = "written to " + filepath.Join(dir, d.Table.File)
			}
			if _, err := fmt.Fprintf(c.OutOrStdout(), "%s: %d logs, %s\n", d.List, len(d.List.Logs), what); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

// addresses lists what is fetched, as --help says it.
func addresses() string {
	var b strings.Builder
	for _, t := range tables.Tables() {
		fmt.Fprintf(&b, "  %s\n", t.Address)
		if t.Signature != "" {
			fmt.Fprintf(&b, "  %s\n", t.Signature)
		}
	}
	return b.String()
}
