// Package near finds the word that was meant where one is misspelt.
package near

import "strings"

// Word returns the one of the words that a reader most likely meant: the same
// letters in another case, or with other joints between them, the only word that
// it begins, or else the fewest slips of the keyboard away (letters dropped, added,
// changed or swapped), at most one for each three letters. "" where none is near.
func Word(word string, words []string) string {
	want := plain(word)
	if want == "" || len(want) > maxLetters {
		return ""
	}
	best, least := "", max(1, len(want)/3)+1
	begun, begins := "", 0
	for _, w := range words {
		have := plain(w)
		if n := slips(want, have); n < least {
			best, least = w, n
		}
		if len(want) >= 3 && strings.HasPrefix(have, want) {
			begun = w
			begins++
		}
	}
	if best == "" && begins == 1 {
		return begun
	}
	return best
}

// maxLetters bounds the work: no word of ours is longer.
const maxLetters = 64

// Hint is what an error about a word ends with: the word that was likely meant,
// or what stands for it where none is near.
func Hint(word string, words []string, otherwise string) string {
	if w := Word(word, words); w != "" {
		return "; did you mean " + w + "?"
	}
	return otherwise
}

// plain leaves the letters and digits of a word, in lower case.
func plain(word string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(word))
}

// slips counts the letters dropped, added, changed or swapped with their
// neighbour between two words (optimal string alignment).
func slips(a, b string) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(last[j]+1, row[j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
