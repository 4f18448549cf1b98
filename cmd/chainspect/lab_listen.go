package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/lab"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
)

// listenFlags say where to listen, with which certificate, and what to say.
type listenFlags struct {
	folder   lab.Folder
	name     string
	clientCA string
	listen   string
	port     int
	format   string
	capture  string
	count    int
	verbose  bool
}

func newLabListen() *cobra.Command {
	f := listenFlags{port: firstPort, listen: "127.0.0.1", format: "text"}
	c := &cobra.Command{
		Use:   "listen",
		Short: "Judge who connects: the hello, the identity, and whether the client trusts us",
		Long: `The inspector turned round: a server of the lab that says of each client what its
ClientHello offers and which known one it looks like, whether it took the
certificate or which alert it sent, and which identity it showed and why a server
with these client CAs would refuse it. Every identity is asked for, none is
refused.

The certificate is the one of --name in the lab's folder, or is issued for the
name that the client asks for.`,
		Example: `  chainspect lab listen --dir testca
  chainspect lab listen --client-ca client-ca.pem --format ndjson
  chainspect lab listen --listen 0.0.0.0 --port 8443 -v`,
	}
	s := c.Flags()
	s.StringVar(&f.folder.Dir, "dir", ".", "`FOLDER` of the lab")
	s.StringVar(&f.name, "name", "", "`NAME` of the server (default the one the client asks for)")
	s.StringVar(&f.clientCA, "client-ca", "", "`FILE` with the CAs of client identities (default the lab's root)")
	s.StringVar(&f.listen, "listen", f.listen, "IP `ADDRESS` to listen on; another one than loopback lets others in")
	s.IntVar(&f.port, "port", f.port, "`PORT`, or the next one that is free")
	s.Var(text(&f.format, "text|ndjson"), "format", "a line for people, or a JSON object a line")
	s.StringVar(&f.capture, "capture", "", "write the identities that were shown to `FILE`, a capture a line, to be judged again")
	s.IntVar(&f.count, "count", 0, "end after `N` connections")
	s.BoolVarP(&f.verbose, "verbose", "v", false, "everything the client offers")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{"listen takes no argument: the name is --name, the address --listen"}
		}
		return f.run(c)
	}
	return c
}

func (f *listenFlags) check() error {
	if net.ParseIP(f.listen) == nil {
		return usageError{fmt.Sprintf("--listen %s: write an IP address, such as 127.0.0.1 or 0.0.0.0", f.listen)}
	}
	if f.port < 0 || f.port > 65535 {
		return usageError{fmt.Sprintf("--port %d: write a port from 1 to 65535, or 0 for any", f.port)}
	}
	if f.format != "text" && f.format != "ndjson" {
		return usageError{fmt.Sprintf("--format %s: write text or ndjson", f.format)}
	}
	if f.name == "" {
		return nil
	}
	name, _, err := hostname.ReferenceName(f.name)
	if err != nil {
		return usageError{"--name: " + err.Error()}
	}
	f.name = name
	return nil
}

func (f *listenFlags) run(c *cobra.Command) error {
	if err := f.check(); err != nil {
		return err
	}
	f.folder.Now = time.Now().UTC()
	r := newRunner(c)
	l := &lab.Listener{Folder: &f.folder, Name: f.name, Judge: r}
	var err error
	if l.Authority, err = f.folder.Open(); err != nil {
		return err
	}
	if l.ClientCAs, err = f.clientCAs(c, r, l.Authority); err != nil {
		return err
	}
	in, err := f.bind(c)
	if err != nil {
		return err
	}
	ctx, stop := long(c.Context())
	defer stop()
	go func() {
		<-ctx.Done()
		in.Close()
	}()
	var captures []*chain.Capture
	var failed error
	visits := 0
	l.Each = func(v *lab.Visit) {
		if f.count > 0 && visits >= f.count {
			return
		}
		visits++
		if v.Capture != nil && f.capture != "" && len(captures) < maxCaptures {
			captures = append(captures, v.Capture)
		}
		if failed = f.say(c.OutOrStdout(), v); failed != nil || visits == f.count {
			stop()
		}
	}
	fmt.Fprintf(c.ErrOrStderr(), "chainspect: listening on %s under the root %s; it ends with Ctrl-C\n", in.Addr(), l.Authority.Root.Cert.Subject.CommonName)
	if !net.ParseIP(f.listen).IsLoopback() {
		fmt.Fprintf(c.ErrOrStderr(), "chainspect: --listen %s: others than this machine can connect\n", f.listen)
	}
	l.Serve(ctx, in)
	if failed == nil && f.capture != "" {
		failed = f.save(c, captures)
	}
	return failed
}

// maxCaptures bounds what --capture keeps.
const maxCaptures = 1000

func (f *listenFlags) save(c *cobra.Command, captures []*chain.Capture) error {
	if len(captures) == 0 {
		fmt.Fprintf(c.ErrOrStderr(), "chainspect: no client showed an identity: %s is not written\n", f.capture)
		return nil
	}
	if err := saveCapture(c.OutOrStdout(), f.capture, captures); err != nil {
		return err
	}
	ca := f.clientCA
	if ca == "" {
		ca = f.folder.Dir + "/root.crt"
	}
	fmt.Fprintf(c.ErrOrStderr(), "chainspect: judge them again with `chainspect check %s --purpose client --trust-store none --anchor %s`\n", chain.ShellFile(f.capture), chain.ShellFile(ca))
	return nil
}

// clientCAs are the certificates of --client-ca, or the lab's root.
func (f *listenFlags) clientCAs(c *cobra.Command, r *inspect.Runner, a *lab.Authority) ([][]byte, error) {
	if f.clientCA == "" {
		return [][]byte{a.Root.DER}, nil
	}
	data, err := r.Read(c.Context(), "--client-ca", f.clientCA, 0)
	if err != nil {
		return nil, fmt.Errorf("--client-ca %w", err)
	}
	blocks, err := load.Blocks(f.clientCA, data)
	if err != nil {
		return nil, fmt.Errorf("--client-ca %w", err)
	}
	var out [][]byte
	for _, b := range blocks {
		if b.Kind == "certificate" {
			out = append(out, b.DER)
		}
	}
	if len(out) == 0 {
		return nil, &load.Error{Kind: chain.ErrorFormat, Path: f.clientCA, Message: "no certificate in it", Remedy: "give the certificates of the CAs that issue your clients' identities"}
	}
	return out, nil
}

// bind takes the port, or the next one that is free.
func (f *listenFlags) bind(c *cobra.Command) (net.Listener, error) {
	for {
		in, err := net.Listen("tcp", net.JoinHostPort(f.listen, strconv.Itoa(f.port)))
		if errors.Is(err, syscall.EADDRINUSE) && f.port > 0 && f.port < 65535 {
			fmt.Fprintf(c.ErrOrStderr(), "chainspect: port %d is in use: the next one that is free is taken\n", f.port)
			f.port++
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("nothing can listen on %s: %w", net.JoinHostPort(f.listen, strconv.Itoa(f.port)), err)
		}
		return in, nil
	}
}

// say prints one connection.
func (f *listenFlags) say(w io.Writer, v *lab.Visit) error {
	if f.format == "ndjson" {
		line, err := json.Marshal(v)
		if err != nil {
			return err
		}
		_, err = w.Write(append(line, '\n'))
		return err
	}
	text := v.Time.Local().Format(time.TimeOnly) + "  " + report.Printable(v.Line()) + "\n"
	if f.verbose {
		for _, d := range v.Details() {
			text += "    " + report.Printable(d) + "\n"
		}
	}
	_, err := io.WriteString(w, text)
	return err
}
