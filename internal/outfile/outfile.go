// Package outfile writes files that appear whole: what stands under a name is
// the last complete output, never the beginning of one. A program that reads the
// file, or a run that is killed in the midst, sees the old content.
package outfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// File is an output under way. Write goes to a file beside the named one, or
// straight to what is no regular file: a device, a FIFO, /dev/fd.
type File struct {
	f      *os.File
	target string // what the file beside is renamed to at the end; "": written directly
}

// Create opens an output. The mode of a file that is there is kept; a new one
// gets perm, less the umask. The target of a symbolic link is what is replaced.
// An error says what stands in the way, with the name.
func Create(name string, perm fs.FileMode) (*File, error) {
	target, direct, err := resolve(name)
	if err != nil {
		return nil, err
	}
	if direct {
		// What a shell opened as >>FILE is appended to, a terminal or a pipe does not care.
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
		return &File{f: f}, err
	}
	old, err := os.Stat(target)
	if err == nil {
		// A file that may not be written is not replaced either.
		w, err := os.OpenFile(target, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		w.Close()
		perm = old.Mode().Perm()
	}
	f, err := beside(target, perm)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) { // the name of the file beside says nothing to the user
		return nil, &fs.PathError{Op: "create", Path: name, Err: pe.Err}
	} else if err != nil {
		return nil, err
	}
	if old != nil {
		if err := f.Chmod(perm); err != nil { // the umask took nothing from the old one
			f.Close()
			os.Remove(f.Name())
			return nil, err
		}
	}
	return &File{f: f, target: target}, nil
}

// Write adds to the output.
func (o *File) Write(p []byte) (int, error) { return o.f.Write(p) }

// Commit makes the output appear under its name.
func (o *File) Commit() error {
	if o.target == "" {
		return o.f.Close()
	}
	err := errors.Join(o.f.Sync(), o.f.Close())
	if err == nil {
		err = os.Rename(o.f.Name(), o.target)
	}
	if err != nil {
		os.Remove(o.f.Name())
	}
	return err
}

// Write makes a file of data. Where perm is its owner's alone, for a private key, a
// file that was there and others may read is narrowed first.
func Write(name string, perm fs.FileMode, data []byte) error {
	if old, err := os.Stat(name); err == nil && old.Mode().IsRegular() && perm&0o077 == 0 && old.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(name, perm); err != nil {
			return err
		}
	}
	o, err := Create(name, perm)
	if err != nil {
		return err
	}
	if _, err := o.Write(data); err != nil {
		o.Discard()
		return err
	}
	return o.Commit()
}

// Discard ends the output without it having been.
func (o *File) Discard() {
	o.f.Close()
	if o.target != "" {
		os.Remove(o.f.Name())
	}
}

// resolve follows symbolic links to the file that is to be replaced, or reports
// that the name leads to something that can only be written to.
func resolve(name string) (target string, direct bool, err error) {
	for target = name; ; {
		if opened(filepath.ToSlash(filepath.Clean(target))) {
			return target, true, nil
		}
		info, err := os.Lstat(target)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return target, false, nil
		case err != nil:
			return "", false, err
		case info.Mode()&fs.ModeSymlink == 0:
			if info.IsDir() {
				return "", false, &fs.PathError{Op: "open", Path: name, Err: errors.New("is a directory")}
			}
			return target, !info.Mode().IsRegular(), nil
		}
		if _, err := os.Stat(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", false, err // links that lead round in a circle
		}
		next, err := os.Readlink(target)
		if err != nil {
			return "", false, err
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(target), next)
		}
		target = next
	}
}

// opened reports whether a name stands for what the program was given open: it
// leads on to the very file that a shell redirects to.
func opened(name string) bool {
	return name == "/dev/stdout" || name == "/dev/stderr" || strings.HasPrefix(name, "/dev/fd/") || strings.HasPrefix(name, "/proc/")
}

// beside makes a new file in the folder of another one. Its name begins with a
// dot and has no known ending, so that nothing that collects *.prom takes it.
func beside(target string, perm fs.FileMode) (*os.File, error) {
	dir, base := filepath.Split(target)
	for n := os.Getpid(); ; n++ {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf(".%s.%d", base, n)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// Append opens a file of lines to add to. A last line that a killed run cut off
// is dropped, so that the next one begins a line of its own. What is no regular
// file is written to as it is.
func Append(name string, perm fs.FileMode) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND|os.O_CREATE, perm)
	if err != nil {
		if f, err2 := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0); err2 == nil { // a pipe that cannot be read
			return f, nil
		}
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		err = dropCut(f, info.Size())
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// dropCut shortens a file to its last line end.
func dropCut(f *os.File, size int64) error {
	block := make([]byte, 1<<16)
	for end := size; end > 0; {
		from := max(0, end-int64(len(block)))
		n, err := f.ReadAt(block[:end-from], from)
		if err != nil && err != io.EOF {
			return err
		}
		if i := bytes.LastIndexByte(block[:n], '\n'); i >= 0 {
			if whole := from + int64(i) + 1; whole < size {
				return f.Truncate(whole)
			}
			return nil
		}
		end = from
	}
	if size > 0 {
		return f.Truncate(0)
	}
	return nil
}
