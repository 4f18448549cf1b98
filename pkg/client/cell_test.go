package client

import "testing"

func TestTheClosestCellDecides(t *testing.T) {
	table := &Table{Name: "test", source: func() []row {
		return []row{
			yes(run("a book"), "lint-*"),
			no(run("a rule"), "lint-serial"),
			yes(run("a kind"), "lint-serial/zero"),
			no(run("a kind at a place"), "lint-serial/zero@ca"),
			yes(run("the beginning of kinds"), "lint-serial/long*"),
			atLeast(run("a measure"), 2048, "lint-key"),
		}
	}}
	for _, tt := range []struct{ rule, kind, place, want string }{
		{"lint-der", "", "leaf", "a book"},
		{"lint-serial", "negative", "leaf", "a rule"},
		{"lint-serial", "zero", "leaf", "a kind"},
		{"lint-serial", "zero", "ca", "a kind at a place"},
		{"lint-serial", "longer", "ca", "the beginning of kinds"},
		{"lint-key", "", "leaf", "a measure"},
		{"basic-serial", "", "leaf", ""},
	} {
		got := ""
		if c := table.find(tt.rule, tt.kind, tt.place); c != nil {
			got = c.From.Text
		}
		if got != tt.want {
			t.Errorf("%s/%s@%s: %q, want %q", tt.rule, tt.kind, tt.place, got, tt.want)
		}
	}
}

// TestTablesAreAsWellKnownAsTheyBegin: a table begins with what is known of it best
// or most; that is said of a client that minds nothing.
func TestTablesAreAsWellKnownAsTheyBegin(t *testing.T) {
	for _, k := range all() {
		for _, table := range k.Tables {
			if first := table.Cells()[0].From.Confidence; table.known != first {
				t.Errorf("%s: known %q, and its first row %q", table.Name, table.known, first)
			}
		}
	}
}
