package inspect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/chainspect/chainspect/internal/load"
)

// GiveTargets is what to do about a file that is no list of targets.
const GiveTargets = "give a file with one target or one JSON job a line"

// NoTargets says that a file whose beginning is head is no list of targets, as
// a key or a list of passwords is; nil where it may be one. It is asked before
// any line is looked up or shown, and repeats nothing of the file.
func NoTargets(path string, head []byte, defaults Job) error {
	switch k := load.Recognise(head); k {
	case load.Empty:
		return nil
	case load.JobLines:
		if overLines(head) {
			return &load.Error{Kind: "format", Path: path, Message: "a JSON job stands on several lines here", Remedy: "write each on one line: `jq -c . " + path + "`"}
		}
		return nil
	case load.Text:
	default:
		return load.Misplaced(path, head, GiveTargets)
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
				Message: "this is text, and its first line names no target: HOST:PORT, a URL or a file, then key=value", Remedy: GiveTargets}
		}
		return nil
	}
	return nil
}

// overLines reports whether a whole JSON object begins the file that its first line
// does not end.
func overLines(head []byte) bool {
	var value json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(head)).Decode(&value); err != nil {
		return false
	}
	return bytes.ContainsRune(value, '\n')
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
