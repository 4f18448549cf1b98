package strict

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/ctlog"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

const day = 24 * time.Hour

// TestTransparency: both sides of each number of the policies.
func TestTransparency(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	id := func(n byte) [sha256.Size]byte { return [sha256.Size]byte{n} }
	list := &ctlog.List{Origin: "a list", Date: now.Add(-30 * day), Logs: map[[sha256.Size]byte]*ctlog.Log{
		id(1): {Operator: "One", State: "usable"}, id(2): {Operator: "One", State: "usable"}, id(3): {Operator: "Two", State: "qualified"},
		id(4): {Operator: "Two", State: "retired", Since: now.Add(-10 * day)}, id(5): {Operator: "Three", State: "pending"},
		id(6): {Operator: "One", State: "retired", Since: now.Add(-10 * day)},
	}}
	early := now.Add(-20 * day)
	at := func(when time.Time, logs ...byte) (out []timestamp) {
		for _, n := range logs {
			out = append(out, timestamp{id(n), when})
		}
		return out
	}
	short := &x509read.Certificate{NotBefore: now, NotAfter: now.Add(180*day - time.Second)}
	long := &x509read.Certificate{NotBefore: now, NotAfter: now.Add(180*day + time.Second)}
	for _, c := range []struct {
		about  string
		leaf   *x509read.Certificate
		stamps []timestamp
		enough bool
		other  bool
	}{
		{"two of two operators", short, at(early, 1, 3), true, false},
		{"two of one operator", short, at(early, 1, 2), false, false},
		{"one twice", short, at(early, 1, 1), false, false},
		{"none", short, nil, false, false},
		{"two for a longer lifetime", long, at(early, 1, 3), false, false},
		{"three for a longer lifetime", long, at(early, 1, 2, 3), true, false},
		{"one of a log retired since", short, at(early, 1, 4), true, false},
		{"one that a retired log signed later", short, at(now.Add(-time.Hour), 1, 4), false, false},
		{"none of a log approved today", short, at(early, 4, 6), false, false},
		{"one of a log that is not approved yet", short, at(early, 1, 5), false, false},
		{"one of a log that nobody knows", short, at(early, 1, 9), false, true},
		{"one of a log that was unknown before the list", short, at(now.Add(-40*day), 1, 9), false, false},
		{"one in the future", short, at(now.Add(time.Hour), 1, 3), false, false},
	} {
		if got := transparency(list, c.stamps, now, c.leaf); got.enough() != c.enough || got.other != c.other {
			t.Errorf("%s: %+v", c.about, got)
		}
	}
}

// TestOldTimes: a list of today does not tell which logs were known long ago.
func TestOldTimes(t *testing.T) {
	now := time.Date(2020, 6, 1, 0, 0, 0, 0, time.UTC)
	list := &ctlog.List{Date: now.AddDate(2, 0, 0)}
	leaf := &x509read.Certificate{NotBefore: now, NotAfter: now.Add(day)}
	if got := transparency(list, []timestamp{{at: now}}, now, leaf); !got.other {
		t.Errorf("%+v", got)
	}
}

func TestTimestampsAreRead(t *testing.T) {
	when := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	list := withSCT(when).SCTList
	if got := timestamps(list); len(got) != 1 || !got[0].at.Equal(when) {
		t.Errorf("%+v", got)
	}
	for n := range list {
		timestamps(list[:n]) // cut anywhere: no panic
	}
}
