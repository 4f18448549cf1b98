package ats

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// item is a certificate with nothing but a key of this hash.
func item(index int, key byte) *chain.Item {
	it := &chain.Item{Index: index, Origin: chain.OriginSent, Cert: &x509read.Certificate{}, Repeats: -1}
	it.Cert.PublicKey.SHA256[0] = key
	return it
}

func pin(key byte) dict {
	sum := make([]byte, 32)
	sum[0] = key
	return dict{keyPin: base64.StdEncoding.EncodeToString(sum)}
}

func TestPins(t *testing.T) {
	leaf := func(pins ...any) dict { return dict{keyPinnedLeaf: pins} }
	ca := func(pins ...any) dict { return dict{keyPinnedCA: pins} }
	sub := func(e dict, v any) dict { e[keySubdomains] = v; return e }
	list := func(v ...any) []any { return v }
	type domains = dict
	for _, tc := range []struct {
		row     string
		host    string
		domains domains
		length  int // items of the path: keys 1, 2, 3
		hits    int
	}{
		{"PIN-01 exact", "example.com", domains{"example.com": leaf(pin(1))}, 3, 0},
		{"PIN-01 exact, another key", "example.com", domains{"example.com": leaf(pin(9))}, 3, 1},
		{"PIN-01 another host", "example.org", domains{"example.com": leaf(pin(9))}, 3, 0},
		{"PIN-01 case and trailing dot", "Example.COM.", domains{"exampLe.com": leaf(pin(9))}, 3, 1},
		{"PIN-01 parent without key", "www.example.com", domains{"example.com": leaf(pin(9))}, 3, 0},
		{"PIN-01 parent with key", "www.example.com", domains{"example.com": sub(leaf(pin(9)), true)}, 3, 1},
		{"PIN-01 number 1 is no real boolean", "www.example.com", domains{"example.com": sub(leaf(pin(9)), uint64(1))}, 3, 0},
		{"PIN-01 two labels below", "a.www.example.com", domains{"example.com": sub(leaf(pin(9)), true)}, 3, 0},
		{"PIN-02 leaf list looks at item 0 only", "example.com", domains{"example.com": leaf(pin(2))}, 3, 1},
		{"PIN-02 CA list, intermediate", "example.com", domains{"example.com": ca(pin(2))}, 3, 0},
		{"PIN-02 CA list, root", "example.com", domains{"example.com": ca(pin(3))}, 3, 0},
		{"PIN-02 CA list does not look at item 0", "example.com", domains{"example.com": ca(pin(1))}, 3, 1},
		{"PIN-03 both must hold", "example.com", domains{"example.com": dict{keyPinnedLeaf: list(pin(1)), keyPinnedCA: list(pin(9))}}, 3, 1},
		{"PIN-03 both hold", "example.com", domains{"example.com": dict{keyPinnedLeaf: list(pin(1)), keyPinnedCA: list(pin(2))}}, 3, 0},
		{"PIN-03 entries are united", "www.example.com", domains{"www.example.com": leaf(pin(9)), "example.com": sub(leaf(pin(1)), true)}, 3, 0},
		{"PIN-04 empty list", "example.com", domains{"example.com": leaf()}, 3, 1},
		{"PIN-04 not a list", "example.com", domains{"example.com": dict{keyPinnedCA: "x"}}, 3, 1},
		{"PIN-05 chain of one", "example.com", domains{"example.com": ca(pin(1))}, 1, 1},
		{"PIN-06 not Base64", "example.com", domains{"example.com": leaf(dict{keyPin: "%%"}, pin(1))}, 3, 0},
		{"PIN-06 wrong length", "example.com", domains{"example.com": leaf(dict{keyPin: "AQ=="})}, 3, 1},
		{"no pins", "example.com", domains{"example.com": dict{}}, 3, 0},
	} {
		s := atsSettings(dict{keyPinnedDomains: tc.domains})
		c := &chain.Case{Question: chain.Question{Name: tc.host, NameKind: chain.NameDNS, Purpose: chain.PurposeServer, AppSettings: s}}
		p := &chain.Path{Items: []*chain.Item{item(0, 1), item(1, 2), item(2, 3)}[:tc.length]}
		if hits := checkPins(c, p); len(hits) != tc.hits {
			t.Errorf("%s: %d hits, want %d: %+v", tc.row, len(hits), tc.hits, hits)
		}
		s.Root[keyPinningRequired] = true
		if hits := checkPins(c, p); len(hits) != 0 {
			t.Errorf("%s: with SecTrustPinningRequired the pins are discarded (PIN-04)", tc.row)
		}
		c.Question.AppSettings, c.Question.Purpose = atsSettings(dict{keyPinnedDomains: tc.domains}), chain.PurposeClient
		if hits := checkPins(c, p); len(hits) != 0 {
			t.Errorf("%s: a client policy reads no pins", tc.row)
		}
	}
}

func TestPinCA(t *testing.T) {
	key := func(b byte) []byte { k := make([]byte, 32); k[0] = b; return k }
	p := &chain.Path{Items: []*chain.Item{item(0, 1), item(1, 2)}}
	c := &chain.Case{Question: chain.Question{Purpose: chain.PurposeServer}}
	for _, tc := range []struct {
		pins [][]byte
		hits int
	}{{nil, 0}, {[][]byte{key(2)}, 0}, {[][]byte{key(9), key(2)}, 0}, {[][]byte{key(9)}, 1}, {[][]byte{key(1)}, 1}} /* item 0 is no CA */ {
		c.Question.Pins = tc.pins
		hits := checkPins(c, p)
		if len(hits) != tc.hits {
			t.Errorf("pins %v: %+v", tc.pins, hits)
		}
		if tc.hits == 1 && (len(hits[0].Evidence) != 1 || !strings.HasPrefix(hits[0].Evidence[0].Field, "pin of item 1")) {
			t.Errorf("evidence %v", hits[0].Evidence)
		}
		if tc.hits == 1 && !strings.HasPrefix(testpki.Steps(hits[0].Advice), "app developer: ") {
			t.Errorf("nobody is told to do it: %v", hits[0].Advice)
		}
	}
}
