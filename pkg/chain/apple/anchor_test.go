package apple

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func TestAnchors(t *testing.T) {
	noCN := func(c *x509read.Certificate) {
		n := *directory("Acme").Name
		c.Subject, c.Issuer = n, n
	}
	pss, md5 := signed(x509read.OIDRSASSAPSS), signed(x509read.OIDMD5WithRSA)
	genuine := func(c *chain.Case) *chain.Case {
		c.Paths[0].Last().Reissued = false
		return c
	}
	on := func(platform string, c *chain.Case) *chain.Case {
		c.Question.Platform = platform
		return c
	}
	ids := func(aki, ski string) edit {
		return func(c *x509read.Certificate) {
			c.AuthorityKeyID, c.SubjectKeyID = &x509read.AuthorityKeyID{KeyID: []byte(aki)}, []byte(ski)
		}
	}
	otherKey := func(kind chain.AnchorKind, status x509read.SignatureStatus) *chain.Case {
		c := asked(kind, leaf(), authority("CA", "CA"))
		c.Paths[0].Links[0].Signature.Status = status
		return c
	}
	tell(t, []story{
		{"installed root without CN", "apple-anchor-common-name", root(chain.Installed, noCN), "warning"},
		{"on macOS", "apple-anchor-common-name", on("macos15", root(chain.Installed, noCN)), ""},
		{"the app's root without CN", "apple-anchor-common-name", root(chain.App, noCN), ""},
		{"with CN", "apple-anchor-common-name", root(chain.Installed), ""},

		{"MD5 installed root", "apple-anchor-md5", root(chain.Installed, md5), "warning"},
		{"MD5 root of the app", "apple-anchor-md5", root(chain.App, md5), ""},
		{"SHA-256 installed root", "apple-anchor-md5", root(chain.Installed), ""},

		{"installed leaf", "apple-anchor-leaf", asked(chain.Installed, leaf()), "note"},
		{"the app's leaf", "apple-anchor-leaf", asked(chain.App, leaf()), "note"},
		{"installed root", "apple-anchor-leaf", root(chain.Installed), ""},

		{"PSS installed root", "apple-anchor-unrecognised", genuine(root(chain.Installed, pss)), "error"},
		{"PSS installed root on macOS", "apple-anchor-unrecognised", on("macos26", genuine(root(chain.Installed, pss))), "warning"},
		{"PSS root of the app", "apple-anchor-unrecognised", genuine(root(chain.App, pss)), ""},
		{"installed intermediate", "apple-anchor-unrecognised", asked(chain.Installed, leaf(), authority("CA", "Root")), "warning"},
		{"the app's intermediate", "apple-anchor-unrecognised", asked(chain.App, leaf(), authority("CA", "Root")), ""},
		{"key identifiers of the root differ", "apple-anchor-unrecognised", root(chain.Installed, ids("a", "b")), "warning"},
		{"key identifiers of the root agree", "apple-anchor-unrecognised", root(chain.Installed, ids("a", "a")), ""},

		{"right name, other key", "apple-anchor-other-key", otherKey(chain.Installed, x509read.Wrong), "error"},
		{"right name, right key", "apple-anchor-other-key", otherKey(chain.Installed, x509read.Verified), ""},
		{"a built-in root", "apple-anchor-other-key", otherKey(chain.Builtin, x509read.Wrong), ""},
	})
}

func TestRemovedAndUnknownRoots(t *testing.T) {
	var removed, unknown [32]byte
	for _, sum := range distrusted(t) {
		list := distrusts(sum)
		if list[0].store == "removed" {
			removed = sum
		}
	}
	for sum := range publicRoots() {
		unknown = sum
	}
	at := func(kind chain.AnchorKind, sum [32]byte) *chain.Case {
		c := root(kind)
		c.Paths[0].Last().Cert.SHA256 = sum
		return c
	}
	mozilla := at("", unknown)
	mozilla.Anchors = chain.NewAnchors(chain.StoreInfo{Name: "mozilla"})
	tell(t, []story{
		{"removed root", "apple-root-removed", at("", removed), "error"},
		{"removed root, installed", "apple-root-removed", at(chain.Installed, removed), ""},
		{"private root", "apple-root-removed", root(""), ""},
		{"root newer than the table", "apple-root-unknown", at("", unknown), "unknown"},
		{"the same, installed", "apple-root-unknown", at(chain.Installed, unknown), ""},
		{"the same, asked of Mozilla's store", "apple-root-unknown", mozilla, ""},
		{"private root", "apple-root-unknown", root(""), ""},
	})
	if n := len(publicRoots()); n < 40 {
		t.Errorf("the table of public roots has %d keys", n)
	}
}

func TestAnchorNotCA(t *testing.T) {
	const id = "apple-anchor-not-ca"
	c := root(chain.Installed)
	if got := outcome(fire(t, id, c)); got != "" {
		t.Errorf("an installed root: %q", got)
	}
	// Not a certificate at all: version 0 cannot say that it is a CA.
	c.Anchors = c.Anchors.With(chain.NewAnchor([]byte("junk"), chain.Installed, "junk"))
	if got := outcome(fire(t, id, c)); got != "" {
		t.Errorf("junk: %q", got)
	}
	stray := chain.NewAnchor(selfSignedDER(t, false), chain.Installed, "stray.pem")
	c.Anchors = c.Anchors.With(stray)
	if got := outcome(fire(t, id, c)); got != "warning" {
		t.Errorf("a stray leaf: %q", got)
	}
	d := root(chain.Installed)
	d.Anchors = d.Anchors.With(chain.NewAnchor(selfSignedDER(t, true), chain.Installed, "ca.pem"))
	if got := outcome(fire(t, id, d)); got != "" {
		t.Errorf("another CA: %q", got)
	}
}
