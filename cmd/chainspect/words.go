package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/pkg/chain"
)

// A verb is a command of the program.
type verb struct {
	name string
	make func() *cobra.Command
}

// verbs lists the commands in the order of --help.
func verbs() []verb {
	return []verb{{"check", newCheck}, {"identity", newIdentity}, {"gate", newGate}, {"explain", newExplain}, {"fix", newFix}, {"lab", newLab}, {"serve", newServe}, {"update", newUpdate}, {"man", newMan}}
}

// meant makes the arguments begin with a command: without one, `chainspect
// TARGET` is `chainspect check TARGET`. A word that could be a slip for a command
// is never looked up as a host.
func meant(args []string) ([]string, error) {
	if len(args) == 0 {
		return args, nil
	}
	first := args[0]
	switch {
	case slices.ContainsFunc(verbs(), func(v verb) bool { return v.name == first }), strings.HasPrefix(first, "__complete"),
		first == "help", first == "completion", first == "--help", first == "-h", first == "--version", first == "-v" && len(args) == 1:
		return args, nil
	case first == "": // the root says what is wrong
		return args, nil
	case strings.HasPrefix(first, "-"), strings.ContainsAny(first, `.:/\`), first == "localhost":
		return append([]string{"check"}, args...), nil
	}
	if _, err := os.Stat(first); err == nil {
		return append([]string{"check"}, args...), nil
	}
	var names []string
	for _, v := range verbs() {
		names = append(names, v.name)
	}
	ask := "a host of that name is asked with `chainspect check " + chain.ShellWord(first) + "`"
	if w := near.Word(first, names); w != "" {
		return nil, usageError{fmt.Sprintf("there is no command %q; did you mean `chainspect %s`? %s", first, w, ask)}
	}
	return nil, usageError{fmt.Sprintf("there is no command and no file %q: the commands are %s; %s", first, strings.Join(names, ", "), ask)}
}

// commands makes the one command the arguments begin with, and otherwise, for
// help, completion and mistakes, all of them: their flags cost time at the start.
func commands(args []string) []*cobra.Command {
	var all []*cobra.Command
	if len(args) == 1 && (args[0] == "--version" || args[0] == "-v") {
		return nil
	}
	for _, v := range verbs() {
		if len(args) > 0 && args[0] == v.name && v.name != "man" { // whose pages are about all of them
			return []*cobra.Command{v.make()}
		}
	}
	for _, v := range verbs() {
		all = append(all, v.make())
	}
	if len(args) > 0 && strings.HasPrefix(args[0], "__complete") {
		for _, c := range all {
			completed(c)
		}
	}
	return all
}

// completed has the shell complete what the flags of a command, and of those below it,
// may be given. Those under a heading are meant: lab listen and update have flags of
// such a name that take something else.
func completed(c *cobra.Command) {
	choices := map[string][]string{"format": report.Formats(), "fail-on": {"error", "warning", "note"}, "color": {"auto", "always", "never"}}
	for _, f := range inspect.Fields() {
		if f.Values != nil || f.Names != nil {
			choices[f.FlagName()] = f.Choices()
		}
	}
	for name, of := range choices {
		if f := c.Flags().Lookup(name); f != nil && f.Annotations[groupAnnotation] != nil {
			_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(of, cobra.ShellCompDirectiveNoFileComp))
		}
	}
	for _, sub := range c.Commands() {
		completed(sub)
	}
}

// flagError says of a flag that cannot be read which one was likely meant, and of a
// value what is wanted, in the user's words and not in those of the library.
func flagError(c *cobra.Command, err error) error {
	var unread *strconv.NumError
	if errors.As(err, &unread) {
		wanted := "write a whole number"
		switch {
		case unread.Func == "ParseBool":
			wanted = "write true or false, or the flag alone"
		case errors.Is(unread, strconv.ErrRange):
			wanted = "write a number nearer to 0"
		}
		return usageError{fmt.Sprintf("%s; see `%s --help`", strings.Replace(err.Error(), unread.Error(), wanted, 1), c.CommandPath())}
	}
	var unknown *pflag.NotExistError
	hint := ""
	if errors.As(err, &unknown) && len(unknown.GetSpecifiedName()) > 1 {
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		})
		if w := near.Word(unknown.GetSpecifiedName(), names); w != "" {
			hint = "; did you mean --" + w + "?"
		}
	}
	return usageError{fmt.Sprintf("%s%s; see `%s --help`", err, hint, c.CommandPath())}
}

// subCommandsOnly makes a word that is none of a command's subcommands an error
// that names the near one.
func subCommandsOnly(c *cobra.Command) {
	if !c.HasSubCommands() || c.Runnable() {
		return
	}
	var names []string
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
	}
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{fmt.Sprintf("%s has no command %q%s", c.CommandPath(), args[0], near.Hint(args[0], names, "; it has "+strings.Join(names, ", ")))}
		}
		return c.Help()
	}
}
