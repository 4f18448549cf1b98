package inspect

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

func ptr[T any](v T) *T { return &v }

func TestDecode(t *testing.T) {
	defaults := Job{Name: ptr("default.example.com"), At: "2026-12-01", Timeout: Duration(time.Second), Anchor: List{"root.pem"}, MaxDepth: ptr(3)}
	for _, tc := range []struct {
		line string
		want func(Job) bool
		err  string
	}{
		{"a.example.com:8443", func(j Job) bool { return j.Target == "a.example.com:8443" && *j.Name == "default.example.com" }, ""},
		{" a name=b id=x trust-store=none max_depth=0 ipv4=true anchor=r2.pem ", func(j Job) bool {
			return *j.Name == "b" && j.ID == "x" && j.TrustStore == "none" && *j.MaxDepth == 0 && j.IPv4 && j.Anchor[0] == "r2.pem"
		}, ""},
		{`a name=q"\`, func(j Job) bool { return *j.Name == `q"\` }, ""},
		{"a name=", func(j Job) bool { return *j.Name == "" }, ""},
		{"a warn=", nil, "warn= is empty"},
		{"a anchor=", nil, "anchor= is empty"},
		{"a nmae=b", nil, `no key "nmae"`},
		{"a =b", nil, `no key ""`},
		{"a b", nil, "word 2 of the line is not key=value; a value with a blank in it wants a line in JSON"},
		{"a ipv4=maybe", nil, "true or false"},
		{"a max_depth=x", nil, "write a number"},
		{"a timeout=0s", nil, "no duration"},
		{"a unanchored=true", nil, "no key"},
		{"", nil, "empty"},
		{`{"target":"a","name":"b","no_such_key":[1]}`, func(j Job) bool { return *j.Name == "b" && j.Anchor[0] == "root.pem" }, ""},
		{`{"target":"a","name":"","roots_pem":[]}`, func(j Job) bool { return *j.Name == "" && j.RootsPEM != nil && len(*j.RootsPEM) == 0 }, ""},
		{`{"target":"a","name":null,"anchor":null,"timeout":null,"max_depth":null,"roots_pem":null,"policy":null,"chain_pem":null}`, func(j Job) bool {
			return *j.Name == "default.example.com" && j.Anchor[0] == "root.pem" && time.Duration(j.Timeout) == time.Second && *j.MaxDepth == 3 &&
				j.RootsPEM == nil && j.Policy == nil && j.ChainPEM == nil
		}, ""},
		{`{"target":"a","time":"2027-01-01T00:00:00Z"}`, func(j Job) bool { return j.At == "" && j.Time == "2027-01-01T00:00:00Z" }, ""},
		{`{"target":"a","anchor":"one.pem"}`, func(j Job) bool { return len(j.Anchor) == 1 && j.Anchor[0] == "one.pem" }, ""},
		{`{"id":"x","target":5}`, func(j Job) bool { return j.ID == "x" }, `field "target" is of the wrong type: number`},
		{`{"id":"x","chain_pem":{}}`, func(j Job) bool { return j.ID == "x" }, `field "chain_pem" is of the wrong type`},
		{`{"id":"x","policy":[]}`, func(j Job) bool { return j.ID == "x" }, "an object is wanted"},
		{`{"id":"x","target":`, func(j Job) bool { return j.ID == "x" }, "not JSON at byte"},
		{`{"id":7}`, func(j Job) bool { return j.ID == "" }, `field "id"`},
		{`{} x`, nil, "not JSON at byte"},
	} {
		j, err := Decode(tc.line, defaults)
		if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s: error %v, want %q", tc.line, err, tc.err)
			continue
		}
		if tc.want != nil && !tc.want(j) {
			t.Errorf("%s: decoded to %+v", tc.line, j)
		}
		if *defaults.Name != "default.example.com" || *defaults.MaxDepth != 3 {
			t.Fatalf("%s changed the defaults to %q, %d", tc.line, *defaults.Name, *defaults.MaxDepth)
		}
	}
}

func TestParseTime(t *testing.T) {
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"":                          now,
		"+30d":                      now.AddDate(0, 0, 30),
		"-1d":                       now.AddDate(0, 0, -1),
		"+90m":                      now.Add(90 * time.Minute),
		"2027-03-15":                time.Date(2027, 3, 15, 0, 0, 0, 0, time.UTC),
		"2027-03-15T10:00:00":       time.Date(2027, 3, 15, 10, 0, 0, 0, time.UTC),
		"2027-03-15T10:00:00+02:00": time.Date(2027, 3, 15, 8, 0, 0, 0, time.UTC),
	} {
		if got, err := ParseTime(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"tomorrow", "+d", "+30x", "+100001d", "2027-02-30", "2027-13-01", "30d", "+-1d"} {
		var u *UsageError
		if got, err := ParseTime(text, now); !errors.As(err, &u) {
			t.Errorf("%q was taken for %v (%v)", text, got, err)
		}
	}
}

func TestParseWarn(t *testing.T) {
	for text, want := range map[string]chain.Warn{
		"": {}, "30d": {Before: 720 * time.Hour}, "36h": {Before: 36 * time.Hour}, "33%": {Percent: 33}, "0.5%": {Percent: 0.5},
	} {
		if got, err := ParseWarn(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"0d", "-3d", "0%", "100%", "-1%", "NaN%", "Inf%", "%", "month", "30"} {
		if got, err := ParseWarn(text); err == nil || math.IsNaN(got.Percent) {
			t.Errorf("%q was taken for %+v", text, got)
		}
	}
}

func TestLiveTarget(t *testing.T) {
	for _, tc := range []struct {
		target           string
		name, servername *string
		host, port, sni  string
		https            bool
		path             string
	}{
		{"www.example.com", nil, nil, "www.example.com", "443", "www.example.com", true, ""},
		{"WWW.example.com.:8443", nil, nil, "", "8443", "", true, ""},
		{"https://user@www.example.com/p?q#f", nil, nil, "www.example.com", "443", "www.example.com", true, "/p?q"},
		{"ldaps://ldap.example.com", nil, nil, "ldap.example.com", "636", "ldap.example.com", false, ""},
		{"mail.example.com:993", nil, nil, "mail.example.com", "993", "mail.example.com", false, ""},
		{"127.0.0.1:8443", nil, nil, "127.0.0.1", "8443", "", true, ""},
		{"[::1]:8443", nil, nil, "::1", "8443", "", true, ""},
		{"::1", nil, nil, "::1", "443", "", true, ""},
		{"[::1]", nil, nil, "::1", "443", "", true, ""},
		{"127.0.0.1", ptr("a.example.com"), nil, "127.0.0.1", "443", "a.example.com", true, ""},
		{"www.example.com", ptr(""), nil, "www.example.com", "443", "", true, ""},
		{"www.example.com", ptr("10.0.0.1"), nil, "www.example.com", "443", "", true, ""},
		{"www.example.com", ptr("a.example.com"), ptr("b.example.com"), "www.example.com", "443", "b.example.com", true, ""},
		{"www.example.com", nil, ptr(""), "www.example.com", "443", "", true, ""},
	} {
		got, err := liveTarget(&Job{Target: tc.target, Name: tc.name, ServerName: tc.servername})
		if err != nil {
			t.Errorf("%s: %v", tc.target, err)
			continue
		}
		if tc.host != "" && (got.Host != tc.host || got.ServerName != tc.sni) || got.Port != tc.port || got.HTTPS != tc.https || got.Path != tc.path {
			t.Errorf("%s: %+v", tc.target, got)
		}
	}
	for _, j := range []Job{
		{Target: "www example com"}, {Target: "a..b"}, {Target: "*.example.com"}, {Target: "a:0"}, {Target: "a:65536"}, {Target: "a:b:c:"}, {Target: "[::1"},
		{Target: "gopher://a"}, {Target: "https://"}, {Target: ":443"}, {Target: "a", ServerName: ptr("a b")}, {Target: "a", ServerName: ptr("https://a")},
		{Target: "a", Name: ptr("a b")},
	} {
		var u *UsageError
		if got, err := liveTarget(&j); !errors.As(err, &u) {
			t.Errorf("%+v was taken for %+v (%v)", j, got, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, line := range []string{"a:443 name=b ipv4=true", `{"id":"x","chain_pem":["y"],"policy":{"initial_policy_set":["1.2.3"]}}`, `{"id":"x","a":`} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		name := "default.example.com"
		j, err := Decode(line, Job{Name: &name})
		if name != "default.example.com" {
			t.Fatalf("%q changed the defaults", line)
		}
		if err == nil {
			j.Check()
		} else if strings.ContainsAny(err.Error(), "\n") {
			t.Errorf("%q: an error of several lines: %s", line, err)
		}
	})
}
