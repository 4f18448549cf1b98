package ask

import (
	"strings"
	"testing"
)

func TestParseProxy(t *testing.T) {
	for text, want := range map[string]string{
		"http://h": "", "https://h:3128/": "", "socks5://me:x@[::1]:1080": "", "socks5h://h": "",
		"ftp://h": `a proxy of the kind "ftp"`, "h:3128": "this is no URL", "http://": "this is no URL", "http://h/path": "nothing to say",
		"http://a b": "this is no URL",
	} {
		if _, err := ParseProxy(text); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	t.Setenv("HTTPS_PROXY", "http://proxy.test:3128")
	t.Setenv("NO_PROXY", "direct.test,.inside.test")
	of, err := ProxyOfEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{"www.test": true, "direct.test": false, "a.inside.test": false, "127.0.0.1": false} {
		u, err := of(Target{Host: host, Port: "443"})
		if err != nil || (u != nil) != want {
			t.Errorf("%s: %v, %v", host, u, err)
		}
	}
	t.Setenv("HTTPS_PROXY", "ftp://me:hunter2@h")
	if _, err := ProxyOfEnvironment(); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Error(err)
	}
}
