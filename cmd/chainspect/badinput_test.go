package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
)

// TestCommandLinesThatCannotBeMeant: one line on standard error, the exit code
// that says whose fault it is, and nothing on standard output.
func TestCommandLinesThatCannotBeMeant(t *testing.T) {
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	t.Chdir(t.TempDir())
	key, err := made["leaf"].KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"leaf.pem": made["leaf"].PEM(), "leaf.key": key, "empty.pem": "",
		"cut.pem": made["root"].PEM() + made["intermediate"].PEM()[:200], "policy.yaml": "jobs:\n  - {target: leaf.pem}\n",
		"demands.yaml": "client_ca: [gone.pem]\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args string // words; '' is an empty one
		code int
		want string
	}{
		{"check - --anchor -", 2, "standard input can be read once: - stands for --anchor and for the target"},
		{"check --targets - --baseline -", 2, "for --targets and for --baseline"},
		{"check - -", 2, "standard input can be read once"},
		{"check leaf.pem --anchor -", 3, "--anchor -: the file is empty"},
		{"check leaf.pem --app-anchor -", 3, "--app-anchor -: the file is empty"},
		{"check leaf.pem --with -", 3, "--with -: the file is empty"},
		{"check leaf.pem --pin-ca -", 3, "--pin-ca -: the file is empty"},
		{"check leaf.pem --server-policy -", 2, "--server-policy -: the file is empty"},
		{"check leaf.pem --info-plist -", 3, "--info-plist -: the file is empty"},
		{"check leaf.pem --baseline -", 3, "--baseline -: the file is empty"},
		{"gate -", 2, "-, line 1: the policy is empty"},

		{"check leaf.pem --anchor gone.pem", 3, "--anchor gone.pem: no such file; check the name\n"},
		{"check leaf.pem --with gone.pem", 3, "--with gone.pem: no such file"},
		{"check leaf.pem --pin-ca gone.pem", 3, "--pin-ca gone.pem: no such file"},
		{"check leaf.pem --info-plist gone", 3, "--info-plist gone: no such file"},
		{"check 192.0.2.1 --server-policy gone", 3, "--server-policy gone: no such file"}, // before a server is asked
		{"check 192.0.2.1 --anchor gone", 3, "--anchor gone: no such file"},
		{"check leaf.pem --server-policy gone", 3, "--server-policy gone: no such file"},
		{"check leaf.pem --server-policy demands.yaml", 3, "--server-policy demands.yaml, client_ca: gone.pem: no such file"},
		{"check leaf.pem --baseline gone", 3, "--baseline gone: no such file"},
		{"check --targets gone", 3, "--targets gone: no such file"},
		{"check --targets folder", 3, "--targets folder: cannot be read: "},
		{"serve --config gone", 3, "--config gone: no such file"},
		{"serve --web.config.file gone", 3, "--web.config.file: open gone: "},
		{"serve --allow-targets=", 2, "--allow-targets is empty: give it a value"}, // and is not whatever there is
		{"check 127.0.0.1:1 --identity gone.p12", 3, "--identity gone.p12: no such file"},
		{"check 127.0.0.1:1 --identity leaf.pem --key gone.key", 3, "--key gone.key: no such file"},
		{"identity gone.p12", 3, "chainspect: gone.p12: no such file"},
		{"check leaf.pem --anchor leaf.key", 3, "--anchor leaf.key: this is a private key"},
		{"check leaf.pem --anchor empty.pem", 3, "--anchor empty.pem: the file is empty"},
		{"check leaf.pem --anchor cut.pem", 3, `--anchor cut.pem, line 12: the PEM block "CERTIFICATE" that begins here has no END line`},

		{"check leaf.pem --warn ''", 2, "--warn is empty"},
		{"check leaf.pem --at ''", 2, "--at is empty"},
		{"check leaf.pem --trust-store ''", 2, "--trust-store is empty"},
		{"check leaf.pem --connect ''", 2, "--connect is empty"},
		{"check leaf.pem --anchor ''", 2, `"--anchor" flag: it is empty`},
		{"check leaf.pem -o ''", 2, "--output is empty"},
		{"gate policy.yaml --format ''", 2, "--format is empty"},

		{"check leaf.pem -o leaf.pem", 2, "--output leaf.pem would replace the target"},
		{"check leaf.pem --capture ./leaf.pem", 2, "--capture ./leaf.pem would replace the target"},
		{"check leaf.pem --format ndjson --anchor empty.pem -o empty.pem", 2, "would replace --anchor"},
		{"check leaf.pem -o new --capture ./new", 2, "--capture ./new would replace --output"},
		{"check leaf.pem --baseline empty.pem -o empty.pem", 2, "would replace --baseline"},
		{"check --targets empty.pem -o empty.pem", 2, "would replace --targets"},
		{"gate policy.yaml -o policy.yaml", 2, "would replace the policy"},
		{"gate policy.yaml -o leaf.pem", 2, "would replace the target"},
		{"identity leaf.pem -o leaf.pem", 2, "would replace"},
		{"check leaf.pem --capture -", 2, "--capture - would stand in the midst of the report"},

		{"check leaf.pem --key leaf.key", 2, "belong to an identity"},
		{"check leaf.pem --password-file leaf.key", 2, "belong to an identity"},
		{"check leaf.pem --name a\nb", 2, `--name a\nb: the name "a\nb" has a space or control character`},
		{"check leaf.pem --name a\xffb", 2, `not UTF-8 at position 2`},
		{"check a\xffb.example", 2, `not UTF-8 at position 2`},
		{"check leaf.pem --servername https://x/", 2, "--servername https://x/: "},
		{"check leaf.pem --connect https://x/", 2, `--connect https://x/: "https://x/" is a URL`},
		{"check 127.0.0.1:1 --connect 127.0.0.1:0", 2, `--connect 127.0.0.1:0: "0" is no port`},
		{"check 127.0.0.1:1 --connect :x", 2, `"x" is no port`},
		{"check 127.0.0.1:1 --connect a@b.example", 2, "is no host"},
		{"check 127.0.0.1:1 -6", 2, "-6: 127.0.0.1 is an IPv4 address"},
		{"check [::1]:1 -4", 2, "-4: ::1 is an IPv6 address"},
		{"check www.example.com --connect 127.0.0.1:1 -6", 2, "-6: 127.0.0.1 is an IPv4 address"},
		{"check fe80::1", 2, "it needs the interface"},
		{"check me@example.com", 2, "is no host"},
		{"check leaf.pem --platform ios999", 2, "write ios9 to ios18"},
		{"check leaf.pem --platform ios1", 2, "write ios9 to ios18"},
	} {
		args := strings.Split(tc.args, " ")
		for i := range args {
			if args[i] == "''" {
				args[i] = ""
			}
		}
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), args, strings.NewReader(""), &stdout, &stderr)
		if code != tc.code || stdout.Len() > 0 || strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), tc.want) {
			t.Errorf("%q: exit code %d, want %d; standard output %q, error %q, want %q", tc.args, code, tc.code, stdout.String(), stderr.String(), tc.want)
		}
	}
	for name, want := range map[string]bool{"leaf.pem": true, "policy.yaml": true, "new": false} {
		fi, err := os.Stat(name)
		if has := err == nil && fi.Size() > 0; has != want {
			t.Errorf("%s has something in it: %v, want %v", name, has, want)
		}
	}
}
