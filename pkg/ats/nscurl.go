package ats

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// nscurlTest is one load of `nscurl --ats-diagnostics`: a synthetic
// NSAppTransportSecurity dictionary.
type nscurlTest struct {
	section, name string
	dictionary    map[string]any
}

// nscurlMatrix lists the sixteen tests in the order nscurl prints them; host is
// the host part of the URL.
func nscurlMatrix(host string) []nscurlTest {
	entry := func(e map[string]any) map[string]any {
		return map[string]any{keyDomains: map[string]any{host: e}}
	}
	versions := []string{"TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0"}
	out := []nscurlTest{
		{"Default ATS Secure Connection", "ATS Default Connection", map[string]any{}},
		{"Allowing Arbitrary Loads", "Allow All Loads", map[string]any{keyArbitraryLoads: true}},
	}
	for _, v := range versions {
		out = append(out, nscurlTest{"Configuring TLS exceptions for " + host, v, entry(map[string]any{keyMinimumTLS: v})})
	}
	out = append(out,
		nscurlTest{"Configuring PFS exceptions for " + host, "Disabling Perfect Forward Secrecy",
			entry(map[string]any{keyForwardSecrecy: false})},
		nscurlTest{"Configuring PFS exceptions and allowing insecure HTTP for " + host,
			"Disabling Perfect Forward Secrecy and Allowing Insecure HTTP",
			entry(map[string]any{keyForwardSecrecy: false, keyInsecureHTTP: true})})
	for _, v := range versions {
		out = append(out, nscurlTest{"Configuring TLS exceptions with PFS disabled for " + host, v + " with PFS disabled",
			entry(map[string]any{keyMinimumTLS: v, keyForwardSecrecy: false})})
	}
	for _, v := range versions {
		out = append(out, nscurlTest{"Configuring TLS exceptions with PFS disabled and insecure HTTP allowed for " + host,
			v + " with PFS disabled and insecure HTTP allowed",
			entry(map[string]any{keyMinimumTLS: v, keyForwardSecrecy: false, keyInsecureHTTP: true})})
	}
	return out
}

// nscurlRows is the table of `nscurl --ats-diagnostics` for the case: always
// sixteen rows, each an HTTPS load under a dictionary of its own; the app's
// Info.plist plays no part. A row that no observation tells fails with an error
// that says so, and known is false.
func nscurlRows(c *chain.Case) (rows []chain.ATSRow, known bool) {
	known = true
	name := host(c.Question)
	if name == "" && c.Observation != nil {
		name, _, _ = cutPort(c.Observation.Address)
	}
	for _, t := range nscurlMatrix(name) {
		row := chain.ATSRow{Section: t.section, Name: t.name, Dictionary: t.dictionary}
		settings := &chain.AppSettings{Root: map[string]any{keyATS: t.dictionary}}
		d := decideFor(settings, name, c.Question.Platform)
		got, _ := serverOf(c).answers(d)
		switch {
		case c.DefaultTrust == chain.Untrusted && d.Required:
			row.Error = nscurlError(-1200, -9802)
		case c.DefaultTrust == chain.Untrusted:
			row.Error = nscurlError(-1202, -9807)
		case got == accepts:
			row.Pass = true
		case got == refuses && serverOf(c).best() != 0 && serverOf(c).best() < d.Floor:
			row.Error = nscurlError(-1200, -9836)
		case got == refuses:
			row.Error = nscurlError(-1200, -9824)
		default:
			known = false
			row.Error = "not observed: no handshake that was made tells"
		}
		rows = append(rows, row)
	}
	return rows, known
}

// nscurlError is the NSError of a failing load, as far as its codes are known.
func nscurlError(url, ssl int) string {
	text := "An SSL error has occurred and a secure connection to the server cannot be made."
	if url == -1202 {
		text = "The certificate for this server is invalid."
	}
	return fmt.Sprintf("Error Domain=NSURLErrorDomain Code=%d %q UserInfo={_kCFStreamErrorDomainKey=3, _kCFStreamErrorCodeKey=%d}", url, text, ssl)
}

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
