package explain

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// goAlerts are the alerts that crypto/tls calls by another name than the registry.
func goAlerts() map[tlsname.Alert]string {
	return map[tlsname.Alert]string{
		44: "revoked certificate", 45: "expired certificate", 46: "unknown certificate", 48: "unknown certificate authority",
		50: "error decoding message", 51: "error decrypting message", 60: "export restriction", 70: "protocol version not supported",
		71: "insufficient security level", 90: "user canceled", 121: "encrypted client hello required",
	}
}

// A spelling is a name that some library gives an alert, in lower case and with
// spaces between its words.
type spelling struct {
	name  string
	alert tlsname.Alert
}

// spellings lists the names, longer ones before those they begin with: with
// spaces (OpenSSL, BoringSSL, Apple's log; with underscores Java and BoringSSL's
// constants), in one word (rustls), and Go's own.
func spellings() []spelling {
	spelt.once.Do(func() { spelt.all = makeSpellings() })
	return spelt.all
}

var spelt struct { // by the first who asks: a sync.OnceValue would be made at every start
	once sync.Once
	all  []spelling
}

func makeSpellings() []spelling {
	var out []spelling
	ofGo := goAlerts()
	for n := range tlsname.Alert(256) {
		if !n.Registered() {
			continue
		}
		name := strings.ReplaceAll(n.String(), "_", " ")
		out = append(out, spelling{name, n}, spelling{strings.ReplaceAll(name, " ", ""), n})
		if other, ok := ofGo[n]; ok {
			out = append(out, spelling{other, n})
		}
	}
	out = append(out, spelling{"unrecognisedname", tlsname.UnrecognizedName}, spelling{"encryptedclienthellorequired", 121}) // rustls
	slices.SortStableFunc(out, func(a, b spelling) int { return len(b.name) - len(a.name) })
	return out
}

// introductions are what stands before an alert's name or number: OpenSSL and
// BoringSSL, Go, Java and rustls, Apple's log, Schannel, GnuTLS.
func introductions() []string {
	return []string{"alert ", "alert_", "alert number ", "alert: ", "alert code ", "alert [", "*** received alert [", "alert(", "tlsv1 ", "tlsv1_", "tlsv13 ", "tlsv13_", "alertreceived(",
		"tls: ", "level: fatal, description: ", "fatal alert code is ", "fatal error code is "}
}

// a sighting is an alert found in a text.
type sighting struct {
	alert    tlsname.Alert
	from, to int
}

// sightings finds the alerts a text names, however it spells them.
func sightings(low string) []sighting {
	var out []sighting
	for _, before := range introductions() {
		for at := 0; ; {
			i := strings.Index(low[at:], before)
			if i < 0 {
				break
			}
			from := at + i
			at = from + len(before)
			if from > 0 && letter(low[from]) && letter(low[from-1]) {
				continue
			}
			if a, n, ok := spelled(low[at:min(len(low), at+64)]); ok && (before != "alert " || n > 3 || onSubject(low, from, at+n)) {
				out = append(out, sighting{a, from, at + n})
			}
		}
	}
	return out
}

// spelled reads an alert at the beginning of a text.
func spelled(text string) (a tlsname.Alert, length int, ok bool) {
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	if digits > 0 && digits <= 3 && ends(text[digits:]) {
		n, err := strconv.Atoi(text[:digits])
		return tlsname.Alert(n), digits, err == nil && tlsname.Alert(n).Registered() && !strings.HasPrefix(text[digits:], " p")
	}
	plain := strings.ReplaceAll(text, "_", " ")
	for _, s := range spellings() {
		if strings.HasPrefix(plain, s.name) && (len(plain) == len(s.name) || !letter(plain[len(s.name)])) {
			return s.alert, len(s.name), true
		}
	}
	return 0, 0, false
}
