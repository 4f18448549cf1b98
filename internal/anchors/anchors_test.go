package anchors

import (
	"crypto/sha256"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

func TestStores(t *testing.T) {
	for _, tt := range []struct {
		name string
		min  int
	}{{"apple", 119}, {"mozilla", 100}, {"none", 0}} {
		info, list, err := Store(tt.name)
		if err != nil || info.Name != tt.name || len(list) < tt.min {
			t.Errorf("Store(%q) = %+v, %d anchors, %v", tt.name, info, len(list), err)
		}
		for _, a := range list {
			if a.Cert().Subject.Raw == nil {
				t.Errorf("%s: an anchor cannot be read: %x", tt.name, a.SHA256)
			}
		}
	}
	if _, _, err := Store("windows"); err == nil {
		t.Error("an unknown store is accepted")
	}
}

func TestAppleStoreFollowsTheTable(t *testing.T) {
	table := AppleTable()
	if len(table) != 156 {
		t.Errorf("the table has %d roots of the system source, want 156", len(table))
	}
	if known := appleFingerprints(); len(known) != len(table) {
		t.Errorf("%d fingerprints, %d lines of the table", len(known), len(table))
	}
	info, list := Apple()
	if info.Version != "2025072000" || !info.Date.Equal(time.Date(2025, 7, 20, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("info = %+v", info)
	}
	if len(list) != 119 {
		t.Errorf("%d roots, want 119: 83 of Mozilla's bundle and 36 embedded", len(list))
	}
	for _, a := range list {
		row, ok := table[sha256.Sum256(a.DER)]
		if !ok {
			t.Fatalf("%x is not in the table", a.SHA256)
		}
		c := a.Cert()
		if !c.NotBefore.Equal(row.NotBefore) || !c.NotAfter.Equal(row.NotAfter) || c.PublicKey.SHA256 != row.SPKI {
			t.Errorf("%s: the table has %v to %v, the certificate %v to %v", row.Name, row.NotBefore, row.NotAfter, c.NotBefore, c.NotAfter)
		}
	}
}

func TestMozillaConstraintsBecomeDates(t *testing.T) {
	_, list := Mozilla()
	i, dated := 0, 0
	for r := range bundle.Roots() {
		a := list[i]
		i++
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

func TestMozillaVersionIsThatOfTheModule(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), mozillaModule+" "+mozillaVersion) {
		t.Errorf("go.mod does not name %s %s", mozillaModule, mozillaVersion)
	}
	if d := pseudoVersionDate(mozillaVersion); d.Year() < 2026 {
		t.Errorf("date %v", d)
	}
	if d := pseudoVersionDate("v1.2.3"); !d.IsZero() {
		t.Errorf("a release version has the date %v", d)
	}
}
