package lab

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/anchors"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/identity"
)

// newLab makes a CA in a new folder.
func newLab(t *testing.T, ca CA) *Folder {
	t.Helper()
	f := &Folder{Dir: filepath.Join(t.TempDir(), "lab"), Now: time.Now().UTC()}
	if _, _, err := f.Init(ca); err != nil {
		t.Fatal(err)
	}
	return f
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range files {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(data)
	}
	return out
}

// TestWhatIsIssuedIsTrusted in every profile, with every kind of key, under every
// name, now and in years to come, when servers' certificates live for days.
func TestWhatIsIssuedIsTrusted(t *testing.T) {
	for _, key := range keyTypes {
		if testing.Short() && strings.HasPrefix(key, "rsa") {
			continue
		}
		t.Run(key, func(t *testing.T) {
			ca := CA{KeyType: key}
			if key > "rsa2048" { // such keys take a while to find: the leaf's alone
				ca = CA{}
			}
			f := newLab(t, ca)
			days := []time.Time{f.Now}
			if key == "p256" {
				days = append(days, time.Date(2027, 3, 15, 0, 30, 0, 0, time.UTC), time.Date(2029, 4, 1, 0, 0, 0, 0, time.UTC))
			}
			for _, now := range days {
				f.Now, f.Force = now, true
				server, err := f.Server([]string{"www.example.test", "localhost", "*.wild.example.test", "127.0.0.1", "::1"}, Issue{KeyType: key})
				if err != nil {
					t.Fatal(err)
				}
				client, err := f.Client("alice", Issue{KeyType: key})
				if err != nil {
					t.Fatal(err)
				}
				for _, made := range []*Issued{server, client} {
					verdicts, err := made.Verdicts(context.Background(), now)
					if err != nil || len(verdicts) != 3*len(made.Names) {
						t.Fatalf("%d verdicts, %v", len(verdicts), err)
					}
					for _, v := range verdicts {
						if v.Report.Verdict != chain.Trusted || len(problems(v.Report)) > 0 {
							t.Errorf("%s, %s, %s: %s %v", now.Format(time.DateOnly), v.Profile, v.Name, v.Report.Headline, problems(v.Report))
						}
					}
				}
			}
		})
	}
}

// problems are the rules with a finding above a note.
func problems(r *chain.Report) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Severity != chain.Note {
			out = append(out, f.Rule+": "+f.Message)
		}
	}
	return out
}

func TestIdentitiesImport(t *testing.T) {
	f := newLab(t, CA{})
	for _, modern := range []bool{false, true} {
		made, err := f.Client(map[bool]string{false: "old", true: "new"}[modern], Issue{Modern: modern})
		if err != nil {
			t.Fatal(err)
		}
		id, err := load.ReadIdentity(made.Base+".p12", load.IdentityOptions{Passwords: load.Passwords{File: made.Base + ".p12.password"}})
		if err != nil || len(id.Signers) != 1 || len(id.Certificates) != 2 {
			t.Fatalf("%v: %+v", err, id)
		}
		for _, row := range identity.Imports(id.Facts) {
			if want := !modern || row.Where != "iOS 17" && row.Where != "macOS legacy importer"; row.OK != want {
				t.Errorf("modern %v: %s: %v, %s", modern, row.Where, row.OK, row.Why)
			}
		}
	}
}

func TestFiles(t *testing.T) {
	f := newLab(t, CA{})
	if _, err := f.Server([]string{"*.example.test", "::1"}, Issue{}); err != nil {
		t.Fatal(err)
	}
	want := []string{"intermediate.crt", "intermediate.key", "root.crt", "root.key", "root.mobileconfig",
		"wildcard.example.test.crt", "wildcard.example.test.fullchain.pem", "wildcard.example.test.key", "wildcard.example.test.p12",
		"wildcard.example.test.p12.password"}
	files, _ := os.ReadDir(f.Dir)
	var got []string
	for _, e := range files {
		got = append(got, e.Name())
		fi, _ := e.Info()
		mode := fs.FileMode(0o644)
		if strings.HasSuffix(e.Name(), ".key") || strings.Contains(e.Name(), ".p12") {
			mode = 0o600
		}
		if fi.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, want %v", e.Name(), fi.Mode(), mode)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("files %v", got)
	}
	data, err := os.ReadFile(f.path("root.mobileconfig"))
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := anchors.FromFile("root.mobileconfig", data, chain.Installed)
	if rootCert, err2 := f.pair(root); err != nil || err2 != nil || len(list) != 1 || !bytes.Equal(list[0].DER, rootCert.DER) {
		t.Errorf("the profile installs %d roots: %v, %v", len(list), err, err2)
	}
}

// TestHalfMade takes files away, as a run does that is cut off, and runs again.
func TestHalfMade(t *testing.T) {
	f := newLab(t, CA{})
	whole := contents(t, f.Dir)
	for _, missing := range [][]string{{"root.mobileconfig"}, {"intermediate.crt", "root.mobileconfig"}, {"intermediate.crt", "intermediate.key"},
		{"root.crt", "intermediate.crt", "intermediate.key"}} {
		for _, name := range missing {
			os.Remove(f.path(name))
		}
		if _, files, err := f.Init(CA{}); err != nil || len(files) < 1 {
			t.Fatalf("without %v: %v, %v", missing, files, err)
		}
		now := contents(t, f.Dir)
		if len(now) != len(whole) {
			t.Errorf("without %v: %d files, want %d", missing, len(now), len(whole))
		}
		for name, text := range now {
			if text != whole[name] && !slices.Contains(missing, name) && name != "root.mobileconfig" {
				t.Errorf("without %v: %s was replaced", missing, name)
			}
		}
		os.Remove(f.path("root.mobileconfig")) // which is of the root that was there
		if _, err := f.Open(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := f.Init(CA{}); err != nil {
			t.Fatal(err)
		}
		whole = contents(t, f.Dir)
	}
	if _, err := f.Client("alice", Issue{}); err != nil {
		t.Fatal(err)
	}
	whole = contents(t, f.Dir)
	order := []string{"alice.key", "alice.crt", "alice.fullchain.pem", "alice.p12.password", "alice.p12"}
	for n := 1; n < len(order); n++ {
		for _, name := range order[n:] {
			os.Remove(f.path(name))
		}
		if _, err := f.Client("alice", Issue{}); err != nil {
			t.Fatalf("after %v: %v", order[:n], err)
		}
		now := contents(t, f.Dir)
		for _, name := range order[:min(n, 3)] {
			if now[name] != whole[name] {
				t.Errorf("after %v: %s was replaced", order[:n], name)
			}
		}
		if _, err := load.ReadIdentity(f.path("alice.p12"), load.IdentityOptions{Passwords: load.Passwords{File: f.path("alice.p12.password")}}); err != nil {
			t.Errorf("after %v: %v", order[:n], err)
		}
		whole = now
	}
}

func TestRefusals(t *testing.T) {
	f := newLab(t, CA{Constrain: []string{"example.test", "127.0.0.0/8"}})
	if _, err := f.Server([]string{"www.example.test"}, Issue{}); err != nil {
		t.Fatal(err)
	}
	whole := contents(t, f.Dir)
	server := func(names ...string) func() error {
		return func() error { _, err := f.Server(names, Issue{}); return err }
	}
	client := func(name string, o Issue) func() error {
		return func() error { _, err := f.Client(name, o); return err }
	}
	for name, c := range map[string]struct {
		do   func() error
		want string
	}{
		"exists":            {server("www.example.test"), "www.example.test.p12: it exists already; --force replaces it"},
		"init with flags":   {func() error { _, _, err := f.Init(CA{KeyType: "p384"}); return err }, "what it says cannot be changed"},
		"outside":           {server("www.example.org"), "outside the names"},
		"address outside":   {server("www.example.test", "10.0.0.1"), "--constrain 10.0.0.1/32"},
		"wildcard outside":  {server("*.example.org"), "--constrain example.org`"},
		"port":              {server("localhost:8443"), "write the host alone, localhost"},
		"url":               {server("https://www.example.test/"), "write its host, www.example.test"},
		"mailbox":           {server("alice@example.test"), "is no name of a server"},
		"twice":             {server("a.example.test", "A.example.test"), "named twice"},
		"deep wildcard":     {server("*.*.example.test"), "wildcard"},
		"CA's name":         {client("root", Issue{}), "the CA's own files"},
		"path":              {client("../alice", Issue{}), "at position 3"},
		"dash":              {client("-alice", Issue{}), "begin the name with a letter"},
		"days":              {client("bob", Issue{Days: -1}), "--days -1"},
		"key":               {client("bob", Issue{KeyType: "p265"}), "did you mean p256?"},
		"constrain":         {func() error { _, _, err := f.Init(CA{Constrain: []string{"*.x"}}); return err }, "--constrain"},
		"empty password":    {client("bob", Issue{Password: func(string) (string, bool, error) { return "", true, nil }}), "empty password"},
		"password file":     {client("bob", Issue{Password: func(string) (string, bool, error) { return "", false, os.ErrNotExist }}), "not exist"},
		"no lab":            {func() error { _, err := (&Folder{Dir: t.TempDir(), Now: f.Now}).Client("bob", Issue{}); return err }, "chainspect lab init"},
		"folder is a file":  {func() error { _, _, err := (&Folder{Dir: f.path("root.crt"), Now: f.Now}).Init(CA{}); return err }, "cannot be written"},
		"other CA's issued": {func() error { return swapped(t, f) }, "it was not issued by"},
	} {
		err := c.do()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for name, text := range contents(t, f.Dir) {
		if text != whole[name] { // bob's files among them: nothing is written before all is known
			t.Errorf("%s was touched", name)
		}
	}
}

// swapped puts the root of another lab into a copy of this one.
func swapped(t *testing.T, f *Folder) error {
	dir := t.TempDir()
	for name, text := range contents(t, f.Dir) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range contents(t, newLab(t, CA{}).Dir) {
		if strings.HasPrefix(name, "root.") {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, _, err := (&Folder{Dir: dir, Now: f.Now}).Init(CA{})
	return err
}

func TestForceReplaces(t *testing.T) {
	f := newLab(t, CA{})
	before := contents(t, f.Dir)
	if err := os.Chmod(f.path("root.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	f.Force = true
	if _, _, err := f.Init(CA{CommonName: "Another Root"}); err != nil {
		t.Fatal(err)
	}
	for name, text := range contents(t, f.Dir) {
		if text == before[name] {
			t.Errorf("%s was kept", name)
		}
	}
	if fi, err := os.Stat(f.path("root.key")); err != nil || fi.Mode().Perm() != secret {
		t.Errorf("root.key: %v, %v", fi.Mode(), err)
	}
}

// TestTheNextCommandIsWithinTheConstraints: what lab init prints next can be issued.
func TestTheNextCommandIsWithinTheConstraints(t *testing.T) {
	for want, constrain := range map[string][]string{
		"www.example.test 127.0.0.1":      nil,
		"www.example.test":                {"example.test"},
		"www.corp.internal 10.0.0.1":      {"corp.internal", "10.0.0.0/8"},
		"192.0.2.7":                       {"192.0.2.7/32"},
		"www.corp.internal 2001:db8::1":   {"corp.internal", "2001:db8::/32"},
		"www.corp.internal 192.168.100.5": {"corp.internal", "192.168.100.4/30"},
	} {
		f := newLab(t, CA{Constrain: constrain})
		a, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if got := f.NextCA(a)[0].Line; !strings.HasPrefix(got, "chainspect lab server "+want+" --dir") {
			t.Errorf("%v: %s, want %s", constrain, got, want)
		}
		if _, err := f.Server(strings.Fields(want), Issue{}); err != nil {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestConstraintsBind(t *testing.T) {
	f := newLab(t, CA{Constrain: []string{"example.test"}})
	made, err := f.Server([]string{"www.example.test"}, Issue{})
	if err != nil {
		t.Fatal(err)
	}
	verdicts, err := made.Verdicts(context.Background(), f.Now)
	if err != nil {
		t.Fatal(err)
	}
	outsider, err := serverRecipe("www.example.org", f.Now)
	if err == nil {
		made.Leaf, err = made.Authority.leaf("x", outsider, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	made.Names = []string{"www.example.org"}
	outside, err := made.Verdicts(context.Background(), f.Now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range verdicts {
		if verdicts[i].Report.Verdict != chain.Trusted || outside[i].Report.Verdict != chain.Untrusted {
			t.Errorf("%s: inside %s, outside %s", verdicts[i].Profile, verdicts[i].Report.Verdict, outside[i].Report.Verdict)
		}
	}
}
