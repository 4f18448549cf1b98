package main

import (
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/chainspect/chainspect/internal/report"
)

// progress says on a terminal whom a run waits for, and how far it is. Nothing of
// it stays behind, and nothing at all is written where standard error is no terminal.
type progress struct {
	mu      sync.Mutex
	bar     *progressbar.ProgressBar // nil: nothing is said
	w       io.Writer
	done    int
	waiting string
	since   time.Time
	drawn   bool
	stop    chan struct{}
}

// patience is how long an answer may take before a word is said.
const patience = time.Second

// newProgress begins to watch; total is -1 where the number of targets is not known.
func newProgress(stderr io.Writer, total int) *progress {
	p := &progress{w: stderr}
	if _, ok := terminal(stderr); !ok {
		return p
	}
	p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(stderr), progressbar.OptionSetWidth(20), progressbar.OptionShowCount(),
		progressbar.OptionSetElapsedTime(false), progressbar.OptionSetPredictTime(false), progressbar.OptionClearOnFinish(), progressbar.OptionSetRenderBlankState(false))
	p.stop = make(chan struct{})
	go p.watch()
	return p
}

func (p *progress) watch() {
	tick := time.NewTicker(patience / 4)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.mu.Lock()
			if p.waiting != "" && time.Since(p.since) >= patience {
				p.bar.Describe("waiting for " + report.Printable(p.waiting) + ", " + time.Since(p.since).Round(time.Second).String())
				_ = p.bar.Set(p.done)
				_ = p.bar.RenderBlank()
				p.drawn = true
			}
			p.mu.Unlock()
		case <-p.stop:
			return
		}
	}
}

// wait is told whose answer is due.
func (p *progress) wait(target string) {
	p.mu.Lock()
	p.waiting, p.since = target, time.Now()
	p.mu.Unlock()
}

// answer shows an answer: what was said is taken away first.
func (p *progress) answer(show func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.waiting = ""
	p.clear()
	return show()
}

func (p *progress) clear() {
	if p.drawn {
		_ = p.bar.Clear()
		p.drawn = false
	}
}

// end takes everything away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = ""
	p.clear()
	if p.stop != nil {
		close(p.stop)
		p.stop = nil
	}
}
