package explain

// Words is a term users write, and the rules it leads to.
type Words struct {
	Terms []string
	Rules []string
}

// UsersWords lists what people call things (gathered from questions in forums and trackers).
func UsersWords() []Words {
	return []Words{
		{[]string{"incomplete chain", "chain issues", "extra download", "fullchain", "ca bundle", "ca-bundle"}, []string{"basic-intermediate-missing", "basic-order"}},
		{[]string{"whitelist", "disable ats", "arbitrary loads", "smallest exception", "ats exception"}, []string{"ats-off", "ats-cleartext", "ats-required-trust"}},
		{[]string{"bypass", "ignore ssl", "accept all", "trust the cert in code"}, []string{"ats-loosened-trust"}},
		{[]string{"ssl pinning", "certificate pinning", "pinning"}, []string{"ats-pin"}},
		{[]string{"fake certificate", "default certificate", "wrong cert"}, []string{"hostname-mismatch"}},
		{[]string{"two-way ssl", "ssl client auth", "mutual tls", "mtls", "client cert"}, []string{"mtls-required-no-identity", "mtls-rejected", "identity-no-client-auth"}},
		{[]string{"13 months", "397", "398", "825", "47 days", "one year"}, []string{"apple-lifetime-398", "apple-lifetime-825", "apple-lifetime-schedule"}},
		{[]string{"cross-sign", "cross sign", "dst x3", "addtrust", "alternate chain"}, []string{"basic-expired"}},
		{[]string{"common name", "altname", "san "}, []string{"hostname-cn-only", "hostname-no-san"}},
		{[]string{"full trust", "certificate trust settings", "install the cert"}, []string{"basic-anchor-not-trusted", "apple-anchor-common-name"}},
	}
}
