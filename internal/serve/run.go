package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Bounds on a client of the exporter: what a request may hold, and how long it
// may take to say it.
const (
	maxHeader   = 16 << 10
	readTimeout = 10 * time.Second
	idleTimeout = 2 * time.Minute
	shutdown    = 15 * time.Second // for probes that are being answered when the exporter is to stop
)

// Run serves on l until ctx ends, and then finishes the probes that are being
// answered. reload is received from whenever the configuration is to be read again.
func (s *Server) Run(ctx context.Context, l net.Listener, web *Web, reload <-chan struct{}) error {
	config, err := web.Config()
	if err != nil {
		return err
	}
	if config != nil {
		if len(config.NextProtos) == 0 {
			config.NextProtos = []string{"h2", "http/1.1"}
		}
		l = tls.NewListener(l, config)
	}
	server := &http.Server{
		Handler:           web.authenticated(s.handler()),
		ReadHeaderTimeout: readTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      s.config.Timeout + readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(io.Discard, "", 0), // handshakes that strangers break off are no news
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	for {
		select {
		case err := <-done:
			return err
		case <-reload:
			if err := s.Reload(); err != nil {
				s.config.Log("the configuration was not reloaded, the one before is in force: " + err.Error())
			} else {
				s.config.Log("the configuration was reloaded")
			}
		case <-ctx.Done():
			grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdown)
			defer cancel()
			err := server.Shutdown(grace)
			<-done
			if errors.Is(err, context.DeadlineExceeded) {
				return server.Close()
			}
			return err
		}
	}
}
