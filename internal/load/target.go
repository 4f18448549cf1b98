package load

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// endings that make a missing TARGET a missing file and never a DNS query.
var endings = []string{".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".p12", ".pfx", ".jks", ".json", ".jsonl", ".plist"}

// IsFile reports whether a TARGET is meant as a file: "-", an existing path, or
// something that can only be the name of one.
func IsFile(target string) bool {
	if target == "-" {
		return true
	}
	if strings.Contains(target, "://") {
		return false
	}
	if _, err := os.Stat(target); err == nil {
		return true
	}
	if strings.ContainsAny(target, `/\`) {
		return true
	}
	for _, e := range endings {
		if strings.HasSuffix(strings.ToLower(target), e) {
			return true
		}
	}
	return false
}

// Read reads a whole file, or standard input for "-", within MaxFile.
func Read(path string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, openError(path, err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, MaxFile+1))
	if err != nil {
		return nil, &Error{Kind: "file", Path: path, Message: "cannot be read: " + cause(err)}
	}
	if len(data) > MaxFile {
		return nil, &Error{Kind: "format", Path: path, Message: fmt.Sprintf("larger than %d MiB", MaxFile>>20), Remedy: "give a file of certificates"}
	}
	return data, nil
}

func openError(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Kind: "file", Path: path, Message: "no such file", Remedy: "check the name; a server is written HOST or HOST:PORT"}
	}
	return &Error{Kind: "file", Path: path, Message: "cannot be opened: " + cause(err), Remedy: "check its permissions"}
}

func cause(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// Captures reads a file, a directory (each file in it is a target of its own)
// or standard input as captures.
func Captures(target string, stdin io.Reader, now time.Time) ([]*chain.Capture, error) {
	if fi, err := os.Stat(target); err == nil && fi.IsDir() {
		return directory(target, now)
	}
	data, err := Read(target, stdin)
	if err != nil {
		return nil, err
	}
	return captures(target, data, now)
}

// captures reads one file's content; a file of saved captures holds one or many.
func captures(path string, data []byte, now time.Time) ([]*chain.Capture, error) {
	if isJSON(data) {
		return savedCaptures(path, data)
	}
	c, err := Capture(path, data, now)
	if err != nil {
		return nil, err
	}
	return []*chain.Capture{c}, nil
}

// directory takes every file of a directory that holds certificates, links to
// files included (as certbot's live folder has them); the others are passed over,
// also those that may not be read: a key often lies beside its chain.
func directory(dir string, now time.Time) ([]*chain.Capture, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, openError(dir, err)
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	var out []*chain.Capture
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if fi, err := os.Stat(path); err != nil || !fi.Mode().IsRegular() {
			continue
		}
		data, err := Read(path, nil)
		if err != nil {
			continue
		}
		if list, err := captures(path, data, now); err == nil {
			out = append(out, list...)
		}
	}
	if len(out) == 0 {
		return nil, &Error{Kind: "format", Path: dir, Message: "no file in this directory holds a certificate", Remedy: "give a directory of PEM, DER or PKCS#7 files"}
	}
	return out, nil
}

// Capture makes a capture of a file of certificates.
func Capture(path string, data []byte, now time.Time) (*chain.Capture, error) {
	blocks, err := Blocks(path, data)
	if err != nil {
		return nil, err
	}
	transport := "file"
	if path == "-" {
		transport = "stdin"
	}
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: path, TakenAt: now, Blobs: map[string][]byte{}}
	o := chain.Observation{Transport: transport, Outcome: chain.Outcome{OK: true}}
	for _, b := range blocks {
		if b.Kind == "certificate" {
			Add(c, &o, b.DER, chain.Position{File: path, Line: b.Line})
		} else {
			c.Evidence = append(c.Evidence, chain.Evidence{Kind: b.Kind, Origin: "given", Source: path, Data: b.DER})
		}
	}
	if len(o.Sent) == 0 {
		return nil, &Error{Kind: "format", Path: path, Message: "a " + blocks[0].Kind + " but no certificate", Remedy: "give it with --with beside the chain it belongs to"}
	}
	c.Observations = []chain.Observation{o}
	return c, nil
}

// With reads a file given with --with: intermediates, CRLs, OCSP responses, a CT log list.
func With(path string) ([]chain.Evidence, error) {
	data, err := Read(path, nil)
	if err != nil {
		return nil, err
	}
	blocks, err := Blocks(path, data)
	if err != nil {
		return nil, err
	}
	var out []chain.Evidence
	for _, b := range blocks {
		out = append(out, chain.Evidence{Kind: b.Kind, Origin: "given", Source: path, Data: b.DER})
	}
	return out, nil
}
