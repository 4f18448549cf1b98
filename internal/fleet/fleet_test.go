package fleet

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

func jobsOf(text string) (jobs []inspect.Job, errs []error, remarks []string) {
	l := &List{Path: "list", In: strings.NewReader(text), Remark: func(format string, args ...any) { remarks = append(remarks, fmt.Sprintf(format, args...)) }}
	for j, err := range l.Jobs() {
		jobs, errs = append(jobs, j), append(errs, err)
	}
	return jobs, errs, remarks
}

func TestPlainLists(t *testing.T) {
	jobs, errs, _ := jobsOf("\ufeff# our hosts\r\n\r\nwww.example.com\r\nmail.example.com:993   # IMAP\n\n[::1]:8443 " +
		"name=a.example\nhttps://api.example.com/v1#top\n{\"target\":\"b.example\",\"id\":\"7 # not a comment\"}\nlast.example")
	var got []string
	for i, j := range jobs {
		if errs[i] != nil {
			t.Errorf("%+v: %v", j, errs[i])
		}
		got = append(got, j.Target)
	}
	want := "www.example.com mail.example.com:993 [::1]:8443 https://api.example.com/v1#top b.example last.example"
	if strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if jobs[4].ID != "7 # not a comment" {
		t.Errorf("id %q", jobs[4].ID)
	}
}

// TestListThatCannotBeRead: a failure in the middle is no end of the list, and what
// it cut off is no target.
func TestListThatCannotBeRead(t *testing.T) {
	l := &List{Path: "list", In: io.MultiReader(strings.NewReader("a.example\nb.exam"), iotest.ErrReader(io.ErrUnexpectedEOF))}
	var got []string
	for j, err := range l.Jobs() {
		got = append(got, fmt.Sprint(j.Target, " ", err))
	}
	want := "a.example <nil>; list --targets list: cannot be read: unexpected EOF; give a file with one target or one JSON job a line"
	if strings.Join(got, "; ") != want {
		t.Errorf("%q", got)
	}
	l = &List{Path: "list", In: io.MultiReader(strings.NewReader("a.example\nb.exam"), iotest.ErrReader(context.Canceled))}
	n := 0
	for range l.Jobs() {
		n++
	}
	if n != 1 {
		t.Errorf("%d jobs of an interrupted list", n)
	}
}

func TestLineWithoutTarget(t *testing.T) {
	jobs, errs, _ := jobsOf("a.example\n{\"id\":\"g\"}\n")
	if len(errs) != 2 || jobs[1].ID != "g" || errs[1] == nil || errs[1].Error() != "list, line 2: there is no target: give HOST[:PORT], a URL or a file" {
		t.Errorf("%v", errs)
	}
}

func TestMisspeltKeysAreNamedOnce(t *testing.T) {
	_, _, remarks := jobsOf("{\"target\":\"a.example\",\"nmae\":\"x\"}\n{\"target\":\"b.example\",\"nmae\":\"x\"}\n{\"target\":\"b.example\",\"something_else\":1}\n")
	if len(remarks) != 1 || !strings.Contains(remarks[0], `list, line 1: there is no key "nmae"; did you mean name?`) {
		t.Errorf("%q", remarks)
	}
}

// secretsText is what kubectl prints: a TLS secret, one of another type, a broken one.
func secretsText(t *testing.T) (yaml, key string) {
	t.Helper()
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	pem, err := made["leaf"].KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	key = base64.StdEncoding.EncodeToString([]byte(pem))
	crt := base64.StdEncoding.EncodeToString([]byte(made["leaf"].PEM() + made["intermediate"].PEM()))
	return fmt.Sprintf(`apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Secret
  type: kubernetes.io/tls
  metadata: {name: www, namespace: shop}
  data:
    tls.crt: %s
    tls.key: %s
- apiVersion: v1
  kind: Secret
  type: Opaque
  metadata: {name: other}
  data: {password: %s}
- apiVersion: v1
  kind: Secret
  type: kubernetes.io/tls
  metadata: {name: broken, namespace: shop}
  data: {tls.crt: "%%%%", tls.key: %s}
`, crt, key, key, key), key
}

func TestKubernetesSecrets(t *testing.T) {
	text, key := secretsText(t)
	jobs, errs, _ := jobsOf(text)
	if len(jobs) != 2 || errs[0] != nil || errs[1] == nil {
		t.Fatalf("%+v, %v", jobs, errs)
	}
	if j := jobs[0]; j.ID != "shop/www" || len(j.ChainPEM) != 1 || strings.Count(j.ChainPEM[0], "BEGIN CERTIFICATE") != 2 {
		t.Errorf("%+v", j)
	}
	if !strings.Contains(errs[1].Error(), "secret shop/broken: tls.crt is no Base64") || strings.Contains(fmt.Sprint(jobs, errs), key) {
		t.Errorf("%v", errs[1])
	}
	single := strings.Replace(text[strings.Index(text, "- apiVersion"):strings.Index(text, "- apiVersion: v1\n  kind: Secret\n  type: Opaque")], "- ", "  ", 1)
	jobs, errs, _ = jobsOf(strings.ReplaceAll("\n"+single, "\n  ", "\n"))
	if len(jobs) != 1 || errs[0] != nil || jobs[0].ID != "shop/www" {
		t.Errorf("one secret: %+v, %v", jobs, errs)
	}
	for name, bad := range map[string]string{
		"another object":   "apiVersion: v1\nkind: ConfigMap\ndata: {a: " + key + "}\n",
		"no YAML":          "apiVersion: v1\nkind: Secret\ndata: {tls.key: " + key + "\n  x",
		"a list of others": "apiVersion: v1\nkind: List\nitems: []\n",
	} {
		jobs, errs, _ := jobsOf(bad)
		if len(jobs) != 1 || errs[0] == nil || strings.Contains(errs[0].Error(), key[:20]) {
			t.Errorf("%s: %+v, %v", name, jobs, errs)
		}
	}
}

// What is no list is refused whole: no line of it is a job, or is shown.
func TestOtherFilesAreRefusedWhole(t *testing.T) {
	_, key := secretsText(t)
	for name, text := range map[string]string{
		"a key":           "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nAwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n",
		"DER":             "\x30\x82\x01\x22\x30\x82\x01\x00",
		"DER of lines":    "\x30\x06\x30\x04\x04\x02\n\n",
		"JSON of its own": "{\"users\":[{\"password\":\"Tr0ub4dor\"}]}\n",
		"passwords":       "Tr0ub4dor\nhunter2\n",
		"Base64":          key + "\n",
	} {
		jobs, errs, _ := jobsOf(text)
		if len(jobs) != 1 || jobs[0].Target != "list" || errs[0] == nil {
			t.Errorf("%s: %+v, %v", name, jobs, errs)
			continue
		}
		if strings.Contains(errs[0].Error(), "cut off") != (name == "DER") {
			t.Errorf("%s: %v", name, errs[0])
		}
		for _, secret := range []string{"Tr0ub4dor", "MIGHAgEAMBMGByqGSM49", key[:20]} {
			if strings.Contains(errs[0].Error(), secret) {
				t.Errorf("%s is quoted: %v", name, errs[0])
			}
		}
	}
}

func numbered(jobs ...inspect.Job) iter.Seq2[inspect.Job, error] {
	return func(yield func(inspect.Job, error) bool) {
		for _, j := range jobs {
			if !yield(j, nil) {
				return
			}
		}
	}
}

func TestDoneIsLeftOut(t *testing.T) {
	name := "b.example"
	list := []inspect.Job{{Target: "a.example"}, {Target: "a.example"}, {Target: "a.example:443", Name: &name}, {Target: "down.example"},
		{ID: "7", Target: "c.example"}, {Target: "many.example"}, {Target: "cut.example"}}
	for _, tc := range []struct{ name, earlier, left string }{
		{"nothing", "", "a.example a.example a.example:443 down.example c.example many.example cut.example"},
		{"one of two alike", `{"target":"a.example:443","name":"a.example","verdict":"trusted"}` + "\n",
			"a.example a.example:443 down.example c.example many.example cut.example"},
		{"by name", `{"target":"a.example:443","name":"b.example","verdict":"unknown"}` + "\n",
			"a.example a.example down.example c.example many.example cut.example"},
		{"a failure", `{"target":"down.example","error":{"kind":"dns","message":"x"}}` + "\n",
			"a.example a.example a.example:443 c.example many.example cut.example"},
		{"by id", `{"id":"7","target":"elsewhere","verdict":"trusted"}` + "\n", "a.example a.example a.example:443 down.example many.example cut.example"},
		{"one part of two", `{"target":"many.example:443","name":"many.example","part":1,"parts":2,"verdict":"trusted"}` + "\n",
			"a.example a.example a.example:443 down.example c.example many.example cut.example"},
		{"both parts", strings.Repeat(`{"target":"many.example:443","name":"many.example","part":1,"parts":2,"verdict":"trusted"}`+"\n", 2),
			"a.example a.example a.example:443 down.example c.example cut.example"},
		{"a cut last line", `{"target":"cut.example:443","name":"cut.example","verdict":"trusted"}`,
			"a.example a.example a.example:443 down.example c.example many.example cut.example"},
	} {
		d, err := ReadDone("out", strings.NewReader(tc.earlier), func(*Answer) {})
		if err != nil {
			t.Fatal(err)
		}
		skipped := 0
		var left []string
		for j := range d.Without(numbered(list...), &skipped) {
			left = append(left, j.Target)
		}
		if got := strings.Join(left, " "); got != tc.left || skipped != len(list)-len(left) {
			t.Errorf("%s: %s, %d left out; want %s", tc.name, got, skipped, tc.left)
		}
	}
	for _, bad := range []string{"hello\n", "{}\n", "{\"target\":\"a\"}\n", "[1]\n"} {
		_, err := ReadDone("out", strings.NewReader(bad), func(*Answer) {})
		var le *load.Error
		if !errors.As(err, &le) || le.Position != "line 1" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestSummary(t *testing.T) {
	var s Summary
	sunday := time.Date(2027, 1, 31, 23, 0, 0, 0, time.UTC)
	for i := range 20 {
		s.Report(&chain.Report{Verdict: chain.Trusted, GoodUntil: &chain.GoodUntil{Time: sunday},
			Items: []chain.ItemReport{{Index: 0, Issuer: fmt.Sprintf("CN=CA %d", i%12)}}})
	}
	broken := chain.Finding{Rule: "basic-expired", Severity: chain.Error, Status: chain.Broken}
	s.Report(&chain.Report{Verdict: chain.Untrusted, Findings: []chain.Finding{broken, broken}})
	s.Report(&chain.Report{Verdict: chain.Untrusted, Part: 2, Findings: []chain.Finding{broken}})
	s.Failure(&chain.Failure{Error: chain.FailureCause{Kind: "dns"}})
	var b strings.Builder
	if err := s.Write(&b, func(s string) string { return s }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"      1  basic-expired\n", "      1  not inspected: dns\n", "      2  CN=CA 0\n", "in 2 more",
		"     20  week of 2027-01-25\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	if got := s.Sentence(); got != "22 targets: 20 trusted, 1 not trusted, 1 not inspected" {
		t.Error(got)
	}
	for i := range 3 * maxNames { // whatever the certificates say
		s.issuers.add(fmt.Sprint("CN=", i))
	}
	if len(s.issuers) > maxNames+1 {
		t.Errorf("%d issuers are kept", len(s.issuers))
	}
}

func FuzzSecrets(f *testing.F) {
	f.Add("apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\ndata: {tls.crt: aGVsbG8=}\n")
	f.Add("apiVersion: v1\nkind: List\nitems: [{kind: Secret, type: kubernetes.io/tls}]\n---\n&a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		l := &List{Path: "list", In: strings.NewReader(text), Remark: func(string, ...any) {}}
		n := 0
		l.secrets(l.In, func(j inspect.Job, err error) bool {
			n++
			return n < 1000
		})
		if n == 0 {
			t.Error("neither a job nor an error")
		}
	})
}

func FuzzReadDone(f *testing.F) {
	f.Add(`{"target":"a.example:443","name":"a.example","verdict":"trusted","part":1,"parts":-3}` + "\n")
	f.Add(`{"id":"7","error":{"kind":"dns"}}` + "\n" + `{"target`)
	f.Fuzz(func(t *testing.T, text string) {
		var s Summary
		d, err := ReadDone("out", strings.NewReader(text), s.Answer)
		if (d == nil) == (err == nil) {
			t.Fatalf("%v, %v", d, err)
		}
		skipped := 0
		for range d.Without(numbered(inspect.Job{Target: "a.example"}), &skipped) {
		}
	})
}
