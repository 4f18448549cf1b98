package lab

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/pkg/chain"
)

// Job is how the server is checked.
func (s *Server) Job() inspect.Job {
	_, port, _ := net.SplitHostPort(s.Addr)
	j := inspect.Job{ID: s.Name, Target: net.JoinHostPort(s.Host, port), Connect: s.Addr, Anchor: inspect.List{s.lab.folder.path("root.crt")},
		ServerName: s.Check.ServerName, Thorough: s.Check.Thorough, Timeout: inspect.Duration(patience)}
	if s.Check.Identity != "" {
		j.Identity = s.lab.folder.path(s.Check.Identity + ".pem")
	}
	if s.Check.WithCRL {
		j.With = inspect.List{s.lab.folder.path(s.Name + ".crl")}
	}
	j.Fetch, j.FetchPrivate = s.Check.Fetch, s.Check.Fetch != ""
	if d, err := time.ParseDuration(s.Check.Timeout); err == nil {
		j.Timeout = inspect.Duration(d)
	}
	return j
}

// Command is the same as a line to type.
func (s *Server) Command() string {
	j := s.Job()
	words := []string{"chainspect check", chain.ShellWord(j.Target), "--connect", chain.ShellWord(j.Connect), "--anchor", chain.ShellFile(j.Anchor[0])}
	if j.ServerName != nil {
		words = append(words, "--servername", chain.ShellWord(*j.ServerName))
	}
	if j.Thorough {
		words = append(words, "--thorough")
	}
	if j.Identity != "" {
		words = append(words, "--identity", chain.ShellFile(j.Identity))
	}
	for _, f := range j.With {
		words = append(words, "--with", chain.ShellFile(f))
	}
	if j.Fetch != "" {
		words = append(words, "--fetch", j.Fetch, "--fetch-private")
	}
	if s.Check.Timeout != "" {
		words = append(words, "--timeout", s.Check.Timeout)
	}
	return strings.Join(words, " ")
}

// Outcome is what a check said of a server, against what was expected.
type Outcome struct {
	*Server
	Got   string
	Wrong string // what is not as expected; "" nothing
}

// SelfTest checks all servers of the lab, several at a time; it gives the
// outcomes in the servers' order.
func (l *Lab) SelfTest(ctx context.Context, r *inspect.Runner, workers int) []Outcome {
	out := make([]Outcome, len(l.servers))
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				s := l.servers[i]
				out[i] = s.compare(r.Inspect(ctx, s.Job()))
			}
		})
	}
	for i := range l.servers {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

// compare holds results to what the fault expects: the worst verdict, every
// expected finding, and no error or warning besides.
func (s *Server) compare(results []inspect.Result) Outcome {
	verdict := chain.Verdict("")
	var loud, all []string
	var failure chain.ErrorKind
	for _, res := range results {
		if res.Failure != nil {
			failure = res.Failure.Error.Kind
			continue
		}
		if rank := []chain.Verdict{"", chain.Trusted, chain.Undecided, chain.Untrusted}; slices.Index(rank, res.Report.Verdict) > slices.Index(rank, verdict) {
			verdict = res.Report.Verdict
		}
		for _, f := range res.Report.Findings {
			all = append(all, f.Rule)
			if f.Severity != chain.Note && (f.Status == chain.Broken || f.Severity == chain.Error) && !slices.Contains(loud, f.Rule) {
				loud = append(loud, f.Rule)
			}
		}
	}
	got := fmt.Sprintf("%s %s", verdict, strings.Join(loud, ", "))
	if failure != "" {
		got = "not inspected: " + string(failure)
	}
	out := Outcome{Server: s, Got: strings.TrimSpace(got)}
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if failure != s.Expect.Error || verdict != s.Expect.Verdict {
		say("want %s%s", s.Expect.Verdict, s.Expect.Error)
	}
	for _, id := range s.Expect.Findings {
		if !slices.Contains(all, id) {
			say("%s is missing", id)
		}
	}
	for _, id := range loud {
		if !slices.Contains(s.Expect.Findings, id) {
			say("%s is not expected", id)
		}
	}
	out.Wrong = strings.Join(wrong, "; ")
	return out
}
