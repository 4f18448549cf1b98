package ats

import (
	"fmt"

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
		d := Decide(settings, name, c.Question.Platform)
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
