package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/lab"
	"github.com/chainspect/chainspect/internal/near"
)

// runFlags say which servers of the lab, and where.
type runFlags struct {
	list, selfTest bool
	only           inspect.List
	export         string
	port           int
	listen         string
	dir            string
}

// firstPort is where the servers begin, where nothing else is said.
const firstPort = 10443

func newLabRun() *cobra.Command {
	f := runFlags{port: firstPort, listen: "127.0.0.1"}
	c := &cobra.Command{
		Use:   "run",
		Short: "Start servers that are broken on purpose, one for each classic fault",
		Long: `Start servers on loopback, one for each classic fault: what is wrong with each,
the name it plays, what chainspect has to find, and the command that asks it.
Their keys are made for this run. With --dir they are under the root of a CA of
lab init, for clients that have it installed.

--self-test checks them all and compares; --export writes certificates, keys and
an nginx.conf that serves them.`,
		Example: `  chainspect lab run --list
  chainspect lab run --only expired --only mutual-required
  chainspect lab run --self-test
  chainspect lab run --export faults`,
	}
	s := c.Flags()
	s.BoolVar(&f.list, "list", false, "list the faults and start nothing")
	s.BoolVar(&f.selfTest, "self-test", false, "check every server, compare, and end")
	s.Var(several(&f.only, "NAME"), "only", "this fault alone; can be given several times")
	s.StringVar(&f.export, "export", "", "write certificates, keys and an nginx.conf into `FOLDER`, and start nothing")
	s.IntVar(&f.port, "port", f.port, "first `PORT`; each server takes the next one that is free")
	s.StringVar(&f.listen, "listen", f.listen, "IP `ADDRESS` to listen on; another one than loopback lets others in")
	s.StringVar(&f.dir, "dir", "", "`FOLDER` of a lab, whose root is used instead of a new one")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{fmt.Sprintf("run takes no argument: write --only %s", args[0])}
		}
		names, err := f.names()
		if err != nil {
			return err
		}
		switch {
		case f.list:
			return listFaults(c.OutOrStdout(), names)
		case f.export != "":
			return f.exportFaults(c, names)
		}
		return f.run(c, names)
	}
	return c
}

// names checks what is asked for, and gives the faults that are meant.
func (f *runFlags) names() ([]string, error) {
	if net.ParseIP(f.listen) == nil {
		return nil, usageError{fmt.Sprintf("--listen %s: write an IP address, such as 127.0.0.1 or 0.0.0.0", f.listen)}
	}
	if f.port < 0 || f.port > 65535 {
		return nil, usageError{fmt.Sprintf("--port %d: write a port from 1 to 65535, or 0 for any", f.port)}
	}
	faults, err := lab.Faults()
	if err != nil {
		return nil, err
	}
	all := lab.FaultNames(faults)
	if len(f.only) == 0 {
		return all, nil
	}
	for _, name := range f.only {
		known := false
		for _, have := range all {
			known = known || have == name
		}
		if !known {
			return nil, usageError{fmt.Sprintf("--only %s: there is no such fault%s", name, near.Hint(name, all, "; see chainspect lab run --list"))}
		}
	}
	return f.only, nil
}

func listFaults(w io.Writer, names []string) error {
	faults, err := lab.Faults()
	if err != nil {
		return err
	}
	for i := range faults {
		for _, name := range names {
			if x := &faults[i]; x.Name == name {
				fmt.Fprintf(w, "%s\n  %s\n  expect  %s\n", x.Name, x.Story, x.Expect)
			}
		}
	}
	return nil
}

// open makes the lab, in a folder of its own where none is given.
func (f *runFlags) open(dir string) (*lab.Lab, error) {
	o := lab.Options{Dir: dir, Now: time.Now().UTC()}
	if ip := net.ParseIP(f.listen); !ip.IsUnspecified() {
		o.Host = f.listen
	}
	if f.dir != "" {
		ca := lab.Folder{Dir: f.dir, Now: o.Now}
		root, err := ca.Root()
		if err != nil {
			return nil, err
		}
		o.Root = root
	}
	return lab.New(o)
}

func (f *runFlags) exportFaults(c *cobra.Command, names []string) error {
	if err := os.MkdirAll(f.export, 0o755); err != nil {
		return usageError{fmt.Sprintf("--export: %s; name a folder that can be written", err)}
	}
	l, err := f.open(f.export)
	if err != nil {
		return err
	}
	defer l.Close()
	files, left, err := l.Export(names, f.port)
	list(c.OutOrStdout(), files)
	for _, line := range left {
		fmt.Fprintf(c.OutOrStdout(), "left out  %s\n", line)
	}
	return err
}

func (f *runFlags) run(c *cobra.Command, names []string) error {
	dir, err := os.MkdirTemp("", "chainspect-lab-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ctx, stop := long(c.Context())
	defer stop()
	l, err := f.open(dir)
	if err != nil {
		return err
	}
	defer l.Close()
	if f.selfTest {
		f.port = 0
	}
	servers, err := f.start(c, l, names)
	if err != nil {
		return err
	}
	if f.selfTest {
		return selfTest(ctx, c, l)
	}
	if !net.ParseIP(f.listen).IsLoopback() {
		fmt.Fprintf(c.ErrOrStderr(), "chainspect: --listen %s: others than this machine can connect to these servers\n", f.listen)
	}
	w := c.OutOrStdout()
	for _, s := range servers {
		fmt.Fprintf(w, "%s  %s\n  %s\n  expect  %s\n    %s\n", s.Name, s.Addr, s.Story, s.Expect, s.Command())
	}
	fmt.Fprintf(w, "\nservers: %d; the root is %s; they end with Ctrl-C\n", len(servers), filepath.Join(dir, "root.crt"))
	<-ctx.Done()
	return nil
}

// start gives each server a port: the next one that is free.
func (f *runFlags) start(c *cobra.Command, l *lab.Lab, names []string) ([]*lab.Server, error) {
	var out []*lab.Server
	port := f.port
	for _, name := range names {
		for {
			s, err := l.Start(name, net.JoinHostPort(f.listen, strconv.Itoa(port)))
			if errors.Is(err, syscall.EADDRINUSE) && port > 0 && port < 65535 {
				fmt.Fprintf(c.ErrOrStderr(), "chainspect: port %d is in use: %s takes the next one that is free\n", port, name)
				port++
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("%s cannot be started: %w", name, err)
			}
			out = append(out, s)
			break
		}
		if port > 0 {
			port++
		}
	}
	return out, nil
}

// selfTest checks all servers and says which do not come out as expected.
func selfTest(ctx context.Context, c *cobra.Command, l *lab.Lab) error {
	const workers = 8
	begun := time.Now()
	wrong := 0
	r := newRunner(c)
	r.Remark = nil
	outcomes := l.SelfTest(ctx, r, workers)
	w := c.OutOrStdout()
	for _, o := range outcomes {
		if o.Wrong == "" {
			fmt.Fprintf(w, "ok    %-24s  %s\n", o.Name, o.Got)
			continue
		}
		wrong++
		fmt.Fprintf(w, "FAIL  %-24s  %s: %s\n        %s\n", o.Name, o.Got, o.Wrong, o.Command())
	}
	fmt.Fprintf(w, "%d servers, %d as expected, in %.1f s\n", len(outcomes), len(outcomes)-wrong, time.Since(begun).Seconds())
	if wrong > 0 {
		return exitCode(exitFindings)
	}
	return nil
}
