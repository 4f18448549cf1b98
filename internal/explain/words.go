package explain

import (
	"slices"
	"sort"
	"strings"
)

// Words is a term users write, and the rules it leads to.
type Words struct {
	Terms []string // lower case, as Entry.Phrases
	Loose []string // as Entry.Loose
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
		for i, term := range slices.Concat(w.Terms, w.Loose) {
			from, to, found := find(low, term)
			switch {
			case !found || len(term) <= best:
			case i >= len(w.Terms) && !onSubject(low, from, to):
			case len(term) > 3 || abbreviation(low, term):
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

// abbreviation finds a short term as a word of its own: Base64 is full of such
// letters between its signs, and CN=R11 names a CA.
func abbreviation(low, term string) bool {
	return slices.Contains(strings.FieldsFunc(low, func(r rune) bool {
		return r < 0x80 && !wordByte(byte(r)) && r != '/' && r != '+' && r != '='
	}), term)
}

// UsersWords lists what people call things (gathered from questions in forums and trackers).
func UsersWords() []Words {
	return []Words{
		{[]string{"incomplete chain", "chain is incomplete", "certificate chain incomplete", "chain issues: incomplete", "extra download", "fullchain", "ca bundle", "ca-bundle", "cabundle"}, []string{"chain issues", "bundle", "intermediate"}, []string{"basic-intermediate-missing", "basic-order"}},
		{[]string{"missing intermediate", "intermediate missing", "missing intermediates", "intermediate is missing", "intermediates are missing"}, nil, []string{"basic-intermediate-missing"}},
		{[]string{"root or intermediate first", "root-first"}, []string{"root first", "intermediate first"}, []string{"identity-root-first", "basic-order"}},
		{nil, []string{"wrong order", "leaf last"}, []string{"basic-order", "identity-root-first"}},
		{[]string{"root not trusted", "root is not trusted", "root ca not trusted", "private ca", "internal ca", "corporate ca", "company ca"}, nil, []string{"basic-anchor-not-trusted"}},
		{[]string{"ocsp", "ocsp stapling", "must-staple", "must staple"}, nil, []string{"revocation-unknown", "revocation-must-staple", "revocation-staple-ignored", "revocation-revoked"}},
		{[]string{"crl", "certificate revocation list"}, nil, []string{"revocation-unknown", "revocation-revoked", "revocation-crl-profile"}},
		{[]string{"verify depth", "ssl_verify_depth", "sslverifydepth"}, nil, []string{"mtls-depth"}},
		{[]string{"forward secrecy"}, nil, []string{"ats-forward-secrecy"}},
		{[]string{"weak cipher", "weak ciphers", "cipher suite", "cipher suites"}, nil, []string{"ats-cipher", "ats-forward-secrecy"}},
		{[]string{"show…certificate trust settings", "listed…certificate trust settings", "appear…certificate trust settings", "missing…certificate trust settings"}, nil, []string{"apple-anchor-common-name", "apple-anchor-not-ca"}},
		{[]string{"unknown authority", "untrusted root"}, []string{"not trusted by"}, []string{"basic-intermediate-missing", "basic-anchor-not-trusted"}},
		{[]string{"trust store", "truststore"}, nil, []string{"basic-anchor-not-trusted", "apple-root-unknown", "apple-root-removed"}},
		{[]string{"self-signed", "self signed", "selfsigned"}, nil, []string{"basic-self-signed", "basic-anchor-not-trusted", "apple-anchor-leaf"}},
		{[]string{"sectrustsetanchorcertificates"}, nil, []string{"ats-loosened-trust", "apple-anchor-leaf"}},
		{[]string{"blocked http", "plain http", "insecure http"}, []string{"http link"}, []string{"ats-cleartext"}},
		{[]string{"whitelist a domain", "disable ats", "arbitrary loads", "nsallowsarbitraryloads", "nsexceptiondomains", "nsexceptionallowsinsecurehttploads", "nsapptransportsecurity", "ats exception"}, []string{"whitelist", "smallest exception"}, []string{"ats-off", "ats-cleartext", "ats-required-trust"}},
		{[]string{"ignore ssl", "trust the cert in code", "trust all cert"}, []string{"bypass", "accept all"}, []string{"ats-loosened-trust"}},
		{[]string{"ssl pinning", "certificate pinning", "nspinneddomains"}, []string{"pinning"}, []string{"ats-pin", "ats-plist-pin"}},
		{[]string{"hostname", "host name"}, nil, []string{"hostname-mismatch"}},
		{[]string{"fake certificate", "wrong cert"}, []string{"default certificate", "sni"}, []string{"hostname-mismatch"}},
		{[]string{"two-way ssl", "two way ssl", "ssl client auth", "mutual tls", "mtls", "client cert", "client certificate", "client identity"}, nil, []string{"mtls-required-no-identity", "mtls-rejected", "identity-no-client-auth"}},
		{nil, []string{"13 months", "397", "398", "one year"}, []string{"apple-lifetime-398", "apple-lifetime-825", "apple-lifetime-schedule"}},
		{nil, []string{"825"}, []string{"apple-lifetime-825", "apple-lifetime-398"}},
		{nil, []string{"200 days", "100 days", "47 days"}, []string{"apple-lifetime-schedule", "apple-lifetime-398"}},
		{[]string{"lifetime too long", "validity too long", "validity period too long"}, []string{"valid for too long"}, []string{"apple-lifetime-825", "apple-lifetime-398", "apple-lifetime-schedule"}},
		{[]string{"dst x3", "dst root", "addtrust"}, nil, []string{"basic-expired", "basic-anchor-not-trusted", "basic-intermediate-missing"}},
		{[]string{"root yr", "root ye", "yr/ye", "isrg root"}, []string{"cross-sign", "cross sign", "alternate chain", "long chain", "r3", "e1", "yr", "ye", "yr1", "yr2", "ye1", "ye2"}, []string{"basic-intermediate-missing", "basic-anchor-not-trusted", "basic-expired"}},
		{nil, []string{"revoked"}, []string{"revocation-revoked"}},
		{[]string{"renewed…still expired"}, []string{"still expired", "cached certificate"}, []string{"basic-expired"}},
		{[]string{"altname", "altnames", "subjectaltname", "subject alternative name"}, []string{"common name", "cn", "san"}, []string{"hostname-mismatch", "hostname-cn-only", "hostname-no-san"}},
		{[]string{"certificate trust settings", "install the cert", "install a cert", "proxyman", "mkcert", "mitmproxy"}, []string{"full trust", "charles", "fiddler", "profile", "root profile"}, []string{"basic-anchor-not-trusted", "basic-inspection-suspected"}},
		{[]string{"large client hello", "large clienthello", "ml-kem"}, []string{"post-quantum", "kyber", "connections…hang", "hangs"}, []string{"reach-large-clienthello", "ats-post-quantum"}},
		{nil, []string{"some visitors", "some users", "% of users", "some nodes", "those with ipv6", "aaaa record"}, []string{"reach-intermittent", "hostname-mismatch", "basic-intermediate-missing"}},
		{nil, []string{"certificate transparency", "sct", "scts"}, []string{"apple-ct-missing", "apple-ct-not-embedded"}},
		{nil, []string{"spiffe"}, []string{"hostname-spiffe"}},
		{[]string{"root…installs…not trusted", "root…stays…not trusted"}, nil, []string{"apple-anchor-md5", "apple-anchor-common-name", "basic-anchor-not-trusted"}},
		{nil, []string{"fully trusted", "root installed", "root is installed"}, []string{"apple-lifetime-825", "apple-server-auth-eku", "hostname-no-san", "basic-anchor-not-trusted", "apple-anchor-common-name"}},
	}
}
