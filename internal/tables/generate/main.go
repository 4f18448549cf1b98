// Command generate writes the lists of CT logs that pkg/chain/ctlog embeds, out
// of tables of what Apple, Chrome and Mozilla publish (columns by name; the first
// comment line names version and date):
//
//	cd pkg/chain/ctlog && go run ../../../internal/tables/generate -facts DIR
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// source is a table, and what its list is called, of which version and when; the
// date is said where the table's first line has none of its own.
type source struct{ file, out, heading string }

var sources = [...]source{
	{"apple-ct-logs.tsv", "apple.tsv", "Apple's list\t511\t2026-03-31T18:05:30Z"},
	{"chrome-ct-logs.tsv", "chrome.tsv", "Chrome's list\t89.25\t2026-08-20T13:34:57Z"},
	{"mozilla-ct-logs.tsv", "mozilla.tsv", "Mozilla's list\t\t2026-08-11T20:05:47Z"},
}

func main() {
	facts := flag.String("facts", "", "the `folder` with the tables")
	flag.Parse()
	for _, s := range sources {
		if err := s.write(*facts); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func (s source) write(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, s.file))
	if err != nil {
		return err
	}
	for _, word := range strings.Split(s.heading, "\t")[1:] { // the table is the one that was meant
		if !strings.Contains(string(text), word) {
			return fmt.Errorf("%s does not say %s", s.file, word)
		}
	}
	var out strings.Builder
	out.WriteString(s.heading + "\n")
	column := map[string]int{}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case strings.HasPrefix(line, "#"):
			continue
		case len(column) == 0:
			for i, name := range f {
				column[name] = i
			}
			continue
		}
		value := func(names ...string) string {
			for _, name := range names {
				if i, ok := column[name]; ok && f[i] != "" {
					return f[i]
				}
			}
			return ""
		}
		if k := value("log_type"); value("state") == "none" || k != "" && k != "prod" && value("chromium_156") != "approved" {
			continue // test logs, which no client takes
		}
		since := value("state_timestamp_utc", value("state")+"_utc")
		compiled := value("chromium_156")
		if compiled == "absent" {
			compiled = ""
		}
		fmt.Fprintln(&out, strings.Join([]string{value("log_id_b64"), value("operator"), value("description"), value("api"), value("state"), since,
			value("shard_start_inclusive"), value("shard_end_exclusive"), value("spki_b64"), compiled}, "\t"))
	}
	return os.WriteFile(s.out, []byte(out.String()), 0o644)
}
