package shell

import "testing"

func TestWords(t *testing.T) {
	for in, want := range map[string]string{"a.pem": "a.pem", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$(x)": "'$(x)'", "-x": "-x"} {
		if got := Word(in); got != want {
			t.Errorf("Word(%q) is %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{"-x.pem": "./-x.pem", "-": "-", "a b.pem": "'a b.pem'", "dir/-x": "dir/-x"} {
		if got := File(in); got != want {
			t.Errorf("File(%q) is %s, want %s", in, got, want)
		}
	}
}
