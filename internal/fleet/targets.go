// Package fleet is what a run over many targets needs beside the inspection: lists
// of targets in their notations, what an earlier run has answered already, and a
// summary at the end. Nothing in it grows with the number of targets but the list
// of what is done, at some bytes a target.
package fleet

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
)

// List is a file of --targets: a host, a `TARGET key=value …` or a JSON object a
// line, or Kubernetes Secrets as kubectl prints them.
type List struct {
	Path     string
	In       io.Reader
	Defaults inspect.Job
	Remark   func(format string, args ...any)
}

// Jobs yields the jobs of the list; an error stands for a line that gives none, or
// for the whole list where it is something else, which no line of is looked up then.
func (l *List) Jobs() iter.Seq2[inspect.Job, error] {
	return func(yield func(inspect.Job, error) bool) {
		lines := bufio.NewReaderSize(l.In, 1<<16)
		if mark, _ := lines.Peek(3); string(mark) == "\ufeff" {
			_, _ = lines.Discard(3)
			_, _ = lines.Peek(1)
		}
		// What came first says what the file is.
		head, _ := lines.Peek(lines.Buffered())
		if end := bytes.LastIndexByte(head, '\n'); end >= 0 && head[0] != 0x30 { // DER begins with that and has no lines
			head = head[:end+1]
		}
		if load.Recognise(head) == load.Kubernetes {
			l.secrets(lines, yield)
			return
		}
		if err := inspect.NoTargets(l.Path, head, l.Defaults); err != nil {
			yield(inspect.Job{Target: l.Path}, fmt.Errorf("--targets %w", err))
			return
		}
		l.lines(lines, yield)
	}
}

func (l *List) lines(in *bufio.Reader, yield func(inspect.Job, error) bool) {
	remarked := false // of misspelt keys one is named
	for n := 1; ; n++ {
		line, end := in.ReadString('\n')
		if end != nil && end != io.EOF {
			if !errors.Is(end, context.Canceled) { // an interrupted run says so itself
				yield(inspect.Job{Target: l.Path}, fmt.Errorf("--targets %w", load.Unreadable(l.Path, end, inspect.GiveTargets)))
			}
			return
		}
		text := strings.TrimSpace(line)
		if !strings.HasPrefix(text, "{") {
			text = withoutComment(text)
		}
		if text != "" {
			if key, meant := inspect.Misspelt(text); key != "" && !remarked {
				remarked = true
				l.Remark("%s, line %d: there is no key %q; did you mean %s? what no job has is passed over", l.Path, n, key, meant)
			}
			if !yield(l.job(text, n)) {
				return
			}
		}
		if end != nil {
			return
		}
	}
}

// withoutComment drops what stands behind a #: at the beginning, or after a blank.
func withoutComment(text string) string {
	if strings.HasPrefix(text, "#") {
		return ""
	}
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		if at := strings.Index(text[i:], "#"); at > 0 && strings.ContainsRune(" \t", rune(text[i+at-1])) {
			return strings.TrimSpace(text[:i+at])
		}
	}
	return text
}

// job decodes a line; the error is a *load.Error that names it, or a *UsageError.
func (l *List) job(text string, n int) (inspect.Job, error) {
	j, bad := inspect.Decode(text, l.Defaults)
	if bad != nil {
		if j.Target == "" && j.ID == "" {
			j.Target = fmt.Sprintf("%s, line %d", l.Path, n)
		}
		return j, &load.Error{Kind: "format", Path: l.Path, Position: fmt.Sprintf("line %d", n), Message: bad.Error()}
	}
	if j.Target == "" && len(j.ChainPEM) == 0 {
		return j, &inspect.UsageError{Message: fmt.Sprintf("%s, line %d: there is no target: give HOST[:PORT], a URL or a file", l.Path, n)}
	}
	if bad = cmp.Or(j.Check(), j.CheckIdentity(&l.Defaults)); bad != nil {
		return j, &inspect.UsageError{Message: fmt.Sprintf("%s, line %d: %s", l.Path, n, bad)}
	}
	return j, nil
}
