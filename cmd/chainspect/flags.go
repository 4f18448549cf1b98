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

// jobFlags are the flags that say what to judge and how: the Job in another
// notation. leave lists the flags that have no effect on the command.
type jobFlags struct {
	job   inspect.Job
	leave []string
}

// A flagValue is a flag of a job's field.
type flagValue struct {
	placeholder string
	get         func() string
	set         func(string) error
}

func (v *flagValue) String() string {
	if v.get == nil { // pflag asks a zero value for its default
		return ""
	}
	return v.get()
}
func (v *flagValue) Set(text string) error { return v.set(text) }
func (v *flagValue) Type() string          { return v.placeholder }

// text is a flag that keeps a string.
func text(to *string, placeholder string) *flagValue {
	return &flagValue{placeholder, func() string { return *to }, func(s string) error { *to = s; return nil }}
}

// optional is a flag whose absence is not the empty string.
func optional(to **string, placeholder string) *flagValue {
	return &flagValue{placeholder, func() string {
		if *to == nil {
			return ""
		}
		return **to
	}, func(s string) error { *to = &s; return nil }}
}

// several is a flag that can be given several times.
func several(to *inspect.List, placeholder string) *flagValue {
	return &flagValue{placeholder, func() string { return strings.Join(*to, " ") }, func(s string) error {
		if s == "" {
			return errors.New("it is empty: give it a value, or leave the flag out")
		}
		*to = append(*to, s)
		return nil
	}}
}

// span is a flag that keeps a time longer than 0.
func span(to *inspect.Duration, placeholder string) *flagValue {
	return &flagValue{placeholder, func() string { return time.Duration(*to).String() }, func(s string) error {
		d, err := time.ParseDuration(s)
		if err != nil || d <= 0 {
			return errors.New("write a time longer than 0, such as 10s")
		}
		*to = inspect.Duration(d)
		return nil
	}}
}

// add makes a flag of each field of a job that has one.
func (f *jobFlags) add(c *cobra.Command) {
	s := c.Flags()
	s.SortFlags = false // neither in --help, nor where cobra walks them
	f.job.Timeout = inspect.Duration(10 * time.Second)
	headings := map[string][]string{}
	for _, field := range inspect.Fields() {
		name := field.FlagName()
		if name == "" {
			continue
		}
		switch to := field.Pointer(&f.job).(type) {
		case *string:
			s.VarP(text(to, field.Placeholder()), name, field.Short, field.Meaning())
		case **string:
			s.VarP(optional(to, field.Placeholder()), name, field.Short, field.Meaning())
		case *inspect.List:
			s.VarP(several(to, field.Placeholder()), name, field.Short, field.Meaning())
			if field.Alias != "" {
				s.Var(several(to, field.Placeholder()), field.Alias, "the same as --"+name)
				headings[field.Group] = append(headings[field.Group], field.Alias)
			}
		case *bool:
			s.BoolVarP(to, name, field.Short, false, field.Meaning())
		case *inspect.Duration:
			s.VarP(span(to, field.Placeholder()), name, field.Short, field.Meaning())
		}
		headings[field.Group] = append(headings[field.Group], name)
		if field.Kind == inspect.Choice || field.Kind == inspect.ChoiceOrFile || field.Values != nil {
			_ = c.RegisterFlagCompletionFunc(name, func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
				return field.Choices(), cobra.ShellCompDirectiveNoFileComp
			})
		}
	}
	for heading, names := range headings {
		grouped(s, heading, names...)
	}
	for _, name := range f.leave {
		_ = s.MarkHidden(name)
	}
}

// grouped puts flags under a heading of --help.
func grouped(s *pflag.FlagSet, group string, names ...string) {
	heading := map[string][]string{groupAnnotation: {group}} // of all of them: nothing else is noted of a flag
	for _, name := range names {
		s.Lookup(name).Annotations = heading
	}
}

const groupAnnotation = "group"

// defaults makes the Job the flags describe.
func (f *jobFlags) defaults(c *cobra.Command) (inspect.Job, error) {
	for _, name := range f.leave {
		if c.Flags().Changed(name) {
			return f.job, usageError{fmt.Sprintf("--%s has no effect on `%s`: leave it out", name, c.CommandPath())}
		}
	}
	return f.job, f.job.Check()
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
