package report

import (
	"fmt"
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

// TestTextWidth: no line is wider than asked for, but those of a plist that is to
// be pasted, and the one line of -q.
func TestTextWidth(t *testing.T) {
	for _, name := range append(recorded(), "hostile", "hostile-failure") {
		for _, width := range []int{40, 80, 120} {
			for _, v := range []int{0, 1} {
				paste := false
				for _, l := range strings.Split(written(t, "text", Options{Width: width, Verbosity: v}, name), "\n") {
					paste = paste && l != "" || strings.Contains(l, "Info.plist:") || strings.HasPrefix(l, "only where the server")
					if c := columns(l); c > width && !paste {
						t.Errorf("%s at %d: %d columns: %q", name, width, c, l)
					}
				}
			}
		}
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
	if strings.Contains(out, "why:") || !strings.Contains(out, "more:  chainspect explain basic-intermediate-missing") {
		t.Error(out)
	}
}

// TestTextHeadlineOfItsOwn: a report without a headline still says its verdict.
func TestTextHeadlineOfItsOwn(t *testing.T) {
	for verdict, want := range map[chain.Verdict]string{chain.Trusted: "x   trusted\n", chain.Untrusted: "x   not trusted\n", chain.Undecided: "x   could not tell\n"} {
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
	for _, want := range []string{"a:443 (at 192.0.2.1)   trusted\n", "a:443 (at 192.0.2.2)   not trusted\n",
		"b:443   trusted\n  at 192.0.2.3, one of 2 addresses\n", "2 targets, 3 answers: 2 trusted, 1 not trusted\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}
