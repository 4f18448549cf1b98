package mtls

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/basic"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var clock = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

func pki(t *testing.T) map[string]*testpki.Made {
	t.Helper()
	m := testpki.Must(t, map[string]testpki.Recipe{
		"root":    {Subject: "CN=Client Root", CA: true},
		"other":   {Subject: "CN=Other Root", CA: true},
		"int":     {Subject: "CN=Client Issuing CA", Issuer: "root", CA: true},
		"client":  {Subject: "CN=client-1", Issuer: "int", EKU: []string{"clientAuth"}, URI: []string{"spiffe://example.com/client-1"}},
		"two":     {Subject: "O=Example,CN=client-3", Issuer: "int", EKU: []string{"clientAuth"}},
		"noeku":   {Subject: "CN=client-2", Issuer: "int", EKU: []string{"-"}},
		"server":  {Subject: "CN=www.example.com", Issuer: "int", DNS: []string{"www.example.com"}},
		"mail":    {Subject: "CN=mail", Issuer: "int", EKU: []string{"emailProtection"}},
		"expired": {Subject: "CN=client-0", Issuer: "int", EKU: []string{"clientAuth"}, NotBefore: clock.AddDate(0, -3, 0), NotAfter: clock.AddDate(0, 0, -1)},
		"foreign": {Subject: "CN=client-9", Issuer: "other", EKU: []string{"clientAuth"}},
	}, clock)
	return m
}

// capture holds the certificates as a file, and an observation of a server that was shown them.
func capture(presented *chain.Presented, demand *chain.ClientAuthDemand, made ...*testpki.Made) *chain.Capture {
	var ders [][]byte
	for _, m := range made {
		ders = append(ders, m.DER)
	}
	c := testpki.Shown("tls", ders...)
	o := &c.Observations[0]
	o.ClientAuth = demand
	if presented != nil {
		p := *presented
		p.Sent = o.Sent
		o.Presented = &p
	}
	return c
}

func judge(c *chain.Capture, q chain.Question) *chain.Report {
	q.Time, q.MaxDepth, q.NameKind = clock, -1, chain.NameNone
	memory := chain.NewMemory(64)
	e := chain.NewEvaluator(chain.ProfileByName("rfc"), memory, Rules())
	e.Client = func() *chain.Evaluator {
		return chain.NewEvaluator(chain.ProfileByName("rfc"), memory, basic.Rules(), Rules())
	}
	return e.Evaluate(chain.Input{Capture: c, Question: q, Anchors: chain.NewAnchors(chain.StoreInfo{})})
}

func found(r *chain.Report, id string) *chain.Finding {
	for i := range r.Findings {
		if r.Findings[i].Rule == id {
			return &r.Findings[i]
		}
	}
	return nil
}

// toSomebody holds every fix of a report to beginning with the person it is for.
func toSomebody(t *testing.T, r *chain.Report) {
	t.Helper()
	for _, f := range r.Findings {
		who, _, said := strings.Cut(f.Fix, ": ")
		if known := strings.HasPrefix(who, "whoever ") ||
			slices.Contains([]string{"app developer", "server administrator", "app developer and server administrator", "CA"}, who); !said || !known {
			t.Errorf("%s: nobody is told to do it: %s", f.Rule, f.Fix)
		}
	}
}

func keyOf(t *testing.T, m *testpki.Made) *x509read.PublicKey {
	t.Helper()
	c, err := x509read.Parse(m.DER)
	if err != nil {
		t.Fatal(err)
	}
	return &c.PublicKey
}

func subject(m *testpki.Made) []byte {
	raw, _ := x509read.SubjectRaw(m.DER)
	return raw
}

func TestRequiredNoIdentity(t *testing.T) {
	m := pki(t)
	for _, c := range []struct {
		mode  chain.ClientAuthMode
		names [][]byte
		fires bool
		want  string
	}{
		{"none", nil, false, ""},
		{"requested", [][]byte{subject(m["root"])}, false, ""},
		{"required", [][]byte{subject(m["root"])}, true, "CN=Client Root"},
		{"required", nil, true, "none named"},
		{"unknown", nil, false, ""},
	} {
		r := judge(capture(nil, &chain.ClientAuthDemand{Mode: c.mode, Authorities: c.names}, m["server"]), chain.Question{})
		f := found(r, "mtls-required-no-identity")
		if (f != nil) != c.fires {
			t.Errorf("mode %s: fires %v", c.mode, f != nil)
		} else if f != nil && (f.Severity != chain.Warning || !strings.Contains(f.Evidence[0].Got, c.want)) {
			t.Errorf("mode %s: %s %+v, want %q", c.mode, f.Severity, f.Evidence, c.want)
		}
	}
	for status, fires := range map[int]bool{200: false, 401: true, 403: true, 404: false} {
		p := &chain.Presented{Fate: "unknown", Over: "http", Version: "TLS 1.3", Status: status}
		f := found(judge(capture(p, &chain.ClientAuthDemand{Mode: "requested"}), chain.Question{}), "mtls-required-no-identity")
		if (f != nil) != fires || f != nil && (f.Severity != chain.Note || !strings.Contains(f.Message, fmt.Sprint("HTTP ", status))) {
			t.Errorf("an optional identity, HTTP %d: %+v", status, f)
		}
	}
	late := capture(&chain.Presented{Fate: "unknown", Over: "http", Version: "TLS 1.3", Status: 403, Sentence: chain.SentencePostHandshake},
		&chain.ClientAuthDemand{Mode: "none"})
	if f := found(judge(late, chain.Question{}), "mtls-required-no-identity"); f == nil ||
		!strings.Contains(f.Message, "for the path that was asked for, and wants it after the TLS 1.3 handshake") {
		t.Errorf("after the handshake: %+v", f)
	}
}

func TestRejectedNamesTheReasons(t *testing.T) {
	m := pki(t)
	root := &chain.ClientAuthDemand{Mode: "required", Authorities: [][]byte{subject(m["root"])}}
	intermediate := &chain.ClientAuthDemand{Mode: "required", Authorities: [][]byte{subject(m["int"])}}
	alert := tlsname.UnknownCA
	for _, c := range []struct {
		name   string
		demand *chain.ClientAuthDemand
		chain  []*testpki.Made
		alert  tlsname.Alert
		want   string // of the first reason; "" none
	}{
		{"right", root, []*testpki.Made{m["client"], m["int"]}, 42, ""},
		{"right, and the server lacks a CRL", root, []*testpki.Made{m["client"], m["int"]}, 48, "the server may lack a CRL that it wants"},
		{"right, and the server's CRL is of last year", root, []*testpki.Made{m["client"], m["int"]}, 45, "the server's CRL, or its clock"},
		{"leaf only, issuer named", intermediate, []*testpki.Made{m["client"]}, 48, "OpenSSL takes no partial chain"},
		{"leaf only, root named", root, []*testpki.Made{m["client"]}, 48, "no intermediate was sent"},
		{"foreign", root, []*testpki.Made{m["foreign"], m["other"]}, 48, "not among the acceptable CAs"},
		{"expired", root, []*testpki.Made{m["expired"], m["int"]}, 45, "expired on"},
		{"server certificate", root, []*testpki.Made{m["server"], m["int"]}, 43, "lacks clientAuth"},
		{"no list", &chain.ClientAuthDemand{Mode: "required"}, []*testpki.Made{m["client"], m["int"]}, 48, "which names no CA"},
		{"expired, and another alert", root, []*testpki.Made{m["expired"], m["int"]}, 43, "identity item 0"},
		{"revoked, says the alert", root, []*testpki.Made{m["client"], m["int"]}, 44, "it, or a CA above it, is revoked, says the server"},
	} {
		r := judge(capture(&chain.Presented{Fate: "refused", Over: "tls", Version: "TLS 1.3", Alert: &c.alert}, c.demand, c.chain...), chain.Question{})
		toSomebody(t, r)
		f := found(r, "mtls-rejected")
		if f == nil || f.Severity != chain.Error || !strings.Contains(f.Message, "over TLS") ||
			!strings.Contains(f.Evidence[0].Got, fmt.Sprint("alert ", int(c.alert))) {
			t.Errorf("%s: %+v", c.name, f)
			continue
		}
		reasons := ""
		for _, e := range f.Evidence[1:] {
			if e.Field != checked && e.Field != whatIsLeft {
				reasons += e.Got + "; "
			}
		}
		if none := reasons == ""; none != strings.Contains(fmt.Sprint(f.Evidence), "dates, extended key usage") {
			t.Errorf("%s: what was checked is said: %v, reasons %q", c.name, !none, reasons)
		}
		if c.want == "" && reasons != "" || !strings.Contains(reasons, c.want) {
			t.Errorf("%s: reasons %q, want %q", c.name, reasons, c.want)
		}
	}
	// Refused alone, taken with the intermediate: one warning that says which.
	both := capture(&chain.Presented{Fate: "refused", Over: "tls", Version: "TLS 1.3", Alert: &alert}, root, m["client"])
	with := capture(&chain.Presented{Fate: "accepted", Version: "TLS 1.3"}, root, m["client"], m["int"])
	for k, v := range with.Blobs {
		both.Blobs[k] = v
	}
	both.Observations = append(both.Observations, with.Observations...)
	two := judge(both, chain.Question{})
	toSomebody(t, two)
	if f := found(two, "mtls-rejected"); f == nil || f.Severity != chain.Warning || !strings.Contains(f.Message, "takes it sent as identity items 0 and 1") {
		t.Errorf("two ways: %+v", f)
	}
	for _, fate := range []chain.Fate{chain.FateAccepted, chain.FateUnknown} {
		r := judge(capture(&chain.Presented{Fate: fate}, root, m["client"]), chain.Question{})
		if found(r, "mtls-rejected") != nil {
			t.Errorf("fires on fate %s", fate)
		}
	}
	r := judge(capture(&chain.Presented{Fate: "refused", Over: "http", Status: 400, Sentence: "The SSL certificate error"}, root, m["client"],
		m["int"]), chain.Question{})
	if f := found(r, "mtls-rejected"); f == nil || !strings.Contains(f.Evidence[0].Got, "HTTP 400 The SSL certificate error") {
		t.Errorf("over HTTP: %+v", f)
	}
}

func TestNoClientAuth(t *testing.T) {
	m := pki(t)
	for name, fires := range map[string]bool{"server": true, "client": false, "noeku": false, "mail": false} {
		r := judge(capture(nil, nil, m[name], m["int"]), chain.Question{Purpose: chain.PurposeClient})
		if f := found(r, "identity-no-client-auth"); (f != nil) != fires {
			t.Errorf("%s: fires %v", name, f != nil)
		}
		if r := judge(capture(nil, nil, m[name]), chain.Question{Purpose: chain.PurposeServer}); found(r, "identity-no-client-auth") != nil {
			t.Errorf("%s: fires for a server", name)
		}
	}
}

func TestDemands(t *testing.T) {
	m := pki(t)
	cert := sha256.Sum256(m["client"].DER)
	x, _ := x509read.Parse(m["client"].DER)
	other := make([]byte, 32)
	for _, c := range []struct {
		name  string
		d     chain.ServerDemands
		sent  []*testpki.Made
		rule  string
		fires bool
	}{
		{"listed by certificate", chain.ServerDemands{AllowedCerts: [][]byte{cert[:]}}, nil, "mtls-allow-list", false},
		{"listed by key", chain.ServerDemands{AllowedKeys: [][]byte{x.PublicKey.SHA256[:]}}, nil, "mtls-allow-list", false},
		{"not listed", chain.ServerDemands{AllowedCerts: [][]byte{other}, AllowedKeys: [][]byte{other}}, nil, "mtls-allow-list", true},
		{"no list", chain.ServerDemands{}, nil, "mtls-allow-list", false},
		{"right SAN", chain.ServerDemands{RequiredSAN: []string{"uri:spiffe://example.com/client-1", "dns:x"}}, nil, "mtls-required-name", false},
		{"wrong SAN", chain.ServerDemands{RequiredSAN: []string{"uri:spiffe://example.com/client-2"}}, nil, "mtls-required-name", true},
		{"right subject", chain.ServerDemands{RequiredSubject: "CN=client-1"}, nil, "mtls-required-name", false},
		{"wrong subject", chain.ServerDemands{RequiredSubject: "CN=client-2"}, nil, "mtls-required-name", true},
		{"subject with blanks", chain.ServerDemands{RequiredSubject: "cn = client-3 , o = Example"}, []*testpki.Made{m["two"]}, "mtls-required-name", false},
		{"subject as openssl prints it", chain.ServerDemands{RequiredSubject: "O = Example, CN = client-3"}, []*testpki.Made{m["two"]},
			"mtls-required-name", false},
		{"half a subject", chain.ServerDemands{RequiredSubject: "CN=client-3"}, []*testpki.Made{m["two"]}, "mtls-required-name", true},
		{"depth", chain.ServerDemands{MaxDepth: 1}, nil, "mtls-depth", false},
		{"too deep", chain.ServerDemands{MaxDepth: 0}, nil, "mtls-depth", true},
		{"no limit", chain.ServerDemands{MaxDepth: -1}, nil, "mtls-depth", false},
		{"offered", chain.ServerDemands{AcceptableCAs: [][]byte{subject(m["root"])}}, []*testpki.Made{m["client"], m["int"]}, "mtls-not-offered", false},
		{"intermediate not in the keychain", chain.ServerDemands{AcceptableCAs: [][]byte{subject(m["root"])}}, []*testpki.Made{m["client"]},
			"mtls-not-offered", true},
		{"intermediate announced", chain.ServerDemands{AcceptableCAs: [][]byte{subject(m["int"])}}, []*testpki.Made{m["client"]}, "mtls-not-offered", false},
	} {
		sent := c.sent
		if sent == nil {
			sent = []*testpki.Made{m["client"], m["int"]}
		}
		r := judge(capture(nil, nil, sent...), chain.Question{Purpose: chain.PurposeClient, ServerDemands: &c.d})
		if f := found(r, c.rule); (f != nil) != c.fires {
			t.Errorf("%s: %s fires %v", c.name, c.rule, f != nil)
		}
	}
}

// OpenSSL counts what stands between leaf and anchor, self-issued ones too.
func TestDepth(t *testing.T) {
	m := testpki.Must(t, map[string]testpki.Recipe{
		"root":   {Subject: "CN=Client Root", CA: true},
		"int":    {Subject: "CN=Client Issuing CA", Issuer: "root", CA: true},
		"again":  {Subject: "CN=Client Issuing CA", Issuer: "int", CA: true, Key: "p384"},
		"client": {Subject: "CN=client-1", Issuer: "again", EKU: []string{"clientAuth"}},
	}, clock)
	for _, c := range []struct {
		anchor  string
		limit   int
		fires   bool
		partial bool
	}{
		{"root", 2, false, false}, {"root", 1, true, false}, {"root", 0, true, false}, {"root", -1, false, false},
		{"int", 1, false, true}, {"int", 0, true, true}, {"again", 0, false, true},
	} {
		q := chain.Question{Time: clock, MaxDepth: -1, NameKind: chain.NameNone, Purpose: chain.PurposeClient,
			ServerDemands: &chain.ServerDemands{MaxDepth: c.limit}}
		anchors := chain.NewAnchors(chain.StoreInfo{}, chain.NewAnchor(m[c.anchor].DER, chain.Installed, "test"))
		e := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(64), Rules())
		in := chain.Input{Capture: capture(nil, nil, m["client"], m["again"], m["int"]), Question: q, Anchors: anchors}
		r := e.Evaluate(in)
		if f := found(r, "mtls-depth"); (f != nil) != c.fires || f != nil && f.Severity != chain.Error {
			t.Errorf("%s, depth %d: %+v", c.anchor, c.limit, f)
		}
		if f := found(r, "mtls-partial-chain"); (f != nil) != c.partial || f != nil && f.Severity != chain.Warning {
			t.Errorf("%s: partial chain %+v", c.anchor, f)
		}
		in.Question.Purpose = chain.PurposeServer
		if r := e.Evaluate(in); found(r, "mtls-depth") != nil || found(r, "mtls-partial-chain") != nil {
			t.Errorf("%s: fires for a server", c.anchor)
		}
	}
}

// TestTheDemandedNameIsIssued: the step names what this server looks for, and writes a
// command where OpenSSL reads the name as it stands.
func TestTheDemandedNameIsIssued(t *testing.T) {
	for want, line := range map[string]string{
		"email:alice@example.test": "subjectAltName=email:alice@example.test",
		"dns:client.example.test":  "subjectAltName=DNS:client.example.test",
		"uri:urn:a,b":              "",
	} {
		a := withName(want)
		if !strings.Contains(a.Text, want) || (a.Issue != nil) != (line != "") || a.Issue != nil && a.Issue.With[1] != line {
			t.Errorf("%s: %+v", want, a)
		}
	}
}
