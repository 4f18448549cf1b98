package explain

import (
	"slices"
	"sort"
	"strings"
)

// Words is a term users write, and the rules it leads to.
type Words struct {
	Terms []string // lower case, as Entry.Phrases
	Rules []string
}

// RulesOf returns the rules the users' own words in a text lead to, those of the
// longest words first.
func RulesOf(text string) []string {
	low := normal(text)
	type hit struct {
		rules  []string
		length int
	}
	var hits []hit
	for _, w := range UsersWords() {
		best := 0
		for _, term := range w.Terms {
			if len(term) > best && (len(term) > 3 && says(low, term) || len(term) <= 3 && abbreviation(low, term)) {
				best = len(term)
			}
		}
		if best > 0 {
			hits = append(hits, hit{w.Rules, best})
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].length > hits[j].length })
	var out []string
	for _, h := range hits {
		for _, id := range h.rules {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// abbreviation finds a short term as a word of its own; Base64 is full of such
// letters between its signs.
func abbreviation(low, term string) bool {
	return slices.Contains(strings.FieldsFunc(low, func(r rune) bool {
		return r < 0x80 && !wordByte(byte(r)) && r != '/' && r != '+'
	}), term)
}

// UsersWords lists what people call things (gathered from questions in forums and trackers).
func UsersWords() []Words {
	return []Words{
		{[]string{"incomplete chain", "chain is incomplete", "certificate chain incomplete", "chain issues", "extra download", "fullchain", "ca bundle", "ca-bundle", "cabundle", "bundle", "intermediate"}, []string{"basic-intermediate-missing", "basic-order"}},
		{[]string{"root first", "root-first", "root or intermediate first", "intermediate first", "wrong order", "leaf last"}, []string{"identity-root-first", "basic-order"}},
		{[]string{"show…certificate trust settings", "listed…certificate trust settings", "appear…certificate trust settings", "missing…certificate trust settings"}, []string{"apple-anchor-common-name", "apple-anchor-not-ca"}},
		{[]string{"unknown authority", "untrusted root", "not trusted by"}, []string{"basic-intermediate-missing", "basic-anchor-not-trusted"}},
		{[]string{"self-signed", "self signed", "selfsigned"}, []string{"basic-self-signed", "basic-anchor-not-trusted"}},
		{[]string{"blocked http", "plain http", "http link", "insecure http"}, []string{"ats-cleartext"}},
		{[]string{"whitelist", "disable ats", "arbitrary loads", "nsallowsarbitraryloads", "nsexceptiondomains", "nsexceptionallowsinsecurehttploads", "nsapptransportsecurity", "smallest exception", "ats exception"}, []string{"ats-off", "ats-cleartext", "ats-required-trust"}},
		{[]string{"bypass", "ignore ssl", "accept all", "trust the cert in code", "trust all cert"}, []string{"ats-loosened-trust"}},
		{[]string{"ssl pinning", "certificate pinning", "pinning", "nspinneddomains"}, []string{"ats-pin", "ats-plist-pin"}},
		{[]string{"fake certificate", "default certificate", "wrong cert", "sni"}, []string{"hostname-mismatch"}},
		{[]string{"two-way ssl", "two way ssl", "ssl client auth", "mutual tls", "mtls", "client cert", "client identity"}, []string{"mtls-required-no-identity", "mtls-rejected", "identity-no-client-auth"}},
		{[]string{"p12", ".p12", "pfx", ".pfx", "pkcs12", "pkcs#12"}, []string{"identity-mac-not-imported", "identity-encryption-not-imported", "identity-no-intermediates", "identity-no-client-auth"}},
		{[]string{"13 months", "397", "398", "825", "47 days", "one year", "validity too long", "validity period too long"}, []string{"apple-lifetime-398", "apple-lifetime-825", "apple-lifetime-schedule"}},
		{[]string{"cross-sign", "cross sign", "dst x3", "dst root", "addtrust", "alternate chain", "long chain", "root yr", "root ye", "isrg root", "r3", "e1", "yr", "ye"}, []string{"basic-expired", "basic-anchor-not-trusted", "basic-intermediate-missing"}},
		{[]string{"still expired", "cached certificate"}, []string{"basic-expired"}},
		{[]string{"common name", "cn", "altname", "altnames", "san", "subjectaltname", "subject alternative name"}, []string{"hostname-mismatch", "hostname-cn-only", "hostname-no-san"}},
		{[]string{"full trust", "certificate trust settings", "install the cert", "install a cert", "charles", "proxyman", "mkcert", "mitmproxy", "fiddler"}, []string{"basic-anchor-not-trusted", "basic-inspection-suspected"}},
		{[]string{"large client hello", "large clienthello", "post-quantum", "ml-kem", "kyber"}, []string{"reach-large-clienthello", "ats-post-quantum"}},
		{[]string{"spiffe"}, []string{"hostname-spiffe"}},
		{[]string{"lifetime too long", "validity too long", "valid for too long"}, []string{"apple-lifetime-825", "apple-lifetime-398"}},
		{[]string{"fully trusted", "root installed", "root is installed"}, []string{"basic-anchor-not-trusted", "apple-lifetime-825", "apple-server-auth-eku", "apple-anchor-common-name"}},
	}
}
