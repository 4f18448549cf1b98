package chain

import (
	"testing"
)

// TestCommandsHaveTheNames: a command that issues a certificate again has the name
// that was asked for where item 0 has none, and keeps its example where there is
// none to be had, or none that may stand in a command.
func TestCommandsHaveTheNames(t *testing.T) {
	for _, c := range []struct {
		name string
		kind NameKind
		want string
	}{
		{"api.example.net", NameDNS, "printf '%s\\n' subjectAltName=DNS:api.example.net > server.ext"},
		{"192.0.2.7", NameIP, "printf '%s\\n' subjectAltName=IP:192.0.2.7 > server.ext"},
		{"", NameNone, "printf '%s\\n' subjectAltName=DNS:www.example.com > server.ext"},
		{"$(id)", NameDNS, "printf '%s\\n' subjectAltName=DNS:www.example.com > server.ext"},
		{"me@example.net", NameEmail, "printf '%s\\n' subjectAltName=DNS:www.example.com > server.ext"},
	} {
		var f Finding
		f.Advise([]Advice{{Who: "CA", Text: "issue it again", Commands: IssueWith("90", "subjectAltName=DNS:www.example.com")}})
		f.named(&Case{Question: Question{Name: c.name, NameKind: c.kind}})
		if got := f.Advice[0].Commands[0]; got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// TestShellWords: what is pasted reaches the command as one word, and a file's name as a file's.
func TestShellWords(t *testing.T) {
	for in, want := range map[string]string{"a.pem": "a.pem", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$(x)": "'$(x)'", "-x": "-x", "a:443,b@c%d+e=f": "a:443,b@c%d+e=f", "ä": "'ä'"} {
		if got := ShellWord(in); got != want {
			t.Errorf("ShellWord(%q) is %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{"-x.pem": "./-x.pem", "-": "-", "a b.pem": "'a b.pem'", "dir/-x": "dir/-x"} {
		if got := ShellFile(in); got != want {
			t.Errorf("ShellFile(%q) is %s, want %s", in, got, want)
		}
	}
}
