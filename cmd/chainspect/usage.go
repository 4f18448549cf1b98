package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/chainspect/chainspect/internal/inspect"
)

// width is what --help keeps within, whatever the terminal: a page of it can be
// mailed and pasted.
const width = 80

// Headings of flags in --help, beside those of a job's fields.
const (
	whatToSay = "What to say"
	many      = "Many targets"
)

// help writes what --help says of a command. Who reads standard output learns of
// an error in writing to it at the end of the run.
func help(c *cobra.Command, _ []string) {
	fmt.Fprintf(c.OutOrStdout(), "%s\n\n%s", description(c), usage(c))
}

// description is what stands above it.
func description(c *cobra.Command) string {
	switch {
	case !c.HasParent():
		return c.Long + "\n\nExit codes, whatever the format:\n" + exitCodes()
	case c.Long != "":
		return c.Long
	}
	return c.Short
}

// usage is what stands below the description in --help.
func usage(c *cobra.Command) string {
	c.InitDefaultHelpFlag()
	var b strings.Builder
	b.WriteString("Usage:\n")
	if c.Runnable() {
		fmt.Fprintf(&b, "  %s\n", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND\n", c.CommandPath())
	}
	if c.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", c.Example)
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, sub := range inOrder(c) {
			entry(&b, "  "+sub.Name(), 14, sub.Short)
		}
	}
	for _, g := range flagGroups(c) {
		fmt.Fprintf(&b, "\n%s:\n", g.title)
		for _, f := range g.flags {
			entry(&b, flagName(f), 27, flagHelp(f))
		}
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n`%s COMMAND --help` says more of each.\n", c.CommandPath())
	}
	return b.String()
}

// group is the flags of a command under one heading.
type group struct {
	title string
	flags []*pflag.Flag
}

// flagGroups sorts the flags of a command by their headings, in the order they
// were made in; those without one are the command's own.
func flagGroups(c *cobra.Command) []group {
	groups := []group{{title: inspect.WhatToJudge}, {title: inspect.HowToJudge}, {title: whatToSay}, {title: many}, {title: "Flags"}}
	c.Flags().SortFlags = false
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		at := slices.IndexFunc(groups, func(g group) bool { return slices.Contains(f.Annotations[groupAnnotation], g.title) })
		if at < 0 {
			at = len(groups) - 1
		}
		if !f.Hidden {
			groups[at].flags = append(groups[at].flags, f)
		}
	})
	return slices.DeleteFunc(groups, func(g group) bool { return len(g.flags) == 0 })
}

// inOrder lists the commands below one as verbs has them; those of cobra follow.
func inOrder(c *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	for _, v := range verbs() {
		for _, sub := range c.Commands() {
			if sub.Name() == v.name {
				list = append(list, sub)
			}
		}
	}
	for _, sub := range c.Commands() {
		if !slices.Contains(list, sub) && sub.IsAvailableCommand() {
			list = append(list, sub)
		}
	}
	return list
}

// flagName is a flag as it is written: "-o, --output FILE".
func flagName(f *pflag.Flag) string {
	name := "      --" + f.Name
	if f.Shorthand != "" {
		name = "  -" + f.Shorthand + ", --" + f.Name
	}
	if value, _ := pflag.UnquoteUsage(f); value != "" {
		name += " " + value
	}
	return name
}

// flagHelp is its help with its default.
func flagHelp(f *pflag.Flag) string {
	_, help := pflag.UnquoteUsage(f)
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
		help += " (default " + f.DefValue + ")"
	}
	return help
}

// entry writes a name and what it is, in two columns; a name that is too long for
// the first has a line of its own.
func entry(w io.Writer, name string, column int, text string) {
	line := name + "  "
	if len(line) > column+2 {
		fmt.Fprintln(w, name)
		line = ""
	}
	line += strings.Repeat(" ", column+2-len(line))
	for i, word := range strings.Fields(text) {
		if i > 0 && len(line)+1+len(word) > width {
			fmt.Fprintln(w, line)
			line = strings.Repeat(" ", column+2)
		} else if i > 0 {
			line += " "
		}
		line += word
	}
	fmt.Fprintln(w, line)
}

// exitCodes are the rows of the exit codes in --help.
func exitCodes() string {
	var b strings.Builder
	for _, row := range exitStatus() {
		entry(&b, "  "+row[0], 3, row[1])
	}
	return strings.TrimSuffix(b.String(), "\n")
}
