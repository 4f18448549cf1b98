package explain

import (
	"slices"
	"strings"
)

// longest is how long a word of nothing but the letters of Base64 may be: Apple's
// longest symbols have 54, lines of PEM 64.
const (
	longest       = 60
	base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)

// normal is a text in lower case, in one line, with plain signs, and without
// the prefix of OpenSSL's symbols and long words of Base64; a binary has no text.
func normal(text string) string {
	if strings.Contains(text, "\x00") {
		return ""
	}
	text = condensed(text)
	words := slices.DeleteFunc(strings.Fields(text), func(w string) bool { return len(w) >= longest && strings.Trim(w, base64Letters) == "" })
	low := strings.ToLower(strings.Join(words, " "))
	return strings.NewReplacer("−", "-", "–", "-", "’", "'", "‘", "'", "“", "\"", "”", "\"", "x509_v_err_", "").Replace(low)
}

// What is read of a long text: logs repeat themselves.
const (
	maxText = 64 << 10
	maxLine = 4 << 10
)

// condensed is a text that can be looked through at once: of a long one each line
// counts once, whatever its numbers, cut where it is very long, and of what is
// left the beginning and the end.
func condensed(text string) string {
	if len(text) <= maxText {
		return text
	}
	var kept []string
	seen := map[string]bool{}
	digits := strings.NewReplacer("0", "", "1", "", "2", "", "3", "", "4", "", "5", "", "6", "", "7", "", "8", "", "9", "")
	for line := range strings.Lines(text) {
		line = line[:min(len(line), maxLine)]
		if plain := digits.Replace(line); !seen[plain] {
			seen[plain] = true
			kept = append(kept, line)
		}
	}
	text = strings.Join(kept, "\n")
	if len(text) > maxText {
		text = text[:maxText/2] + "\n" + text[len(text)-maxText/2:]
	}
	return text
}

// spread is how far the parts of one phrase may lie apart.
const spread = 200

// containsPhrase reports whether a phrase stands in a text.
func containsPhrase(low, p string) bool {
	_, _, found := find(low, p)
	return found
}

// find finds a phrase, its parts in order and each between word boundaries.
func find(low, p string) (from, to int, found bool) {
	first, rest, more := strings.Cut(p, "…")
	for at := 0; ; {
		i := strings.Index(low[at:], first)
		if i < 0 {
			return 0, 0, false
		}
		i += at
		end := i + len(first)
		if bounded(low, i, end) {
			if !more {
				return i, end, true
			}
			if _, to, found := find(low[end:min(end+spread, len(low))], rest); found {
				return i, end + to, true
			}
		}
		at = i + 1
	}
}

// onSubject reports whether low[from:to] is the whole text, or the rest of it
// speaks of certificates.
func onSubject(low string, from, to int) bool {
	return alone(low, from, to) || slices.ContainsFunc(subject(), func(w string) bool { return containsPhrase(low[:from], w) || containsPhrase(low[to:], w) })
}

// reported reports whether the number at low[from:to] is meant as a code.
func reported(low string, from, to int) bool {
	return onSubject(low, from, to) || slices.ContainsFunc([]string{"error", "code", "domain", "failed", "urlerror", "nserror"}, func(w string) bool { return containsPhrase(low, w) })
}

func alone(low string, from, to int) bool {
	const marks = " .,:;!?\"'()[]<>/"
	return strings.Trim(strings.TrimPrefix(low[:from], "error"), marks) == "" && strings.Trim(low[to:], marks) == ""
}

// subject lists the words that tell a text about certificates from others.
func subject() []string {
	return []string{"certificate", "cert", "tls", "ssl", "mtls", "tlsv1", "tlsv1.2", "tlsv1.3", "tlsv13", "sslv3", "x509", "x.509", "pki", "openssl", "pkcs12", "pkcs#12", "p12", "pfx",
		"keystore", "keychain", "cryptographicexception", "handshake", "clienthello", "client hello", "let's encrypt", "isrg", "nsurlerrordomain", "urlsession", "cfnetwork", "nscurl", "curl", "ios", "iphone", "safari"}
}

// bounded reports whether no word is cut at either end; a plural is the same word.
func bounded(s string, from, to int) bool {
	if from > 0 && letter(s[from]) && letter(s[from-1]) {
		return false
	}
	if to < len(s) && s[to] == 's' && letter(s[to-1]) {
		to++
	}
	return to == len(s) || !letter(s[to-1]) || !letter(s[to])
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

// numbered finds a number where the text is nothing else, or calls it a code of
// the kind: "error 20 at 0 depth", "num=20", "alert number 48", "curl: (60)"; 10
// in 10.0.0.1 is none.
func numbered(low, kind, number string) bool {
	if low == number {
		return true
	}
	for _, b := range namesOf(kind) {
		for at := 0; ; {
			i := strings.Index(low[at:], b+number)
			if i < 0 {
				break
			}
			i += at
			at = i + len(b) + len(number)
			if bounded(low, i, at) && ends(low[at:]) && (meant(b, low[at:]) || onSubject(low, i, at)) {
				return true
			}
		}
	}
	return false
}

// namesOf lists how texts introduce a number of a kind.
func namesOf(kind string) []string {
	switch kind {
	case "alert":
		return []string{"alert ", "alert number ", "alert: ", "alert code "}
	case "curl":
		return []string{"curl: (", "curl error ", "curl error: ", "curl exit code "}
	case "http":
		return []string{"http ", "http/1.1 ", "http/1.0 ", "http/2 ", "status ", "status code ", "error "}
	}
	return []string{"num=", "return code: ", "return code ", "verify: ", "verify error ", "verify error: ", "verify error: (", "verification: error (", "error "}
}

// ends reports whether a number ends before rest.
func ends(rest string) bool {
	return rest == "" || !wordByte(rest[0]) && (rest[0] != '.' || len(rest) == 1 || !letter(rest[1]))
}

// meant reports whether the word before a number names a code by itself: "error
// 10 bottles" and "alert 48 people" are none.
func meant(before, rest string) bool {
	switch before {
	case "error ":
		return strings.HasPrefix(rest, " at ") || strings.HasPrefix(rest, " (")
	case "alert ":
		return !strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, " (")
	}
	return true
}

// word finds w in s with no letter, digit or sign beside it, so that 20 is not
// found in 2026, nor 9802 in -9802's neighbours; -1: it is not there.
func word(s, w string) int {
	for at := 0; ; {
		i := strings.Index(s[at:], w)
		if i < 0 {
			return -1
		}
		i += at
		before := i == 0 || !wordByte(s[i-1])
		after := i+len(w) == len(s) || !wordByte(s[i+len(w)])
		if before && after {
			return i
		}
		at = i + 1
	}
}

func wordByte(b byte) bool { return letter(b) || b == '_' || b == '-' }

// asked is the term that a text asks about: "what is a digital identity?" asks
// about "digital identity".
func asked(low string) string {
	low = strings.TrimRight(strings.TrimLeft(low, " \"'([<`"), " .,:;!?\"')]>`")
	for _, before := range []string{"what is ", "what's ", "what are ", "what does ", "explain ", "why ", "how do i use ", "a ", "an ", "the "} {
		low = strings.TrimPrefix(low, before)
	}
	return strings.TrimSuffix(strings.TrimSuffix(low, " mean"), " means")
}
