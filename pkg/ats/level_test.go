package ats

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

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
