package outfile

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func content(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func put(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
}

// only fails where a folder holds anything but the names.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range list {
		have = append(have, e.Name())
	}
	if strings.Join(have, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %v, want %v", have, names)
	}
}

func TestTheOldContentStandsUntilTheEnd(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "x.prom")
	put(t, name, "old", 0o640)
	f, err := Create(name, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "new"); err != nil {
		t.Fatal(err)
	}
	if got := content(t, name); got != "old" {
		t.Errorf("before the end: %q", got)
	}
	if m, _ := filepath.Glob(filepath.Join(dir, "*.prom")); len(m) != 1 {
		t.Errorf("a collector of *.prom would read %v", m)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := content(t, name); got != "new" {
		t.Errorf("at the end: %q", got)
	}
	if info, _ := os.Stat(name); runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the mode became %o", info.Mode().Perm())
	}
	only(t, dir, "x.prom")
	f, err = Create(name, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(f, "half")
	f.Discard()
	if got := content(t, name); got != "new" {
		t.Errorf("after an output that was given up: %q", got)
	}
	only(t, dir, "x.prom")
}

func TestANewFileHasTheModeAskedFor(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key.pem")
	f, err := Create(name, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(name); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o", info.Mode().Perm())
	}
}

func TestSymbolicLinksStay(t *testing.T) {
	dir := t.TempDir()
	sub := filepath.Join(dir, "sub")
	if err := os.Mkdir(sub, 0o755); err != nil {
		t.Fatal(err)
	}
	link, further := filepath.Join(dir, "link"), filepath.Join(sub, "further")
	for from, to := range map[string]string{link: "sub/further", further: "real", filepath.Join(dir, "loop"): "loop"} {
		if err := os.Symlink(to, from); err != nil {
			t.Skip(err)
		}
	}
	for range 2 { // once a link to nothing, once one to a file
		f, err := Create(link, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(f, "x")
		if err := f.Commit(); err != nil {
			t.Fatal(err)
		}
		if got := content(t, filepath.Join(sub, "real")); got != "x" {
			t.Errorf("the target holds %q", got)
		}
		for _, l := range []string{link, further} {
			if info, err := os.Lstat(l); err != nil || info.Mode()&os.ModeSymlink == 0 {
				t.Errorf("%s is no link any more", l)
			}
		}
	}
	if _, err := Create(filepath.Join(dir, "loop"), 0o644); err == nil {
		t.Error("links in a circle are taken for a file")
	}
}

func TestWhatMayNotBeWrittenIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	if _, err := Create(dir, 0o644); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a directory: %v", err)
	}
	if _, err := Create(filepath.Join(dir, "no", "x"), 0o644); err == nil {
		t.Error("a folder that is not there")
	}
	if os.Getuid() == 0 {
		t.Skip("root may write everything")
	}
	name := filepath.Join(dir, "x")
	put(t, name, "old", 0o444)
	if _, err := Create(name, 0o644); err == nil {
		t.Error("a file that is for reading only")
	}
}

func TestDevicesAndPipesAreWrittenDirectly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no /dev")
	}
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := exec.Command("mkfifo", fifo).Run(); err != nil {
		t.Skip("mkfifo: ", err)
	}
	got := make(chan string)
	go func() {
		b, _ := os.ReadFile(fifo)
		got <- string(b)
	}()
	f, err := Create(fifo, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(f, "x")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if s := <-got; s != "x" {
		t.Errorf("through the pipe: %q", s)
	}
	only(t, dir, "fifo")

	// What a shell has opened is not renamed away: "already" stays, and stands first.
	log := filepath.Join(dir, "log")
	put(t, log, "already ", 0o600)
	out, err := os.OpenFile(log, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	for _, name := range []string{"/dev/null", fmt.Sprintf("/dev/fd/%d", out.Fd())} {
		f, err := Create(name, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(f, "more")
		if err := f.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if s := content(t, log); s != "already more" {
		t.Errorf("the file behind /dev/fd holds %q", s)
	}
}

func TestAppendDropsACutLine(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.ndjson")
	long := strings.Repeat("y", 200_000)
	for before, want := range map[string]string{
		"":                    "new\n",
		"a\nb\n":              "a\nb\nnew\n",
		"a\nb":                "a\nnew\n",
		"cut":                 "new\n",
		"a\n" + long:          "a\nnew\n",
		"a\n" + long + "\n":   "a\n" + long + "\nnew\n",
		long[:1<<16] + "\nb":  long[:1<<16] + "\nnew\n",
		long[:1<<16-1] + "\n": long[:1<<16-1] + "\nnew\n",
	} {
		put(t, name, before, 0o600)
		f, err := Append(name, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(f, "new\n")
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if got := content(t, name); got != want {
			t.Errorf("%.20q (%d bytes) became %.20q (%d bytes)", before, len(before), got, len(got))
		}
	}
	f, err := Append("/dev/null", 0o644)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}
