package fleet

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
)

// An Answer is what an earlier run has written about a job, as far as the exit
// code and the summary of this one need it.
type Answer struct {
	ID       string              `json:"id"`
	Target   string              `json:"target"`
	Name     string              `json:"name"`
	Part     int                 `json:"part"`
	Parts    int                 `json:"parts"`
	Verdict  chain.Verdict       `json:"verdict"`
	Findings []chain.Finding     `json:"findings"`
	Items    []chain.ItemReport  `json:"items"`
	Good     *chain.GoodUntil    `json:"good_until"`
	Error    *chain.FailureCause `json:"error"`
}

// Done counts the answers of an earlier run by the job they are about. A job that
// stands twice in the list is done when it was answered twice.
type Done struct {
	left map[key]int
	part map[key]int // parts seen of a job with several answers
}

// key is the digest of what names a job.
type key [16]byte

func keyOf(kind, id, target, name string) key {
	if id != "" {
		kind, target, name = "id", id, ""
	}
	sum := sha256.Sum256([]byte(kind + "\x00" + target + "\x00" + name))
	return key(sum[:16])
}

// The kinds of keys: what a report says of its job, and what a failure says.
const (
	ofReport  = "report"
	ofFailure = "failure"
)

// maxLine bounds one answer.
const maxLine = 64 << 20

// ReadDone reads the NDJSON of an earlier run. each is told of every answer. What
// follows the last line end was cut off, and is asked again.
func ReadDone(path string, in io.Reader, each func(*Answer)) (*Done, error) {
	d := &Done{left: map[key]int{}, part: map[key]int{}}
	lines := bufio.NewReaderSize(in, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return d, nil
		}
		if err != nil {
			return nil, &load.Error{Kind: "file", Path: path, Position: fmt.Sprintf("line %d", n), Message: "cannot be read: " + err.Error()}
		}
		if len(line) == 0 {
			continue
		}
		var a Answer
		if json.Unmarshal(line, &a) != nil || a.Target == "" && a.ID == "" || a.Verdict == "" && a.Error == nil {
			return nil, &load.Error{Kind: "format", Path: path, Position: fmt.Sprintf("line %d", n), Message: "this is no answer of an earlier run", Remedy: "give what --format ndjson wrote"}
		}
		d.add(&a)
		each(&a)
	}
}

// readLine is one whole line without its end; io.EOF where none follows.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(line) > maxLine:
			return nil, errors.New("the line has no end")
		}
	}
}

// add counts an answer; a job with several is done when all of them are there.
func (d *Done) add(a *Answer) {
	k := keyOf(ofReport, a.ID, a.Target, a.Name)
	if a.Error != nil {
		k = keyOf(ofFailure, a.ID, a.Target, "")
	}
	if a.Parts > 1 {
		if d.part[k]++; d.part[k] < a.Parts {
			return
		}
		delete(d.part, k)
	}
	d.left[k]++
}

// Without leaves out the jobs that are done, and counts them.
func (d *Done) Without(jobs iter.Seq2[inspect.Job, error], skipped *int) iter.Seq2[inspect.Job, error] {
	if d == nil {
		return jobs
	}
	return func(yield func(inspect.Job, error) bool) {
		for j, err := range jobs {
			if d.take(&j, err) {
				*skipped++
				continue
			}
			if !yield(j, err) {
				return
			}
		}
	}
}

// take uses up one answer to a job, if there is one.
func (d *Done) take(j *inspect.Job, unread error) bool {
	keys := []key{keyOf(ofFailure, j.ID, j.Target, "")}
	if target, name, ok := j.Asks(); ok && unread == nil {
		keys = append(keys, keyOf(ofReport, j.ID, target, name))
	}
	for _, k := range keys {
		if d.left[k] > 0 {
			d.left[k]--
			return true
		}
	}
	return false
}
