package strict

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// TestLimitsAreRead: every row of the table is one limit, with its date or its names.
func TestLimitsAreRead(t *testing.T) {
	rows, read := strings.Count(limitsTable, "\n")-1, 0
	for store, roots := range limits() {
		for sum, list := range roots {
			for _, l := range list {
				read++
				dated := l.kind == "sct" || l.kind == "issued"
				if dated == l.until.IsZero() || l.kind == "names" && !strings.HasPrefix(l.names, ".") {
					t.Errorf("%s %x: %+v", store, sum, l)
				}
			}
		}
	}
	if read != rows || rows < 60 {
		t.Errorf("%d of %d rows are read", read, rows)
	}
}

// withSCT is a certificate with one timestamp.
func withSCT(at time.Time) *x509read.Certificate {
	sct := make([]byte, 1+sha256.Size+8+2+2+2)
	binary.BigEndian.PutUint64(sct[1+sha256.Size:], uint64(at.UnixMilli()))
	list := append([]byte{byte(len(sct) >> 8), byte(len(sct))}, sct...)
	return &x509read.Certificate{SCTList: append([]byte{byte(len(list) >> 8), byte(len(list))}, list...)}
}

// TestLimits: one second on either side of each kind of limit.
func TestLimits(t *testing.T) {
	day := time.Date(2026, 4, 15, 23, 59, 59, 0, time.UTC)
	root := &chain.Item{Cert: &x509read.Certificate{}}
	named := func(name string) *x509read.Certificate {
		return &x509read.Certificate{SubjectAltName: []x509read.GeneralName{{Tag: x509read.TagDNS, Value: []byte(name)}}}
	}
	for _, tt := range []struct {
		about  string
		limit  limit
		leaf   *x509read.Certificate
		broken bool
	}{
		{"issued in time", limit{kind: "issued", until: day}, &x509read.Certificate{NotBefore: day}, false},
		{"issued too late", limit{kind: "issued", until: day}, &x509read.Certificate{NotBefore: day.Add(time.Second)}, true},
		{"logged in time", limit{kind: "sct", until: day}, withSCT(day), false},
		{"logged too late", limit{kind: "sct", until: day}, withSCT(day.Add(time.Second)), true},
		{"not logged", limit{kind: "sct", until: day}, &x509read.Certificate{}, true},
		{"cut off timestamp", limit{kind: "sct", until: day}, &x509read.Certificate{SCTList: withSCT(day).SCTList[:30]}, true},
		{"name below", limit{kind: "names", names: ".tr"}, named("www.example.tr"), false},
		{"name elsewhere", limit{kind: "names", names: ".tr"}, named("www.example.com"), true},
	} {
		h, broken := tt.limit.breach(&chain.Case{}, &chain.Path{Items: []*chain.Item{{Cert: tt.leaf}, root}})
		if broken != tt.broken || broken && (h.Message == "" || len(h.Evidence) == 0) {
			t.Errorf("%s: broken %v, %+v", tt.about, broken, h)
		}
	}
	if h, _ := (&limit{kind: "purpose"}).breach(&chain.Case{}, &chain.Path{Items: []*chain.Item{{Cert: named("x")}, root}}); h.Status != chain.Unknown {
		t.Errorf("a root whose purposes nobody knows: %+v", h)
	}
}
