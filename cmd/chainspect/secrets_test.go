package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/chainspect/chainspect/internal/report"
)

// secretsOf lists the ways a password and a private key could show in a text.
func secretsOf(keyPEM []byte) []string {
	block, _ := pem.Decode(keyPEM)
	// The middle of the PKCS#8: the private value stands there.
	raw := block.Bytes[36:68]
	return []string{"Tr0ub4dor", hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)), base64.StdEncoding.EncodeToString(raw)[:40],
		strings.ReplaceAll(string(keyPEM), "\n", "")[40:100], "PRIVATE KEY-----"}
}

// secretFile holds what must not show, in the session's folder.
const secretFile = ".secret.key"

// secret FILE: what must not show from here on.
func secret(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(secretFile), []byte(ts.ReadFile(args[0])), 0o600))
}

func noSecretIn(ts *testscript.TestScript, where, text string) {
	for _, s := range secretsOf([]byte(ts.ReadFile(secretFile))) {
		if strings.Contains(text, s) {
			ts.Fatalf("%s shows a secret (%.12s…)", where, s)
		}
	}
}

// no-secret FILE looks into a file.
func noSecret(ts *testscript.TestScript, neg bool, args []string) {
	noSecretIn(ts, args[0], ts.ReadFile(args[0]))
}

// for-each-format ARG...: runs the command in every format and looks for secrets in both streams.
func forEachFormat(ts *testscript.TestScript, neg bool, args []string) {
	for _, f := range report.Formats() {
		_ = ts.Exec("chainspect", append(append([]string(nil), args...), "--format", f)...) // whatever the exit code
		out, errs := ts.ReadFile("stdout"), ts.ReadFile("stderr")
		if out+errs == "" {
			ts.Fatalf("%s says nothing", f)
		}
		noSecretIn(ts, f+" standard output", out)
		noSecretIn(ts, f+" standard error", errs)
	}
}

// TestSecretsAreFound holds the search itself: it must find what it looks for.
func TestSecretsAreFound(t *testing.T) {
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: bytes.Repeat([]byte{0xa5, 1, 2}, 46)})
	for i, s := range secretsOf(key) {
		if len(s) < 9 {
			t.Errorf("secret %d is too short to mean anything", i)
		}
	}
	if !strings.Contains(strings.ReplaceAll(string(key), "\n", ""), secretsOf(key)[4]) {
		t.Error("the key's own text is not found in it")
	}
}
