package testpki

import (
	"bytes"
	"testing"
)

func TestModulus(t *testing.T) {
	for _, bits := range []int{1016, 1017, 2040, 2041, 8192, 8193} {
		if k := modulus("leaf", bits); k.N.BitLen() != bits || k.N.Bit(0) != 1 {
			t.Errorf("%d bits: the modulus has %d, lowest bit %d", bits, k.N.BitLen(), k.N.Bit(0))
		}
	}
}

// TestRepeats: a recipe makes the same bytes every time, whatever signs it.
func TestRepeats(t *testing.T) {
	recipes := map[string]Recipe{
		"p256":    {CA: true},
		"rsa":     {CA: true, Key: "rsa2048-1"},
		"ed25519": {CA: true, Key: "ed25519"},
		"scts":    {Issuer: "p256", DNS: []string{"www.example.com"}, SCTs: []int{1, 6}},
		"md5":     {Issuer: "rsa", Hash: "md5"},
		"sha224":  {Issuer: "p256", Hash: "sha224"},
		"field":   {Issuer: "ed25519", Fields: []Field{{Name: "serial", Hex: "020105"}}},
		"damage":  {Issuer: "p256", Damage: []Damage{{Find: "0603551d0e", Replace: "0603551d7f"}}},
	}
	one, err := Make(recipes, ExampleClock())
	if err != nil {
		t.Fatal(err)
	}
	two, err := Make(recipes, ExampleClock())
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range one {
		if !bytes.Equal(m.DER, two[name].DER) {
			t.Errorf("%s is not the same twice", name)
		}
		if issuer := recipes[name].Issuer; issuer != "" && name != "md5" && name != "sha224" {
			if m.Cert == nil {
				t.Errorf("%s cannot be read", name)
			} else if err := one[issuer].Cert.CheckSignature(m.Cert.SignatureAlgorithm, m.Cert.RawTBSCertificate, m.Cert.Signature); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, by := range []string{"p256", "rsa", "ed25519"} {
		r := Revocation{By: by, Revoked: []string{"scts"}}
		a, err := r.CRL(one, ExampleClock())
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := r.CRL(two, ExampleClock()); !bytes.Equal(a, b) {
			t.Errorf("the CRL of %s is not the same twice", by)
		}
	}
}

func TestRecipesThatCannotBeMade(t *testing.T) {
	for name, r := range map[string]Recipe{
		"unknown field":      {Fields: []Field{{Name: "signatures", Hex: "0500"}}},
		"field not hex":      {Fields: []Field{{Name: "serial", Hex: "xx"}}},
		"damage not there":   {Damage: []Damage{{Find: "00112233445566778899", Replace: "99112233445566778899"}}},
		"damage of two size": {Damage: []Damage{{Find: "0603", Replace: "06"}}},
		"unknown issuer":     {Issuer: "nobody"},
		"own issuer":         {Issuer: "own issuer"},
		"unknown key":        {Key: "rsa999-1"},
		"serial not number":  {Serial: "one"},
	} {
		if _, err := Make(map[string]Recipe{name: r}, ExampleClock()); err == nil {
			t.Errorf("%s: made", name)
		}
	}
}
