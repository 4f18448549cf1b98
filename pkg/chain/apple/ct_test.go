package apple

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// testLog is a log with its key, for lists and SCTs made here.
type testLog struct {
	key      *ecdsa.PrivateKey
	spki     []byte
	id       [32]byte
	operator string
	state    string
	since    string
	interval map[string]string
	tiled    bool
}

func newLog(t testing.TB, operator, state, since string) *testLog {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return &testLog{key: key, spki: spki, id: sha256.Sum256(spki), operator: operator, state: state, since: since}
}

func listOf(t testing.TB, logs ...*testLog) chain.Evidence {
	t.Helper()
	var operators []any
	for _, l := range logs {
		entry := map[string]any{"description": l.operator + " log", "log_id": base64.StdEncoding.EncodeToString(l.id[:]),
			"key": base64.StdEncoding.EncodeToString(l.spki), "state": map[string]any{l.state: map[string]any{"timestamp": l.since}}}
		if l.interval != nil {
			entry["temporal_interval"] = l.interval
		}
		where := "logs"
		if l.tiled {
			where = "tiled_logs"
		}
		operators = append(operators, map[string]any{"name": l.operator, where: []any{entry}})
	}
	b, err := json.Marshal(map[string]any{"log_list_timestamp": "2026-01-15T00:00:00Z", "operators": operators})
	if err != nil {
		t.Fatal(err)
	}
	return chain.Evidence{Kind: chain.EvidenceCTList, Source: "list.json", Data: b}
}

// stamp makes a log's SCT over a leaf.
func (l *testLog) stamp(t testing.TB, c *chain.Case, when string, embedded bool) []byte {
	t.Helper()
	s := ctlog.SCT{LogID: l.id, Time: moment(when), Hash: 4, Sign: 3}
	s.Millis = uint64(s.Time.UnixMilli())
	signed, ok := s.Signed(c.Items[0].Cert, c.Items[1].Cert, embedded)
	if !ok {
		t.Fatal("no input")
	}
	sum := sha256.Sum256(signed)
	sig, err := l.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	b := cryptobyte.NewBuilder(nil)
	b.AddUint8(0)
	b.AddBytes(l.id[:])
	b.AddUint64(s.Millis)
	b.AddUint16(0)
	b.AddUint8(4)
	b.AddUint8(3)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(sig) })
	return b.BytesOrPanic()
}

func sctList(items ...[]byte) []byte {
	b := cryptobyte.NewBuilder(nil)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, i := range items {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(i) })
		}
	})
	return b.BytesOrPanic()
}

// logged is a chain of a kind whose leaf carries SCTs.
func logged(kind chain.AnchorKind, edits ...edit) *chain.Case {
	c := asked(kind, leaf(append([]edit{func(c *x509read.Certificate) {
		c.RawTBS = []byte("\x30\x07\x02\x01\x01\xa3\x02\x30\x00")
	}}, edits...)...), authority("CA", "Root"), authority("Root", "Root"))
	c.Items[0].Reissued = false
	return c
}

type stampAt struct {
	log  *testLog
	when string
	way  string // "e" embedded, "t" in the handshake
}

func with(t testing.TB, c *chain.Case, list chain.Evidence, stamps ...stampAt) *chain.Case {
	t.Helper()
	c.Capture.Evidence = []chain.Evidence{list}
	var embedded [][]byte
	for _, s := range stamps {
		raw := s.log.stamp(t, c, s.when, s.way == "e")
		if s.way == "e" {
			embedded = append(embedded, raw)
		} else {
			c.Observation.SCTs = append(c.Observation.SCTs, raw)
		}
	}
	if embedded != nil {
		c.Items[0].Cert.SCTList = sctList(embedded...)
	}
	return c
}

func TestTransparency(t *testing.T) {
	a, b := newLog(t, "Alpha", "usable", "2024-01-01T00:00:00Z"), newLog(t, "Beta", "qualified", "2024-01-01T00:00:00Z")
	twin := newLog(t, "Alpha", "usable", "2024-01-01T00:00:00Z")
	frozen := newLog(t, "Gamma", "readonly", "2026-01-10T12:00:00Z")
	retired := newLog(t, "Delta", "retired", "2026-01-11T00:00:00Z")
	pending := newLog(t, "Epsilon", "pending", "2026-01-01T00:00:00Z")
	rejected := newLog(t, "Zeta", "rejected", "2024-01-01T00:00:00Z")
	over := newLog(t, "Mu", "rejected", "2026-05-01T00:00:00Z")
	over.interval = map[string]string{"start_inclusive": "2026-01-01T00:00:00Z", "end_exclusive": "2026-05-01T00:00:00Z"}
	late, gone := newLog(t, "Kappa", "rejected", "2026-03-01T00:00:00Z"), newLog(t, "Lambda", "retired", "2026-03-01T00:00:00Z")
	shard := newLog(t, "Eta", "usable", "2024-01-01T00:00:00Z")
	shard.interval = map[string]string{"start_inclusive": "2026-04-10T00:00:00Z", "end_exclusive": "2026-04-10T00:00:01Z"}
	tile1, tile2 := newLog(t, "Theta", "usable", "2024-01-01T00:00:00Z"), newLog(t, "Iota", "usable", "2024-01-01T00:00:00Z")
	tile1.tiled, tile2.tiled = true, true
	stranger := newLog(t, "nobody", "usable", "2024-01-01T00:00:00Z")
	list := listOf(t, a, b, twin, frozen, retired, pending, rejected, shard, tile1, tile2, late, gone, over)
	const when, missing, single, outside = "2026-01-10T00:00:00Z", "apple-ct-missing", "apple-ct-single-operator", "apple-ct-not-embedded"
	e := func(l *testLog) stampAt { return stampAt{l, when, "e"} }
	tls := func(l *testLog) stampAt { return stampAt{l, when, "t"} }
	sys := func(stamps ...stampAt) *chain.Case { return with(t, logged(chain.Builtin), list, stamps...) }
	ending := func(at string, stamps ...stampAt) *chain.Case {
		return with(t, logged(chain.Builtin, func(c *x509read.Certificate) { c.NotAfter = moment(at) }), list, stamps...)
	}
	living := func(days int, stamps ...stampAt) *chain.Case {
		return with(t, logged(chain.Builtin, func(c *x509read.Certificate) {
			c.NotAfter = c.NotBefore.AddDate(0, 0, days)
		}), list, stamps...)
	}
	damaged := sys(e(a), e(b))
	damaged.Items[0].Cert.SCTList[len(damaged.Items[0].Cert.SCTList)-3] ^= 1
	old := with(t, logged(chain.Builtin, from("2018-10-15T23:59:59Z")), list)
	start := with(t, logged(chain.Builtin, from("2018-10-16T00:00:00Z")), list)
	expired := sys()
	expired.Question.Time = moment("2026-04-10T00:00:01Z")
	five := sys()
	five.Paths[0].Anchor.SHA256[0], five.Paths[0].Anchor.SHA256[1], five.Paths[0].Anchor.SHA256[2], five.Paths[0].Anchor.SHA256[3] = 0xb0, 0xb1, 0x73, 0x0e
	tell(t, []story{
		{"none", missing, sys(), "error"},
		{"none under an installed root", missing, with(t, logged(chain.Installed), list), ""},
		{"none under the app's anchor", missing, with(t, logged(chain.App), list), ""},
		{"none for a client", missing, client(sys()), ""},
		{"none a second before the start", missing, old, ""},
		{"none at the start", missing, start, "error"},
		{"none, expired", missing, expired, ""},
		{"none under Apple's own anchor", missing, five, ""},
		{"two embedded", missing, sys(e(a), e(b)), ""},
		{"one embedded", missing, sys(e(a)), "error"},
		{"the same log twice", missing, sys(e(a), e(a)), "error"},
		{"a wrong signature", missing, damaged, "error"},
		{"180 days need two", missing, living(180, e(a), e(b)), ""},
		{"181 days need three", missing, living(181, e(a), e(b)), "error"},
		{"181 days with three", missing, living(181, e(a), e(b), e(twin)), ""},
		{"two in the handshake", missing, sys(tls(a), tls(b)), ""},
		{"one and one", missing, sys(tls(a), e(b)), ""},
		{"one in the handshake", missing, sys(tls(a)), "error"},
		{"handshake: two logs are enough for any lifetime", missing, living(300, tls(a), e(b)), ""},
		{"rejected log", missing, sys(e(a), e(rejected)), "error"},
		{"log rejected later than the time asked about", missing, sys(e(a), e(late)), "unknown"},
		{"shard rejected after its period", missing, sys(e(a), e(over)), ""},
		{"log retired later than the time asked about", missing, sys(e(gone), tls(gone), e(a)), ""},
		{"frozen log, in time", missing, sys(e(a), stampAt{frozen, "2026-01-10T12:00:00Z", "e"}), ""},
		{"frozen log, a second late", missing, sys(e(a), stampAt{frozen, "2026-01-10T12:00:01Z", "e"}), "error"},
		{"retired log, in time", missing, sys(e(a), e(retired)), ""},
		{"retired log, late", missing, sys(e(a), stampAt{retired, "2026-01-11T00:00:00Z", "e"}), "error"},
		{"retired log, issued late", missing, sys(stampAt{a, "2026-01-11T00:00:00Z", "e"}, e(retired)), "error"},
		{"retired logs only", missing, sys(e(retired)), "error"},
		{"retired log in the handshake", missing, sys(e(a), tls(retired)), "error"},
		{"shard holds notAfter", missing, ending("2026-04-10T00:00:00Z", e(a), e(shard)), ""},
		{"notAfter before the shard", missing, ending("2026-04-09T23:59:59Z", e(a), e(shard)), "error"},
		{"notAfter at the shard's end", missing, ending("2026-04-10T00:00:01Z", e(a), e(shard)), "error"},
		{"time of the question", missing, sys(e(a), stampAt{b, "2026-02-01T00:00:00Z", "e"}), ""},
		{"in the future", missing, sys(e(a), stampAt{b, "2026-02-01T00:00:01Z", "e"}), "error"},
		{"unknown log, older than the list", missing, sys(e(a), e(stranger)), "error"},
		{"unknown log, newer than the list", missing, sys(e(a), stampAt{stranger, "2026-01-15T00:00:01Z", "e"}), "unknown"},
		{"pending log, newer than the list", missing, sys(e(a), stampAt{pending, "2026-01-15T00:00:01Z", "e"}), "unknown"},
		{"pending log", missing, sys(e(a), e(pending)), "error"},
		{"a newer list would not help", missing, sys(stampAt{stranger, "2026-01-15T00:00:01Z", "e"}), "error"},

		{"two operators", single, sys(e(a), e(b)), ""},
		{"one operator", single, sys(e(a), e(twin)), "warning"},
		{"three of two operators", single, living(181, e(a), e(b), e(twin)), ""},
		{"static logs only", single, sys(e(tile1), e(tile2)), "warning"},
		{"too few is another fault", single, sys(e(a)), ""},

		{"embedded", outside, sys(e(a), e(b)), ""},
		{"in the handshake", outside, sys(tls(a), tls(b)), "warning"},
		{"in both", outside, sys(tls(a), e(a), e(b)), ""},
	})
}

func TestNeededSCTs(t *testing.T) {
	for _, tt := range []struct {
		from, until string
		want        int
	}{
		{"2021-04-21T00:00:00Z", "2021-10-18T00:00:00Z", 2}, // 180 days
		{"2021-04-21T00:00:00Z", "2021-10-18T00:00:01Z", 3},
		{"2021-04-21T00:00:00Z", "2023-07-25T00:00:00Z", 3}, // 825 days
		{"2021-04-21T00:00:00Z", "2023-07-25T00:00:01Z", 4},
		{"2021-04-20T23:59:59Z", "2021-10-18T00:00:01Z", 2},
		{"2020-01-31T00:00:00Z", "2021-04-30T00:00:00Z", 2}, // 14 whole months
		{"2020-01-15T00:00:00Z", "2021-04-14T23:59:59Z", 2},
		{"2020-01-15T00:00:00Z", "2021-04-15T00:00:00Z", 3}, // 15
		{"2020-01-01T00:00:00Z", "2022-04-30T00:00:00Z", 3}, // 27 months and 29 days
		{"2020-01-01T00:00:00Z", "2022-05-01T00:00:00Z", 4},
		{"2020-01-01T00:00:00Z", "2023-04-30T00:00:00Z", 4},
		{"2020-01-01T00:00:00Z", "2023-05-01T00:00:00Z", 5},
	} {
		c := &x509read.Certificate{NotBefore: moment(tt.from), NotAfter: moment(tt.until)}
		if got := neededSCTs(c); got != tt.want {
			t.Errorf("%s to %s: %d, want %d", tt.from, tt.until, got, tt.want)
		}
	}
}

func selfSignedDER(t testing.TB, ca bool) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "stray"},
		NotBefore: moment("2026-01-01T00:00:00Z"), NotAfter: moment("2027-01-01T00:00:00Z"), IsCA: ca, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
