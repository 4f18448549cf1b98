package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Found is what a file of a directory holds: a capture, or why there is none.
type Found struct {
	Path    string
	Capture *chain.Capture
	Err     error
}

// certificateEndings are those of files that are meant to hold certificates.
var certificateEndings = []string{".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"}

// Directory reads every file of a directory that holds certificates, links to
// files included (as certbot's live folder has them), in the order of their
// names. Files of another kind are passed over, keys among them; one that is
// meant to hold certificates and cannot be read is an answer of its own. Remarks
// name what was not looked into: folders, and files that may not be opened,
// since a key often lies beside its chain.
func (f *Files) Directory(dir string, now time.Time) (found []Found, remarks []string, err error) {
	entries, err := f.readDir(dir)
	if err != nil {
		return nil, nil, openError(dir, err)
	}
	folders := 0
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		fi, err := f.Stat(path)
		if err == nil && fi.IsDir() {
			folders++
		}
		if err == nil && !fi.Mode().IsRegular() {
			continue
		}
		list, err := f.certificatesOf(path, now)
		switch {
		case errors.Is(err, fs.ErrPermission):
			remarks = append(remarks, path+": may not be opened and is passed over")
		case err != nil:
			found = append(found, Found{Path: path, Err: err})
		}
		for _, c := range list {
			found = append(found, Found{Path: path, Capture: c})
		}
	}
	if folders > 0 {
		remarks = append(remarks, fmt.Sprintf("%s: folders in it are not looked into (%d); name each as a target of its own", dir, folders))
	}
	if len(found) == 0 {
		err = &Error{Kind: "format", Path: dir, Message: "no file in this directory holds a certificate", Remedy: "give a directory of PEM, DER or PKCS#7 files"}
	}
	return found, remarks, err
}

// certificatesOf reads a file of a directory; one of another kind gives neither
// captures nor an error.
func (f *Files) certificatesOf(path string, now time.Time) ([]*chain.Capture, error) {
	data, err := f.Read(context.Background(), path, 0)
	if err != nil {
		if !endsIn(path, certificateEndings) {
			return nil, nil
		}
		return nil, err
	}
	list, err := Captures(path, data, now)
	var own *Error
	if errors.As(err, &own) && (own.other || !endsIn(path, certificateEndings) && !looksMeant(data)) {
		return nil, nil
	}
	return list, err
}

// looksMeant knows a damaged file of certificates by how it begins, or by a line
// that begins a certificate.
func looksMeant(data []byte) bool {
	if startsJSON(data) {
		return bytes.Contains(data, []byte(strings.TrimSuffix(chain.CaptureSchema, "v1")))
	}
	if len(data) > 5 && data[0] == 0x30 && data[1] == 0x82 && data[4] == 0x30 && data[5] == 0x82 {
		return true
	}
	for _, label := range []string{"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PKCS7", "CMS"} {
		if at := bytes.Index(data, []byte("-----BEGIN "+label+"-----")); at == 0 || at > 0 && data[at-1] == '\n' {
			return true
		}
	}
	return false
}
