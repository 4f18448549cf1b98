package chain

import "testing"

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
