package load

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/chainspect/chainspect/pkg/ats"
	"github.com/chainspect/chainspect/pkg/chain"
)

// maxArchiveEntries bounds the directory of an .ipa that is searched.
const maxArchiveEntries = 200_000

// InfoPlist reads an app's Info.plist: the file itself, an app bundle (a
// directory: Info.plist of iOS, Contents/Info.plist of macOS), an .ipa archive
// (Payload/NAME.app/Info.plist), or a path that leads into an archive
// (App.ipa/Payload/App.app/Info.plist). XML and binary property lists are read.
// read reads what is no archive.
func (f *Files) InfoPlist(name string, read func(path string) ([]byte, error)) (*chain.AppSettings, error) {
	if name == "-" {
		return plainFile(name, read)
	}
	if archive, inner, ok := f.insideArchive(name); ok {
		return f.fromArchive(archive, inner)
	}
	info, err := f.Stat(name)
	if err != nil || !info.IsDir() {
		return f.fromFile(name, read)
	}
	for _, place := range []string{"Info.plist", filepath.Join("Contents", "Info.plist")} {
		file := filepath.Join(name, place)
		if _, err := f.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			return f.fromFile(file, read)
		}
	}
	return nil, fmt.Errorf("%s: the directory has no Info.plist and no Contents/Info.plist, as an app bundle has", name)
}

// insideArchive splits a path that leads into an archive, where that is a file.
func (f *Files) insideArchive(name string) (archive, inner string, ok bool) {
	parts := strings.Split(filepath.ToSlash(name), "/")
	for i, p := range parts[:len(parts)-1] {
		if !strings.HasSuffix(strings.ToLower(p), ".ipa") {
			continue
		}
		archive = filepath.FromSlash(strings.Join(parts[:i+1], "/"))
		if info, err := f.Stat(archive); err == nil && info.Mode().IsRegular() {
			return archive, strings.Join(parts[i+1:], "/"), true
		}
	}
	return "", "", false
}

func (f *Files) fromFile(name string, read func(string) ([]byte, error)) (*chain.AppSettings, error) {
	if f.isArchive(name) {
		return f.fromArchive(name, "")
	}
	return plainFile(name, read)
}

func plainFile(name string, read func(string) ([]byte, error)) (*chain.AppSettings, error) {
	data, err := read(name)
	if err != nil {
		return nil, err
	}
	return infoPlist(name, data)
}

// infoPlist refuses what is plainly something else by what it is.
func infoPlist(name string, data []byte) (*chain.AppSettings, error) {
	switch Recognise(data) {
	case Plist, XML, UTF16, Empty:
		return ats.ReadInfoPlist(name, data)
	}
	return nil, Misplaced(name, data, "give the app's Info.plist, its .app or its .ipa")
}

// isArchive knows a zip archive, which only a regular file can be, by its first bytes.
func (f *Files) isArchive(name string) bool {
	if info, err := f.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	in, err := f.open(name)
	if err != nil {
		return false
	}
	defer in.Close()
	head := make([]byte, 4)
	_, err = io.ReadFull(in, head)
	return err == nil && string(head) == "PK\x03\x04"
}

// fromArchive reads an entry of a zip archive; inner "" is the app's own
// Info.plist, not one of a framework or an extension inside it.
func (f *Files) fromArchive(name, inner string) (*chain.AppSettings, error) {
	in, err := f.open(name)
	if err != nil {
		return nil, openError(name, err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, openError(name, err)
	}
	z, err := zip.NewReader(in, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: not a readable .ipa archive: %w", name, err)
	}
	if len(z.File) > maxArchiveEntries {
		return nil, fmt.Errorf("%s: the archive has %d entries, at most %d are looked at", name, len(z.File), maxArchiveEntries)
	}
	for _, entry := range z.File {
		if inner == "" && !isAppInfo(entry.Name) || inner != "" && path.Clean(entry.Name) != path.Clean(inner) {
			continue
		}
		r, err := entry.Open()
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", name, entry.Name, err)
		}
		defer r.Close()
		data, err := io.ReadAll(io.LimitReader(r, ats.MaxInfoPlist+1))
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", name, entry.Name, err)
		}
		return infoPlist(name+"/"+entry.Name, data)
	}
	if inner != "" {
		return nil, fmt.Errorf("%s: the archive has no entry %s", name, inner)
	}
	return nil, fmt.Errorf("%s: the archive has no Payload/NAME.app/Info.plist, as an .ipa has", name)
}

func isAppInfo(entry string) bool {
	ok, err := path.Match("Payload/*.app/Info.plist", entry)
	return ok && err == nil
}
