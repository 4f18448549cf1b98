package ats

import (
	"fmt"
	"math"
	"strconv"

	"github.com/chainspect/chainspect/pkg/chain"
)

// place is one dictionary of Info.plist that the platform reads, with its key path.
type place struct {
	path string
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
	list := []place{{keyATS, d, globalKeys()}}
	for _, sub := range []struct {
		key  string
		keys map[string]kind
	}{{keyDomains, exceptionKeys()}, {keyPinnedDomains, pinKeys()}} {
		below, _ := d[sub.key].(map[string]any)
		for _, host := range sortedKeys(below) {
			if e, ok := below[host].(map[string]any); ok {
				list = append(list, place{keyPath(keyATS, sub.key, host), e, sub.keys})
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

// plistHit is a mistake at a key path.
func plistHit(path, message, got, want string) chain.Hit {
	return chain.Hit{Message: path + ": " + message, Evidence: []chain.Evid{{Field: path, Got: got, Want: want}}}
}

// maxPlistHits bounds the mistakes of one kind that are told.
const maxPlistHits = 64

// plistCheck wraps a check of the settings, for rules that need readsPlist.
func plistCheck(check func(*chain.AppSettings, chain.Question) []chain.Hit) chain.PerList {
	return func(c *chain.Case) []chain.Hit {
		hits := check(c.Question.AppSettings, c.Question)
		return hits[:min(len(hits), maxPlistHits)]
	}
}
