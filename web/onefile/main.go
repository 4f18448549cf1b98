// Command onefile makes one HTML file of the built page: onefile DIR reads
// index.html and what it loads, and writes chainspect.html beside them. Its policy
// allows no connection at all.
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: onefile DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "onefile:", err)
		os.Exit(1)
	}
}

// binaries are handed to the page as base64 in elements that no script reads until it needs them.
var binaries = []string{"chainspect.wasm.gz", "other-roots.der.gz"}

// sources are the texts a worker is made of.
var sources = []string{"memfs.js", "wasm_exec.js", "worker.js"}

func write(dir string) error {
	read := func(name string) (string, error) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		return string(data), err
	}
	page, err := read("index.html")
	if err != nil {
		return err
	}
	style, err := read("page.css")
	if err != nil {
		return err
	}
	embedded := map[string]string{}
	for _, name := range sources {
		if embedded[name], err = read(name); err != nil {
			return err
		}
	}
	table, err := json.Marshal(embedded) // which escapes "<", so that no text ends the script
	if err != nil {
		return err
	}
	scripts := []string{strings.Replace(partsOfOneFile, "SOURCES", string(table), 1)}
	for _, name := range []string{"texts.js", "page.js"} {
		text, err := read(name)
		if err != nil {
			return err
		}
		if strings.Contains(text, "</script") {
			return fmt.Errorf("%s holds the end of a script", name)
		}
		scripts = append(scripts, text)
	}
	var body strings.Builder
	for _, name := range binaries {
		data, err := read(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&body, "<script type=\"application/octet-stream\" id=\"part-%s\">%s</script>\n", name, base64.StdEncoding.EncodeToString([]byte(data)))
	}
	policy := "default-src 'none'; script-src 'wasm-unsafe-eval'"
	for _, text := range scripts {
		policy += " " + hash(text)
		fmt.Fprintf(&body, "<script>%s</script>\n", text)
	}
	policy += "; style-src " + hash(style) + "; worker-src blob:; img-src data:; form-action 'none'; base-uri 'none'"
	for _, part := range []struct{ old, with string }{
		{between(page, `http-equiv="Content-Security-Policy" content="`, `"`), policy},
		{`<link rel="stylesheet" href="page.css">`, "<style>" + style + "</style>"},
		{"<script src=\"texts.js\"></script>\n<script src=\"page.js\"></script>\n", body.String()},
	} {
		if part.old == "" || strings.Count(page, part.old) != 1 {
			return fmt.Errorf("index.html holds %q %d times", part.old, strings.Count(page, part.old))
		}
		page = strings.Replace(page, part.old, part.with, 1)
	}
	return os.WriteFile(filepath.Join(dir, "chainspect.html"), []byte(page), 0o644)
}

// partsOfOneFile stands where page.js would ask a server for its parts.
const partsOfOneFile = `"use strict";
const embedded = {
  sources: SOURCES,
  async text(name) { return this.sources[name]; },
  async bytes(name) {
    const text = document.getElementById("part-" + name).textContent;
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return new Blob([bytes]);
  },
};
globalThis.embedded = embedded;
`

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func between(text, before, after string) string {
	_, rest, ok := strings.Cut(text, before)
	if !ok {
		return ""
	}
	found, _, _ := strings.Cut(rest, after)
	return found
}
