package inspect

import (
	"strings"
	"testing"
)

func TestWhatIsNoListOfTargets(t *testing.T) {
	for text, want := range map[string]string{
		"www.example.com\nhunter2\n": "", "www.example.com:443 name=a.example": "", "localhost": "", "# only words\n\n": "",
		"https://www.example.com/": "", "chain.pem with=a.pem": "", "[::1]:8443": "", "www.example.com nmae=b": "", `{"target":"a.example"}`: "",
		`{"id":"cut off","target":`:                                      "",
		"hunter2\nwww.example.com\n":                                     "line 1: this is text, and its first line names no target",
		"\n# passwords\nroot:x:0:0:root:/root:/bin/bash\n":               "line 3: this is text",
		"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n": "this is a private key",
		`{"kty":"RSA","d":"s3cret"}`:                                     "this is JSON of another kind",
		"{\n \"id\": \"x\",\n \"target\": \"a.example\"\n}\n":            "write each on one line: `jq -c . list`",
		"{\"target\": \"a.example\"}\n{\"id\":\n":                        "",
		"<html><body>s3cret</body></html>":                               "this is an HTML page",
		"PATH=/bin\x00HOME=/root\x00":                                    "this is binary data",
	} {
		err := NoTargets("list", []byte(text), Job{})
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "list")) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "root")) {
			t.Errorf("%q: the file is quoted: %v", text, err)
		}
	}
}
