package main

import (
	"runtime"
	"runtime/debug"

	"github.com/chainspect/chainspect/internal/report"
)

// version is set by release builds; otherwise the build's own information is used.
var version = ""

// tool describes this build.
func tool() report.Tool {
	t := report.Tool{Name: "chainspect", Version: version, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return t
	}
	if t.Version == "" {
		t.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			t.Revision = s.Value
		}
	}
	return t
}

func versionText() string {
	t := tool()
	text := t.Version
	if text == "" {
		text = "(devel)"
	}
	if t.Revision != "" {
		text += " " + t.Revision[:min(12, len(t.Revision))]
	}
	return text + " " + t.Go + " " + runtime.GOOS + "/" + runtime.GOARCH
}
