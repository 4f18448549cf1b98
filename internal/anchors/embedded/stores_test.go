package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/chainspect/chainspect/internal/anchors/storeindex"
	"github.com/chainspect/chainspect/pkg/chain"
)

// appleRows reads the lines of the table that are of the system's source, by fingerprint.
func appleRows(t *testing.T) map[[32]byte][]string {
	t.Helper()
	text, err := os.ReadFile("apple-roots.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[[32]byte][]string{}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) < 8 || f[4] != "system" {
			continue
		}
		var sum [32]byte
		if n, err := hex.Decode(sum[:], []byte(f[0])); err != nil || n != len(sum) {
			t.Fatalf("fingerprint %q", f[0])
		}
		rows[sum] = f
	}
	return rows
}

func TestStores(t *testing.T) {
	for _, tt := range []struct {
		name string
		min  int
	}{{"apple", 156}, {"mozilla", 100}, {"android", 145}, {"chrome", 100}, {"java", 110}, {"microsoft", 331}, {"none", 0}} {
		store := Store(tt.name)
		if store == nil || store.Store.Name != tt.name || store.Len() < tt.min || store.Count(chain.Builtin) != store.Len() {
			t.Fatalf("Store(%q) = %+v", tt.name, store)
		}
	}
	if store := Store("windows"); store != nil {
		t.Errorf("an unknown store is %+v", store.Store)
	}
}

// What a store finds by its table is what reading every certificate finds.
func TestIndexesAreInStep(t *testing.T) {
	for name, table := range map[string]storeindex.Table{"apple": appleTable, "mozilla": mozillaTable, "android": androidTable,
		"chrome": chromeTable, "java": javaTable, "microsoft": microsoftTable} {
		store := Store(name)
		roots := map[int][]byte{}
		for row := range table.Len() {
			place := table.Place(row)
			roots[place] = source(place)
			a := store.ByHash(sha256.Sum256(roots[place]))
			if a == nil || string(a.DER) != string(roots[place]) || a.Cert().Subject.Raw == nil {
				t.Fatalf("%s: the root at place %d is not found, or cannot be read", name, place)
			}
			if !slices.Contains(store.BySubject(a.Cert().Subject.Key()), a) {
				t.Errorf("%s: %s is not found by its subject", name, a.Cert().Subject)
			}
		}
		if table != storeindex.Make(roots) {
			t.Errorf("the index of store %s is out of step with its certificates", name)
		}
		if a := store.ByHash([32]byte{1}); a != nil {
			t.Errorf("%s: an unknown fingerprint finds %s", name, a.Cert().Subject)
		}
		if found := store.BySubject("no such name"); len(found) > 0 {
			t.Errorf("%s: an unknown name finds %d anchors", name, len(found))
		}
	}
	if source(100_000) != nil {
		t.Error("there is a certificate past the last")
	}
}

func TestAppleStoreFollowsTheTable(t *testing.T) {
	rows := appleRows(t)
	if len(rows) != 156 {
		t.Errorf("the table has %d roots of the system source, want 156", len(rows))
	}
	info := Apple().Store
	if info.Version != "2025072000" || !info.Date.Equal(time.Date(2025, 7, 20, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("info = %+v", info)
	}
	for sum, f := range rows {
		a := Apple().ByHash(sum)
		if a == nil {
			t.Errorf("%s is not in the store", f[1])
			continue
		}
		c := a.Cert()
		if got := c.NotBefore.Format(time.RFC3339); got != f[2] {
			t.Errorf("%s: notBefore %s, the table has %s", f[1], got, f[2])
		}
		if got := c.NotAfter.Format(time.RFC3339); got != f[3] {
			t.Errorf("%s: notAfter %s, the table has %s", f[1], got, f[3])
		}
		if got := hex.EncodeToString(c.PublicKey.SHA256[:]); !strings.EqualFold(got, f[7]) {
			t.Errorf("%s: key %s, the table has %s", f[1], got, f[7])
		}
	}
}

func TestMozillaConstraintsBecomeDates(t *testing.T) {
	dated := 0
	for r := range bundle.Roots() {
		a := Mozilla().ByHash(sha256.Sum256(r.Certificate))
		if (r.Constraint != nil) != !a.NotAfter.IsZero() {
			t.Errorf("%s: constraint %v, date %v", a.Cert().Subject.CommonName(), r.Constraint != nil, a.NotAfter)
		}
		if !a.NotAfter.IsZero() {
			dated++
			if a.NotAfter.Year() < 2015 || a.NotAfter.Year() > 2030 {
				t.Errorf("%s: not after %v", a.Cert().Subject.CommonName(), a.NotAfter)
			}
		}
	}
	if dated == 0 {
		t.Error("no root has a date")
	}
}

// The root that the bundle leaves out is there with the names NSS keeps it to, and
// is the only one with any.
func TestMozillaConstraintsOfNames(t *testing.T) {
	if n := Mozilla().Len(); n != 118 {
		t.Errorf("%d roots", n)
	}
	var kept []string
	for _, a := range Mozilla().All() {
		if len(a.Below) > 0 {
			kept = append(kept, a.Cert().Subject.CommonName()+" "+strings.Join(a.Below, " "))
		}
	}
	if !slices.Equal(kept, []string{"TUBITAK Kamu SM SSL Kok Sertifikasi - Surum 1 tr"}) {
		t.Errorf("%q", kept)
	}
}

// TestAnotherBundle: where the bundle that is linked in is not the one a table is of,
// a root is found at its new place, or not at all, and never another in its place.
func TestAnotherBundle(t *testing.T) {
	first, second, gone := source(3), source(4), []byte(strings.Repeat("x", 100))
	x := newIndex(storeindex.Make(map[int][]byte{4: first, 3: second, 5: gone, 60000: source(6)}), mozillaAnchor)
	for _, der := range [][]byte{first, second, source(6)} {
		if a := x.ByHash(sha256.Sum256(der)); a == nil || string(a.DER) != string(der) {
			t.Errorf("a root that moved was not found, or another: %v", a)
		} else if list := x.BySubject(a.SubjectKey()); !slices.Contains(list, a) {
			t.Errorf("not found by its subject: %s", a.Cert().Subject)
		}
	}
	if a := x.ByHash(sha256.Sum256(gone)); a != nil || len(x.All()) != 3 {
		t.Errorf("a root that is gone became %v; %d roots", a, len(x.All()))
	}
}

func TestMozillaVersionIsThatOfTheModule(t *testing.T) {
	mod, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "golang.org/x/crypto/x509roots/fallback "+mozillaVersion) {
		t.Errorf("go.mod does not name the bundle %s", mozillaVersion)
	}
	if d := pseudoVersionDate(mozillaVersion); d.Year() < 2026 {
		t.Errorf("date %v", d)
	}
	if d := pseudoVersionDate("v1.2.3"); !d.IsZero() {
		t.Errorf("a release version has the date %v", d)
	}
}
