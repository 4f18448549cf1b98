package mtls

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

func number(n tlsname.Alert) *tlsname.Alert { return &n }

// tried makes a capture of a server that was shown the identity in these ways:
// what is Sent or Withheld in an attempt is made.
func tried(demand *chain.ClientAuthDemand, identity []*testpki.Made, attempts ...chain.Presented) *chain.Capture {
	c := capture(nil, demand, identity...)
	list := c.Observations[0].Sent
	c.Observations[0].Sent, c.Observations[0].ClientAuth = nil, demand
	for _, p := range attempts {
		if p.LocalNote != "" && p.Fate != chain.FateRefused && p.Over == "" {
			p.Withheld, p.Sent = list, []string{}
		} else {
			p.Sent = list
		}
		if p.Sentence == chain.SentencePostHandshake {
			p.Withheld, p.Sent = list, []string{}
		}
		c.Observations = append(c.Observations, chain.Observation{Transport: "tls", ClientAuth: demand, Presented: &p})
	}
	return c
}

func levelOf(c *chain.Capture) (chain.LevelVerdict, string) {
	e := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(64), Rules())
	e.Hooks[chain.LevelIdentity] = chain.LevelHook{Applies: Applies, Reason: Reason}
	r := e.Evaluate(chain.Input{Capture: c, Question: chain.Question{Time: clock, MaxDepth: -1, NameKind: chain.NameNone},
		Anchors: chain.NewAnchors(chain.StoreInfo{})})
	for _, l := range r.Levels {
		if l.Level == chain.LevelIdentity {
			return l.Verdict, l.Reason
		}
	}
	return "", ""
}

func TestAnswers(t *testing.T) {
	m := pki(t)
	demand := &chain.ClientAuthDemand{Mode: "required", Authorities: [][]byte{subject(m["root"])}, Schemes: []tlsname.Scheme{0x0804, 0x0401}}
	ok := []*testpki.Made{m["client"], m["int"]}
	const tls13, tls12 = "TLS 1.3", "TLS 1.2"
	for _, c := range []struct {
		name     string
		attempts []chain.Presented
		level    chain.LevelVerdict
		reason   string
		rule     string // "" none
		severity chain.Severity
		message  string
	}{
		{"accepted in both", []chain.Presented{{Fate: "accepted", Version: tls13, Status: 200}, {Fate: "accepted", Version: tls12, Status: 200}},
			chain.Pass, "not refused in TLS 1.3 and TLS 1.2, HTTP 200; it needs identity items 0 and 1 (by the CAs it announces)", "", "", ""},
		{"other errors of HTTP do not refuse", []chain.Presented{{Fate: "accepted", Version: tls12, Status: 500}}, chain.Pass,
			"not refused in TLS 1.2, HTTP 500; it needs identity items 0 and 1 (by the CAs it announces)", "", "", ""},
		{"403", []chain.Presented{{Fate: "unknown", Over: "http", Version: tls13, Status: 403}}, chain.LevelUnknown, "", "mtls-answer-unknown",
			chain.Error, "HTTP 403"},
		{"401", []chain.Presented{{Fate: "unknown", Over: "http", Version: tls13, Status: 401}}, chain.LevelUnknown, "", "mtls-answer-unknown",
			chain.Error, "HTTP 401"},
		{"silence", []chain.Presented{{Fate: "unknown", Over: "tls", Version: tls13, LocalNote: "no answer within the time"}}, chain.LevelUnknown, "",
			"mtls-answer-unknown", chain.Error, "no answer within the time"},
		{"not shown", []chain.Presented{{Fate: "unknown", LocalNote: "there was no time left to show it"}}, chain.LevelUnknown, "",
			"mtls-answer-unknown", chain.Error, "was not sent: there was no time"},
		{"refused where something is said",
			[]chain.Presented{{Fate: "unknown", Over: "tls", Version: tls13, LocalNote: "the connection was closed without an answer"},
				{Fate: "refused", Over: "tls", Version: tls12}},
			chain.Fail, "", "mtls-rejected", chain.Error, "in TLS 1.2, sent as identity items 0 and 1, and gave no answer in TLS 1.3"},
		{"closed on the request", []chain.Presented{{Fate: "unknown", Over: "tls", Version: tls13, LocalNote: "the connection was closed without an answer"}},
			chain.LevelUnknown, "", "mtls-answer-unknown", chain.Error, "closed without an answer"},
		{"refused in the older version",
			[]chain.Presented{{Fate: "accepted", Version: tls13}, {Fate: "refused", Over: "tls", Version: tls12, Alert: number(48)}},
			chain.Pass, "not refused in TLS 1.3; it needs identity items 0 and 1 (by the CAs it announces)", "mtls-rejected", chain.Warning,
			"in TLS 1.2 the server refused"},
		{"refused in the newer version",
			[]chain.Presented{{Fate: "refused", Over: "tls", Version: tls13, Alert: number(48)}, {Fate: "accepted", Version: tls12}},
			chain.Fail, "", "mtls-rejected", chain.Error, "the server refused the identity \"client-1\" over TLS"},
		{"post-handshake", []chain.Presented{{Fate: "unknown", Over: "http", Version: tls13, Status: 403, Sentence: chain.SentencePostHandshake},
			{Fate: "accepted", Version: tls12}},
			chain.Fail, "", "mtls-post-handshake", chain.Error, "after the TLS 1.3 handshake"},
		{"no signature", []chain.Presented{{Fate: "unknown", Version: tls13, LocalNote: "peer doesn't support any"}}, chain.Fail, "",
			"mtls-key-not-accepted", chain.Error, "ECDSA"},
		{"unasked", []chain.Presented{{Fate: "unasked", Version: tls13, LocalNote: "the server asks for no client identity"}}, chain.NotApplicable,
			"the server asks for no client identity: the one given was not sent; where only some paths ask for one, name such a path (--path)", "", "", ""},
	} {
		d := *demand
		if c.name != "no signature" {
			d.Schemes = append(d.Schemes, 0x0403)
		}
		cap := tried(&d, ok, c.attempts...)
		level, reason := levelOf(cap)
		if level == chain.LevelUnknown { // which says what is not known
			c.reason = reason
			if !strings.Contains(reason, c.message) {
				t.Errorf("%s: the reason %q does not say %q", c.name, reason, c.message)
			}
		}
		if level != c.level || reason != c.reason {
			t.Errorf("%s: level %s (%s), want %s (%s)", c.name, level, reason, c.level, c.reason)
		}
		r := judge(cap, chain.Question{})
		toSomebody(t, r)
		for _, f := range r.Findings {
			if f.Rule != c.rule {
				t.Errorf("%s: %s: %s", c.name, f.Rule, f.Message)
			} else if f.Severity != c.severity || !strings.Contains(f.Message, c.message) {
				t.Errorf("%s: %s %s", c.name, f.Severity, f.Message)
			}
		}
		if c.rule != "" && found(r, c.rule) == nil {
			t.Errorf("%s: %s does not fire", c.name, c.rule)
		}
	}
}

func TestRejectionCodes(t *testing.T) {
	for alert, ssl := range map[tlsname.Alert]int{40: -9824, 42: -9825, 43: -9826, 44: -9827, 45: -9828, 46: -9829, 48: -9831, 49: -9832, 80: -9838,
		200: -9825} {
		if e := rejection(&chain.Presented{Over: "tls", Alert: &alert}); e.URL != -1205 || e.SSL != ssl {
			t.Errorf("alert %d: %+v, want %d", alert, e, ssl)
		}
	}
	if e := rejection(&chain.Presented{Over: "tls"}); e.SSL != -9825 {
		t.Errorf("closed: %+v", e)
	}
	if e := rejection(&chain.Presented{Over: "http", Status: 400}); e.URL != -1205 || e.SSL != 0 {
		t.Errorf("over HTTP: %+v", e)
	}
}

func TestUnfitIdentity(t *testing.T) {
	m := pki(t)
	root := &chain.ServerDemands{Source: "p", ClientCAs: [][]byte{m["root"].DER}, MaxDepth: -1}
	for _, c := range []struct {
		name     string
		identity []*testpki.Made
		demands  *chain.ServerDemands
		want     string // of the evidence; "" no finding
	}{
		{"in order", []*testpki.Made{m["client"], m["int"]}, nil, ""},
		{"expired", []*testpki.Made{m["expired"], m["int"]}, nil, "basic-expired"},
		{"server certificate", []*testpki.Made{m["server"], m["int"]}, nil, "identity-no-client-auth"},
		{"foreign, nobody says whom the server trusts", []*testpki.Made{m["foreign"], m["other"]}, nil, ""},
		{"in order by the policy", []*testpki.Made{m["client"], m["int"]}, root, ""},
		{"foreign by the policy", []*testpki.Made{m["foreign"], m["other"]}, root, "basic-"},
	} {
		r := judge(tried(&chain.ClientAuthDemand{Mode: "requested"}, c.identity, chain.Presented{Fate: "accepted", Version: "TLS 1.3"}),
			chain.Question{ServerDemands: c.demands})
		f := found(r, "mtls-unfit-identity")
		if c.want == "" {
			if f != nil {
				t.Errorf("%s: %+v", c.name, f.Evidence)
			}
			continue
		}
		if f == nil || f.Severity != chain.Warning || !strings.Contains(f.Evidence[0].Got, c.want) {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

func TestLikelyReasons(t *testing.T) {
	m := testpki.Must(t, map[string]testpki.Recipe{
		"root":   {Subject: "CN=Client Root", CA: true},
		"int":    {Subject: "CN=Client Issuing CA", Issuer: "root", CA: true},
		"deep":   {Subject: "CN=Deep CA", Issuer: "int", CA: true},
		"server": {Subject: "CN=Server CA", Issuer: "root", CA: true, EKU: []string{"serverAuth"}},
		"client": {Subject: "CN=client-1", Issuer: "int", EKU: []string{"clientAuth"}},
		"far":    {Subject: "CN=client-2", Issuer: "deep", EKU: []string{"clientAuth"}},
		"soca":   {Subject: "CN=client-3", Issuer: "server", EKU: []string{"clientAuth"}},
		"weak":   {Subject: "CN=client-4", Issuer: "int", EKU: []string{"clientAuth"}, Key: "rsa1024-1"},
	}, clock)
	root, both := [][]byte{subject(m["root"])}, [][]byte{subject(m["int"]), subject(m["root"])}
	for _, c := range []struct {
		name     string
		announce [][]byte
		identity []*testpki.Made
		demands  *chain.ServerDemands
		alert    tlsname.Alert
		want     string // of the first reason; "" none
	}{
		{"in order", root, []*testpki.Made{m["client"], m["int"]}, nil, 42, ""},
		{"intermediate for servers", root, []*testpki.Made{m["soca"], m["server"]}, nil, 42, "[basic-eku]"},
		{"deep, no limit known", root, []*testpki.Made{m["far"], m["deep"], m["int"]}, nil, 48, "2 certificates between"},
		{"one intermediate, by Apache's alert", root, []*testpki.Made{m["client"], m["int"]}, nil, 80, "1 certificate between"},
		{"one intermediate", root, []*testpki.Made{m["client"], m["int"]}, nil, 42, ""},
		{"deep by the policy", root, []*testpki.Made{m["far"], m["deep"], m["int"]},
			&chain.ServerDemands{ClientCAs: [][]byte{m["root"].DER}, MaxDepth: 1}, 48, "[mtls-depth]"},
		{"within the limit", root, []*testpki.Made{m["far"], m["deep"], m["int"]},
			&chain.ServerDemands{ClientCAs: [][]byte{m["root"].DER}, MaxDepth: 2}, 42, ""},
		{"only the intermediate is announced", [][]byte{subject(m["int"])}, []*testpki.Made{m["client"], m["int"]}, nil, 48, "[mtls-partial-chain]"},
		{"the root as well", both, []*testpki.Made{m["client"], m["int"]}, nil, 42, ""},
		{"1024 bits", root, []*testpki.Made{m["weak"], m["int"]}, nil, 42, "[mtls-security-level]"},
	} {
		p := chain.Presented{Fate: "refused", Over: "tls", Version: "TLS 1.3", Alert: number(c.alert)}
		r := judge(tried(&chain.ClientAuthDemand{Mode: "required", Authorities: c.announce}, c.identity, p), chain.Question{ServerDemands: c.demands})
		toSomebody(t, r)
		f := found(r, "mtls-rejected")
		if f == nil {
			t.Errorf("%s: no finding", c.name)
			continue
		}
		got := ""
		if len(f.Evidence) > 1 && f.Evidence[1].Field != checked {
			got = f.Evidence[1].Got
		}
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMakes(t *testing.T) {
	m := testpki.Must(t, map[string]testpki.Recipe{"rsa": {Key: "rsa2048-1"}, "p256": {}, "p384": {Key: "p384"}, "ed25519": {Key: "ed25519"}}, clock)
	for _, c := range []struct {
		key     string
		scheme  tlsname.Scheme
		version string
		want    bool
	}{
		{"rsa", 0x0804, "TLS 1.3", true}, {"rsa", 0x0401, "TLS 1.3", false}, {"rsa", 0x0401, "TLS 1.2", true}, {"rsa", 0x0403, "TLS 1.2", false},
		{"p256", 0x0403, "TLS 1.3", true}, {"p256", 0x0503, "TLS 1.3", false}, {"p256", 0x0503, "TLS 1.2", true}, {"p256", 0x0804, "TLS 1.2", false},
		{"p384", 0x0503, "TLS 1.3", true}, {"p384", 0x0403, "TLS 1.3", false},
		{"ed25519", 0x0807, "TLS 1.3", true}, {"ed25519", 0x0403, "TLS 1.2", false},
	} {
		x := keyOf(t, m[c.key])
		if got := makes(x, c.scheme, c.version); got != c.want {
			t.Errorf("%s by %s in %s: %v", c.key, c.scheme, c.version, got)
		}
	}
}

// Where the identity could not be shown in the newer version, its refusal in the
// older one is the answer, and nobody is told to turn that version off.
func TestNotShownIsNotTaken(t *testing.T) {
	m := pki(t)
	demand := &chain.ClientAuthDemand{Mode: "required", Authorities: [][]byte{subject(m["root"])}, Schemes: []tlsname.Scheme{0x0804, 0x0403}}
	for _, tt := range []struct {
		newer chain.Presented
		want  string
	}{
		{chain.Presented{Fate: "unknown", Over: "http", Version: "TLS 1.3", Status: 403, Sentence: chain.SentencePostHandshake},
			"and in TLS 1.3 it was not shown"},
		{chain.Presented{Fate: "unasked", Version: "TLS 1.3", LocalNote: "the server asks for no client identity"}, "and in TLS 1.3 asked for none"},
	} {
		c := tried(demand, []*testpki.Made{m["client"]}, tt.newer, chain.Presented{Fate: "refused", Over: "tls", Version: "TLS 1.2", Alert: number(48)})
		f := found(judge(c, chain.Question{}), "mtls-rejected")
		if f == nil || !strings.Contains(f.Message, tt.want) || strings.Contains(f.Fix, "turn ") {
			t.Errorf("%s: %+v", tt.want, f)
		}
	}
}

// What is missing is named, and where it can be had; a self-signed identity is
// told what it is, and an alert that cannot mean a reason excludes it.
func TestReasonsByWhatIsKnown(t *testing.T) {
	m := testpki.Must(t, map[string]testpki.Recipe{
		"root":   {Subject: "CN=Client Root", CA: true},
		"int":    {Subject: "CN=Client Issuing CA", Issuer: "root", CA: true},
		"deep":   {Subject: "CN=Deep CA", Issuer: "int", CA: true},
		"far":    {Subject: "CN=client-2", Issuer: "deep", EKU: []string{"clientAuth"}},
		"theirs": {Subject: "CN=Another Root", CA: true},
		"under":  {Subject: "CN=Another Issuing CA", Issuer: "theirs", CA: true},
		"alien":  {Subject: "CN=client-3", Issuer: "under", EKU: []string{"clientAuth"}},
		"self":   {Subject: "CN=client-5", EKU: []string{"clientAuth"}},
		"old":    {Subject: "CN=client-6", Issuer: "int", EKU: []string{"clientAuth"}, Ends: "-1d"},
		"sha1":   {Subject: "CN=client-7", Issuer: "int", EKU: []string{"clientAuth"}, Hash: "sha1"},
		"sig":    {Subject: "CN=client-8", Issuer: "int", SignedBy: "root", EKU: []string{"clientAuth"}},
		"ku":     {Subject: "CN=client-9", Issuer: "int", EKU: []string{"clientAuth"}, KeyUsage: []string{"keyEncipherment"}},
	}, clock)
	root := [][]byte{subject(m["root"])}
	for _, tt := range []struct {
		name     string
		identity []*testpki.Made
		sent     *testpki.Made // by the server itself
		p        chain.Presented
		want     string // of the first reason; "" none
		unnamed  bool   // the server names no CA
	}{
		{name: "two deep, one sent", identity: []*testpki.Made{m["far"], m["deep"]}, p: chain.Presented{Alert: number(48)},
			want: "issuer CN=Client Issuing CA is not among the acceptable CAs, and its certificate was not sent"},
		{name: "and the server has it", identity: []*testpki.Made{m["far"], m["deep"]}, sent: m["int"], p: chain.Presented{Alert: number(48)},
			want: "the server's own list has it"},
		{name: "another CA's, whole", identity: []*testpki.Made{m["alien"], m["under"]}, sent: m["theirs"], p: chain.Presented{Alert: number(48)},
			want: "it leads to the root CN=Another Root, which is not among the acceptable CAs"},
		{name: "another CA's, its root not here", identity: []*testpki.Made{m["alien"], m["under"]}, p: chain.Presented{Alert: number(48)},
			want: "its certificate was not sent"},
		{name: "self-signed", identity: []*testpki.Made{m["self"]}, p: chain.Presented{Alert: number(48)},
			want: "only a server that lists this very certificate"},
		{name: "nginx's page", identity: []*testpki.Made{m["old"], m["int"]}, p: chain.Presented{Over: "http", Status: 400}, want: "expired on"},
		{name: "in order, and nginx's page", identity: []*testpki.Made{m["far"], m["deep"], m["int"]}, p: chain.Presented{Over: "http", Status: 400},
			want: "2 certificates between"},
		{name: "SHA-1, to Go", identity: []*testpki.Made{m["sha1"], m["int"]}, p: chain.Presented{Alert: number(48)}, want: "is signed over SHA-1"},
		{name: "another key's signature, to Go", identity: []*testpki.Made{m["sig"], m["int"]}, p: chain.Presented{Alert: number(48)},
			want: "does not verify with the key of identity item 1"},
		{name: "keyUsage, to GnuTLS", identity: []*testpki.Made{m["ku"], m["int"]}, p: chain.Presented{Alert: number(80)},
			want: "does not allow its key to be used in a TLS handshake"},
		{name: "expired, to gnutls-serv", identity: []*testpki.Made{m["old"], m["int"]}, p: chain.Presented{Alert: number(49)}, want: "expired on"},
		{name: "no CA named, leaf alone", identity: []*testpki.Made{m["old"]}, p: chain.Presented{Alert: number(48)}, unnamed: true,
			want: "the issuer of the last certificate sent, CN=Client Issuing CA, was not sent, and the server, which names no CA, may not have it"},
		{name: "no CA named, two deep, one sent", identity: []*testpki.Made{m["far"], m["deep"]}, p: chain.Presented{Alert: number(48)},
			unnamed: true, want: "CN=Client Issuing CA, was not sent"},
		{name: "no CA named, and the server has the intermediate", identity: []*testpki.Made{m["far"], m["deep"]}, sent: m["int"],
			p: chain.Presented{Alert: number(48)}, unnamed: true, want: "the server's own list has it"},
		{name: "no CA named, and the server has the root", identity: []*testpki.Made{m["far"], m["deep"], m["int"]}, sent: m["root"],
			p: chain.Presented{Alert: number(48)}, unnamed: true, want: "may not trust the root above"},
		{name: "no CA named, self-signed", identity: []*testpki.Made{m["self"]}, p: chain.Presented{Alert: number(42)}, unnamed: true,
			want: "only a server that lists this very certificate"},
		{name: "no CA named, and an alert that tells nothing", identity: []*testpki.Made{m["far"], m["deep"], m["int"]},
			p: chain.Presented{Alert: number(46)}, unnamed: true, want: "the identity's dates, extended key usage"},
	} {
		tt.p.Fate, tt.p.Version = "refused", "TLS 1.3"
		if tt.p.Over == "" {
			tt.p.Over = "tls"
		}
		demand := &chain.ClientAuthDemand{Mode: "required", Authorities: root}
		if tt.unnamed {
			demand.Authorities = nil
		}
		c := tried(demand, tt.identity, tt.p)
		if tt.sent != nil {
			key := chain.BlobKey(tt.sent.DER)
			c.Blobs[key], c.Observations[0].Sent = tt.sent.DER, []string{key}
		}
		f := found(judge(c, chain.Question{}), "mtls-rejected")
		if f == nil || len(f.Evidence) < 2 || !strings.Contains(f.Evidence[1].Got, tt.want) {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
	for k, alerts := range map[cause][2]tlsname.Alert{causeExpired: {45, 48}, causeChain: {48, 45}, causeIssuer: {48, 42}, causePurpose: {43, 48},
		causeDepth: {80, 42}, causeCRL: {48, 45}, causeOldCRL: {45, 48}, causeRevoked: {44, 48}, causeStrength: {48, 45}, causeLevel: {42,
			48}, causeSignature: {51, 45}, causeContent: {46, 48}, causePolicy: {49, 48}} {
		if excludes(&chain.Presented{Alert: &alerts[0]}, k) || !excludes(&chain.Presented{Alert: &alerts[1]}, k) {
			t.Errorf("%s: told by %d and not by %d", k, alerts[0], alerts[1])
		}
	}
}

func TestWhatToSend(t *testing.T) {
	m := pki(t)
	root, intermediate := [][]byte{subject(m["root"])}, [][]byte{subject(m["int"])}
	all := []*testpki.Made{m["client"], m["int"], m["root"]}
	for _, tt := range []struct {
		name     string
		announce [][]byte
		fates    map[int]chain.Fate // by the number of certificates sent
		want     string
	}{
		{"the intermediate is needed", nil, map[int]chain.Fate{1: chain.FateRefused, 2: chain.FateAccepted, 3: chain.FateAccepted},
			"it needs identity items 0 and 1 (was tried); identity item 2, the root, changes nothing"},
		{"the leaf is enough", nil, map[int]chain.Fate{1: chain.FateAccepted, 2: chain.FateAccepted, 3: chain.FateAccepted},
			"it needs identity item 0 alone (was tried); identity item 2, the root, changes nothing"},
		{"the root is needed", nil, map[int]chain.Fate{1: chain.FateRefused, 2: chain.FateRefused, 3: chain.FateAccepted},
			"it needs identity items 0 to 2 (was tried)"},
		{"once, the root is announced", root, map[int]chain.Fate{3: chain.FateAccepted},
			"it needs identity items 0 and 1 (by the CAs it announces); identity item 2, the root, changes nothing"},
		{"once, the issuer is announced", intermediate, map[int]chain.Fate{3: chain.FateAccepted},
			"it needs identity item 0 alone (by the CAs it announces); identity item 2, the root, changes nothing"},
		{"once, nobody is announced", nil, map[int]chain.Fate{3: chain.FateAccepted}, ""},
		{"refused each time", root, map[int]chain.Fate{1: chain.FateRefused, 3: chain.FateRefused}, ""},
	} {
		c := capture(nil, &chain.ClientAuthDemand{}, all...)
		list := c.Observations[0].Sent
		c.Observations = nil
		for n, fate := range tt.fates {
			c.Observations = append(c.Observations, chain.Observation{Transport: "tls", ClientAuth: &chain.ClientAuthDemand{Authorities: tt.announce},
				Presented: &chain.Presented{Fate: fate, Version: "TLS 1.3", Sent: list[:n]}})
		}
		if got := whatToSend(&chain.Case{Capture: c}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
