package conformance

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/suite"
	"github.com/chainspect/chainspect/pkg/chain"
)

// measured is a case of the suite of clients: a server that differs from a sound
// one in one respect, and what real clients did with it.
type measured struct {
	suiteCase
	Kind    string            `json:"kind"`
	What    string            `json:"what"`
	Server  served            `json:"server"`
	KeyPEM  string            `json:"key_pem"`
	Results map[string]result `json:"results"`
}

// result is what a client did.
type result struct {
	Verdict string `json:"verdict"`
	Text    string `json:"text"`
}

type served struct {
	Backend    string   `json:"backend"`
	Min        string   `json:"min"`
	Max        string   `json:"max"`
	Suites     []string `json:"suites"`
	Groups     []string `json:"groups"`
	ClientAuth string   `json:"client_auth"`
	SNI        string   `json:"sni"`
	OtherChain []string `json:"other_chain_pem"`
	OtherKey   string   `json:"other_key_pem"`
	AIA        any      `json:"aia_pem"`
	Arguments  string   `json:"arguments,omitempty"` // further ones of openssl s_server
}

// rows says which row of pkg/client a client of the suite is.
var rows = []struct{ suite, name, version string }{
	{"go-1.26", "go", "1.26"}, {"openssl-3.0-seclevel2", "openssl", "3.0 level 2"}, {"openssl-3.0-seclevel1", "openssl", "3.0 level 1"},
	{"curl-7.88-openssl", "curl", "7.88 OpenSSL"}, {"python-3.11", "python", "3.11"}, {"python-3.13", "python", "3.13"}, {"node-20", "node", "20"},
	{"ruby-3.1", "ruby", "3.1"}, {"java-17", "java", "17"}, {"java-25", "java", "25"}, {"gnutls-3.7", "gnutls", "3.7"},
	{"wget-1.21-gnutls", "wget", "1.21 GnuTLS"}, {"git-2.39-gnutls", "git", "2.39 GnuTLS"}, {"chromium-156", "chrome", "156"},
	{"firefox-153esr", "firefox", "153"},
}

// at is when a case is judged: ten minutes after its certificates were made.
func (m *measured) at(t testing.TB) time.Time {
	made, err := time.Parse(time.RFC3339Nano, m.Time)
	if err != nil {
		t.Fatalf("%s: %v", m.ID, err)
	}
	return made.Add(10 * time.Minute)
}

// ask judges a case from file, or live where an address is given, and gives each
// client's row.
func (m *measured) ask(t *testing.T, r *inspect.Runner, address string) map[string]chain.ClientVerdict {
	t.Helper()
	roots := inspect.List(m.Roots)
	j := inspect.Job{ID: m.ID, Name: m.Name, NameKind: m.NameKind, RootsPEM: &roots, At: m.at(t).Format(time.RFC3339), Clients: "all", Profile: "rfc"}
	if address == "" {
		j.ChainPEM = m.Chain
	} else {
		j.Target, j.Connect, j.Thorough, j.Timeout = "www.example.com", address, true, inspect.Duration(30*time.Second)
	}
	rows := map[string]chain.ClientVerdict{}
	for _, res := range r.Inspect(context.Background(), j) {
		if res.Report == nil {
			t.Errorf("%s: %v", m.ID, res.Err)
			continue
		}
		if len(rows) > 0 {
			continue // the lists that other hellos bring have reports of their own
		}
		for _, v := range res.Report.Clients {
			rows[v.Client+" "+v.Version] = v
		}
	}
	return rows
}

// TestClients serves and reads every case, and compares what each row says with
// what the client did when it was measured.
func TestClients(t *testing.T) {
	cases := suite.Read[measured](t, "clients")
	r := &inspect.Runner{Now: time.Now, Ask: dial.Ask}
	var board scoreboard
	for i := range cases {
		m := &cases[i]
		if m.Kind != "tls" && m.Kind != "size" {
			board.add(t, m, "file", m.ask(t, r, ""))
		}
		if address, why := m.serve(t); address != "" {
			board.add(t, m, "live", m.ask(t, r, address))
		} else {
			t.Logf("%s is not served: %s", m.ID, why)
		}
	}
	board.report(t)
}

// A miss is a cell that is predicted otherwise than it was measured, and why.
type miss struct {
	how, id string // "file" or "live"
	clients []string
	reason  string
}

// misses are all there are: one that is predicted right after all fails the test.
var misses = []miss{
	{"live", "055-key-ed448-leaf",
		[]string{"openssl-3.0-seclevel2", "openssl-3.0-seclevel1", "curl-7.88-openssl", "python-3.11", "python-3.13", "node-20", "ruby-3.1",
			"java-17", "java-25", "gnutls-3.7", "wget-1.21-gnutls", "git-2.39-gnutls"},
		"cannot tell: whether the server holds an Ed448 key is not checked here"},
	{"file", "027-ku-rsa-ke-12rsa", []string{"go-1.26", "python-3.11", "python-3.13"}, "the server speaks static RSA alone, which no file tells"},
	{"file", "027-ku-rsa-ke-12rsa", []string{"java-17", "gnutls-3.7", "git-2.39-gnutls", "chromium-156"},
		"the key is used with static RSA, which no file tells; in any other handshake it would sign"},
	{"file", "033-ku-ec-ka-12",
		[]string{"openssl-3.0-seclevel2", "openssl-3.0-seclevel1", "curl-7.88-openssl", "python-3.11", "python-3.13", "node-20", "ruby-3.1"},
		"cannot tell: OpenSSL minds in TLS 1.2 and not in TLS 1.3, and no file tells the version"},
	{"file", "240-ext-muststaple-crit", []string{"gnutls-3.7", "wget-1.21-gnutls", "git-2.39-gnutls", "firefox-153esr"},
		"cannot tell: whether a response is stapled is seen in the handshake"},
}

func missed(how, id, client string) *miss {
	for i := range misses {
		if m := &misses[i]; m.how == how && m.id == id && slices.Contains(m.clients, client) {
			return m
		}
	}
	return nil
}

// whole are the cases that every client has to be right about, from file as well.
func whole(id string) bool {
	for _, part := range []string{"path-missing-int", "control-wrongroot", "name-cn-only", "name-ip-in-cn", "life-leaf-expired", "life-int-expired",
		"life-root-expired",
		"sig-sha1-leaf", "sig-sha1-int", "life-825d", "life-826d", "self-826d", "name-cn-other", "name-wild-deep"} {
		if strings.HasSuffix(id, part) {
			return true
		}
	}
	return false
}

// scoreboard counts the cells that were predicted right.
type scoreboard struct {
	right, run, open, excused map[string]int
	seen                      map[string]bool // misses that are some
}

func (b *scoreboard) add(t *testing.T, m *measured, how string, got map[string]chain.ClientVerdict) {
	t.Helper()
	if b.run == nil {
		b.right, b.run, b.open, b.excused, b.seen = map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]bool{}
	}
	for _, row := range rows {
		v, ok := got[row.name+" "+row.version]
		if !ok {
			t.Errorf("%s: no row for %s %s", m.ID, row.name, row.version)
			continue
		}
		want, cell := m.Results[row.suite], how+" "+row.suite
		b.run[cell]++
		switch {
		case v.Verdict == chain.Trusted && want.Verdict == "accepted", v.Verdict == chain.Untrusted && want.Verdict == "refused", v.Fetches != "":
			b.right[cell]++
			continue
		case v.Verdict == chain.Undecided:
			b.open[cell]++
		}
		if missed(how, m.ID, row.suite) != nil && !whole(m.ID) {
			b.excused[cell]++
			b.seen[how+m.ID+row.suite] = true
			continue
		}
		t.Errorf("%s, %s, %s: %s by %q (%s), was %s: %s", how, m.ID, row.suite, v.Verdict, v.Rule, v.Message, want.Verdict, clip(want.Text))
	}
}

func (b *scoreboard) report(t *testing.T) {
	for _, row := range rows {
		file, live := "file "+row.suite, "live "+row.suite
		t.Logf("%-24s right / run: from file %3d / %3d, live %3d / %3d; cannot tell %d, %d", row.suite, b.right[file], b.run[file], b.right[live],
			b.run[live], b.open[file], b.open[live])
		for _, cell := range []string{file, live} {
			if b.right[cell]*100 < b.run[cell]*97 {
				t.Errorf("%s: %d of %d cells are right, less than 97 %%", cell, b.right[cell], b.run[cell])
			}
			if b.excused[cell]*100 > b.run[cell]*3 {
				t.Errorf("%s: %d of %d cells are excused, more than 3 %%", cell, b.excused[cell], b.run[cell])
			}
		}
	}
	for _, m := range misses {
		for _, c := range m.clients {
			if !b.seen[m.how+m.id+c] {
				t.Errorf("the miss %s %s %s (%s) is stale: the cell is right", m.how, m.id, c, m.reason)
			}
		}
	}
}

func clip(s string) string {
	if len(s) > 90 {
		return s[:90]
	}
	return s
}
