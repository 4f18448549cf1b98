package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// built are the files of a release for two systems.
func built(t *testing.T) map[string][]byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "dist")
	if err := run("v1.2.3", out, "linux/amd64,windows/amd64"); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, e := range list {
		if files[e.Name()], err = os.ReadFile(filepath.Join(out, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestARelease builds one twice: the bytes are the same, everything that is
// promised is in it, and the package's program runs.
func TestARelease(t *testing.T) {
	if testing.Short() {
		t.Skip("builds four binaries")
	}
	first, second := built(t), built(t)
	if len(first) != len(second) {
		t.Errorf("%d files, then %d", len(first), len(second))
	}
	for name, b := range first {
		if !bytes.Equal(b, second[name]) {
			t.Errorf("%s is not the same the second time", name)
		}
	}
	const tarball, zipped = "chainspect-1.2.3-linux-amd64.tar.gz", "chainspect-1.2.3-windows-amd64.zip"
	for _, name := range []string{tarball, zipped, "chainspect-1.2.3-linux-amd64.cdx.json", "chainspect-1.2.3-windows-amd64.cdx.json",
		"chainspect_1.2.3_amd64.deb", "chainspect-1.2.3-1.x86_64.rpm", "SHA256SUMS", "chainspect.rb"} {
		if len(first[name]) == 0 {
			t.Errorf("%s is missing; there is %v", name, slices.Sorted(keys(first)))
		}
	}
	for name := range first {
		if name != "SHA256SUMS" && name != "chainspect.rb" && !strings.Contains(string(first["SHA256SUMS"]), "  "+name+"\n") {
			t.Errorf("SHA256SUMS does not name %s", name)
		}
	}
	sum, _, _ := strings.Cut(string(first["SHA256SUMS"])[strings.Index(string(first["SHA256SUMS"]), tarball)-66:], " ")
	if !strings.Contains(string(first["chainspect.rb"]), `sha256 "`+sum+`"`) {
		t.Errorf("the formula has another digest than %s:\n%s", sum, first["chainspect.rb"])
	}
	if !strings.Contains(string(first["chainspect-1.2.3-linux-amd64.cdx.json"]), "github.com/spf13/cobra") {
		t.Error("the list of components lacks a module")
	}
	const page = "chainspect-1.2.3-page.tar.gz"
	for _, name := range []string{"index.html", "chainspect.html", "chainspect.wasm.gz"} {
		if !slices.ContainsFunc(tarNames(t, first[page]), func(n string) bool { return strings.HasSuffix(n, "-page/"+name) }) {
			t.Errorf("%s lacks %s", page, name)
		}
	}
	holds(t, tarball, tarNames(t, first[tarball]), "chainspect")
	holds(t, zipped, zipNames(t, first[zipped]), "chainspect.exe")
	installs(t, first["chainspect_1.2.3_amd64.deb"])
}

func keys(m map[string][]byte) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// holds looks for what belongs into an archive.
func holds(t *testing.T, archive string, names []string, program string) {
	t.Helper()
	dir, _, _ := strings.Cut(names[0], "/")
	for _, want := range []string{program, "README.md", "LICENSE", "man/man1/chainspect.1", "man/man1/chainspect-check.1", "completions/chainspect.bash", "completions/_chainspect"} {
		if !slices.Contains(names, dir+"/"+want) {
			t.Errorf("%s has no %s", archive, want)
		}
	}
}

func tarNames(t *testing.T, b []byte) (names []string) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name)
	}
}

func zipNames(t *testing.T, b []byte) (names []string) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		names = append(names, f.Name)
	}
	return names
}

// installs unpacks the package with dpkg, where it is at hand, and runs its program.
func installs(t *testing.T, deb []byte) {
	t.Helper()
	dpkg, err := exec.LookPath("dpkg-deb")
	if err != nil {
		t.Log("no dpkg-deb: the package is not unpacked")
		return
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "chainspect.deb")
	if err := os.WriteFile(file, deb, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(dpkg, "-x", file, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.Command(filepath.Join(dir, "usr/bin/chainspect"), "--version").Output()
	if err != nil || !strings.HasPrefix(string(out), "chainspect v1.2.3") {
		t.Errorf("%v: %s", err, out)
	}
	for _, name := range []string{"usr/share/man/man1/chainspect.1", "usr/share/bash-completion/completions/chainspect", "usr/share/doc/chainspect/copyright"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestBadUse(t *testing.T) {
	for _, tc := range [][2]string{{"1.2.3", ""}, {"", ""}, {"v1/2", ""}, {"v1.2.3", "plan9/amd64"}} {
		if err := run(tc[0], t.TempDir(), tc[1]); err == nil {
			t.Errorf("-version %q -only %q is taken", tc[0], tc[1])
		}
	}
}
