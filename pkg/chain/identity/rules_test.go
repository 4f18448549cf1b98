package identity

import (
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// ruleCase is one fault, the rules that must say it, and the near miss, alike
// but for the fault, in which the rule must be silent.
type ruleCase struct {
	rule    string
	fires   func() *chain.Identity
	also    []string // other rules that rightly fire
	message string   // part of it
	near    func() *chain.Identity
}

func problem(kind, algorithm string) func(*chain.Identity) {
	return func(id *chain.Identity) {
		id.Problems = []chain.IdentityProblem{{Kind: kind, Where: "safe 1", Algorithm: algorithm, Message: "cipher " + algorithm + " is not supported"}}
	}
}

func of(base func() *chain.Identity, changes ...func(*chain.Identity)) func() *chain.Identity {
	return func() *chain.Identity { return with(base(), changes...) }
}

func ruleCases() []ruleCase {
	none := func(*chain.Identity) {}
	notes := []string{"identity-old-apple"}
	return []ruleCase{
		{"identity-certificate-only", of(modern, certificateOnly), nil,
			"3 certificates and no private key: a certificate is public; you need the identity", of(modern, none)},
		{"identity-certificate-only", of(modern, certificateOnly, pem), nil, "you need the identity", of(modern, certificateOnly, problem("password", ""))},
		{"identity-empty", of(modern, certificateOnly, func(id *chain.Identity) { id.Certificates, id.Bags = nil, nil }), nil,
			"the PKCS#12 file holds nothing", of(modern, certificateOnly)},
		{"identity-empty", of(modern, certificateOnly, func(id *chain.Identity) { id.Certificates, id.Bags, id.Format = nil, nil, "JKS" }), nil,
			"the JKS file holds nothing",
			of(modern, certificateOnly, func(id *chain.Identity) { id.Certificates, id.Bags = nil, nil }, problem("damaged", ""))},
		{"identity-key-only", of(modern, keyOnly), nil, "1 private key and no certificate", of(modern, none)},
		{"identity-no-key-fits", of(modern, func(id *chain.Identity) { id.Keys[0].Fits = nil }), nil, "1 private key, 3 certificates, and no key fits",
			of(modern, func(id *chain.Identity) { id.Keys[0].Fits, id.Keys[0].Unmatched = nil, true })},
		{"identity-unsupported-content",
			of(modern, keyOnly, problem("unsupported", "Camellia-256-CBC"),
				func(id *chain.Identity) { id.Bags[0].Encryption.Cipher = "Camellia-256-CBC" }), nil, "Camellia-256-CBC",
			of(modern, keyOnly, problem("damaged", ""))},
		{"identity-other-password", of(modern, certificateOnly, problem("password", "")), nil, "safe 1", of(modern, certificateOnly)},
		{"identity-locked", of(modern, changed), nil, "the MAC: does not fit", of(modern, certificateOnly, problem("password", ""))},
		{"identity-locked", of(modern, certificateOnly, pem, problem("locked", "")), nil, "safe 1", of(modern, certificateOnly, pem)},
		{"identity-damaged-content", of(modern, certificateOnly, problem("damaged", "")), nil, "safe 1",
			of(modern, certificateOnly, problem("unsupported", "ARIA-256-CBC"))},
		{"identity-ca-key", of(modern, func(id *chain.Identity) { id.Certificates[0] = "ca" }), notes, "certificate 1 (CN=ca) is a CA's",
			of(modern, func(id *chain.Identity) { id.Certificates[0] = "self" })},
		{"identity-ca-key", of(modern, func(id *chain.Identity) { id.Certificates[0] = "ca" }, pem), nil, "private key is in the file",
			of(modern, func(id *chain.Identity) { id.Certificates[0] = "marked" }, pem)},
		{"identity-root-first", of(modern, rootFirst), notes, "number 3 of 3 in the file; the first is a CA's", of(modern, otherFirst)},
		{"identity-root-first", of(modern, rootFirst, pem), nil, "number 3 of 3 in the file; the first is a CA's", of(modern, pem)},
		{"identity-root-first", of(modern, otherFirst, pem), []string{"identity-no-intermediates"},
			"number 2 of 3 in the file; the first is another one's", of(modern, twice, pem)},
		{"identity-root-first", of(modern, func(id *chain.Identity) { id.Certificates = []string{"leaf", "root", "issuing"} }), notes,
			"certificate 2 (CN=root) stands before certificate 3 (CN=issuing), which it issued", of(modern, none)},
		{"identity-plain-key-bag", of(modern, plainKeyBag), nil, "readable without any password", of(modern, pem)},
		{"identity-plain-key-bag", of(modern, plainKeyBag), nil, "readable without any password", of(modern, keyElsewhere)},
		{"identity-plain-key-bag", of(modern, plainKeyBag, func(id *chain.Identity) { id.Parts[1].Encryption = aes() }), nil,
			"1 private key in a plain key bag", of(modern, none)},
		{"identity-key-not-der", of(modern, func(id *chain.Identity) {
			id.Keys[0].NotDER = "RSAPrivateKey.modulus: INTEGER has a superfluous leading 00"
		}), nil, "modulus", of(modern, none)},
		{"identity-localkeyid-clash", of(modern, func(id *chain.Identity) { id.Bags[1].LocalKeyID = []byte{1} }), nil,
			"certificate 2 (CN=issuing) has the localKeyID 01", of(modern, func(id *chain.Identity) { id.Bags[1].LocalKeyID = []byte{2} })},
		{"identity-localkeyid-clash", of(modern, pairedByName, func(id *chain.Identity) { id.Bags[2].FriendlyName = id.Bags[0].FriendlyName }), nil,
			"friendlyName", of(modern, pairedByName)},
		{"identity-unpaired-key", of(modern, func(id *chain.Identity) { id.Bags[0].LocalKeyID = nil }), nil, "no attribute says so", of(modern, pairedByName)},
		{"identity-unpaired-key", of(modern, func(id *chain.Identity) { id.Bags[0].LocalKeyID = nil }), nil, "no attribute says so", of(modern, keyElsewhere)},
		{"identity-unsupported-key-type", of(modern, func(id *chain.Identity) { id.Keys[0].Type, id.Keys[0].Curve = "Ed25519", "" }), nil,
			"private key 1 is Ed25519", of(modern, func(id *chain.Identity) { id.Keys[0].Curve = "P-521" })},
		{"identity-unsupported-key-type", of(modern, func(id *chain.Identity) { id.Keys[0].Curve = "P-224" }), nil, "EC on P-224",
			of(modern, func(id *chain.Identity) { id.Keys[0].Type, id.Keys[0].Curve = "RSA", "" })},
		{"identity-empty-password-encoding",
			of(legacy, func(id *chain.Identity) {
				id.PasswordKind, id.PasswordEncoding = chain.PasswordEmpty,
					"two zero bytes"
			}), []string{"identity-old-encryption"}, "imports on iOS, not on macOS",
			of(legacy, func(id *chain.Identity) { id.PasswordKind, id.PasswordEncoding = chain.PasswordEmpty, "" })},
		{"identity-empty-password-encoding",
			of(legacy, func(id *chain.Identity) {
				id.PasswordKind, id.PasswordEncoding = chain.PasswordEmpty,
					"zero bytes"
			}), []string{"identity-old-encryption"}, "imports on macOS, not on iOS", of(legacy, none)},
		{"identity-no-mac", of(modern, func(id *chain.Identity) { id.MAC = nil }), nil, "no MAC", of(modern, pem)},
		{"identity-no-mac", of(modern, func(id *chain.Identity) { id.Signed = true }), nil, "no MAC", of(modern, none)},
		{"identity-mac-not-imported", of(modern, func(id *chain.Identity) { id.MAC.PBMAC1 = true }), nil, "PBMAC1 with HMAC-SHA256",
			of(modern, func(id *chain.Identity) { id.MAC.Algorithm = "HMAC-SHA512" })},
		{"identity-mac-not-imported", of(modern, func(id *chain.Identity) { id.MAC.Algorithm = "HMAC-SHA512-256" }), nil,
			"report as a wrong password", of(modern, func(id *chain.Identity) { id.MAC.Algorithm = "HMAC-SHA224" })},
		{"identity-encryption-not-imported", of(modern, func(id *chain.Identity) { id.Bags[3].Encryption.Cipher = "AES-128-CBC" }), nil,
			"the key in bag 4: cipher AES-128-CBC, want AES-256-CBC", of(modern, none)},
		{"identity-encryption-not-imported", of(modern, func(id *chain.Identity) { id.Parts[0].Encryption.PRFField = "absent" }), nil,
			"safe 1: PBKDF2 without a PRF field", of(legacy, none)},
		{"identity-old-apple", of(modern, none), nil, "not on iOS 17", of(legacy, none)},
		{"identity-old-encryption", of(legacy, none), nil, "safe 1 is encrypted with pbeWithSHAAnd40BitRC2-CBC",
			of(legacy, func(id *chain.Identity) { id.Parts[0].Encryption = des3() })},
		{"identity-unicode-password", of(modern, func(id *chain.Identity) { id.PasswordKind = chain.PasswordUnicode }), notes,
			"outside printable ASCII", of(modern, none)},
		{"identity-ber", of(modern, func(id *chain.Identity) { id.Encoding = "BER" }), notes, "BER", of(modern, none)},
		{"identity-no-intermediates", of(modern, func(id *chain.Identity) {
			id.Certificates, id.Bags[1].Certificate, id.Bags[2].Certificate = []string{"leaf"}, -1, -1
		}), notes, "is not in the file", of(modern, none)},
		{"identity-no-intermediates", of(modern, func(id *chain.Identity) { id.Certificates[1] = "root" }), notes, "is not in the file",
			of(modern, func(id *chain.Identity) { id.Certificates[0] = "self" })},
	}
}

func TestRules(t *testing.T) {
	tested := map[string]bool{}
	for _, c := range ruleCases() {
		t.Run(c.rule, func(t *testing.T) {
			tested[c.rule] = true
			want := append(slices.Clone(c.also), c.rule)
			id := c.fires()
			var got []string
			for _, f := range evaluate(t, id).Findings {
				got = append(got, f.Rule)
				if f.Rule != c.rule {
					continue
				}
				if !strings.Contains(f.Message, c.message) || len(f.Evidence) == 0 || f.Fix == "" || f.Message != strings.TrimSuffix(f.Message, ".") {
					t.Errorf("finding %+v, want %q in its message", f, c.message)
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("found %v, want %v", got, want)
			}
			for _, f := range evaluate(t, c.near()).Findings {
				if f.Rule == c.rule {
					t.Errorf("near miss: %s", f.Message)
				}
			}
		})
	}
	tested["identity-platform"] = true // TestAskedPlatform
	for _, r := range Rules() {
		if !tested[r.ID] {
			t.Errorf("%s is not tested", r.ID)
		}
		if !strings.HasPrefix(r.ID, "identity-") || r.Level != chain.LevelIdentity || len(r.Title) > 60 || r.Explain == "" || len(r.Advice) == 0 ||
			len(r.Sources) == 0 {
			t.Errorf("%s is not complete", r.ID)
		}
	}
}

// TestHalfIdentityFails: what is no identity fails the level; what only some
// importers refuse does not.
func TestHalfIdentityFails(t *testing.T) {
	errors := map[string]bool{"identity-empty": true, "identity-certificate-only": true, "identity-key-only": true, "identity-no-key-fits": true,
		"identity-unsupported-content": true, "identity-other-password": true, "identity-locked": true, "identity-damaged-content": true}
	for _, c := range ruleCases() {
		r := evaluate(t, c.fires())
		for _, f := range r.Findings {
			if (f.Severity == chain.Error) != errors[f.Rule] {
				t.Errorf("%s is of severity %s", f.Rule, f.Severity)
			}
		}
	}
	r := evaluate(t, with(modern(), problem("unsupported", "Camellia-128-CBC")))
	for _, f := range r.Findings {
		if f.Rule == "identity-unsupported-content" && f.Severity != chain.Warning {
			t.Errorf("unused content beside an identity is of severity %s", f.Severity)
		}
	}
}

// TestNonsenseIsJudged: a saved capture is foreign input, and its identity may
// name bags, parts and certificates that are not there.
func TestNonsenseIsJudged(t *testing.T) {
	for _, n := range []int{-2, -1, 3, 1 << 40} {
		for name, id := range map[string]*chain.Identity{
			"fits":        with(modern(), func(id *chain.Identity) { id.Keys[0].Fits = []int{n} }),
			"bag":         with(modern(), func(id *chain.Identity) { id.Keys[0].Bag = n }),
			"part":        with(modern(), plainKeyBag, func(id *chain.Identity) { id.Bags[3].Part = n }),
			"certificate": with(modern(), func(id *chain.Identity) { id.Bags[1].Certificate, id.Bags[1].LocalKeyID = n, []byte{1} }),
			"key":         with(modern(), func(id *chain.Identity) { id.Bags[3].Key = n }),
		} {
			if rows := Imports(id); len(rows) != 8 {
				t.Errorf("%s %d: %d rows", name, n, len(rows))
			}
			if r := evaluate(t, id); len(r.Levels) != 4 {
				t.Errorf("%s %d: %d levels", name, n, len(r.Levels))
			}
		}
	}
	if r := evaluate(t, &chain.Identity{Format: "PKCS#12", Keys: []chain.IdentityKey{{}}, Bags: []chain.IdentityBag{{}}}); len(r.Findings) == 0 {
		t.Error("an identity of nothing has no findings")
	}
}

// TestOrderOfTheIdentityShown: a live check sends the leaf first whatever the
// file's order, and says so.
func TestOrderOfTheIdentityShown(t *testing.T) {
	for place, want := range []int{0, 1} {
		c := &chain.Capture{Schema: chain.CaptureSchema, TakenAt: clock, Observations: []chain.Observation{{Outcome: chain.Outcome{OK: true}},
			{Presented: &chain.Presented{Sent: []string{"leaf"}, Place: place}}}}
		e := chain.NewEvaluator(chain.ProfileByName("apple"), chain.NewMemory(16), Rules())
		r := e.Evaluate(chain.Input{Capture: c, Anchors: chain.NewAnchors(chain.StoreInfo{Name: "none"}), Question: chain.Question{Time: clock}})
		if len(r.Findings) != want || want == 1 && (r.Findings[0].Severity != chain.Warning || !strings.Contains(r.Findings[0].Message, "number 2")) {
			t.Errorf("place %d: %+v", place, r.Findings)
		}
	}
}

// TestAskedPlatform: where a platform was named, that it does not import the file
// is the error, and the only thing said of it.
func TestAskedPlatform(t *testing.T) {
	for _, c := range []struct {
		name, platform string
		asked          bool
		id             *chain.Identity
		message        string // "": no finding of the rule
	}{
		{"modern on an old one", "ios17", true, modern(), "iOS 17 does not import the file: MAC HMAC-SHA256"},
		{"not asked", "ios17", false, modern(), ""},
		{"modern on a new one", "ios18", true, modern(), ""},
		{"old on an old one", "ios17", true, legacy(), ""},
		{"old macOS", "macos14", true, modern(), "macOS 14 does not import the file"},
		{"PEM", "ios26", true, with(modern(), pem), "iOS 26 does not import the file: format PEM, want PKCS#12"},
		{"half an identity", "ios17", true, with(modern(), certificateOnly), ""},
		{"another password", "ios17", true, with(modern(), changed), ""},
	} {
		e := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(16), Rules())
		r := e.Evaluate(chain.Input{Capture: &chain.Capture{Identity: c.id, Observations: []chain.Observation{{}}},
			Anchors:  chain.NewAnchors(chain.StoreInfo{Name: "none"}),
			Question: chain.Question{Time: clock, Platform: c.platform, PlatformAsked: c.asked}})
		got := ""
		for _, f := range r.Findings {
			switch f.Rule {
			case "identity-platform":
				got = f.Message
				if f.Severity != chain.Error || f.Fix == "" {
					t.Errorf("%s: %+v", c.name, f)
				}
			case "identity-old-apple", "identity-mac-not-imported":
				if c.message != "" {
					t.Errorf("%s: %s is said too", c.name, f.Rule)
				}
			}
		}
		if (got == "") != (c.message == "") || !strings.HasPrefix(got, c.message) {
			t.Errorf("%s: %q, want %q", c.name, got, c.message)
		}
	}
}

// TestKeyStores: a Java key store has a chain for each key entry, so that its
// order means nothing; keys of a JCEKS that are not read here are not known.
func TestKeyStores(t *testing.T) {
	for _, format := range []string{"JKS", "JCEKS"} {
		for _, f := range evaluate(t, with(modern(), rootFirst, func(id *chain.Identity) { id.Format = format })).Findings {
			if f.Rule == "identity-root-first" {
				t.Errorf("%s: %s", format, f.Message)
			}
		}
		r := evaluate(t, with(modern(), certificateOnly, problem("unsupported", "PBEWithMD5AndTripleDES"), func(id *chain.Identity) { id.Format = format }))
		if len(r.Findings) != 1 || (r.Findings[0].Status == chain.Unknown) != (format == "JCEKS") {
			t.Errorf("%s: %+v", format, r.Findings)
		}
	}
}

// TestOldPlatforms: what iOS 17 and macOS 14 do not import is a warning where
// one of them was asked about.
func TestOldPlatforms(t *testing.T) {
	for platform, c := range map[string]struct {
		severity chain.Severity
		refusal  string
	}{
		"ios17": {chain.Warning, "MAC HMAC-SHA256, want HMAC-SHA1"}, "macos14": {chain.Warning, "MAC HMAC-SHA256, want HMAC-SHA1"},
		"ios18": {chain.Note, ""}, "macos15": {chain.Note, ""}, "": {chain.Note, ""},
	} {
		id := modern()
		e := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(16), Rules())
		r := e.Evaluate(chain.Input{Capture: &chain.Capture{Identity: id, Observations: []chain.Observation{{}}},
			Anchors:  chain.NewAnchors(chain.StoreInfo{Name: "none"}),
			Question: chain.Question{Time: clock, Platform: platform}})
		found := false
		for _, f := range r.Findings {
			if f.Rule == "identity-old-apple" {
				found = f.Severity == c.severity
			}
		}
		if !found {
			t.Errorf("%q: no %s among %+v", platform, c.severity, r.Findings)
		}
		if got := Refusal(id, platform); (got == "") != (c.refusal == "") || !strings.HasPrefix(got, c.refusal) {
			t.Errorf("%q: refused for %q, want %q", platform, got, c.refusal)
		}
	}
	if got := Refusal(with(modern(), changed), "ios26"); got == "" {
		t.Error("a file of another MAC is imported")
	}
}
