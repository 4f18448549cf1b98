package load

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
)

// party is a small PKI: root, issuing, leaf (P-256), rsa and other under issuing.
func party(t testing.TB) map[string]*testpki.Made {
	t.Helper()
	made := testpki.Must(t, map[string]testpki.Recipe{
		"root":    {CA: true},
		"issuing": {CA: true, Issuer: "root"},
		"leaf":    {Issuer: "issuing", EKU: []string{"clientAuth"}},
		"rsa":     {Issuer: "issuing", Key: "rsa2048-1"},
		"ed":      {Issuer: "issuing", Key: "ed25519"},
	}, time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	return made
}

func pkcs8Of(t testing.TB, m *testpki.Made) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(m.Key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func block(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// with gives the password in a file.
func with(t testing.TB, password string) IdentityOptions {
	return IdentityOptions{Passwords: Passwords{File: write(t, "password", []byte(password))}}
}

// errorKind is how callers tell the kinds apart.
func errorKind(err error) string {
	var e *Error
	if err == nil {
		return ""
	}
	if !errors.As(err, &e) {
		return "not an *Error: " + err.Error()
	}
	return string(e.Kind)
}
