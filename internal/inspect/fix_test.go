package inspect

import (
	"bytes"
	"context"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain/identity"
)

// fixPKI has two chains for one leaf: the issuing CA is certified by an old and a new root.
func fixPKI(t *testing.T) map[string]*testpki.Made {
	t.Helper()
	made := testpki.Must(t, map[string]testpki.Recipe{
		"old":     {Subject: "CN=Old Root", CA: true},
		"new":     {Subject: "CN=New Root", CA: true},
		"issuing": {Subject: "CN=Issuing", Issuer: "new", CA: true, Ends: "700d"},
		"cross":   {Subject: "CN=Issuing", Issuer: "old", CA: true, KeyOf: "issuing", Ends: "30d"},
		"gone":    {Subject: "CN=Issuing", Issuer: "old", CA: true, KeyOf: "issuing", Ends: "-1d"},
		"under":   {Subject: "CN=Under", Issuer: "issuing", CA: true},
		"leaf":    {Subject: "CN=leaf", Issuer: "issuing", DNS: []string{"www.example.com"}},
		"deep":    {Subject: "CN=deep", Issuer: "under", DNS: []string{"www.example.com"}},
		"late":    {Subject: "CN=late", Issuer: "issuing", DNS: []string{"www.example.com"}, Ends: "-2d"},
		"self":    {Subject: "CN=self", DNS: []string{"www.example.com"}},
		"other":   {Subject: "CN=Stranger", Issuer: "old", CA: true},
	}, testpki.ExampleClock())
	return made
}

func pems(made map[string]*testpki.Made, names string) List {
	out := List{}
	for _, n := range strings.Fields(names) {
		out = append(out, made[n].PEM())
	}
	return out
}

func TestFix(t *testing.T) {
	made := fixPKI(t)
	revoked, err := (&testpki.Revocation{By: "new", Revoked: []string{"issuing"}}).CRL(made, testpki.ExampleClock())
	if err != nil {
		t.Fatal(err)
	}
	crl := List{string(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: revoked}))}
	name := "www.example.com"
	for what, c := range map[string]struct {
		sent, want string
		said       []string // a part of each change
		with       string
		crls       List
		left       string
		open       bool
		profile    string
	}{
		"as it should be": {sent: "leaf issuing", want: "leaf issuing", open: true},
		"with its root":   {sent: "leaf issuing new", want: "leaf issuing", said: []string{"the root: clients have it"}},
		"order":           {sent: "deep issuing under new", want: "deep under issuing", said: []string{"the root", "put in order: 0, 2, 1"}},
		"leaf last":       {sent: "issuing leaf", want: "leaf issuing", said: []string{"put in order: 1, 0"}, open: true},
		"twice":           {sent: "leaf issuing issuing leaf", want: "leaf issuing", said: []string{"repeats item 1", "repeats item 0"}, open: true},
		"a stranger": {sent: "leaf other issuing", want: "leaf issuing",
			said: []string{"Stranger: no certificate of the chain was issued by it"}, open: true},
		"not sent": {sent: "deep under", with: "issuing", want: "deep under issuing",
			said: []string{"added: Issuing, which issued Under, from"}, open: true},
		"nothing above": {sent: "leaf", want: "leaf", left: "basic-intermediate-missing", open: true},
		"expired":       {sent: "late issuing new", left: "basic-expired"},
		"self-signed":   {sent: "self", left: "basic-self-signed"},
		"two that fit": {sent: "leaf cross issuing new old", want: "leaf issuing",
			said: []string{"item 1, valid until 2026-12-31; item 2", "the root", "no certificate of the chain",
				"good until 2027-01-30; another one fits that is good until 2026-12-31"}},
		"two, the longer revoked": {sent: "leaf issuing cross new old", crls: crl, want: "leaf cross",
			said: []string{"item 1, valid until 2028-10-31; item 2", "no certificate", "the root", "another path fits and is not good: item 1 was revoked"}},
		"expired cross-sign": {sent: "leaf gone", with: "issuing", want: "leaf issuing",
			said: []string{"item 1, valid until 2026-11-30; the certificate Issuing", "added: Issuing"}, open: true},
		"webpki is asked as rfc":   {sent: "leaf issuing new", want: "leaf issuing", said: []string{"the root"}, profile: "rfc"},
		"a wrong name, no re-sort": {sent: "issuing leaf", left: "hostname-mismatch", profile: "wrong name"},
	} {
		t.Run(what, func(t *testing.T) {
			j := Job{ID: what, ChainPEM: pems(made, c.sent), RootsPEM: &List{}, CRLsPEM: c.crls, Name: &name, Profile: c.profile}
			if c.profile == "wrong name" {
				wrong := "www.example.org"
				j.Profile, j.Name = "", &wrong
			}
			if c.with != "" {
				file := filepath.Join(t.TempDir(), "with.pem")
				if err := os.WriteFile(file, []byte(strings.Join(pems(made, c.with), "")), 0o600); err != nil {
					t.Fatal(err)
				}
				j.With = List{file}
			}
			r := &Runner{Now: func() time.Time { return testpki.ExampleClock() }}
			f, err := r.Fix(context.Background(), j)
			if err != nil {
				t.Fatal(err)
			}
			if c.left != "" {
				if len(f.Left) != 1 || f.Left[0].Rule != c.left || len(f.Left[0].Advice) == 0 {
					t.Fatalf("left %+v, want %s with advice", f.Left, c.left)
				}
				return
			}
			if len(f.Left) > 0 {
				t.Fatalf("left: %s", f.Left[0].Message)
			}
			var want [][]byte
			for _, n := range strings.Fields(c.want) {
				want = append(want, made[n].DER)
			}
			if !slices.EqualFunc(f.Chain, want, bytes.Equal) {
				t.Errorf("a chain of %d, want %s; %q", len(f.Chain), c.want, f.Changes)
			}
			if len(f.Changes) != len(c.said) || (f.Open != "") != c.open {
				t.Fatalf("changes %q, want %q; open %q", f.Changes, c.said, f.Open)
			}
			for i, part := range c.said {
				if !strings.Contains(f.Changes[i], part) {
					t.Errorf("change %d: %q, want %q", i, f.Changes[i], part)
				}
			}
		})
	}
}

func TestFixIdentity(t *testing.T) {
	made := fixPKI(t)
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	modern, err := load.WritePKCS12(made["leaf"].Key, made["leaf"].DER, [][]byte{made["issuing"].DER}, "right", true)
	if err != nil {
		t.Fatal(err)
	}
	key, _ := made["leaf"].KeyPEM()
	p12, password, bundle := write("modern.p12", modern), write("password", []byte("right\n")), write("bundle.pem",
		[]byte(key+made["leaf"].PEM()+made["issuing"].PEM()))
	ed := testpki.Must(t, map[string]testpki.Recipe{"ed": {Key: "ed25519"}}, testpki.ExampleClock())
	edKey, _ := ed["ed"].KeyPEM()
	r := &Runner{Now: func() time.Time { return testpki.ExampleClock() }}
	for what, c := range map[string]struct {
		job      Job
		platform string
		already  bool
	}{
		"for iOS 17":          {Job{Identity: p12, PasswordFile: password, Platform: "ios17"}, "ios17", false},
		"for everything":      {Job{Identity: p12, PasswordFile: password}, "ios17", false},
		"as it should be":     {Job{Identity: p12, PasswordFile: password, Platform: "ios18"}, "ios18", true},
		"from PEM":            {Job{Identity: bundle, PasswordFile: password, Platform: "ios17"}, "ios17", false},
		"from PEM for iOS 18": {Job{Identity: bundle, PasswordFile: password, Platform: "ios18"}, "ios18", false},
	} {
		f, err := r.FixIdentity(context.Background(), c.job)
		if err != nil || f.Refused != "" || f.Already != c.already {
			t.Errorf("%s: %v, %+v", what, err, f)
			continue
		}
		id, err := load.ReadIdentity(write("new.p12", f.Data), load.IdentityOptions{Passwords: load.Passwords{File: password}})
		if err != nil || len(id.Signers) != 1 || len(id.Certificates) != 2 {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if why := identity.Refusal(id.Facts, c.platform); why != "" {
			t.Errorf("%s: %s does not import it: %s", what, c.platform, why)
		}
	}
	f, err := r.FixIdentity(context.Background(), Job{Identity: write("ed.pem", []byte(edKey+ed["ed"].PEM())), PasswordFile: password})
	if err != nil || f.Refused == "" || f.Data != nil {
		t.Errorf("Ed25519: %v, %+v", err, f)
	}
	for what, c := range map[string]struct {
		job  Job
		want string
	}{
		"wrong password": {Job{Identity: p12, PasswordFile: write("wrong", []byte("wrong")), Platform: "ios17"}, "password"},
		"no password":    {Job{Identity: bundle}, "--password-file"},
		"no key":         {Job{Identity: write("cert.pem", []byte(made["leaf"].PEM())), PasswordFile: password}, "a certificate and no private key"},
	} {
		if _, err := r.FixIdentity(context.Background(), c.job); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestFixTowardsAnAnchor: where it is known which roots are trusted, a list that leads to
// none of them lacks something; where nobody said, it may be whole.
func TestFixTowardsAnAnchor(t *testing.T) {
	made := testpki.Must(t, map[string]testpki.Recipe{
		"root":  {Subject: "CN=Root", CA: true},
		"upper": {Subject: "CN=Upper", Issuer: "root", CA: true},
		"under": {Subject: "CN=Under", Issuer: "upper", CA: true},
		"leaf":  {Subject: "CN=www.example.com", Issuer: "under", DNS: []string{"www.example.com"}},
	}, testpki.ExampleClock())
	name := "www.example.com"
	for what, c := range map[string]struct {
		sent, roots string
		open, lacks bool
	}{
		"no anchor named": {"leaf under", "", true, false},
		"to the anchor":   {"leaf under upper", "root", false, false},
		"to none of them": {"leaf under", "root", true, true},
	} {
		roots := List(pems(made, c.roots))
		j := Job{ID: what, ChainPEM: pems(made, c.sent), RootsPEM: &roots, Name: &name, Profile: "rfc"}
		f, err := (&Runner{Now: testpki.ExampleClock}).Fix(context.Background(), j)
		if err != nil || len(f.Left) > 0 || (f.Open != "") != c.open || f.Lacks != c.lacks {
			t.Errorf("%s: %v, %+v; want open %t, lacks %t", what, err, f, c.open, c.lacks)
		}
	}
}
