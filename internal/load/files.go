package load

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Files opens the files that a policy names. nil opens any; one that is confined
// opens none outside its directory, by whatever name, link or archive it is asked.
type Files struct {
	dir  string // absolute
	root *os.Root
	free map[string]bool // names that may be opened wherever they lie
}

// Confine makes Files of one directory.
func Confine(dir string) (*Files, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("%s: %s; give a directory that is there", dir, cause(err))
	}
	return &Files{dir: abs, root: root, free: map[string]bool{}}, nil
}

// Free exempts files by the names under which they are opened: what the command
// line itself names is nobody else's choice.
func (f *Files) Free(names ...string) {
	if f == nil {
		return
	}
	for _, name := range names {
		f.free[name] = true
	}
}

// anywhere reports whether a name is not confined.
func (f *Files) anywhere(name string) bool { return f == nil || f.free[name] }

// Names reports whether a name may be used: that of a socket, which is not opened here.
func (f *Files) Names(name string) error {
	if f.anywhere(name) {
		return nil
	}
	if _, err := f.inside(name); err != nil {
		return errors.New(cause(err))
	}
	return nil
}

// errOutside is why a confined file is not opened.
var errOutside = errors.New("it lies outside of the directory that --confine allows")

// inside is a name as the root knows it.
func (f *Files) inside(name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(f.dir, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", &fs.PathError{Op: "open", Path: name, Err: errOutside}
	}
	return rel, nil
}

// open is os.Open.
func (f *Files) open(name string) (*os.File, error) {
	if f.anywhere(name) {
		return os.Open(name)
	}
	rel, err := f.inside(name)
	if err != nil {
		return nil, err
	}
	file, err := f.root.Open(rel)
	return file, f.escaped(name, err)
}

// Stat is os.Stat.
func (f *Files) Stat(name string) (fs.FileInfo, error) {
	if f.anywhere(name) {
		return os.Stat(name)
	}
	rel, err := f.inside(name)
	if err != nil {
		return nil, err
	}
	info, err := f.root.Stat(rel)
	return info, f.escaped(name, err)
}

// readDir is os.ReadDir.
func (f *Files) readDir(name string) ([]fs.DirEntry, error) {
	if f.anywhere(name) {
		return os.ReadDir(name)
	}
	rel, err := f.inside(name)
	if err != nil {
		return nil, err
	}
	list, err := fs.ReadDir(f.root.FS(), filepath.ToSlash(rel))
	return list, f.escaped(name, err)
}

// Glob is filepath.Glob.
func (f *Files) Glob(pattern string) ([]string, error) {
	if f == nil {
		return filepath.Glob(pattern)
	}
	rel, err := f.inside(pattern)
	if err != nil {
		return nil, err
	}
	found, err := fs.Glob(f.root.FS(), filepath.ToSlash(rel))
	for i := range found {
		found[i] = filepath.Join(f.dir, filepath.FromSlash(found[i]))
		if !filepath.IsAbs(pattern) { // the name the policy would have given
			if wd, err := filepath.Abs("."); err == nil {
				if short, err := filepath.Rel(wd, found[i]); err == nil {
					found[i] = short
				}
			}
		}
	}
	return found, err
}

// escaped says in our words that a link leads out: os.Root has no error value for it.
func (f *Files) escaped(name string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) && strings.Contains(pe.Err.Error(), "escapes") {
		return &fs.PathError{Op: "open", Path: name, Err: errOutside}
	}
	return err
}
