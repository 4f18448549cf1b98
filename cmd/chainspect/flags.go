package main

import (
	"errors"
	"fmt"
	"strconv"
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

// A flagValue is a flag that is kept where to points: a *string, a **string, whose
// absence is not the empty string, a *bool, an *inspect.List, which can be given
// several times, or an *inspect.Duration, which is longer than 0.
type flagValue struct {
	to          any
	placeholder string
}

func (v *flagValue) String() string {
	switch to := v.to.(type) {
	case *string:
		return *to
	case **string:
		if *to != nil {
			return **to
		}
	case *bool:
		return strconv.FormatBool(*to)
	case *inspect.List:
		return strings.Join(*to, " ")
	case *inspect.Duration:
		return time.Duration(*to).String()
	}
	return "" // pflag asks a zero value for its default
}

func (v *flagValue) Set(text string) error {
	switch to := v.to.(type) {
	case *string:
		*to = text
	case **string:
		*to = &text
	case *bool:
		on, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("write true or false, or the flag alone")
		}
		*to = on
	case *inspect.List:
		if text == "" {
			return errors.New("it is empty: give it a value, or leave the flag out")
		}
		*to = append(*to, text)
	case *inspect.Duration:
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			return errors.New("write a time longer than 0, such as 10s")
		}
		*to = inspect.Duration(d)
	}
	return nil
}

func (v *flagValue) Type() string {
	if _, ok := v.to.(*bool); ok {
		return "bool"
	}
	return v.placeholder
}

// text, several and span are flags of strings, lists and times.
func text(to *string, placeholder string) *flagValue           { return &flagValue{to, placeholder} }
func several(to *inspect.List, placeholder string) *flagValue  { return &flagValue{to, placeholder} }
func span(to *inspect.Duration, placeholder string) *flagValue { return &flagValue{to, placeholder} }

// add makes a flag of each field of a job that has one.
func (f *jobFlags) add(c *cobra.Command) {
	s := c.Flags()
	s.SortFlags = false // neither in --help, nor where cobra walks them
	f.job.Timeout = inspect.Duration(10 * time.Second)
	fields := inspect.Fields()
	values, flags := make([]flagValue, 0, len(fields)), make([]pflag.Flag, 0, len(fields)) // together: there are many
	headings := map[string]map[string][]string{inspect.WhatToJudge: heading(inspect.WhatToJudge), inspect.HowToJudge: heading(inspect.HowToJudge)}
	for _, field := range fields {
		name := field.FlagName()
		if name == "" {
			continue
		}
		add := func(name, letter, help string) {
			values = append(values, flagValue{field.In(&f.job), field.Placeholder()})
			v := &values[len(values)-1]
			flags = append(flags, pflag.Flag{Name: name, Shorthand: letter, Usage: help, Value: v, DefValue: v.String(), Annotations: headings[field.Group]})
			flag := &flags[len(flags)-1]
			if field.Kind == inspect.Switch {
				flag.NoOptDefVal = "true"
			}
			s.AddFlag(flag)
		}
		add(name, field.Short, field.Help)
		if field.Alias != "" {
			add(field.Alias, "", "the same as --"+name)
		}
	}
	for _, name := range f.leave {
		_ = s.MarkHidden(name)
	}
}

// grouped puts flags under a heading of --help.
func grouped(s *pflag.FlagSet, group string, names ...string) {
	noted := heading(group)
	for _, name := range names {
		s.Lookup(name).Annotations = noted
	}
}

// heading is what is noted of a flag, and nothing else.
func heading(group string) map[string][]string { return map[string][]string{groupAnnotation: {group}} }

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
		empty := f.Value.String() == ""
		if list, ok := f.Value.(pflag.SliceValue); ok {
			empty = len(list.GetSlice()) == 0
		}
		if empty && !inspect.EmptyAllowed(f.Name) {
			err = usageError{fmt.Sprintf("--%s is empty: give it a value, or leave it out", f.Name)}
		}
	})
	return err
}
