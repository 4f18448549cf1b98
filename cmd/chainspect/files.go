package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/chainspect/chainspect/internal/inspect"
)

// named is a file of the command line and what names it: a flag, or an argument.
type named struct{ use, path string }

const aTarget = "the target"

// inputs are the files that a job reads.
func inputs(j *inspect.Job) []named {
	var out []named
	for flag, path := range j.Files() {
		use := aTarget
		if flag != "" {
			use = "--" + flag
		}
		out = append(out, named{use, path})
	}
	return out
}

// distinct refuses to read standard input twice, and to write over a file that
// is read, or twice to the same one.
func distinct(in, out []named) error {
	stdin := ""
	for _, f := range in {
		if f.path != "-" {
			continue
		}
		if stdin != "" && (stdin != f.use || f.use == aTarget) {
			return usageError{fmt.Sprintf("standard input can be read once: - stands for %s and for %s", stdin, f.use)}
		}
		stdin = f.use
	}
	for i, w := range out {
		for _, f := range append(in, out[:i]...) {
			if w.path != "" && w.path != "-" && sameFile(w.path, f.path) {
				return usageError{fmt.Sprintf("%s %s would replace %s: name another file", w.use, w.path, f.use)}
			}
		}
	}
	return nil
}

// sameFile reports whether two names lead to one regular file, which may be yet to be made.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return x.Mode().IsRegular() && os.SameFile(x, y)
	}
	a, errX = filepath.Abs(a)
	b, errY = filepath.Abs(b)
	return errX == nil && errY == nil && a == b
}
