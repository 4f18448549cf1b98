package anchors

import (
	"bytes"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// systemFiles and systemDirs are the places where Unix systems keep their
// roots, as crypto/x509 looks for them.
var (
	systemFiles = [...]string{
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/ca-bundle.pem",
		"/etc/pki/tls/cacert.pem",
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
		"/etc/ssl/cert.pem",
	}
	systemDirs = [...]string{"/etc/ssl/certs", "/etc/pki/tls/certs"}
)

// system returns the roots of this machine: the file in $SSL_CERT_FILE or the
// directories in $SSL_CERT_DIR, else the first usual place that has any.
// Date is that of the file's last change.
func system() (chain.StoreInfo, []*chain.Anchor, error) {
	files, dirs := systemFiles[:], systemDirs[:]
	if f := os.Getenv("SSL_CERT_FILE"); f != "" {
		files = []string{f}
	}
	if d := os.Getenv("SSL_CERT_DIR"); d != "" {
		dirs = strings.Split(d, string(os.PathListSeparator))
	}
	info := chain.StoreInfo{Name: "system"}
	for _, f := range files {
		if list := pemAnchors(f); len(list) > 0 {
			info.Version, info.Date = f, changed(f)
			return info, list, nil
		}
	}
	for _, d := range dirs {
		entries, err := os.ReadDir(d)
		if err != nil {
			continue
		}
		var list []*chain.Anchor
		for _, e := range entries {
			list = append(list, pemAnchors(filepath.Join(d, e.Name()))...)
		}
		if len(list) > 0 {
			info.Version, info.Date = d, changed(d)
			return info, list, nil
		}
	}
	return info, nil, errors.New("no roots were found on this machine: name a file in SSL_CERT_FILE")
}

func changed(path string) time.Time {
	if st, err := os.Stat(path); err == nil {
		return st.ModTime().UTC()
	}
	return time.Time{}
}

func pemAnchors(path string) []*chain.Anchor {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var list []*chain.Anchor
	for bytes.Contains(data, []byte("-----BEGIN ")) {
		var b *pem.Block
		if b, data = pem.Decode(data); b == nil {
			break
		}
		if b.Type == "CERTIFICATE" {
			list = append(list, chain.NewAnchor(b.Bytes, chain.Builtin, path))
		}
	}
	return list
}
