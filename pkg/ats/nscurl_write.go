package ats

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// WriteNscurl writes the sixteen rows of a report in the layout of
// `nscurl --ats-diagnostics`; verbose adds each row's dictionary and the error
// of the failing ones, as --verbose does there.
func WriteNscurl(w io.Writer, r *chain.Report, verbose bool) error {
	if r.ATS == nil || len(r.ATS.Rows) == 0 {
		return fmt.Errorf("%s: the report has no rows of nscurl: they need an HTTPS connection probed with every version", r.Target)
	}
	b := bufio.NewWriter(w)
	rule := strings.Repeat("=", 80)
	fmt.Fprintf(b, "Starting ATS Diagnostics\n\n")
	fmt.Fprintf(b, "Configuring ATS Info.plist keys and displaying the result of HTTPS loads to %s.\n", printable(nscurlURL(r)))
	fmt.Fprintf(b, "A test will \"PASS\" if URLSession:task:didCompleteWithError: returns a nil error.\n")
	section := ""
	for _, row := range r.ATS.Rows {
		if row.Section != section {
			if section != "" {
				fmt.Fprintln(b)
			}
			section = row.Section
			fmt.Fprintf(b, "%s\n\n%s\n\n", rule, printable(section))
			fmt.Fprintln(b, "---")
		}
		fmt.Fprintln(b, row.Name)
		if verbose {
			fmt.Fprintf(b, "ATS Dictionary:\n")
			writeDescription(b, row.Dictionary, 0)
			fmt.Fprintln(b)
		}
		result := "FAIL"
		if row.Pass {
			result = "PASS"
		}
		fmt.Fprintf(b, "Result : %s\n", result)
		if verbose && !row.Pass && row.Error != "" {
			fmt.Fprintf(b, "Error : %s\n", printable(row.Error))
		}
		fmt.Fprintln(b, "---")
	}
	fmt.Fprintf(b, "\n%s\n", rule)
	return b.Flush()
}

// nscurlURL is the target as the URL that nscurl would have been given.
func nscurlURL(r *chain.Report) string {
	if strings.Contains(r.Target, "://") {
		return r.Target
	}
	return "https://" + strings.TrimSuffix(r.Target, ":443")
}

// writeDescription writes a dictionary in the old style of NSLog: keys in order,
// four spaces a level, texts quoted when they hold more than letters and digits.
func writeDescription(b *bufio.Writer, d map[string]any, depth int) {
	indent := strings.Repeat("    ", depth)
	fmt.Fprintln(b, "{")
	for _, k := range sortedKeys(d) {
		fmt.Fprintf(b, "%s    %s = ", indent, description(k))
		switch v := d[k].(type) {
		case map[string]any:
			writeDescription(b, v, depth+1)
		case string:
			b.WriteString(description(v))
		default:
			fmt.Fprint(b, v)
		}
		fmt.Fprintln(b, ";")
	}
	fmt.Fprintf(b, "%s}", indent)
}

func description(s string) string {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
			return fmt.Sprintf("%q", s)
		}
	}
	if s == "" {
		return `""`
	}
	return s
}

// printable escapes what could command a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return '?'
		}
		return r
	}, s)
}
