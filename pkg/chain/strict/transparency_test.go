package strict

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/ctlog"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

const day = 24 * time.Hour

// logKeys are the keys of the logs of a test.
type logKeys map[[32]byte]*ecdsa.PrivateKey

func (k logKeys) add(t *testing.T, list *ctlog.List, log ctlog.Log) [32]byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if log.Key, err = x509.MarshalPKIXPublicKey(key.Public()); err != nil {
		t.Fatal(err)
	}
	id := sha256.Sum256(log.Key)
	k[id] = key
	if log.State != "" {
		list.Logs[id] = &log
	}
	return id
}

// sign makes a log's timestamp of a leaf.
func (k logKeys) sign(t *testing.T, id [32]byte, at time.Time, how ctlog.Delivery, leaf, issuer *x509read.Certificate, extensions []byte) delivered {
	t.Helper()
	s := ctlog.SCT{LogID: id, Time: at, Millis: uint64(at.UnixMilli()), Hash: 4, Sign: 3, Extensions: extensions}
	signed, ok := s.Signed(leaf, issuer, how == ctlog.Embedded)
	if !ok {
		t.Fatal("no input")
	}
	sum := sha256.Sum256(signed)
	var err error
	if s.Signature, err = k[id].Sign(rand.Reader, sum[:], crypto.SHA256); err != nil {
		t.Fatal(err)
	}
	return delivered{s, how}
}

// lasting is a certificate of a lifetime, and its issuer.
func lasting(t *testing.T, from time.Time, life time.Duration) *x509read.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "leaf"}, NotBefore: from, NotAfter: from.Add(life),
		BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509read.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTransparency: both sides of each number of the policies, for both browsers
// where they part.
func TestTransparency(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	keys := logKeys{}
	chrome := &ctlog.List{Origin: "Chrome's list", Date: now.Add(-30 * day), Logs: map[[32]byte]*ctlog.Log{}}
	firefox := &ctlog.List{Origin: mozillaOrigin, Date: chrome.Date, Logs: chrome.Logs}
	retired := now.Add(-10 * day)
	one := keys.add(t, chrome, ctlog.Log{Operator: "One", State: "usable"})
	one2 := keys.add(t, chrome, ctlog.Log{Operator: "One", State: "usable"})
	two := keys.add(t, chrome, ctlog.Log{Operator: "Two", State: "qualified"})
	old := keys.add(t, chrome, ctlog.Log{Operator: "Two", State: "retired", Since: retired})
	old2 := keys.add(t, chrome, ctlog.Log{Operator: "One", State: "retired", Since: retired})
	pending := keys.add(t, chrome, ctlog.Log{Operator: "Three", State: "pending", Since: now.Add(-60 * day)})
	tiled := keys.add(t, chrome, ctlog.Log{Operator: "Four", State: "usable", Tiled: true})
	nobodys := keys.add(t, chrome, ctlog.Log{})
	early, late := now.Add(-20*day), now.Add(-day)
	short, long := lasting(t, now, 180*day), lasting(t, now, 180*day+time.Second)
	index := []byte{0, 0, 5, 0, 0, 0, 0, 1}
	type sct struct {
		log      [32]byte
		at       time.Time
		delivery ctlog.Delivery
		ext      []byte
	}
	for _, c := range []struct {
		about                  string
		leaf                   *x509read.Certificate
		stamps                 []sct
		chrome, firefox, newer bool
	}{
		{"two of two operators", short, []sct{{log: one}, {log: two}}, true, true, true},
		{"two of one operator", short, []sct{{log: one}, {log: one2}}, false, false, false},
		{"one twice", short, []sct{{log: one}, {log: one}}, false, false, false},
		{"none", short, nil, false, false, false},
		{"two for a longer lifetime", long, []sct{{log: one}, {log: two}}, false, false, false},
		{"three for a longer lifetime", long, []sct{{log: one}, {log: one2}, {log: two}}, true, true, true},
		{"one of a log retired since", short, []sct{{log: one}, {log: old}}, true, true, true},
		{"one that a retired log signed later", short, []sct{{log: one}, {log: old, at: late}}, false, false, false},
		{"one of a log retired since, issued later", short, []sct{{log: one, at: late}, {log: old}}, false, false, false},
		{"none of a log approved today", short, []sct{{log: old}, {log: old2}}, false, false, false},
		{"one of a log that is not approved yet", short, []sct{{log: one}, {log: pending, at: now.Add(-40 * day)}}, false, false, false},
		{"one of a log that may be approved by now", short, []sct{{log: one}, {log: pending}}, false, false, true},
		{"one of a log that nobody knows", short, []sct{{log: one}, {log: nobodys}}, false, false, true},
		{"one of a log that was unknown before the list", short, []sct{{log: one}, {log: nobodys, at: now.Add(-40 * day)}}, false, false, false},
		{"one in the future", short, []sct{{log: one}, {log: two, at: now.Add(time.Hour)}}, false, false, false},
		{"of a tiled log, without its index", short, []sct{{log: one}, {log: tiled}}, true, false, true},
		{"of a tiled log", short, []sct{{log: one}, {log: tiled, ext: index}}, true, true, true},
		{"two in the handshake, for a longer lifetime", long, []sct{{log: one, delivery: ctlog.TLSExtension}, {log: two, delivery: ctlog.OCSPStaple}},
			true, true, true},
		{"two in the handshake of one operator", short, []sct{{log: one, delivery: ctlog.TLSExtension}, {log: one2, delivery: ctlog.TLSExtension}},
			false, false, false},
		{"one in the handshake, one embedded", long, []sct{{log: one, delivery: ctlog.TLSExtension}, {log: two}}, true, false, true},
		{"one in the handshake of a retired log", short, []sct{{log: one, delivery: ctlog.TLSExtension}, {log: old, delivery: ctlog.TLSExtension}},
			false, false, false},
	} {
		issuer := lasting(t, now, day)
		var all []delivered
		for _, s := range c.stamps {
			if s.delivery == "" {
				s.delivery = ctlog.Embedded
			}
			if s.at.IsZero() {
				s.at = early
			}
			all = append(all, keys.sign(t, s.log, s.at, s.delivery, c.leaf, issuer, s.ext))
		}
		got, other := newTally(chrome, now, c.leaf, issuer, all), newTally(firefox, now, c.leaf, issuer, all)
		if got.enough(false) != c.chrome || other.enough(false) != c.firefox || got.enough(true) != c.newer {
			t.Errorf("%s: Chrome %v, Firefox %v, with a newer list %v; %+v", c.about, got.enough(false), other.enough(false), got.enough(true), got)
		}
		for i := range all { // what another key signed counts for nobody
			all[i].LogID = one2
			if i > 0 {
				all[i].LogID = two
			}
			all[i].Signature = append([]byte(nil), all[i].Signature...)
			all[i].Signature[len(all[i].Signature)-1] ^= 1
		}
		if bad := newTally(chrome, now, c.leaf, issuer, all); bad.enough(true) {
			t.Errorf("%s: counted with broken signatures: %+v", c.about, bad)
		}
	}
}

// TestOldTimes: a list of today does not tell which logs were known long ago.
func TestOldTimes(t *testing.T) {
	now := time.Date(2020, 6, 1, 0, 0, 0, 0, time.UTC)
	list := &ctlog.List{Date: now.AddDate(2, 0, 0)}
	leaf := lasting(t, now, day)
	one, two := delivered{delivery: ctlog.Embedded}, delivered{delivery: ctlog.Embedded}
	one.Time, two.Time, two.LogID = now, now, [32]byte{1}
	if got := newTally(list, now, leaf, leaf, []delivered{one, two}); got.enough(false) || !got.enough(true) {
		t.Errorf("%+v", got)
	}
}
