// Package shell writes the words of commands that a reader pastes.
package shell

import "strings"

// Word writes a word so that a POSIX shell reads it as one.
func Word(s string) string {
	plain := s != ""
	for i := range len(s) {
		c := s[i]
		plain = plain && (c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("_./:@%+,=-", c) >= 0)
	}
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// File is Word for a file's name, which no command may take for a flag.
func File(name string) string {
	if strings.HasPrefix(name, "-") && name != "-" {
		name = "./" + name
	}
	return Word(name)
}
