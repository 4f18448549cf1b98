package inspect

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/fetch"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/client"
)

// Runner inspects jobs. It is safe for many goroutines.
type Runner struct {
	Now    func() time.Time
	Stdin  io.Reader
	Remark func(string) // one line for standard error; nil: dropped
	Prompt func(file string) (string, error)
	// Updated reads the newer tables in a data folder; nil: the built-in ones are
	// used. DataDir is the folder where a job names none; "" is none.
	Updated func(dir string) ([]chain.Evidence, error)
	DataDir string
	Verbose bool                      // reports with timeline, passed rules and extensions
	Full    bool                      // learn everything about a server that any Info.plist may ask later; reports carry nscurl's table
	Clients string                    // whose opinion is wanted where a job does not say: "all", "none", names
	Regrade map[string]chain.Severity // severities of findings, as a gate's policy wants them; never Off

	Ask ask.Func // asks servers; nil: none are asked, and a target is a file

	// Slim leaves the captures out of the results of Stream, which holds many at a time.
	Slim bool
	// Waiting, where not nil, is told the target whose answer Stream waits for.
	Waiting func(target string)

	// Much, where not nil, is told that a job has much to judge: a directory, a large file.
	Much func()

	// Files opens what jobs name; nil opens anything.
	Files *load.Files
	Fetch fetch.Func // gets what certificates point at; nil: nothing is fetched

	// Permit, where not nil, is asked before each connection whether the address may
	// be connected to; targets are then servers only, never files. Its error is the answer.
	Permit func(context.Context, netip.Addr) error

	memory     *chain.Memory
	memoryOnce sync.Once
	panel      *client.Panel
	panelOnce  sync.Once
	mu         sync.Mutex
	evaluators map[string]*chain.Evaluator
	files      map[string]*remembered
	stdin      standardInput
	said       sync.Map // remarks that are made once
}

// Result is the answer for one list of certificates: a report, or a failure;
// the capture it rests on can be saved.
type Result struct {
	Report  *chain.Report
	Failure *chain.Failure
	Capture *chain.Capture
	Err     error // behind Failure; a *UsageError ends a run with exit code 2
	// Settled: that the verdict is unknown changes no exit code, since the job or a
	// policy allows it, or no question of trust was asked.
	Settled bool
}

// CouldNotTell reports whether the answer ends a run with exit code 4.
func (r *Result) CouldNotTell() bool {
	return r.Report != nil && r.Report.Verdict == chain.Undecided && !r.Settled
}

// Inspect answers one job: one result for a server or a file, one per file for a directory.
func (r *Runner) Inspect(ctx context.Context, j Job) []Result {
	q, err := r.resolve(ctx, &j)
	if err != nil {
		return []Result{failed(j, nil, err)}
	}
	begun := time.Now() // a password was asked for before the clock runs
	found, err := r.capture(ctx, q)
	if j.Target == "-" { // which was waited for without a limit
		begun = time.Now()
	}
	q.ends = j.ends(begun, len(found))
	switch {
	case err == nil:
	case len(found) == 0:
		return []Result{failed(j, nil, err)}
	case clearText(found[0].Capture):
		found[0].Err = err
	default:
		return []Result{failed(j, found[0].Capture, err)}
	}
	if q.size(found) <= quicklyJudged {
		return r.judge(ctx, q, found)
	}
	if r.Much != nil {
		r.Much()
	}
	return r.inTime(q, len(found), func() []Result { return r.judge(ctx, q, found) })
}

// leastJudging is what judging has of any limit: a server may have used up the rest.
const leastJudging = time.Second

// quicklyJudged is how many octets are judged without a watch, on the stack that asked
// and has grown already: whatever they are, they take seconds at most, and the job's end
// is looked for between signatures and between rules.
const quicklyJudged = 128 << 10

// size is the octets of captures, and of what they are judged with.
func (q *request) size(found []load.Found) int {
	n := 0
	for _, e := range q.evidence {
		n += len(e.Data)
	}
	for _, one := range found {
		if one.Capture == nil { // a file of a directory that could not be read
			continue
		}
		for _, blob := range one.Capture.Blobs {
			n += len(blob)
		}
		for _, e := range one.Capture.Evidence {
			n += len(e.Data)
		}
	}
	return n
}

// inTime judges captures for as long as the job's time lasts, each file of a
// directory for so long; standard input was waited for without a limit. What takes
// longer is an error of its own and never a verdict; the work, which counts bound,
// is left behind.
func (r *Runner) inTime(q *request, captures int, judge func() []Result) []Result {
	if q.begun.IsZero() {
		return judge()
	}
	left := time.Duration(q.job.Timeout) * time.Duration(max(1, captures))
	if q.job.Target != "-" {
		left -= time.Since(q.begun)
	}
	done := make(chan []Result, 1)
	go func() { done <- judge() }()
	limit := time.NewTimer(max(left, leastJudging))
	defer limit.Stop()
	select {
	case out := <-done:
		return out
	case <-limit.C:
		return []Result{failed(*q.job, nil, &load.Error{Kind: chain.ErrorTimeout, Path: q.job.Target, Message: "it was not judged within " + time.Duration(q.job.Timeout).String(), Remedy: "allow more with --timeout"})}
	}
}

// judge evaluates captures as a job asks.
func (r *Runner) judge(ctx context.Context, q *request, found []load.Found) []Result {
	var out []Result
	e := r.evaluator(q.profile, false)
	if len(found) > 1 && q.job.Clients == "" { // a directory
		q.clients = nil
	}
	for _, one := range found {
		c := one.Capture
		if one.Err == nil && !seen(c) { // a saved attempt that reached no certificate
			one.Path, one.Err = c.Target, unreachable(c)
		}
		if one.Err != nil && !clearText(c) {
			bad := *q.job
			bad.Target = one.Path
			out = append(out, failed(bad, c, one.Err))
			continue
		}
		question := q.question
		if !q.live && q.job.Name == nil { // each capture says the name it was asked for
			question.Name, question.NameKind = "", chain.NameNone
			if bad := referenceName(&question, nameAsked(c), q.job.NameKind); bad != nil {
				out = append(out, failed(*q.job, c, &load.Error{Kind: chain.ErrorFormat, Path: one.Path, Message: "the server name it holds: " + bad.Error()}))
				continue
			}
		}
		c.Evidence = append(c.Evidence, q.evidence...)
		cut := false
		evaluate := func(observation int) *chain.Report {
			in := chain.Input{Capture: c, Observation: observation, Question: question, Anchors: q.anchors, Stop: q.late}
			seen, report := e.Examine(in)
			if report == nil {
				cut = true
				return &chain.Report{}
			}
			r.askClients(q, in, seen, report)
			return report
		}
		if one.Err != nil { // clear text: where it is refused, or may be, that is before any connection
			if report := evaluate(Judged(c)); report.Verdict == chain.Untrusted || undecided(report) {
				report.ID = q.job.ID
				out = append(out, Result{Report: report, Capture: c, Settled: q.job.AllowUnknown})
			} else {
				out = append(out, failed(*q.job, c, one.Err))
			}
			continue
		}
		judged := lists(c, q.job.Thorough)
		r.enrich(ctx, q, question, c, judged)
		all := reports(c, judged, evaluate)
		if cut {
			out = append(out, failed(*q.job, c, outOfTime(one.Path)))
			continue
		}
		for _, report := range all {
			report.ID = q.job.ID
			out = append(out, Result{Report: report, Capture: c, Settled: q.job.AllowUnknown})
		}
	}
	return out
}

// undecided reports whether it is not known if App Transport Security refuses the
// host: a connection would not tell.
func undecided(r *chain.Report) bool {
	return slices.ContainsFunc(r.Findings, func(f chain.Finding) bool {
		return f.Level == chain.LevelATS && f.Status == chain.Unknown && f.Severity == chain.Error
	})
}

func failed(j Job, c *chain.Capture, err error) Result {
	f := &chain.Failure{ID: j.ID, Target: j.Target, Error: chain.FailureCause{Kind: chain.ErrorFormat, Message: err.Error()}}
	if f.Target == "" {
		f.Target = j.ID
	}
	if j.Name != nil {
		f.Name = *j.Name
	}
	var le *load.Error
	var re *reachFailure
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Error.Kind = chain.ErrorFile
	case errors.As(err, &le):
		f.Error.Kind = le.Kind
	case errors.As(err, &re):
		f.Error.Kind = re.kind
	}
	return Result{Failure: f, Capture: c, Err: err}
}

// ends is when so many captures have to be judged, each in the job's time; zero:
// whenever.
func (j *Job) ends(begun time.Time, captures int) (end time.Time) {
	if j.Timeout > 0 {
		end = begun.Add(time.Duration(j.Timeout) * time.Duration(max(1, captures)))
	}
	return end
}

// late asks the clock, and no context: who asks and who fetches has a limit of its
// own, below this one.
func (q *request) late() bool { return !q.ends.IsZero() && time.Now().After(q.ends) }

// outOfTime is a target that was not judged to the end: that is no verdict.
func outOfTime(target string) error {
	return &reachFailure{kind: chain.ErrorTimeout, message: target + ": judging it did not come to an end within the time; allow more with --timeout"}
}

// reachFailure is a server that showed no certificate.
type reachFailure struct {
	kind    chain.ErrorKind
	message string
}

func (e *reachFailure) Error() string { return e.message }

// evidence is what was given beside the target: the files of --with, and crls_pem.
func (r *Runner) evidence(ctx context.Context, j *Job) ([]chain.Evidence, error) {
	out := r.updated(j)
	for _, path := range j.With {
		more, err := given(ctx, r, j, "with", path, func(data []byte) ([]chain.Evidence, error) {
			list, err := with(path, data)
			if allRoots(list) {
				r.remark("--with %s: a root given so is not trusted; did you mean `--anchor %s`?", path, chain.ShellFile(path))
			}
			return list, err
		})
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	crls, err := pemList("crls_pem", j.CRLsPEM)
	if err != nil {
		return nil, err
	}
	for _, der := range crls {
		out = append(out, chain.Evidence{Kind: chain.EvidenceCRL, Origin: "given", Source: "crls_pem", Data: der})
	}
	return out, nil
}

// updated are the lists of CT logs in the data folder that are newer than the
// built-in ones. One that cannot be used is said once, and its built-in one stands.
func (r *Runner) updated(j *Job) []chain.Evidence {
	dir := cmp.Or(j.DataDir, r.DataDir)
	if dir == "" || Choosable("data_dir", dir) || r.Updated == nil {
		return nil
	}
	list, _ := remember(r, "data-dir "+dir, func() ([]chain.Evidence, error) {
		list, err := r.Updated(dir)
		if unmade := errors.Is(err, fs.ErrNotExist) && j.DataDir == ""; err != nil && !unmade {
			r.remark("%s; the built-in list is used", strings.ReplaceAll(err.Error(), "\n", "; "))
		}
		return list, nil
	})
	return list
}

// allRoots reports whether evidence is nothing but certificates of CAs that issued themselves.
func allRoots(list []chain.Evidence) bool {
	for _, e := range list {
		c, err := x509read.Parse(e.Data)
		if e.Kind != chain.EvidenceCert || err != nil || !bytes.Equal(c.Subject.Raw, c.Issuer.Raw) || c.BasicConstraints == nil || !c.BasicConstraints.CA {
			return false
		}
	}
	return len(list) > 0
}

// with reads a file of --with; a list of CT logs has to be one in all its entries.
func with(path string, data []byte) ([]chain.Evidence, error) {
	out, err := load.With(path, data)
	for _, e := range out {
		if e.Kind != chain.EvidenceCTList {
			continue
		}
		if _, bad := ctlog.Parse(e.Data, path); bad != nil {
			return nil, &load.Error{Kind: chain.ErrorFormat, Path: path, Message: "this list of CT logs cannot be used: " + bad.Error(),
				Remedy: "fetch it again: https://valid.apple.com/ct/log_list/current_log_list.json"}
		}
	}
	return out, err
}

// remarkOnce is a remark that many jobs have in common.
func (r *Runner) remarkOnce(format string, args ...any) {
	if _, said := r.said.LoadOrStore(fmt.Sprintf(format, args...), true); !said {
		r.remark(format, args...)
	}
}

func (r *Runner) remark(format string, args ...any) {
	if r.Remark != nil {
		r.Remark(fmt.Sprintf(format, args...))
	}
}
