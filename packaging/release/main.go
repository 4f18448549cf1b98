// Command release builds what a release consists of, the same bytes every time:
// archives with manual pages and completions, packages for Debian and RPM
// systems, a list of components, a Homebrew formula and SHA256SUMS.
//
//	go run ./release -version v1.2.3 -out ../dist
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// target is a system that is built for.
type target struct{ os, arch string }

func (t target) String() string { return t.os + "/" + t.arch }

func targets() []target {
	var list []target
	for _, os := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			list = append(list, target{os, arch})
		}
	}
	return list
}

// release is one run.
type release struct {
	version string    // v1.2.3
	source  string    // the checkout
	out     string    // where it goes; emptied first
	stamp   time.Time // the date of every file: the commit's
	work    string    // a folder of the run's own
}

func main() {
	version := flag.String("version", "", "the version, such as v1.2.3")
	out := flag.String("out", "../dist", "the folder to write, which is emptied")
	only := flag.String("only", "", "build for OS/ARCH,... alone")
	flag.Parse()
	if err := run(*version, *out, *only); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(version, out, only string) error {
	if !strings.HasPrefix(version, "v") || strings.ContainsAny(version, "/ ") || flag.NArg() > 0 {
		return fmt.Errorf("version %q: write -version v1.2.3", version)
	}
	list, err := chosen(only)
	if err != nil {
		return err
	}
	source, err := checkout()
	if err != nil {
		return err
	}
	r := &release{version: version, source: source, out: out}
	if r.stamp, err = commitTime(source); err != nil {
		return err
	}
	if r.work, err = os.MkdirTemp("", "chainspect-release"); err != nil {
		return err
	}
	defer os.RemoveAll(r.work)
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	return r.all(list)
}

// checkout is the folder above that has the program's source.
func checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "cmd", "chainspect")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no folder above holds cmd/chainspect: run it inside a checkout")
		}
	}
}

// chosen are the targets that -only names; all of them where it names none.
func chosen(only string) ([]target, error) {
	if only == "" {
		return targets(), nil
	}
	var list []target
	for name := range strings.SplitSeq(only, ",") {
		found := false
		for _, t := range targets() {
			if found = t.String() == name; found {
				list = append(list, t)
				break
			}
		}
		if !found {
			return nil, fmt.Errorf("-only %s: the targets are %v", name, targets())
		}
	}
	return list, nil
}

// commitTime is $SOURCE_DATE_EPOCH, else when the commit that is built was made.
func commitTime(source string) (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		b, err := exec.Command("git", "-C", source, "log", "-1", "--format=%ct").Output()
		if err != nil {
			return time.Time{}, fmt.Errorf("the commit's date: %w; outside of a checkout set SOURCE_DATE_EPOCH", err)
		}
		text = strings.TrimSpace(string(b))
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH %q is no number of seconds", text)
	}
	return time.Unix(n, 0).UTC(), nil
}

func (r *release) all(list []target) error {
	docs, err := r.documents()
	if err != nil {
		return err
	}
	for _, t := range list {
		binary, err := r.build(t)
		if err != nil {
			return err
		}
		if err := r.archive(t, binary, docs); err != nil {
			return err
		}
		if err := r.components(t, binary); err != nil {
			return err
		}
		if t.os == "linux" {
			if err := r.packages(t, binary, docs); err != nil {
				return err
			}
		}
	}
	if err := r.page(); err != nil {
		return err
	}
	sums, err := r.sums()
	if err != nil {
		return err
	}
	return r.formula(sums)
}

// build makes a static binary; GOFLAGS of the caller do not reach it.
func (r *release) build(t target) (string, error) {
	binary := filepath.Join(r.work, t.os+"-"+t.arch, "chainspect")
	if t.os == "windows" {
		binary += ".exe"
	}
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid= -X main.version="+r.version, "-o", binary, "./cmd/chainspect")
	c.Dir, c.Stderr = r.source, os.Stderr
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0")
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("build for %s: %w", t, err)
	}
	return binary, nil
}

// documents are the manual pages, the completions and the texts, by their place
// in an archive. The program writes the first two itself.
func (r *release) documents() (map[string][]byte, error) {
	c := exec.Command("go", "env", "GOHOSTOS", "GOHOSTARCH")
	b, err := c.Output()
	if err != nil {
		return nil, err
	}
	host := strings.Fields(string(b))
	binary, err := r.build(target{host[0], host[1]})
	if err != nil {
		return nil, err
	}
	docs := map[string][]byte{}
	man := filepath.Join(r.work, "man")
	c = exec.Command(binary, "man", man)
	c.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(r.stamp.Unix(), 10))
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("manual pages: %w: %s", err, out)
	}
	pages, err := os.ReadDir(man)
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		if docs["man/man1/"+p.Name()], err = os.ReadFile(filepath.Join(man, p.Name())); err != nil {
			return nil, err
		}
	}
	for shell, name := range map[string]string{"bash": "chainspect.bash", "zsh": "_chainspect", "fish": "chainspect.fish", "powershell": "chainspect.ps1"} {
		if docs["completions/"+name], err = exec.Command(binary, "completion", shell).Output(); err != nil {
			return nil, fmt.Errorf("completion for %s: %w", shell, err)
		}
	}
	for _, name := range []string{"README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md"} {
		if docs[name], err = os.ReadFile(filepath.Join(r.source, name)); err != nil {
			return nil, err
		}
	}
	return docs, nil
}
