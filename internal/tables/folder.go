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

// Load reads the lists of a data folder that are newer than the built-in ones, as
// evidence. What cannot be used is an error that names the file; the built-in
// list is used instead, so that the evidence stands beside it.
func Load(dir string) ([]chain.Evidence, error) { return load(dir, chromeKey) }

func load(dir string, key []byte) ([]chain.Evidence, error) {
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

// own reads a file that nobody else can have written.
func own(dir, name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	for path, mode := range map[string]fs.FileMode{dir: modeOf(dir), name: info.Mode()} {
		if err := private(path, mode); err != nil {
			return nil, err
		}
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: no regular file", name)
	}
	return io.ReadAll(io.LimitReader(f, maxSize+1))
}

func modeOf(path string) fs.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode()
	}
	return 0
}

// private refuses what others can write: what trust rests on would be theirs.
func private(path string, mode fs.FileMode) error {
	if runtime.GOOS != "windows" && mode&0o022 != 0 {
		return fmt.Errorf("%s: others can write it, so that it is not used: `chmod go-w %s`", path, path)
	}
	return nil
}
