package inspect

import (
	"iter"
	"reflect"
	"strings"

	"github.com/chainspect/chainspect/internal/load"
)

// JobKeys lists the keys of a Job in JSON and YAML.
func JobKeys() []string {
	t := reflect.TypeFor[Job]()
	var keys []string
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("json"); key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

// FileKey reports whether a key of a Job names files.
func FileKey(key string) bool {
	switch key {
	case "identity", "key", "password_file", "anchor", "app_anchor", "with", "info_plist", "pin_ca", "server_policy":
		return true
	}
	return false
}

// Files yields the files a job reads, each with the flag that names it; the
// target's own is under "".
func (j *Job) Files() iter.Seq2[string, string] {
	return func(yield func(flag, path string) bool) {
		if j.Target != "" && load.IsFile(j.Target) && !yield("", j.Target) {
			return
		}
		v := reflect.ValueOf(j).Elem()
		for i := range v.NumField() {
			key := v.Type().Field(i).Tag.Get("json")
			if !FileKey(key) {
				continue
			}
			paths, ok := v.Field(i).Interface().(List)
			if !ok {
				paths = List{v.Field(i).String()}
			}
			for _, path := range paths {
				if path != "" && !yield(strings.ReplaceAll(key, "_", "-"), path) {
					return
				}
			}
		}
	}
}
