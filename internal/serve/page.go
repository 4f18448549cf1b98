package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/report"
)

// pageFiles are the files of the page that are handed out, with their types; no
// other file of the folder is.
func pageFiles() map[string]string {
	return map[string]string{
		"index.html": "text/html; charset=utf-8", "page.css": "text/css; charset=utf-8",
		"page.js": "text/javascript", "texts.js": "text/javascript", "memfs.js": "text/javascript", "wasm_exec.js": "text/javascript", "worker.js": "text/javascript",
		"chainspect.wasm.gz": "application/gzip", "other-roots.der.gz": "application/gzip",
	}
}

// CheckPage says whether a folder holds the page as scripts/page builds it.
func CheckPage(page fs.FS) error {
	for name := range pageFiles() {
		if _, err := fs.Stat(page, name); err != nil {
			return fmt.Errorf("%s is missing: give the folder that scripts/page or the release's archive made", name)
		}
	}
	return nil
}

// file hands out a file of the page; index.html says that servers can be asked here.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	kind, ok := pageFiles()[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	data, err := fs.ReadFile(s.config.Page, name)
	if err != nil {
		http.Error(w, "the page cannot be read", http.StatusInternalServerError)
		return
	}
	if name == "index.html" {
		data = bytes.Replace(data, []byte(`<html lang="en">`), []byte(`<html lang="en" data-live>`), 1)
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", "frame-ancestors 'none'") // the rest stands in the page itself
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	_, _ = w.Write(data)
}

// maxLive bounds what a page may say of the server it asks about.
const maxLive = 4 << 10

// live asks one server for the page and answers with what was seen, a capture, to
// be judged in the browser. The page brings a target and a name, nothing else.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	refuse := func(reason string, status int, text string) {
		s.metrics.refuse(reason)
		http.Error(w, report.Printable(clip(text)), status)
	}
	if !sameOrigin(r) || r.Header.Get("Content-Type") != "application/json" {
		refuse("cross_site", http.StatusForbidden, "only this server's own page may ask")
		return
	}
	if !s.pace.take(s.config.Now()) {
		w.Header().Set("Retry-After", "1")
		refuse("rate", http.StatusTooManyRequests, "too many questions at once: ask again in a second")
		return
	}
	var asked struct {
		Target string  `json:"target"`
		Name   *string `json:"name"`
	}
	dec := json.NewDecoder(io.LimitReader(r.Body, maxLive))
	if err := dec.Decode(&asked); err != nil || asked.Target == "" {
		refuse("target", http.StatusBadRequest, "name one server: HOST:PORT")
		return
	}
	job := inspect.Job{Target: asked.Target, Name: asked.Name}
	host, port, err := job.Server()
	if err != nil {
		refuse("target", http.StatusBadRequest, err.Error())
		return
	}
	if err := s.config.Allowed.Target(host, port); err != nil {
		refuse("not_allowed", http.StatusForbidden, err.Error())
		return
	}
	s.mu.RLock()
	runner := s.runner
	s.mu.RUnlock()
	results, refused, ok := s.ask(r.Context(), runner, job, s.config.Timeout)
	if !ok {
		refuse("busy", http.StatusServiceUnavailable, "too many servers are being asked already: try again")
		return
	}
	s.metrics.ended("page", "asked")
	switch {
	case len(results) > 0 && results[0].Report != nil && results[0].Capture != nil:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(results[0].Capture)
	case refused != nil:
		refuse("not_allowed", http.StatusForbidden, host+": "+refused.Error())
	case len(results) > 0 && results[0].Failure != nil:
		refuse("not_inspected", http.StatusBadGateway, results[0].Failure.Error.Message)
	default:
		refuse("not_inspected", http.StatusBadGateway, "there was no answer")
	}
}

// sameOrigin reports whether a request comes from a page of this server: browsers
// say so, and what is no browser has to write the headers itself.
func sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Host != "" && origin.Host == r.Host
}

// A pace allows a number of questions a second, and as many again at once.
type pace struct {
	mu    sync.Mutex
	left  float64
	since time.Time
}

const livePerSecond, liveAtOnce = 2, 10

func (p *pace) take(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.since.IsZero() {
		p.left = liveAtOnce
	} else {
		p.left = min(liveAtOnce, p.left+livePerSecond*now.Sub(p.since).Seconds())
	}
	p.since = now
	if p.left < 1 {
		return false
	}
	p.left--
	return true
}
