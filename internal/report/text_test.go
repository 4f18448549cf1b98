package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestTextGolden(t *testing.T) {
	for _, name := range append(recorded(), "hostile", "hostile-failure") {
		for _, width := range []int{40, 80, 120} {
			golden(t, fmt.Sprintf("text/%s-%d.txt", name, width), written(t, "text", Options{Width: width}, name))
		}
		golden(t, "text/"+name+"-color.txt", written(t, "text", Options{Color: true, Width: 80}, name))
		golden(t, "text/"+name+"-verbose.txt", written(t, "text", Options{Verbosity: 1}, name))
	}
	golden(t, "text/all-quiet.txt", written(t, "text", Options{Verbosity: -1}, recorded()...))
	golden(t, "text/all.txt", written(t, "text", Options{}, recorded()...))
	golden(t, "text/links.txt", written(t, "text", Options{Links: true, Verbosity: 1}, "missing-intermediate"))
}

// TestTextWidth: no line is wider than asked for, but commands and those of a
// plist, which are to be pasted, and the one line of -q.
func TestTextWidth(t *testing.T) {
	for _, name := range append(recorded(), "hostile", "hostile-failure") {
		for _, width := range []int{40, 80, 120} {
			for _, v := range []int{0, 1} {
				paste, commands := false, commandsOf(t, name)
				for _, l := range strings.Split(written(t, "text", Options{Width: width, Verbosity: v}, name), "\n") {
					paste = paste && l != "" || strings.Contains(l, "Info.plist:") || strings.HasPrefix(l, "only where the server")
					if c := columns(l); c > width && !paste && !slices.Contains(commands, strings.TrimSpace(l)) {
						t.Errorf("%s at %d: %d columns: %q", name, width, c, l)
					}
				}
			}
		}
	}
}

// commandsOf lists the commands of a recorded report as they are printed.
func commandsOf(t *testing.T, name string) (list []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "reports", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var r chain.Report
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		for _, a := range f.Advice {
			for _, c := range a.Commands {
				list = append(list, printable(c))
			}
		}
	}
	if r.Identity != nil {
		for _, i := range r.Identity.Imports {
			list = append(list, printable(i.Convert))
		}
	}
	return list
}

// TestCommandsAreLinesOfTheirOwn: at any width a command is one line, as it is pasted.
func TestCommandsAreLinesOfTheirOwn(t *testing.T) {
	n := 0
	for _, name := range append(recorded(), "hostile") {
		for _, width := range []int{40, 80, 120} {
			lines := strings.Split(written(t, "text", Options{Width: width}, name), "\n")
			for _, c := range commandsOf(t, name) {
				if c == "" {
					continue
				}
				n++
				if !slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) == c }) {
					t.Errorf("%s at %d: no line is %q", name, width, c)
				}
			}
		}
	}
	if n == 0 {
		t.Error("the recorded reports have no commands")
	}
}

// TestASCII: where the locale has no UTF-8 the text has none, and says the same.
func TestASCII(t *testing.T) {
	for _, name := range append(recorded(), "hostile", "hostile-failure") {
		for i, c := range []byte(written(t, "text", Options{ASCII: true, Verbosity: 1}, name)) {
			if c >= 0x80 {
				t.Errorf("%s: byte %d is %#x", name, i, c)
				break
			}
		}
	}
	x := &text{o: Options{ASCII: true}}
	if got, want := x.plain("items 1…N−1 → “Zürich”"), `items 1...N-1 -> "Z\u00fcrich"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestNotesAreJoined: what is said of several items is said once.
func TestNotesAreJoined(t *testing.T) {
	one, two, three := 1, 2, 3
	f := func(item *int, message string) *chain.Finding {
		return &chain.Finding{Rule: "lint-x", Severity: chain.Note, Status: chain.Broken, Item: item, Message: message}
	}
	var got []string
	for _, n := range joined([]*chain.Finding{f(&one, "item 1 is m"), f(nil, "other"), f(&two, "item 2 is m"), f(&three, "item 3 is m"), f(&one, "n"),
		f(&two, "n")}) {
		got = append(got, n.message)
	}
	if s := strings.Join(got, "; "); s != "item 1 is m (also items 2, 3); other; n (also item 2)" {
		t.Error(s)
	}
}

// TestUnusedItemsAreFolded: a hundred certificates that no path uses are a line.
func TestUnusedItemsAreFolded(t *testing.T) {
	r := &chain.Report{Items: []chain.ItemReport{{Role: "leaf", Origin: chain.OriginSent}}}
	for i := 1; i < 142; i++ {
		r.Items = append(r.Items, chain.ItemReport{Index: i, Role: "unused", Origin: chain.OriginSent, Subject: fmt.Sprintf("CN=ca %d", i)})
	}
	rows := itemRows(r)
	if len(rows) != 2 || rows[1] != (row{"1 … 141", "unused", "141 certificates", "sent, not used"}) {
		t.Errorf("%+v", rows)
	}
	r.Items = r.Items[:3]
	if rows := itemRows(r); len(rows) != 3 {
		t.Errorf("two stay two: %+v", rows)
	}
}

// TestTextColourSaysNothingAlone: without the escape sequences the words are the same.
func TestTextColourSaysNothingAlone(t *testing.T) {
	for _, name := range recorded() {
		plain := written(t, "text", Options{}, name)
		painted := written(t, "text", Options{Color: true}, name)
		if painted == plain {
			t.Errorf("%s: no colour at all", name)
		}
		if got := withoutSGR(painted); got != plain {
			t.Errorf("%s: the words differ\n%s\n%s", name, got, plain)
		}
	}
}

func withoutSGR(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			return b.String() + s
		}
		b.WriteString(s[:i])
		_, s, _ = strings.Cut(s[i:], "m")
	}
}

// TestTextHostile: nothing from a report reaches the terminal as a command, and
// no line begins like one of ours.
func TestTextHostile(t *testing.T) {
	for _, v := range []int{0, 1} {
		out := written(t, "text", Options{Verbosity: v, Links: true}, "hostile", "hostile-failure")
		for _, r := range strings.ReplaceAll(out, "\n", "") {
			if !unicode.IsPrint(r) {
				t.Fatalf("verbosity %d: %U in the output", v, r)
			}
		}
		if strings.Contains("\n"+out, "\nerror[fake]") {
			t.Errorf("verbosity %d: a certificate wrote a finding\n%s", v, out)
		}
	}
}

func TestTextNotesWait(t *testing.T) {
	short := written(t, "text", Options{}, "cross-sign")
	long := written(t, "text", Options{Verbosity: 1}, "cross-sign")
	const fix = "leave item 2 out of the file"
	if strings.Contains(short, fix) || !strings.Contains(long, fix) {
		t.Error("notes are to be condensed without -v and whole with it")
	}
}

func TestTextWithoutRules(t *testing.T) {
	out := written(t, "text", Options{Rules: func(string) *chain.Rule { return nil }}, "missing-intermediate")
	if !strings.Contains(out, "  why    chainspect explain basic-intermediate-missing\n") {
		t.Error(out)
	}
}

// TestTextHeadlineOfItsOwn: a report without a headline still says its verdict.
func TestTextHeadlineOfItsOwn(t *testing.T) {
	for verdict, want := range map[chain.Verdict]string{chain.Trusted: "x   trusted\n", chain.Untrusted: "x   not trusted\n",
		chain.Undecided: "x   could not tell\n"} {
		var b strings.Builder
		rep, err := New("text", &b, Options{Verbosity: -1})
		if err != nil {
			t.Fatal(err)
		}
		if err := rep.Report(&chain.Report{Target: "x", Verdict: verdict}); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%q, want %q", b.String(), want)
		}
	}
}

// Several answers about one target count as one target, and say which is which.
func TestTextSeveralAnswersOfOneTarget(t *testing.T) {
	var b strings.Builder
	rep, err := New("text", &b, Options{Width: 80})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*chain.Report{
		{Target: "a:443", Verdict: chain.Trusted, Headline: "trusted", Label: "at 192.0.2.1", Part: 1},
		{Target: "a:443", Verdict: chain.Untrusted, Headline: "not trusted", Label: "at 192.0.2.2", Part: 2},
		{Target: "b:443", Verdict: chain.Trusted, Headline: "trusted", Label: "at 192.0.2.3, one of 2 addresses"},
	} {
		if err := rep.Report(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := rep.End(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a:443   trusted\n  at 192.0.2.1\n", "a:443   not trusted\n  at 192.0.2.2\n",
		"b:443   trusted\n  at 192.0.2.3, one of 2 addresses\n", "2 targets, 3 answers: 2 trusted, 1 not trusted\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}
