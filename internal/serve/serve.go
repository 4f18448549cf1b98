// Package serve answers probes over HTTP, in the multi-target convention of
// Prometheus exporters: /probe?target=HOST:PORT&module=NAME asks one server and
// answers with its metrics, /metrics tells of the exporter itself.
//
// A probe makes a connection for whoever asks, so the targets and the addresses
// are bounded (Allowed), and so are the number of probes at a time and the time of each.
package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/fetch"
	"github.com/chainspect/chainspect/internal/fetch/web"
	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/report"
)

// Config says what is served and to what bounds.
type Config struct {
	Load    func() (map[string]inspect.Job, error) // the modules; asked at the start and at each reload
	Allowed Allowed
	Probes  int           // how many at a time; more wait for half of their time
	Timeout time.Duration // of one probe, where neither the module nor the scrape sets a shorter one
	Version string
	Page    fs.FS // the page as scripts/page builds it; nil: none is shown
	Now     func() time.Time
	Log     func(string) // one line for the operator
}

// A Server is the exporter. It is safe for many goroutines.
type Server struct {
	config  Config
	metrics *metrics
	pace    pace // of the page's questions
	slots   chan struct{}
	waiting chan struct{}

	mu      sync.RWMutex
	modules map[string]inspect.Job
	runner  *inspect.Runner // remembers the files that the modules name until the next reload
	told    map[string]bool // modules whose files cannot be used, as the operator knows
}

// waitingPerSlot bounds the probes that wait for a slot: each holds a connection.
const waitingPerSlot = 16

// New reads the configuration for the first time.
func New(c Config) (*Server, error) {
	s := &Server{config: c, metrics: newMetrics(), slots: make(chan struct{}, c.Probes), waiting: make(chan struct{}, waitingPerSlot*c.Probes)}
	return s, s.Reload()
}

// Reload reads the configuration again. Where that fails the one in force stays,
// and the error is counted and told.
func (s *Server) Reload() error {
	modules, err := s.config.Load()
	s.metrics.reloaded(err == nil, s.config.Now())
	if err != nil {
		return err
	}
	runner := &inspect.Runner{Now: s.config.Now, Ask: dial.Ask, Permit: s.permit,
		Fetch: func(ctx context.Context, r fetch.Request) (fetch.Answer, error) { return new(web.Client).Fetch(ctx, r) }} // fresh for each probe
	s.mu.Lock()
	defer s.mu.Unlock()
	s.modules, s.runner, s.told = modules, runner, map[string]bool{}
	return nil
}

// unusable tells the operator, once until the next reload, that a file of a module
// cannot be used: no target is at fault then, and no metric has room for the words.
func (s *Server) unusable(module, kind string, err error) {
	if !errors.As(err, new(*inspect.FileError)) && kind != "file" && kind != "password" { // a target is never a file
		return
	}
	s.mu.Lock()
	told := s.told[module]
	s.told[module] = true
	s.mu.Unlock()
	if !told {
		s.config.Log(fmt.Sprintf("module %s: %s", module, err))
	}
}

// refusal is how a probe learns that an address was refused, wherever it was resolved.
type refusal struct {
	mu  sync.Mutex
	err error
}

type refusalKey struct{}

func (s *Server) permit(ctx context.Context, ip netip.Addr) error {
	err := s.config.Allowed.Address(ctx, ip)
	if r, ok := ctx.Value(refusalKey{}).(*refusal); ok && err != nil {
		r.mu.Lock()
		r.err = err
		r.mu.Unlock()
	}
	return err
}

func (r *refusal) why() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// handler answers the exporter's paths.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /probe", s.probe)
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		plain(w)
		_ = s.metrics.write(w, s.config.Version)
	})
	alive := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "OK") }
	mux.HandleFunc("GET /-/healthy", alive)
	mux.HandleFunc("GET /-/ready", alive)
	mux.HandleFunc("POST /-/reload", s.reload)
	if s.config.Page == nil {
		mux.HandleFunc("GET /{$}", s.front)
	} else {
		mux.HandleFunc("GET /", s.file)
		mux.HandleFunc("POST /live", s.live)
	}
	return guarded(mux)
}

// guarded sets what every answer carries.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'")
		next.ServeHTTP(w, r)
	})
}

func plain(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
}

// reload is for operators, not for pages: a browser says where a request comes from.
func (s *Server) reload(w http.ResponseWriter, r *http.Request) {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "none" && site != "same-origin" {
		http.Error(w, "a page of another site may not reload the configuration", http.StatusForbidden)
		return
	}
	if err := s.Reload(); err != nil {
		s.config.Log("the configuration was not reloaded: " + err.Error())
		http.Error(w, "not reloaded, the configuration before is in force: "+report.Printable(err.Error()), http.StatusInternalServerError)
		return
	}
	s.config.Log("the configuration was reloaded")
	fmt.Fprintln(w, "reloaded")
}

// module finds the job of a probe: the one that is named, or the only one, or "default".
func (s *Server) module(name string) (string, inspect.Job, *inspect.Runner, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if name == "" {
		if name = "default"; len(s.modules) == 1 {
			for name = range s.modules {
			}
		}
	}
	job, ok := s.modules[name]
	if !ok {
		var names []string
		for n := range s.modules {
			names = append(names, n)
		}
		slices.Sort(names)
		return "", job, nil, fmt.Errorf("there is no module %q; the configuration has %s", report.Printable(clip(name)), strings.Join(names, ", "))
	}
	return name, job, s.runner, nil
}

// probe asks one target.
func (s *Server) probe(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	refuse := func(reason string, status int, format string, args ...any) {
		s.metrics.refuse(reason)
		http.Error(w, fmt.Sprintf(format, args...), status)
	}
	query := r.URL.Query()
	if len(query["target"]) != 1 || query.Get("target") == "" {
		refuse("target", http.StatusBadRequest, "give one target: /probe?target=HOST:PORT&module=NAME")
		return
	}
	module, job, runner, err := s.module(query.Get("module"))
	if err != nil {
		refuse("module", http.StatusBadRequest, "%s", err)
		return
	}
	job.Target = query.Get("target")
	host, port, err := job.Server()
	if err != nil {
		refuse("target", http.StatusBadRequest, "%s", report.Printable(clip(err.Error())))
		return
	}
	if err := s.config.Allowed.Target(host, port); err != nil {
		refuse("not_allowed", http.StatusForbidden, "%s", report.Printable(clip(err.Error())))
		return
	}
	limit, err := s.limit(&job, r)
	if err != nil {
		refuse("timeout", http.StatusBadRequest, "%s", err)
		return
	}
	results, refused, ok := s.ask(r.Context(), runner, job, limit)
	if !ok {
		refuse("busy", http.StatusServiceUnavailable, "%d probes are being answered already: ask again, or raise --probes", s.config.Probes)
		return
	}
	result := "inspected"
	collector := report.NewCollector(false)
	for _, res := range results {
		if res.Failure != nil {
			result = string(res.Failure.Error.Kind)
			s.unusable(module, result, res.Err)
			res.Failure.Target = job.Target
			collector.Failure(res.Failure)
			continue
		}
		res.Report.Target = job.Target
		collector.Report(res.Report)
	}
	if refused != nil && result != "inspected" {
		s.metrics.ended(module, "not_allowed")
		refuse("not_allowed", http.StatusForbidden, "%s: %s", report.Printable(clip(host)), refused)
		return
	}
	s.metrics.ended(module, result)
	var b bytes.Buffer
	if err := collector.WriteText(&b); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(&b, "# HELP probe_duration_seconds How long the probe took, waiting for its turn included.\n# TYPE probe_duration_seconds gauge\nprobe_duration_seconds %g\n", time.Since(start).Seconds())
	plain(w)
	_, _ = w.Write(b.Bytes())
}

// ask inspects a job within a limit of time, waiting for its turn included; ok is
// false where none came. refused is why an address was not connected to, if one was.
// Whoever asks counts the end of it.
func (s *Server) ask(ctx context.Context, runner *inspect.Runner, job inspect.Job, limit time.Duration) (results []inspect.Result, refused error, ok bool) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if !s.acquire(ctx, limit/2) {
		return nil, nil, false
	}
	defer func() { <-s.slots }()
	r := &refusal{}
	job.Timeout = inspect.Duration(limit - time.Since(start))
	s.metrics.began()
	results = runner.Inspect(context.WithValue(ctx, refusalKey{}, r), job)
	return results, r.why(), true
}

// acquire waits for a slot: a probe that got one late would blame its target for
// our own queue.
func (s *Server) acquire(ctx context.Context, wait time.Duration) bool {
	select {
	case s.waiting <- struct{}{}:
		defer func() { <-s.waiting }()
	default:
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case s.slots <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// scrapeMargin is left of the scraper's own limit, so that the answer is there in time.
const scrapeMargin = 500 * time.Millisecond

// limit is the time of a probe: the shortest of the module's, the server's and
// the scraper's, which says its own in a header.
func (s *Server) limit(job *inspect.Job, r *http.Request) (time.Duration, error) {
	limit := s.config.Timeout
	if own := time.Duration(job.Timeout); own > 0 && own < limit {
		limit = own
	}
	text := r.Header.Get("X-Prometheus-Scrape-Timeout-Seconds")
	if text == "" {
		return limit, nil
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds > 0) || seconds > 1e6 {
		return 0, errors.New("X-Prometheus-Scrape-Timeout-Seconds is no number of seconds")
	}
	scrape := time.Duration(seconds * float64(time.Second))
	if scrape > 2*scrapeMargin {
		scrape -= scrapeMargin
	}
	return min(limit, scrape), nil
}

// front says what there is.
func (s *Server) front(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, "chainspect exporter\n\n/probe?target=HOST:PORT&module=NAME\n/metrics\n/-/healthy\n/-/ready\nPOST /-/reload\n")
}

// clip keeps an answer short whatever a request holds.
func clip(s string) string {
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}
