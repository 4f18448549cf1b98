package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// name is what an archive is called, and the folder inside it.
func (r *release) name(t target) string {
	return "chainspect-" + strings.TrimPrefix(r.version, "v") + "-" + t.os + "-" + t.arch
}

// archive packs the binary with its documents: a tar for Unix, a zip for Windows.
// Names are sorted and dates are the commit's, so that the bytes are the same
// wherever it is built.
func (r *release) archive(t target, binary string, docs map[string][]byte) error {
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	files := maps.Clone(docs)
	files[filepath.Base(binary)] = program
	var b bytes.Buffer
	ending := ".tar.gz"
	if t.os == "windows" {
		ending = ".zip"
		err = r.zip(&b, r.name(t), files)
	} else {
		err = r.tar(&b, r.name(t), files)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, r.name(t)+ending), b.Bytes(), 0o644)
}

// page packs the page for the browser, for a web server and as one file.
func (r *release) page() error {
	dir := filepath.Join(r.work, "page")
	c := exec.Command(filepath.Join(r.source, "scripts", "page"), dir)
	c.Env = append(os.Environ(), "VERSION="+r.version)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("the page: %w: %s", err, out)
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, e := range list {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	name := "chainspect-" + strings.TrimPrefix(r.version, "v") + "-page"
	var b bytes.Buffer
	if err := r.tar(&b, name, files); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, name+".tar.gz"), b.Bytes(), 0o644)
}

func mode(name string) int64 {
	if filepath.Ext(name) == ".exe" || name == "chainspect" {
		return 0o755
	}
	return 0o644
}

func (r *release) tar(b *bytes.Buffer, folder string, files map[string][]byte) error {
	z, err := gzip.NewWriterLevel(b, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := tar.NewWriter(z)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h := &tar.Header{Name: folder + "/" + name, Mode: mode(name), Size: int64(len(files[name])), ModTime: r.stamp, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(h); err != nil {
			return err
		}
		if _, err := w.Write(files[name]); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return z.Close()
}

func (r *release) zip(b *bytes.Buffer, folder string, files map[string][]byte) error {
	w := zip.NewWriter(b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h := &zip.FileHeader{Name: folder + "/" + name, Method: zip.Deflate, Modified: r.stamp}
		h.SetMode(os.FileMode(mode(name)))
		f, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := f.Write(files[name]); err != nil {
			return err
		}
	}
	return w.Close()
}

// components lists what a binary is made of (CycloneDX), read off the binary itself.
func (r *release) components(t target, binary string) error {
	out, err := filepath.Abs(filepath.Join(r.out, r.name(t)+".cdx.json"))
	if err != nil {
		return err
	}
	c := exec.Command("go", "tool", "cyclonedx-gomod", "bin", "-json", "-std", "-noserial", "-notimestamp", "-version", r.version, "-output", out, binary)
	c.Env = append(os.Environ(), "GOFLAGS=")
	if text, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("the components of %s: %w: %s", t, err, text)
	}
	return nil
}

// sums writes SHA256SUMS over everything that is there, and gives them by name.
func (r *release) sums() (map[string]string, error) {
	list, err := os.ReadDir(r.out)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	var b strings.Builder
	for _, e := range list { // ReadDir sorts
		data, err := os.ReadFile(filepath.Join(r.out, e.Name()))
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(data)
		sums[e.Name()] = hex.EncodeToString(sum[:])
		b.WriteString(sums[e.Name()] + "  " + e.Name() + "\n")
	}
	return sums, os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), []byte(b.String()), 0o644)
}
