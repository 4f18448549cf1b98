package basic

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestUnknownIssuer: whether the issuer is an intermediate or the root cannot be
// known; both advices are given, the likelier first.
func TestUnknownIssuer(t *testing.T) {
	// authorityKeyIdentifier: the issuer's certificate is number 1 of CN=issuer.
	named := []testpki.Extra{{OID: "2.5.29.35", Hex: "301aa115a4133011310f300d06035504030c06697373756572820101"}}
	for _, c := range []struct {
		name, subject string
		extra         []testpki.Extra
		first, then   string
	}{
		{"plain", "CN=Example CA", nil, "append the certificate of Example CA", "or, if Example CA is a root:"},
		{"root by its name", "CN=Example Root", nil, "for a private CA, install the root Example Root in the clients' trust store",
			"or, if Example Root is an intermediate: append"},
		{"mkcert", "CN=mkcert me@mac,O=mkcert development CA", nil, "install the root mkcert me@mac", "if mkcert me@mac is an intermediate:"},
		{"root by authorityKeyIdentifier", "CN=issuer", named, "install the root issuer", "if issuer is an intermediate:"},
		{"intermediate by authorityKeyIdentifier", "CN=a root", named, "append the certificate of a root", "if a root is a root:"},
	} {
		leaf := testpki.Recipe{Issuer: "sub", DNS: []string{"www.example.com"}, Extra: c.extra, NoKeyIDs: len(c.extra) > 0}
		r := (&story{recipes: with(recipes{"sub": {CA: true, Issuer: "root", Subject: c.subject}, "leaf": leaf}), sent: "leaf", anchors: "root"}).judge(t)
		if len(r.Findings) == 0 || r.Findings[0].Rule != "basic-intermediate-missing" {
			t.Errorf("%s: %+v", c.name, r.Findings)
			continue
		}
		fix := testpki.Told(&r.Findings[0])
		if i, k := strings.Index(fix, c.first), strings.Index(fix, c.then); i < 0 || k < i {
			t.Errorf("%s: %s", c.name, fix)
		}
	}
}

// TestUnknownIssuerAbove: above an intermediate the root is the likelier.
func TestUnknownIssuerAbove(t *testing.T) {
	for subject, want := range map[string]string{"CN=Example CA": "device owner: for a private CA, install the root Example CA",
		"CN=Example Issuing CA": "server administrator: append the certificate of Example Issuing CA"} {
		r := (&story{recipes: with(recipes{"root": {CA: true, Subject: subject}}), sent: "leaf sub", anchors: "other"}).judge(t)
		if f := r.Findings[0]; f.Rule != "basic-anchor-not-trusted" || !strings.HasPrefix(f.Fix, want) {
			t.Errorf("%s: %+v", subject, f)
		}
	}
}

// TestInstallByPlatform: installing a profile alone does not switch a root on,
// and where no Apple platform is asked about nothing is said of one.
func TestInstallByPlatform(t *testing.T) {
	const others = "update-ca-certificates"
	for platform, want := range map[string]string{"ios26": "xcrun simctl keychain booted", "macos26": "security add-trusted-cert", "": others} {
		for _, sent := range []string{"leaf sub root", "leaf sub"} { // its end is known to be the root, or likely
			s := story{recipes: with(recipes{"root": {CA: true, Subject: "CN=Example Root"}}), sent: sent, anchors: "other",
				ask: func(q *chain.Question) { q.Platform = platform }}
			e := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(64), Rules())
			if platform != "" {
				e.Strict = func(*chain.Case) bool { return true }
			}
			f := e.Evaluate(s.input(t)).Findings[0]
			if !strings.Contains(testpki.Told(&f), want) || (want == others) != strings.Contains(testpki.Told(&f), "update-ca-certificates") ||
				f.FixTried != "with the root installed" && sent == "leaf sub root" {
				t.Errorf("%s, %s: %q, tried %q", platform, sent, f.Fix, f.FixTried)
			}
		}
	}
}

// TestNotSentBesideAnother: an intermediate that was given is missed only where
// no path of what was sent does as well, and once however many were given.
func TestNotSentBesideAnother(t *testing.T) {
	old := testpki.Recipe{CA: true, Subject: "CN=sub", KeyOf: "sub", Issuer: "root", NotBefore: clock.AddDate(-1, 0, 0), NotAfter: clock.AddDate(0, 0, -1)}
	again := testpki.Recipe{CA: true, Subject: "CN=sub", KeyOf: "sub", Issuer: "root", Serial: "77"}
	run(t, []story{
		{name: "a live server that sends a good one", recipes: with(recipes{"again": again}), given: "again"},
		{name: "a live server and two that were given", recipes: with(recipes{"again": again}), sent: "leaf", given: "again sub",
			want: "error:basic-intermediate-missing"},
		{name: "a live server that sends an expired one", recipes: with(recipes{"old": old}), sent: "leaf old", given: "sub",
			want: "error:basic-intermediate-missing note:basic-expired"},
		{name: "a good one was sent", recipes: with(recipes{"again": again}), given: "again", file: true},
		{name: "two good ones were given", recipes: with(recipes{"again": again}), sent: "leaf", given: "again sub", file: true,
			want: "warning:basic-intermediate-missing"},
		{name: "an expired one was sent", recipes: with(recipes{"old": old}), sent: "leaf old", given: "sub", file: true,
			want: "note:basic-expired warning:basic-intermediate-missing"},
		{name: "an expired one was given too", recipes: with(recipes{"old": old}), sent: "leaf", given: "old sub", file: true,
			want: "note:basic-expired warning:basic-intermediate-missing"},
	})
	r := (&story{recipes: with(recipes{"old": old}), sent: "leaf old", anchors: "root", given: "sub", file: true}).judge(t)
	f := r.Findings[0]
	good := r.Items[2].SHA256[:8]
	if !strings.HasPrefix(f.Message, "item 1 expired on ") ||
		!strings.Contains(f.Fix, "replace item 1 in the certificate file by the certificate sub (SHA-256 "+good) || !f.FixChecked {
		t.Errorf("%+v", f)
	}
	if !strings.HasPrefix(r.Headline, "trusted, name not judged, with a warning: item 1 \"sub\" expired on ") {
		t.Error(r.Headline)
	}
}
