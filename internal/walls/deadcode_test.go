package walls

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// unreachable lists the functions that no program and no test can reach, as
// "FILE: NAME", in a build for a system.
func unreachable(t *testing.T, goos, goarch string, args ...string) map[string]bool {
	t.Helper()
	c := exec.Command("go", append([]string{"tool", "deadcode"}, args...)...)
	c.Dir, c.Env = "../..", append(os.Environ(), "GOFLAGS=-trimpath", "GOPROXY=off")
	if goos != "" {
		// The tool runs here; what it looks at is built for there.
		tool, err := exec.Command("go", "tool", "-n", "deadcode").Output()
		if err != nil {
			t.Skipf("the tool cannot be built here: %v", err)
		}
		c = exec.Command(strings.TrimSpace(string(tool)), args...)
		c.Dir, c.Env = "../..", append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch)
	}
	out, err := c.Output()
	if err != nil {
		t.Skipf("go tool deadcode does not run here: %v", err)
	}
	dead := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		place, name, ok := strings.Cut(strings.TrimSpace(line), ": unreachable func: ")
		file, _, _ := strings.Cut(place, ":")
		if ok {
			dead[file+": "+name] = true
		}
	}
	return dead
}

// TestNoDeadCode: what nothing reaches, neither a program nor a test nor the page in
// the browser, is not kept.
func TestNoDeadCode(t *testing.T) {
	if testing.Short() {
		t.Skip("looks at the whole program twice")
	}
	here := unreachable(t, "", "", "-test", "./...")
	if len(here) == 0 {
		return
	}
	inBrowser := unreachable(t, "js", "wasm", "-filter", "chainspect", "./web/core")
	linked := map[string]bool{}
	c := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}}", "./web/core")
	c.Dir, c.Env = "../..", append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range strings.Fields(string(out)) {
		if rel, ours := strings.CutPrefix(p, module); ours {
			linked[rel] = true
		}
	}
	for name := range here {
		file, _, _ := strings.Cut(name, ":")
		dir := file[:strings.LastIndexByte(file, '/')]
		if !linked[dir] || inBrowser[name] {
			t.Errorf("%s is reached by nothing: delete it", name)
		}
	}
}
