package serve

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
	"golang.org/x/crypto/bcrypt"
)

// Web is the configuration of --web.config.file: TLS and basic authentication, in
// the format of prometheus/exporter-toolkit. Its keys that are not here are
// refused by name: a setting that is passed over in silence protects nobody. The
// toolkit itself is not used, since it would cost every start of the program more
// than a check (docs/exporter.md).
type Web struct {
	TLS *struct {
		CertFile         string `yaml:"cert_file"`
		KeyFile          string `yaml:"key_file"`
		ClientAuthType   string `yaml:"client_auth_type"`
		ClientCAFile     string `yaml:"client_ca_file"`
		MinVersion       string `yaml:"min_version"`
		MaxVersion       string `yaml:"max_version"`
		PreferServerSuit *bool  `yaml:"prefer_server_cipher_suites"` // without effect since Go 1.17
	} `yaml:"tls_server_config"`
	HTTP *struct {
		HTTP2 *bool `yaml:"http2"`
	} `yaml:"http_server_config"`
	Users map[string]string `yaml:"basic_auth_users"` // name to bcrypt hash

	dir string
}

// ReadWeb reads the file; relative names in it are relative to it.
func ReadWeb(path string) (*Web, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	web := &Web{dir: filepath.Dir(path)}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(web); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %s", path, unknownKeys(err.Error()))
	}
	for name, hash := range web.Users {
		if _, err := bcrypt.Cost([]byte(hash)); err != nil {
			return nil, fmt.Errorf("%s: basic_auth_users: the value of %q is no bcrypt hash (htpasswd -nBC 10 \"\")", path, name)
		}
	}
	if _, err := web.Config(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return web, nil
}

// unknownKeys are the decoder's words on one line, without Go's types.
func unknownKeys(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if before, after, ok := strings.Cut(line, "field "); ok {
			if key, _, ok := strings.Cut(after, " not found in type "); ok {
				line = before + fmt.Sprintf("there is no key %q here", key)
			}
		}
		lines[i] = line
	}
	return strings.Join(lines, " ")
}

func versions() map[string]uint16 {
	return map[string]uint16{"TLS12": tls.VersionTLS12, "TLS13": tls.VersionTLS13}
}

func clientAuth() map[string]tls.ClientAuthType {
	return map[string]tls.ClientAuthType{
		"":                           tls.NoClientCert,
		"NoClientCert":               tls.NoClientCert,
		"RequestClientCert":          tls.RequestClientCert,
		"RequireAnyClientCert":       tls.RequireAnyClientCert,
		"VerifyClientCertIfGiven":    tls.VerifyClientCertIfGiven,
		"RequireAndVerifyClientCert": tls.RequireAndVerifyClientCert,
	}
}

// Config is the TLS configuration; nil serves plain HTTP. The certificate is read
// again for each handshake, so that a renewed one is served at once.
func (w *Web) Config() (*tls.Config, error) {
	if w == nil || w.TLS == nil {
		return nil, nil
	}
	t := w.TLS
	if t.CertFile == "" || t.KeyFile == "" {
		return nil, errors.New("tls_server_config needs cert_file and key_file")
	}
	load := func() (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(w.path(t.CertFile), w.path(t.KeyFile))
		return &pair, err
	}
	if _, err := load(); err != nil {
		return nil, err
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return load() }}
	for _, v := range []struct {
		key, value string
		to         *uint16
	}{{"min_version", t.MinVersion, &c.MinVersion}, {"max_version", t.MaxVersion, &c.MaxVersion}} {
		if v.value == "" {
			continue
		}
		version, ok := versions()[v.value]
		if !ok {
			return nil, fmt.Errorf("%s: write TLS12 or TLS13", v.key)
		}
		*v.to = version
	}
	auth, ok := clientAuth()[t.ClientAuthType]
	if !ok {
		return nil, fmt.Errorf("client_auth_type %q is not known: RequireAndVerifyClientCert asks for an identity", t.ClientAuthType)
	}
	c.ClientAuth = auth
	if t.ClientCAFile != "" {
		data, err := os.ReadFile(w.path(t.ClientCAFile))
		if err != nil {
			return nil, err
		}
		c.ClientCAs = x509.NewCertPool()
		if !c.ClientCAs.AppendCertsFromPEM(data) {
			return nil, fmt.Errorf("client_ca_file %s holds no certificate", t.ClientCAFile)
		}
	} else if auth >= tls.VerifyClientCertIfGiven {
		return nil, errors.New("client_auth_type verifies identities and needs client_ca_file")
	}
	if w.HTTP != nil && w.HTTP.HTTP2 != nil && !*w.HTTP.HTTP2 {
		c.NextProtos = []string{"http/1.1"}
	}
	return c, nil
}

func (w *Web) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(w.dir, name)
}

// unknownUser has the cost of a usual hash, so that a wrong name takes as long as
// a wrong password.
const unknownUser = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi"

// authenticated asks for a user and a password before next. Answers of bcrypt are
// remembered by digest: a scrape every few seconds must not cost one each time.
func (w *Web) authenticated(next http.Handler) http.Handler {
	if w == nil || len(w.Users) == 0 {
		return next
	}
	var mu sync.Mutex
	known := map[[32]byte]bool{}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		hash, exists := w.Users[user]
		if !exists {
			hash = unknownUser
		}
		key := sha256.Sum256([]byte(user + "\x00" + hash + "\x00" + password))
		mu.Lock()
		ok, seen := known[key]
		mu.Unlock()
		if !seen {
			ok = bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil && exists
			mu.Lock()
			if len(known) >= 256 {
				clear(known)
			}
			known[key] = ok
			mu.Unlock()
		}
		if !ok {
			rw.Header().Set("WWW-Authenticate", "Basic")
			http.Error(rw, "a user and a password are wanted", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(rw, r)
	})
}
