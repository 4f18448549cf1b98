package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// publicRoots writes the roots of Mozilla's bundle that Apple's table lacks: by
// certificate, and by subject for chains whose root was not sent.
func publicRoots(table, out string) error {
	text, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	apple := strings.ToLower(string(text))
	var b bytes.Buffer
	b.WriteString("# Roots for TLS servers in Mozilla's bundle that Apple's store of 2025-07-20 does not have.\nsha256\tsubject_sha256\tname\n")
	for r := range bundle.Roots() {
		h := sum(r.Certificate)
		if strings.Contains(apple, h) {
			continue
		}
		c, err := x509read.Parse(r.Certificate)
		if err != nil {
			return err
		}
		subject := sha256.Sum256(c.Subject.Raw)
		name := c.Subject.CommonName()
		if name == "" {
			name = c.Subject.String()
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\n", h, hex.EncodeToString(subject[:]), name)
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}
