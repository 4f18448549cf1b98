package tables

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
)

// DefaultFolder is the user's data folder for this program, "" where the system
// tells none: $XDG_DATA_HOME or ~/.local/share, on Windows %LocalAppData%.
func DefaultFolder(getenv func(string) string) string {
	base := getenv("XDG_DATA_HOME")
	if runtime.GOOS == "windows" {
		base = getenv("LocalAppData")
	} else if home := getenv("HOME"); !filepath.IsAbs(base) && home != "" { // a relative one is to be ignored (XDG Base Directory)
		base = filepath.Join(home, ".local", "share")
	}
	if !filepath.IsAbs(base) {
		return ""
	}
	return filepath.Join(base, "chainspect")
}

// noFolder: nothing was ever written there.
type noFolder struct{ dir string }

func (e *noFolder) Error() string {
	return fmt.Sprintf("%s: no such folder; `chainspect update --data-dir %s` makes it", e.dir, chain.ShellFile(e.dir))
}

func (e *noFolder) Is(target error) bool { return target == fs.ErrNotExist }

// Load reads the lists of a data folder that are newer than the built-in ones, as
// evidence. What cannot be used is an error that names the file; the built-in
// list is used instead, so that the evidence stands beside it.
func Load(dir string) ([]chain.Evidence, error) { return load(dir, chromeKey) }

func load(dir string, key []byte) ([]chain.Evidence, error) {
	if _, err := os.Stat(dir); os.IsNotExist(err) { // asked at every start, and quicker than errors.Is
		return nil, &noFolder{dir}
	}
	var out []chain.Evidence
	var bad []error
	for _, t := range Tables() {
		data, list, err := t.stored(dir, key)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			bad = append(bad, err)
		case list.Newer(t.builtIn()):
			out = append(out, chain.Evidence{Kind: chain.EvidenceCTList, Origin: chain.OriginUpdated, Source: t.Client, Data: data})
		}
	}
	return out, errors.Join(bad...)
}

// stored reads a list of the data folder.
func (t *Table) stored(dir string, key []byte) ([]byte, *ctlog.List, error) {
	name := filepath.Join(dir, t.File)
	data, err := own(dir, name)
	var signature []byte
	if err == nil && t.SigFile != "" {
		if signature, err = own(dir, filepath.Join(dir, t.SigFile)); errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%s: its signature %s is missing; write both again with `chainspect update`", name, t.SigFile)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	list, err := t.read(data, signature, key)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w; write it again with `chainspect update`", name, err)
	}
	return data, list, nil
}

// own reads a file that nobody else can have written, nor put in its place.
func own(dir, name string) ([]byte, error) {
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(real)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := private(name, info); err != nil {
		return nil, err
	}
	for _, folder := range []string{dir, filepath.Dir(real)} {
		if err := privateFolder(folder); err != nil {
			return nil, err
		}
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: no regular file", name)
	}
	return io.ReadAll(io.LimitReader(f, maxSize+1))
}

// private refuses what others can write: what trust rests on would be theirs.
func private(path string, info fs.FileInfo) error {
	if runtime.GOOS != "windows" && info.Mode()&0o022 != 0 {
		return fmt.Errorf("%s: others can write it, so that it is not used: `chmod go-w %s`", path, chain.ShellFile(path))
	}
	if ofAnother(info) {
		return fmt.Errorf("%s: it belongs to another user, who can write it, so that it is not used", path)
	}
	return nil
}

// privateFolder refuses a folder that others can write, and one in a folder where
// others can put another in its place: writable by all, without the sticky bit.
func privateFolder(dir string) error {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if err := private(dir, info); err != nil {
		return err
	}
	for above := filepath.Dir(dir); ; above = filepath.Dir(above) {
		info, err := os.Stat(above)
		if err == nil && runtime.GOOS != "windows" && info.Mode()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0 {
			return fmt.Errorf("%s: everybody can write the folder %s above it, so that it is not used: `chmod o-w %s`", dir, above, chain.ShellFile(above))
		}
		if above == filepath.Dir(above) {
			return nil
		}
	}
}
