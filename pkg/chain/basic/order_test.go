package basic

import (
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestLeafFirst: a list that begins with a CA's certificate is one error, and
// the certificate that should stand first is judged; a CA's certificate with no
// better one behind it is the leaf it was sent as.
func TestLeafFirst(t *testing.T) {
	lower := with(recipes{"sub2": {CA: true, Issuer: "sub"}, "leaf": {Issuer: "sub2", DNS: []string{"www.example.com"}}})
	hosted := recipes{"sub": {CA: true, Issuer: "root", DNS: []string{"www.example.com"}}}
	run(t, []story{
		{name: "intermediate first", sent: "sub leaf", want: "error:basic-order"},
		{name: "root first", sent: "root sub leaf", want: "error:basic-order note:basic-root-sent"},
		{name: "upside down", recipes: lower, sent: "sub sub2 leaf", want: "error:basic-order"},
		{name: "intermediate first and again", sent: "sub leaf sub", want: "error:basic-order note:basic-duplicate"},
		{name: "another CA first", sent: "other leaf sub", want: "error:basic-order note:basic-unrelated"},
		{name: "and nothing ends at an anchor", sent: "sub leaf", anchors: "other", want: "error:basic-anchor-not-trusted error:basic-order"},
		{name: "CA alone", sent: "sub"},
		{name: "CA as leaf", recipes: lower, sent: "sub2 sub"},
		{name: "CA as leaf, issuer without basicConstraints", recipes: with(recipes{
			"mid": {NoBasic: true, Issuer: "root"}, "sub": {CA: true, Issuer: "mid"}}), sent: "sub mid", want: "error:basic-not-ca"},
		{name: "CA made out to a host, and a stranger", recipes: with(hosted), sent: "sub leaf", want: "note:basic-unrelated"},
		{name: "two that are no CA", recipes: with(recipes{"leaf2": {Issuer: "sub"}}), sent: "sub leaf leaf2",
			want: "note:basic-unrelated note:basic-unrelated"},
		{name: "root in between", sent: "leaf root sub", want: "note:basic-order note:basic-root-sent"},
		{name: "strangers in between", sent: "leaf other sub", want: "note:basic-unrelated"},
	})
}

// TestLeafByKey: a private key that says which certificate is meant decides.
func TestLeafByKey(t *testing.T) {
	for _, c := range []struct {
		transport chain.Transport
		proof     chain.KeyProof
		identity  bool
		want      bool
	}{
		{"tls", "", false, true},
		{"tls", "wrong", false, true},
		{"tls", "wrong", true, true}, // the identity is the client's
		{"tls", "verified", false, false},
		{"file", "", false, true},
		{"file", "", true, false},
	} {
		in := (&story{recipes: with(nil), sent: "sub leaf", anchors: "root"}).input(t)
		o := &in.Capture.Observations[0]
		o.Transport, o.Outcome.KeyProof = c.transport, c.proof
		if c.identity {
			in.Capture.Identity = &chain.Identity{}
		}
		r := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(64), Rules()).Evaluate(in)
		i := slices.IndexFunc(r.Findings, func(f chain.Finding) bool { return f.Rule == "basic-order" })
		if (i >= 0) != c.want {
			t.Errorf("%+v: basic-order fired: %v", c, i >= 0)
		}
		if i >= 0 && (!r.Findings[i].FixChecked || r.Items[0].Role != "intermediate" || r.Items[1].Role != "leaf") {
			t.Errorf("%+v: fix checked %v, roles %s %s", c, r.Findings[i].FixChecked, r.Items[0].Role, r.Items[1].Role)
		}
	}
}

// TestNoRemovalFromHalfAChain: what stands above a missing certificate is needed
// once that is there.
func TestNoRemovalFromHalfAChain(t *testing.T) {
	for _, s := range []struct {
		sent   string
		remove bool
	}{{"leaf sub", false}, {"leaf sub2 other", false}, {"leaf sub2 sub other", true}} {
		r := (&story{recipes: with(recipes{"sub2": {CA: true, Issuer: "sub"}, "leaf": {Issuer: "sub2"}}), sent: s.sent, anchors: "root"}).judge(t)
		i := slices.IndexFunc(r.Findings, func(f chain.Finding) bool { return f.Rule == "basic-unrelated" })
		if i < 0 || strings.Contains(r.Findings[i].Fix, "take the certificate out") != s.remove {
			t.Errorf("%s: %+v", s.sent, r.Findings)
		}
	}
}

// TestRoles: an intermediate that is an anchor is no root.
func TestRoles(t *testing.T) {
	for _, s := range []struct{ sent, anchors, want string }{
		{"leaf sub", "root", "leaf intermediate root"},
		{"leaf sub root", "root", "leaf intermediate root"},
		{"leaf sub", "sub", "leaf intermediate"},
		{"leaf", "sub", "leaf intermediate"},
		{"leaf sub root", "other", "leaf intermediate root"},
		{"root sub leaf", "root", "root intermediate leaf"},
	} {
		var got []string
		for _, it := range (&story{recipes: with(nil), sent: s.sent, anchors: s.anchors}).judge(t).Items {
			got = append(got, it.Role)
		}
		if strings.Join(got, " ") != s.want {
			t.Errorf("%s with the anchor %s: %q, want %q", s.sent, s.anchors, got, s.want)
		}
	}
}

// TestAnchorOfTheSameName: a root that was set up anew is not the one the anchors hold.
func TestAnchorOfTheSameName(t *testing.T) {
	for anchors, want := range map[string]bool{"old": true, "other": false} {
		r := (&story{recipes: with(recipes{"old": {CA: true, Subject: "CN=root"}}), sent: "leaf sub root", anchors: anchors}).judge(t)
		if len(r.Findings) != 1 || r.Findings[0].Rule != "basic-anchor-not-trusted" || strings.Contains(r.Findings[0].Message, "has another key") != want {
			t.Errorf("anchor %s: %+v", anchors, r.Findings)
		}
	}
}
