package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/policy"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/internal/serve"
)

func newServe() *cobra.Command {
	var listen, config, webConfig, page string
	var allow []string
	var private bool
	var probes int
	timeout := 10 * time.Second
	c := &cobra.Command{
		Use:   "serve",
		Short: "Answer probes over HTTP, as a Prometheus exporter",
		Long: `Answer GET /probe?target=HOST:PORT&module=NAME with the metrics of that server's
chain, in the multi-target convention of Prometheus exporters, and GET /metrics
with those of the exporter itself.

A module is a job without its target: --config FILE has them below the key
modules, with the keys of docs/jobs.md. Without a file there is one module,
default. SIGHUP, or POST /-/reload, reads the file again; where it cannot be
used the one before stays in force.

With --page DIR the page for the browser is shown at /, and asks servers by this
one, under the same rules.

Whoever can send a request can have a connection made. Loopback, private and
link-local addresses are refused on the address that is connected to, unless
--allow-targets names them or --allow-private is said.`,
		Example: `  chainspect serve
  chainspect serve --config modules.yaml --allow-targets '*.example.com,10.1.0.0/16'
  curl 'http://127.0.0.1:9919/probe?target=www.example.com:443'`,
		Args: noArguments,
	}
	s := c.Flags()
	s.StringVar(&listen, "listen", "127.0.0.1:9919", "`ADDRESS` to answer on")
	s.StringVar(&config, "config", "", "YAML `FILE` with the modules")
	s.StringVar(&webConfig, "web.config.file", "", "YAML `FILE` with TLS and basic authentication")
	s.StringVar(&page, "page", "", "show the page of this `DIR` at /, with a field for a server to ask")
	s.StringSliceVar(&allow, "allow-targets", nil, "`LIST` of targets that may be asked: HOST, HOST:PORT, *.DOMAIN, an address or a prefix")
	s.BoolVar(&private, "allow-private", false, "connect to private, link-local and loopback addresses too")
	s.IntVar(&probes, "probes", max(64, 8*runtime.NumCPU()), "at most `N` probes at a time (default 8 for each processor, 64 at least)")
	s.Lookup("probes").DefValue = "" // the page of --help is the same on every machine
	s.Var(span((*inspect.Duration)(&timeout), "TIME"), "timeout", "time for one target, all its handshakes together")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if probes < 1 {
			return usageError{"--probes must be at least 1"}
		}
		allowed, err := serve.ParseAllowed(allow)
		if err != nil {
			return usageError{"--allow-targets: " + err.Error()}
		}
		allowed.Private = private
		var web *serve.Web
		if webConfig != "" {
			if web, err = serve.ReadWeb(webConfig); err != nil {
				err = fmt.Errorf("--web.config.file: %w", err)
				if errors.As(err, new(*fs.PathError)) {
					return err
				}
				return usageError{err.Error()}
			}
		}
		var shown fs.FS
		if page != "" {
			shown = os.DirFS(page)
			if err := serve.CheckPage(shown); err != nil {
				return usageError{fmt.Sprintf("--page %s: %s", page, err)}
			}
		}
		say := func(text string) { fmt.Fprintf(c.ErrOrStderr(), "chainspect: %s\n", report.Printable(text)) }
		server, err := serve.New(serve.Config{
			Load:    func() (map[string]inspect.Job, error) { return modules(config) },
			Allowed: allowed, Probes: probes, Timeout: timeout, Version: versionText(), Page: shown,
			Now: func() time.Time { return time.Now().UTC() }, Log: say,
		})
		if errors.As(err, new(*inspect.FileError)) {
			return err
		}
		if err != nil {
			return usageError{err.Error()}
		}
		l, err := net.Listen("tcp", listen)
		if err != nil {
			return usageError{fmt.Sprintf("--listen %s: %s", listen, err)}
		}
		ctx, stop := long(c.Context())
		defer stop()
		hup := make(chan os.Signal, 1)
		signal.Notify(hup, syscall.SIGHUP)
		defer signal.Stop(hup)
		reload := make(chan struct{})
		go func() {
			for {
				select {
				case <-hup:
					reload <- struct{}{}
				case <-ctx.Done():
					return
				}
			}
		}()
		scheme := "http"
		if web != nil && web.TLS != nil {
			scheme = "https"
		}
		say(fmt.Sprintf("answering on %s://%s", scheme, l.Addr()))
		return server.Run(ctx, l, web, reload)
	}
	return c
}

// modules reads --config; without it there is one module with every default.
func modules(file string) (map[string]inspect.Job, error) {
	if file == "" {
		return map[string]inspect.Job{"default": {}}, nil
	}
	data, err := load.Read(context.Background(), file)
	if err != nil {
		return nil, &inspect.FileError{Flag: "config", Err: err}
	}
	return policy.Modules(file, data)
}
