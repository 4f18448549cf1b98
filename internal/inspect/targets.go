package inspect

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/chainspect/chainspect/internal/load"
)

// NoTargets says that a file whose beginning is head is no list of targets, as
// a key or a list of passwords is; nil where it may be one. It is asked before
// any line is looked up or shown, and repeats nothing of the file.
func NoTargets(path string, head []byte, defaults Job) error {
	const give = "give a file with one target or one JSON job a line"
	switch k := load.Recognise(head); k {
	case load.Empty, load.JobLines:
		return nil
	case load.Text:
	default:
		return load.Misplaced(path, head, give)
	}
	n := 0
	for line := range bytes.Lines(head) {
		n++
		text := strings.TrimSpace(string(line))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if !strings.HasPrefix(text, "{") && !namesTarget(strings.Fields(text)[0], defaults) {
			return &load.Error{Kind: "format", Path: path, Position: fmt.Sprintf("line %d", n),
				Message: "this is text, and its first line names no target: HOST:PORT, a URL or a file, then key=value", Remedy: give}
		}
		return nil
	}
	return nil
}

// namesTarget reports whether a word can be meant as a target.
func namesTarget(word string, defaults Job) bool {
	if load.IsFile(word) {
		_, err := os.Stat(word)
		return err == nil || !strings.Contains(word, ":")
	}
	defaults.Target = word
	_, err := liveTarget(&defaults)
	return err == nil && (strings.ContainsAny(word, ".:[") || word == "localhost")
}
