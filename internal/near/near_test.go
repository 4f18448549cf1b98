package near

import (
	"strings"
	"testing"
)

func TestWord(t *testing.T) {
	commands := []string{"check", "identity", "gate", "explain", "fix", "lab", "serve", "update"}
	rules := []string{"basic-expired", "basic-expires-soon", "apple-expired-fraction"}
	for _, tt := range []struct {
		word, want string
		from       []string
	}{
		{"chekc", "check", commands},
		{"Check", "check", commands},
		{"chck", "check", commands},
		{"identify", "identity", commands},
		{"gat", "gate", commands},
		{"expl", "explain", commands},
		{"www", "", commands},
		{"", "", commands},
		{"basic-expried", "basic-expired", rules},
		{"basic_expired", "basic-expired", rules},
		{"basic-exp", "", rules}, // two begin so
		{"trust_stroe", "trust_store", []string{"trust_store", "target"}},
		{strings.Repeat("check", 1000), "", commands},
	} {
		if got := Word(tt.word, tt.from); got != tt.want {
			t.Errorf("Word(%.20q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}

func TestSlips(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"ab", "ba", 1}, {"abc", "abd", 1}, {"gate", "gaet", 1}, {"kitten", "sitting", 3}} {
		if got := slips(tt.a, tt.b); got != tt.want {
			t.Errorf("slips(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
