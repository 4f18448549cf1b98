package inspect

import (
	"iter"

	"github.com/chainspect/chainspect/internal/load"
)

// Files yields the files a job reads, each with the flag that names it; the
// target's own is under "".
func (j *Job) Files() iter.Seq2[string, string] {
	return func(yield func(flag, path string) bool) {
		if j.Target != "" && load.IsFile(j.Target) && !yield("", j.Target) {
			return
		}
		for _, f := range Fields() {
			if !f.ofFiles() {
				continue
			}
			for _, path := range f.said(j) {
				if path != "" && !f.offers(path) && !yield(f.FlagName(), path) {
					return
				}
			}
		}
	}
}
