package ats

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var (
	good13  = hello("apple-ats", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519MLKEM768", 0x0403)
	good12  = hello("apple-ats", "TLS 1.2", 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "X25519", 0x0804)
	noHello = refusal("apple-ats", 40)
)

// silence is a handshake that got no answer within the time.
func silence(name string) chain.Observation {
	o := refusal(name, 0)
	o.Outcome = chain.Outcome{Stage: "hello", ErrorKind: "timeout", Error: "connected, but the server sent nothing after the ClientHello within the time"}
	return o
}

// ended is a handshake with Apple's hello that ended after the certificates.
func ended(kind chain.ErrorKind) chain.Observation {
	o := good13
	o.Outcome.OK, o.Outcome.Stage, o.Outcome.ErrorKind = false, "certificate", kind
	return o
}

func settings(d dict) func(*chain.Case) {
	return func(c *chain.Case) { c.Question.AppSettings = atsSettings(d) }
}

func network(c *chain.Case) { c.Question.For = forNetwork }

func TestConnectionRules(t *testing.T) {
	static := hello("apple-rsa", "TLS 1.2", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0)
	tls11Only := hello("apple-tls10", "TLS 1.1", 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "P-256", 0)
	wide := func(suite tlsname.Suite, name string) chain.Observation {
		return hello("wide-tlsname.TLS12", "TLS 1.2", suite, name, "P-256", 0x0804)
	}
	small13 := hello("apple-small", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519", 0x0403)
	nameless := good13
	nameless.ServerName = ""
	psk := refusal("psk-only", 0)
	psk.Outcome = chain.Outcome{OK: true, Version: "TLS 1.2", SuiteID: 0x00a8, Suite: "TLS_PSK_WITH_AES_128_GCM_SHA256"}
	for _, tc := range []struct {
		name    string
		change  func(*chain.Case)
		obs     []chain.Observation
		want    []string
		message string // of the first rule wanted
	}{
		{"TLS 1.3", nil, []chain.Observation{good13}, nil, ""},
		{"TLS 1.2 has no post-quantum note", nil, []chain.Observation{good12}, nil, ""},
		{"TLS 1.1 only", nil, []chain.Observation{refusal("apple-ats", 70), tls11Only}, []string{"ats-tls-version"}, "TLS 1.1, the floor is TLS 1.2"},
		{"TLS 1.1 let through", settings(domain("example.com", dict{keyMinimumTLS: "TLSv1.1"})),
			[]chain.Observation{refusal("apple-ats", 70), tls11Only}, nil, ""},
		{"TLS 1.1, floor 1.2 by another entry", settings(domain("www.example.com", dict{keyMinimumTLS: "TLSv1.1"})),
			[]chain.Observation{refusal("apple-ats", 70), tls11Only}, []string{"ats-tls-version"}, ""},
		{"SSL 3.0", nil, []chain.Observation{refusal("apple-ats", 70), refusal("wide-tlsname.TLS12", 70),
			hello("ssl3", "SSL 3.0", 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", "", 0)},
			[]string{"ats-tls-version"}, "the highest version the server speaks is SSL 3.0"},
		{"floor raised to 1.3", settings(domain("example.com", dict{keyMinimumTLS: "TLSv1.3"})), []chain.Observation{good12},
			[]string{"ats-tls-version"}, "TLS 1.2, the floor is TLS 1.3"},
		{"static RSA", nil, []chain.Observation{noHello, static}, []string{"ats-forward-secrecy"}, "static RSA"},
		{"static RSA where ECDHE is refused in every group", nil, []chain.Observation{noHello, refusal("wide-ecdhe", 40), static},
			[]string{"ats-forward-secrecy"}, "static RSA"},
		{"static RSA for want of a group in common", nil,
			[]chain.Observation{noHello, static, hello("wide-ecdhe", "TLS 1.2", 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "secp256k1", 0x0804)},
			[]string{"ats-group"}, "such as secp256k1"},
		{"static RSA let through", settings(domain("example.com", dict{keyForwardSecrecy: false})), []chain.Observation{noHello, static}, nil, ""},
		{"static RSA with a SHA-2 MAC, forward secrecy not asked for", settings(domain("example.com", dict{keyForwardSecrecy: false})),
			[]chain.Observation{noHello, refusal("apple-rsa", 40),
				wide(0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256")}, []string{"ats-cipher"}, "AES-CBC with a SHA-2 MAC"},
		{"DHE only", nil, []chain.Observation{noHello, refusal("apple-rsa", 40), wide(0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")},
			[]string{"ats-cipher"}, "finite-field Diffie-Hellman"},
		{"CBC-SHA384", nil, []chain.Observation{noHello, wide(0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384")}, []string{"ats-cipher"}, "SHA-2 MAC"},
		{"CCM", nil, []chain.Observation{noHello, wide(0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM")}, []string{"ats-cipher"}, "AES-CCM"},
		{"RC4", nil, []chain.Observation{noHello, wide(0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA")}, []string{"ats-cipher"}, "RC4"},
		{"X448 only", nil, []chain.Observation{noHello, hello("wide-tlsname.TLS13", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X448", 0x0403)},
			[]string{"ats-group"}, "X448"},
		{"SHA-1 with ECDSA", nil,
			[]chain.Observation{noHello,
				hello("wide-tlsname.TLS12", "TLS 1.2", 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "P-256",
					0x0203)}, []string{"ats-signature-algorithm"}, "ecdsa_sha1"},
		{"SHA-1 with RSA is offered", nil,
			[]chain.Observation{hello("apple-ats", "TLS 1.2", 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "P-256", 0x0201)}, nil, ""},
		{"pre-shared key only", nil, []chain.Observation{noHello, psk}, []string{"ats-required-trust"}, "sends no certificate"},
		{"a refusal nothing explains", nil,
			[]chain.Observation{noHello,
				hello("wide-tlsname.TLS13", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519", 0x0403)}, []string{"ats-handshake"}, "TLS alert 40"},
		{"application protocols refused", nil,
			[]chain.Observation{refusal("apple-ats", 120),
				hello("apple-ats-no-alpn", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519MLKEM768", 0x0403)}, []string{"ats-handshake"}, "TLS alert 120"},
		{"suite told by name only", nil, []chain.Observation{hello("apple-ats", "TLS 1.2", 0, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "", 0)}, nil, ""},
		{"suite not told", nil, []chain.Observation{hello("apple-ats", "TLS 1.2", 0, "", "", 0)}, nil, ""},
		{"static RSA told by name only", nil,
			[]chain.Observation{noHello,
				hello("wide-tlsname.TLS12", "TLS 1.2", 0, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0)}, []string{"ats-forward-secrecy"}, "static RSA"},
		{"with an identity, by crypto/tls", nil,
			[]chain.Observation{hello("go-tlsname.TLS13", "TLS 1.3", 0x1301, "TLS_AES_128_GCM_SHA256", "X25519",
				0x0403)}, []string{"ats-handshake"}, "no handshake with a hello that an Apple platform sends"},
		{"after Apple's hello, with an identity, by crypto/tls", nil,
			[]chain.Observation{good13, hello("go-tlsname.TLS13", "TLS 1.3", 0x1301, "TLS_AES_128_GCM_SHA256", "X25519", 0x0403)}, nil, ""},
		{"only the small hello gets through", nil, []chain.Observation{refusal("apple-ats", 40), small13}, []string{"ats-handshake"}, "TLS alert 40"},
		{"only the small hello, iOS 18", func(c *chain.Case) { c.Question.Platform = "ios18" },
			[]chain.Observation{refusal("apple-ats", 40), small13}, nil, ""},
		{"silence to Apple's hello, a wide one is answered", nil,
			[]chain.Observation{silence("apple-ats"),
				hello("wide-tlsname.TLS13", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519",
					0x0403)}, []string{"ats-handshake"}, "had not come to an end"},
		{"the same hello the second time", nil, []chain.Observation{refusal("apple-ats", 80), small13, good13}, nil, ""},
		{"certificates, and then an alert", nil, []chain.Observation{ended("closed")}, []string{"ats-handshake"}, "after its certificates"},
		{"certificates, and then nothing", nil, []chain.Observation{ended("timeout")}, []string{"ats-handshake"}, "had not come to an end"},
		{"another's key is no matter of the hello", nil,
			[]chain.Observation{func() chain.Observation { o := ended("tls"); o.Outcome.KeyProof = "wrong"; return o }()}, nil, ""},
		{"the name is refused, certificates without it", nil, []chain.Observation{refusal("apple-ats", 112), nameless}, []string{"ats-handshake"},
			"TLS alert 112"},
		{"classic group", nil, []chain.Observation{hello("apple-ats", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519", 0x0403)},
			[]string{"ats-post-quantum"}, "X25519"},
		{"classic group, iOS 18", func(c *chain.Case) { c.Question.Platform = "ios18" },
			[]chain.Observation{hello("apple-ats", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519", 0x0403)}, nil, ""},
		{"another server's refusal", nil,
			[]chain.Observation{func() chain.Observation { o := noHello; o.Network = "192.0.2.2:443"; return o }(), good13}, nil, ""},
		{"off", settings(dict{keyArbitraryLoads: true}), []chain.Observation{good12}, []string{"ats-off"}, "NSAllowsArbitraryLoads switches"},
		{"off, static RSA", settings(dict{keyArbitraryLoads: true}), []chain.Observation{noHello, static}, []string{"ats-off"}, ""},
		{"off, TLS 1.1 is below the SDK's floor", settings(dict{keyArbitraryLoads: true}), []chain.Observation{refusal("apple-ats", 70), tls11Only},
			[]string{"ats-tls-version", "ats-off"}, ""},
		{"insecure entry keeps the list", settings(domain("example.com", dict{keyInsecureHTTP: true})), []chain.Observation{noHello, static},
			[]string{"ats-forward-secrecy", "ats-off"}, ""},
		{"local", func(c *chain.Case) { c.Question.Name = "localhost" }, []chain.Observation{good12}, []string{"ats-local-host"}, "localhost is a local host"},
		{"client", func(c *chain.Case) { c.Question.Purpose = chain.PurposeClient }, []chain.Observation{noHello, static}, nil, ""},
		{"network", network, []chain.Observation{noHello, static}, nil, ""},
		{"network, TLS 1.1 is below the SDK's floor", network, []chain.Observation{refusal("apple-ats", 70), tls11Only}, []string{"ats-tls-version"},
			"TLS 1.1, the SDK's own floor is TLS 1.2"},
		{"network, TLS 1.1 under an old SDK", func(c *chain.Case) { c.Question.For, c.Question.Platform = "network", "ios18" },
			[]chain.Observation{refusal("apple-ats", 70), tls11Only}, nil, ""},
		{"network, static RSA with a SHA-2 MAC", network,
			[]chain.Observation{noHello, refusal("apple-rsa", 40), refusal("apple-tls10", 40), refusal("apple-default", 40),
				wide(0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256")}, []string{"ats-cipher"}, ""},
		{"network, X448 only", network,
			[]chain.Observation{noHello, refusal("apple-default", 40),
				hello("wide-tlsname.TLS13", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X448", 0x0403)}, []string{"ats-group"}, "X448"},
		{"network, ecdsa_sha1 only", network,
			[]chain.Observation{noHello, refusal("apple-default", 40),
				hello("wide-tlsname.TLS12", "TLS 1.2", 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "P-256",
					0x0203)}, []string{"ats-signature-algorithm"}, "ecdsa_sha1"},
		{"network, application protocols refused", network,
			[]chain.Observation{refusal("apple-ats", 120),
				hello("apple-ats-no-alpn", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519MLKEM768", 0x0403)}, nil, ""},
		{"network, a refusal nothing explains", network,
			[]chain.Observation{noHello, refusal("apple-default", 40),
				hello("wide-tlsname.TLS13", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519", 0x0403)}, []string{"ats-handshake"}, "TLS alert 40"},
		{"LDAP", nil, []chain.Observation{func() chain.Observation { o := static; o.Scheme = "ldaps"; return o }()}, nil, ""},
	} {
		c := caseOf(tc.change, tc.obs...)
		got := fire(c)
		only(t, tc.name, got, tc.want...)
		if tc.message != "" && !strings.Contains(got[tc.want[0]].Message, tc.message) {
			t.Errorf("%s: message %q, want %q in it", tc.name, got[tc.want[0]].Message, tc.message)
		}
	}
}

func TestSystemAndNIAP(t *testing.T) {
	yes, no := true, false
	with := func(o chain.Observation, ems *bool) chain.Observation { o.Outcome.EMS = ems; return o }
	cbc := hello("apple-ats", "TLS 1.2", 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "X25519", 0x0804)
	system := func(c *chain.Case) { c.Question.For = "system" }
	niap := settings(dict{keyNIAP: "FCP_v2.1"})
	sha1 := with(hello("apple-ats", "TLS 1.2", 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "X25519", 0x0201), &yes)
	for _, tc := range []struct {
		name   string
		change func(*chain.Case)
		o      chain.Observation
		want   []string
	}{
		{"system, TLS 1.3", system, good13, nil},
		{"system, GCM with EMS", system, with(good12, &yes), nil},
		{"system, GCM without EMS", system, with(good12, &no), []string{"ats-system"}},
		{"system, CBC with EMS", system, with(cbc, &yes), []string{"ats-system"}},
		{"system, static RSA", system, hello("wide-tlsname.TLS12", "TLS 1.2", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0),
			[]string{"ats-forward-secrecy"}},
		{"NIAP, TLS 1.3", niap, good13, nil},
		{"NIAP, GCM with EMS", niap, with(good12, &yes), nil},
		{"NIAP, GCM without EMS", niap, with(good12, &no), []string{"ats-niap"}},
		{"NIAP, CBC", niap, with(cbc, &yes), []string{"ats-niap"}},
		{"NIAP, SHA-1 signature", niap, sha1, []string{"ats-niap"}},
		{"no NIAP key", nil, with(cbc, &no), nil},
	} {
		only(t, tc.name, fire(caseOf(tc.change, tc.o)), tc.want...)
	}
}

// What an exception was held against is said beside it, and what devices were
// reported to do with the old versions, there alone.
func TestWhatAnExceptionWasHeldAgainst(t *testing.T) {
	const code, report = "Apple's 26.0 code offers it", "OWASP reports that iOS 26 ignores exceptions for TLS 1.0 and 1.1"
	old := func(v string) chain.Observation {
		return hello("apple-tls10", v, 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "P-256", 0)
	}
	static := hello("apple-rsa", "TLS 1.2", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0)
	for _, tc := range []struct {
		rule     string
		answer   chain.Observation
		reported bool
	}{
		{"ats-tls-version", old("TLS 1.0"), true},
		{"ats-tls-version", old("TLS 1.1"), true},
		{"ats-forward-secrecy", static, false},
	} {
		steps := testpki.Steps(fire(caseOf(nil, refusal("apple-ats", 70), tc.answer))[tc.rule].Advice)
		if !strings.Contains(steps, code) || strings.Contains(steps, report) != tc.reported {
			t.Errorf("%s: %q", tc.answer.Outcome.Version, steps)
		}
	}
}

func TestClearText(t *testing.T) {
	clear := chain.Observation{Transport: "http", Scheme: "http", Address: "example.com:80", Outcome: chain.Outcome{OK: true}}
	got := fire(caseOf(nil, clear))
	only(t, "http", got, "ats-cleartext")
	if e := got["ats-cleartext"].Evidence; len(e) != 2 || e[1].Got != "not seen" {
		t.Errorf("evidence %v", e)
	}
	got = fire(caseOf(nil, good13, clear))
	if e := got["ats-cleartext"].Evidence; e[1].Got != "TLS 1.3" || !strings.Contains(testpki.Steps(got["ats-cleartext"].Advice), "use https://") {
		t.Errorf("with HTTPS: evidence %v, fix %q", e, testpki.Steps(got["ats-cleartext"].Advice))
	}
	if !strings.Contains(testpki.Steps(got["ats-cleartext"].Advice), "<key>NSExceptionAllowsInsecureHTTPLoads</key>") {
		t.Errorf("the exception is missing: %q", testpki.Steps(got["ats-cleartext"].Advice))
	}
	only(t, "http allowed", fire(caseOf(settings(domain("example.com", dict{keyInsecureHTTP: true})), clear)), "ats-off")
	only(t, "http to a local host", fire(caseOf(func(c *chain.Case) { c.Question.Name = "printer.local" }, clear)), "ats-local-host")
}

func TestLoosenedTrust(t *testing.T) {
	loosened := func(c *chain.Case) { c.DefaultTrust = chain.Untrusted }
	got := fire(caseOf(loosened, good13))
	only(t, "loosened", got, "ats-loosened-trust")
	fix := testpki.Steps(got["ats-loosened-trust"].Advice)
	if install, off := strings.Index(fix, "install the root"), strings.Index(fix, "NSExceptionAllowsInsecureHTTPLoads"); install < 0 || off < install {
		t.Errorf("both ways out, the installed root first: %q", fix)
	}
	only(t, "exception", fire(caseOf(func(c *chain.Case) {
		loosened(c)
		c.Question.AppSettings = atsSettings(domain("example.com", dict{keyInsecureHTTP: true}))
	}, good13)), "ats-off")
	only(t, "local", fire(caseOf(func(c *chain.Case) { loosened(c); c.Question.Name = "localhost" }, good13)), "ats-local-host")
	only(t, "nobody trusts it", fire(caseOf(func(c *chain.Case) { loosened(c); c.AppTrust = chain.Untrusted }, good13)))
	ends := func(kinds ...chain.AnchorKind) func(*chain.Case) {
		return func(c *chain.Case) {
			loosened(c)
			c.AppTrust = chain.Untrusted
			for _, k := range kinds {
				c.Paths = append(c.Paths,
					&chain.Path{Items: []*chain.Item{{Cert: &x509read.Certificate{}}}, End: chain.Anchored, Anchor: &chain.Anchor{Kind: k}})
			}
		}
	}
	only(t, "another fault at the app's anchor", fire(caseOf(ends(chain.App), good13)), "ats-loosened-trust")
	only(t, "another fault, a default anchor is there", fire(caseOf(ends(chain.App, chain.Installed), good13)))
	lan := func(c *chain.Case) { loosened(c); c.Question.Name, c.Question.NameKind = "192.168.1.10", chain.NameIP }
	only(t, "an address of a local network", fire(caseOf(lan, good13)), "ats-local-unknown")
	if fix := testpki.Steps(fire(caseOf(lan, good13))["ats-local-unknown"].Advice); !strings.Contains(fix, "<key>NSAllowsLocalNetworking</key>") {
		t.Errorf("an address of a local network: %q", fix)
	}
	public := func(c *chain.Case) { lan(c); c.Question.Name = "198.51.100.7" }
	if fix := testpki.Steps(fire(caseOf(public, good13))["ats-loosened-trust"].Advice); strings.Contains(fix, "NSAllowsLocalNetworking") {
		t.Errorf("an address of the Internet: %q", fix)
	}
	file := chain.Observation{Transport: "file", Sent: []string{"leaf"}}
	only(t, "a file", fire(caseOf(loosened, file)), "ats-loosened-trust")
}

// A chain in a job asks for trust evaluation; ATS has a say once the app is described.
func TestLoosenedTrustInAJob(t *testing.T) {
	for _, s := range []struct {
		name string
		with func(*chain.Case)
		want []chain.Severity // caps of the hits; "": none
	}{
		{"no app", func(*chain.Case) {}, []chain.Severity{chain.Warning}},
		{"the app's settings", func(c *chain.Case) { c.Question.AppSettings = atsSettings(dict{}) }, []chain.Severity{""}},
		{"Network.framework", func(c *chain.Case) { c.Question.For = forNetwork }, nil},
		{"a client identity", func(c *chain.Case) { c.Question.Purpose = chain.PurposeClient }, nil},
	} {
		got := fire(caseOf(func(c *chain.Case) { c.DefaultTrust = chain.Untrusted; s.with(c) }, chain.Observation{Transport: "job", Sent: []string{"leaf"}}))
		hit, fired := got["ats-loosened-trust"]
		if fired != (len(s.want) > 0) || fired && hit.AtMost != s.want[0] {
			t.Errorf("%s: fired %v, at most %q, want %q", s.name, fired, hit.AtMost, s.want)
		}
	}
}

func TestFixNamesTheServerFirst(t *testing.T) {
	c := caseOf(nil, noHello, hello("apple-rsa", "TLS 1.2", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0))
	fix := testpki.Steps(fire(c)["ats-forward-secrecy"].Advice)
	if server, app := strings.Index(fix, "server administrator"), strings.Index(fix, "<key>NSExceptionRequiresForwardSecrecy</key>"); server != 0 || app < 0 {
		t.Errorf("fix %q", fix)
	}
	c = caseOf(func(c *chain.Case) { c.DefaultTrust, c.AppTrust = chain.Untrusted, chain.Untrusted }, c.Capture.Observations...)
	if fix := testpki.Steps(fire(c)["ats-forward-secrecy"].Advice); !strings.HasSuffix(fix,
		"no exception helps as long as the default trust evaluation fails, which the other errors are about") {
		t.Errorf("fix %q", fix)
	}
}

// What a key can sign with under Apple's hello, per version.
func TestKeyOfItem0(t *testing.T) {
	for _, tc := range []struct {
		key        x509read.PublicKey
		in12, in13 bool
	}{
		{x509read.PublicKey{Type: x509read.RSA, Bits: 2048}, true, true},
		{x509read.PublicKey{Type: x509read.ECDSA, Curve: "P-256"}, true, true},
		{x509read.PublicKey{Type: x509read.ECDSA, Curve: "P-384"}, true, true},
		{x509read.PublicKey{Type: x509read.ECDSA, Curve: "P-521"}, true, false},
		{x509read.PublicKey{Type: x509read.ECDSA, Curve: "P-224"}, false, false},
		{x509read.PublicKey{Type: x509read.ECDSA, Curve: "secp256k1"}, false, false},
		{x509read.PublicKey{Type: x509read.RSAPSS, Bits: 2048}, false, false},
		{x509read.PublicKey{Type: x509read.Ed25519}, false, false},
		{x509read.PublicKey{Type: x509read.Ed448}, false, false},
	} {
		it := item(0, 1)
		it.Cert.PublicKey = tc.key
		for version, works := range map[string]bool{"TLS 1.2": tc.in12, "TLS 1.3": tc.in13} {
			o := hello("wide-tlsname.TLS13", version, 0, "", "X25519", 0x0403)
			got := fire(caseOf(func(c *chain.Case) { c.Items = []*chain.Item{it} }, noHello, o))
			want := "ats-signature-algorithm"
			if works {
				want = "ats-handshake"
			}
			only(t, keyName(tc.key)+" "+version, got, want)
		}
	}
}

func TestApplies(t *testing.T) {
	with := func(change func(*chain.Observation)) chain.Observation { o := good13; change(&o); return o }
	for _, tc := range []struct {
		name   string
		change func(*chain.Case)
		o      chain.Observation
		ok     bool
		why    string
	}{
		{"https", nil, good13, true, ""},
		{"no scheme", nil, with(func(o *chain.Observation) { o.Scheme = "" }), true, ""},
		{"another port", nil, with(func(o *chain.Observation) { o.Scheme, o.Address = "", "example.com:8443" }), true, ""},
		{"IMAP by port", nil, with(func(o *chain.Observation) { o.Scheme, o.Address = "", "example.com:993" }), false, "IMAP is not HTTPS"},
		{"https on that port", nil, with(func(o *chain.Observation) { o.Address = "example.com:993" }), true, ""},
		{"ldaps", nil, with(func(o *chain.Observation) { o.Scheme = "ldaps" }), false, "LDAPS is not HTTPS"},
		{"STARTTLS", nil, with(func(o *chain.Observation) { o.Scheme, o.StartTLS = "", "smtp" }), false, "SMTP with STARTTLS is not HTTPS"},
		{"file", nil, chain.Observation{Transport: "file"}, false, "none was made"},
		{"client", func(c *chain.Case) { c.Question.Purpose = chain.PurposeClient }, good13, false, "client identities"},
		{"network, new SDK", func(c *chain.Case) { c.Question.For = "network" }, good13, false, "here TLS 1.2"},
		{"network, old SDK", func(c *chain.Case) { c.Question.For, c.Question.Platform = "network", "ios18" }, good13, false, "here TLS 1.0"},
		{"system", func(c *chain.Case) { c.Question.For = "system" }, good13, true, ""},
	} {
		ok, why := Applies(caseOf(tc.change, tc.o))
		if ok != tc.ok || !strings.Contains(why, tc.why) || ok != (why == "") {
			t.Errorf("%s: %v %q", tc.name, ok, why)
		}
	}
}

func TestReasonAndRequired(t *testing.T) {
	for _, tc := range []struct {
		name     string
		change   func(*chain.Case)
		reason   string
		required bool
	}{
		{"default", nil, "TLS 1.3, for URLSession", true},
		{"system", func(c *chain.Case) { c.Question.For = "system" }, "TLS 1.3, for system processes", true},
		{"local", func(c *chain.Case) { c.Question.Name = "localhost" }, "TLS 1.3, for URLSession, local host", false},
		{"off", settings(dict{keyArbitraryLoads: true}), "TLS 1.3, for URLSession, App Transport Security off", false},
		{"exception", settings(domain("example.com", dict{keyInsecureHTTP: true})), "TLS 1.3, for URLSession, with an exception", false},
		{"tightened", settings(domain("example.com", dict{})), "TLS 1.3, for URLSession, with an exception", true},
		{"no name", func(c *chain.Case) { c.Question.Name, c.Question.NameKind = "", chain.NameNone }, "TLS 1.3, for URLSession", true},
	} {
		c := caseOf(tc.change, good13)
		if got := Reason(c); got != tc.reason {
			t.Errorf("%s: reason %q", tc.name, got)
		}
		if got := Required(c); got != tc.required {
			t.Errorf("%s: required %v", tc.name, got)
		}
	}
	if Required(caseOf(func(c *chain.Case) { c.Question.For = "network" }, good13)) {
		t.Error("Network.framework is not covered")
	}
}

func TestAnnotate(t *testing.T) {
	static := hello("apple-rsa", "TLS 1.2", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0)
	r := &chain.Report{}
	Annotate(caseOf(nil, noHello, static), r)
	if r.ATS == nil || r.ATS.Exception == nil || r.ATS.Exception.Host != "example.com" || r.ATS.Exception.Keys[keyForwardSecrecy] != false {
		t.Errorf("static RSA: %+v", r.ATS)
	}
	r = &chain.Report{}
	Annotate(caseOf(nil, good13), r)
	AnnotateRows(caseOf(nil, good13), r)
	if r.ATS == nil || r.ATS.Exception != nil || len(r.ATS.Rows) != 16 {
		t.Errorf("TLS 1.3: %+v", r.ATS)
	}
	r = &chain.Report{}
	Annotate(caseOf(nil, chain.Observation{Transport: "file"}), r)
	AnnotateRows(caseOf(nil, chain.Observation{Transport: "file"}), r)
	if r.ATS != nil {
		t.Errorf("a file: %+v", r.ATS)
	}
}
