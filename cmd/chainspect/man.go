package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// newMan writes the manual pages for packagers; users have --help.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual pages into a directory",
		Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{"man takes the directory to write into"}
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			root := c.Root()
			root.DisableAutoGenTag = true
			// The date is $SOURCE_DATE_EPOCH's where a packager sets it.
			return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "chainspect", Manual: "chainspect"}, args[0])
		},
	}
}
