package apple

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// words cuts text into what looks like identifiers.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return !(r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	})
}

func TestCoveragePageNamesEveryRuleAndFact(t *testing.T) {
	page, err := os.ReadFile("../../../docs/apple-coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	on := map[string]bool{}
	for _, w := range words(string(page)) {
		on[w] = true
	}
	// "N-01 to N-08" names what lies between.
	fields := words(string(page))
	for i := 2; i < len(fields); i++ {
		if fields[i-1] != "to" {
			continue
		}
		prefix, first, ok := fact(fields[i-2])
		_, last, ok2 := fact(fields[i])
		for n := first; ok && ok2 && n <= last; n++ {
			on[prefix+"-"+pad(n)] = true
		}
	}
	rules := map[string]bool{}
	for _, r := range Rules() {
		rules[r.ID] = true
		if !on[r.ID] {
			t.Errorf("%s is not on the page", r.ID)
		}
		for _, s := range r.Sources {
			for _, w := range words(s.Section) {
				if prefix, n, ok := fact(w); ok && !on[w] && !on[prefix+"-"+pad(n)] {
					t.Errorf("%s: %s is not on the page", r.ID, w)
				}
			}
		}
	}
	for w := range on {
		if strings.HasPrefix(w, "apple-") && !strings.HasPrefix(w, "apple-hostname") && !rules[w] {
			t.Errorf("the page names %s, which is no rule", w)
		}
	}
	// No number of the list is left out.
	for prefix, last := range map[string]int{"X": 32, "D": 3, "V": 4, "E": 5, "K": 9, "N": 8, "C": 14, "R": 16, "M": 9, "A": 5} {
		for n := 1; n <= last; n++ {
			if id := prefix + "-" + pad(n); !on[id] {
				t.Errorf("%s is not on the page", id)
			}
		}
	}
}

// fact splits "X-05"; a letter at the end, as in X-13a, does not count.
func fact(w string) (prefix string, n int, ok bool) {
	prefix, number, found := strings.Cut(w, "-")
	if !found || len(prefix) != 1 || prefix < "A" || prefix > "Z" || len(number) < 2 {
		return "", 0, false
	}
	n, err := strconv.Atoi(number[:2])
	return prefix, n, err == nil
}

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
