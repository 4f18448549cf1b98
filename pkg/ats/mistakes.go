package ats

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// place is one dictionary of Info.plist that the platform reads, with its key path.
type place struct {
	at   []string
	dict map[string]any
	keys map[string]kind // the keys that mean something there
}

// kind is the type a key wants.
type kind int

const (
	wantsBool kind = iota
	wantsText
	wantsDict
	wantsList
)

func (k kind) String() string {
	return [...]string{"a boolean", "a string", "a dictionary", "an array of dictionaries"}[k]
}

func globalKeys() map[string]kind {
	return map[string]kind{keyArbitraryLoads: wantsBool, keyWebContent: wantsBool, keyMedia: wantsBool, keyLocal: wantsBool,
		keyNIAP: wantsText, keyDomains: wantsDict, keyPinnedDomains: wantsDict}
}

func exceptionKeys() map[string]kind {
	return map[string]kind{keySubdomains: wantsBool, keyInsecureHTTP: wantsBool, keyMinimumTLS: wantsText,
		keyForwardSecrecy: wantsBool, keyExceptionNIAP: wantsText}
}

func pinKeys() map[string]kind {
	return map[string]kind{keySubdomains: wantsBool, keyPinnedLeaf: wantsList, keyPinnedCA: wantsList}
}

// readsPlist reports whether the case has an Info.plist that matters to it.
func readsPlist(c *chain.Case) bool {
	q := c.Question
	return q.AppSettings != nil && q.Purpose != chain.PurposeClient && q.For != forNetwork && q.For != forSystem
}

// places lists the dictionaries under NSAppTransportSecurity, in the order of
// their key paths.
func places(s *chain.AppSettings) []place {
	d := dictionary(s)
	if d == nil {
		return nil
	}
	list := []place{{[]string{keyATS}, d, globalKeys()}}
	for _, sub := range []struct {
		key  string
		keys map[string]kind
	}{{keyDomains, exceptionKeys()}, {keyPinnedDomains, pinKeys()}} {
		below, _ := d[sub.key].(map[string]any)
		for _, host := range sortedKeys(below) {
			if e, ok := below[host].(map[string]any); ok {
				list = append(list, place{[]string{keyATS, sub.key, host}, e, sub.keys})
			}
		}
	}
	return list
}

// hostsOf lists the keys of NSExceptionDomains.
func hostsOf(s *chain.AppSettings) []string {
	return sortedKeys(entries(s))
}

// valueText shows a value of Info.plist with its type, in one short line.
func valueText(v any) string {
	switch x := v.(type) {
	case bool:
		if x {
			return "boolean YES"
		}
		return "boolean NO"
	case string:
		if len(x) > 60 {
			x = x[:60] + "…"
		}
		return "string " + strconv.Quote(x)
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return "a real number"
		}
		return fmt.Sprintf("number %g", x)
	case int64, uint64, int:
		return fmt.Sprintf("number %d", x)
	case map[string]any:
		return "a dictionary"
	case []any:
		return "an array"
	case []byte:
		return "data"
	case nil:
		return "absent"
	}
	return "a value of another type"
}

// path writes the way to a key of the place.
func (p *place) path(key ...string) string { return keyPath(append(slices.Clone(p.at), key...)...) }

// A mistake in Info.plist.
type mistake struct {
	hit chain.Hit
	// correct makes the settings without it; nil: what was meant cannot be told. It is
	// made when it is wanted: of many mistakes few are told.
	correct func() *chain.AppSettings
	at      []string // the dictionary that shows how it has to stand; none: all of NSAppTransportSecurity
	// loosens: corrected, the settings let more through, which is advised only where
	// that was meant: where it explains what fails.
	loosens bool
}

// plistHit is a mistake at a key path, by which its format begins. Where the key itself
// is what was found, it was found in the dictionary above it.
func plistHit(path, got, want, format string, more ...any) mistake {
	in := strings.TrimSuffix(path, keyPath("", got))
	if in == got {
		in = "Info.plist"
	}
	return mistake{hit: chain.Hit{Message: fmt.Sprintf(format, append([]any{path}, more...)...), Evidence: []chain.Evid{{Field: in, Got: got, Want: want}}}}
}

// corrected is the mistake with what was meant: one dictionary of the settings edited.
func (m mistake) corrected(s *chain.AppSettings, at []string, edit func(map[string]any)) mistake {
	m.at, m.correct = at, func() *chain.AppSettings { return edited(s, at, edit) }
	return m
}

// shown is how a dictionary of corrected settings has to stand in Info.plist.
func shown(fixed *chain.AppSettings, at []string) string {
	if len(at) == 0 {
		return plistXML(keyATS, fixed.Root[keyATS])
	}
	v := any(dictionaryAt(fixed, at))
	for i := len(at) - 1; i > 0; i-- {
		v = map[string]any{at[i]: v}
	}
	return plistXML(at[0], v)
}

// edited is the settings with one dictionary changed; nothing of them is shared with it.
func edited(s *chain.AppSettings, at []string, edit func(map[string]any)) *chain.AppSettings {
	root := maps.Clone(s.Root)
	d := root
	for _, key := range at {
		below, _ := d[key].(map[string]any)
		below = maps.Clone(below)
		if below == nil {
			below = map[string]any{}
		}
		d[key], d = below, below
	}
	edit(d)
	return &chain.AppSettings{Root: root}
}

func dictionaryAt(s *chain.AppSettings, at []string) map[string]any {
	d := s.Root
	for _, key := range at {
		d, _ = d[key].(map[string]any)
	}
	return d
}

// maxPlistHits bounds the mistakes of one kind that are looked for: each is asked about
// again whenever one of them is corrected for a trial.
const maxPlistHits = 64

// plistHits tells what a check finds in the settings, for rules that need readsPlist.
// A mistake that explains why level 3 fails, alone or with others, is the error, and
// what follows from it is silent (explained); any other is a warning.
func plistHits(c *chain.Case, check plistCheck) (hits []chain.Hit) {
	mistakes, all := check(c.Question.AppSettings, c.Question), mendedOf(c)
	for _, m := range mistakes[:min(len(mistakes), maxPlistHits)] {
		h, at := m.hit, m.at
		var fixed *chain.AppSettings
		cause := false
		if m.correct != nil {
			fixed = m.correct()
			cause = explains(c, fixed)
		}
		if m.mendable() && all != nil { // one Info.plist without any of them
			fixed, at = all, nil
			cause = cause || explains(c, all) && !explains(c, mended(c, &m))
		}
		if fixed != nil && (cause || !m.loosens) {
			h.Advice = []chain.Advice{{Who: "app developer", Text: "write it so in Info.plist:\n" + shown(fixed, at), Repair: func(in chain.Input) (chain.Input, bool) {
				in.Question.AppSettings = fixed
				return in, true
			}}}
		}
		switch {
		case cause:
			h.AtMost, h.Apple = "", consequence(c)
		case h.AtMost == "":
			h.AtMost = chain.Warning
		}
		hits = append(hits, h)
	}
	return hits
}

// A plistCheck finds the mistakes of one kind.
type plistCheck func(*chain.AppSettings, chain.Question) []mistake

func plistChecks() []plistCheck {
	return []plistCheck{hostMistakes, keyMistakes, typeMistakes, versionMistakes, rangeMistakes, niapMistakes, pinMistakes, subdomainMistakes, ignoredMistakes}
}

// mendable reports whether what was meant is plain, and no more permissive than what is written.
func (m *mistake) mendable() bool {
	return m.correct != nil && !m.loosens && m.hit.AtMost != chain.Note
}

// mendedTogether bounds the mistakes that are corrected together, and mendedHosts the
// hosts of settings in which they are: all of them are shown.
const (
	mendedTogether = 8
	mendedHosts    = 32
)

type mendedKey struct{}

// mendedOf are the case's settings without their mistakes, where several can be
// corrected; nil elsewhere.
func mendedOf(c *chain.Case) *chain.AppSettings {
	return chain.Once(c, mendedKey{}, func() *chain.AppSettings {
		s := c.Question.AppSettings
		if len(places(s)) > mendedHosts {
			return nil
		}
		n := 0
		for _, check := range plistChecks() {
			for _, m := range check(s, c.Question) {
				if m.mendable() {
					n++
				}
			}
		}
		if n < 2 || n > mendedTogether {
			return nil
		}
		return mended(c, nil)
	})
}

// mended corrects one mistake after the other, each in the settings that the one before
// left, since a correction may move what the next one is about; but for one of them.
func mended(c *chain.Case, but *mistake) *chain.AppSettings {
	s := c.Question.AppSettings
	for range 2 * mendedTogether { // one may bring another to light
		m := nextMistake(s, c.Question, but)
		if m == nil {
			break
		}
		s = m.correct()
	}
	return s
}

func nextMistake(s *chain.AppSettings, q chain.Question, but *mistake) *mistake {
	for _, check := range plistChecks() {
		for _, m := range check(s, q) {
			if m.mendable() && (but == nil || m.hit.Evidence[0].Got != but.hit.Evidence[0].Got) {
				return &m
			}
		}
	}
	return nil
}

// explained are the rules about what follows from a mistake in Info.plist.
func explained() []string {
	return []string{"ats-cipher", "ats-cleartext", "ats-forward-secrecy", "ats-local-unknown", "ats-loosened-trust", "ats-niap", "ats-tls-version"}
}

// explains reports whether level 3 fails with the app's settings and would not with others.
func explains(c *chain.Case, fixed *chain.AppSettings) bool {
	if !judged(c) || c.Observation == nil || !connected(c.Observation) || shortfall(c, decision(c)) == "" {
		return false
	}
	q := c.Question
	q.AppSettings = fixed
	return shortfall(c, decisionFor(c, q)) == ""
}

// consequence is the error a device shows for what follows from a mistake.
func consequence(c *chain.Case) chain.AppleError {
	if clearText(c) {
		return chain.AppleError{Class: chain.ClassTLS, URL: -1022}
	}
	switch f := faultsOf(c); {
	case f.version != nil:
		return chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9836}
	case f == (faults{}):
		return chain.AppleError{Class: chain.ClassTLS, Sec: -67843, URL: -1200, SSL: -9802}
	}
	return chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9824}
}

// spelledNearly finds the key that was likely meant: the nearest within a few
// letters, whatever their case; "": none is near.
func spelledNearly[T any](key string, known map[string]T) string {
	best, least := "", 4
	for _, k := range sortedKeys(known) {
		if d := distance(strings.ToLower(key), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance counts the letters to add, drop or change.
func distance(a, b string) int {
	if len(a) > 80 || len(b) > 80 {
		return 80
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
