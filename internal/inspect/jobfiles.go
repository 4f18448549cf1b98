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
			var paths List
			switch f.Kind {
			case File:
				paths = List{f.at(j).String()}
			case ChoiceOrFile:
				if v := f.at(j).String(); !Choosable(f.Key, v) {
					paths = List{v}
				}
			case Files:
				paths = f.at(j).Interface().(List)
			}
			for _, path := range paths {
				if path != "" && !yield(f.FlagName(), path) {
					return
				}
			}
		}
	}
}
