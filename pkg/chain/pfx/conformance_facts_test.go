package pfx_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// spki is what Fits wants of a certificate: Go refuses some of the suite's.
type spkiOnly struct {
	Raw asn1.RawContent
	TBS struct {
		Raw       asn1.RawContent
		Version   int `asn1:"optional,explicit,default:0,tag:0"`
		Serial    asn1.RawValue
		Signature pkix.AlgorithmIdentifier
		Issuer    asn1.RawValue
		Validity  asn1.RawValue
		Subject   asn1.RawValue
		SPKI      struct {
			Algorithm struct {
				OID    asn1.ObjectIdentifier
				Params asn1.RawValue `asn1:"optional"`
			}
			Key asn1.BitString
		}
		IssuerID   asn1.RawValue `asn1:"optional,tag:1"`
		SubjectID  asn1.RawValue `asn1:"optional,tag:2"`
		Extensions asn1.RawValue `asn1:"optional,explicit,tag:3"`
	}
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

func fits(t *testing.T, k *pfx.Key, cert []byte) pfx.Fit {
	t.Helper()
	var c spkiOnly
	if _, err := asn1.Unmarshal(cert, &c); err != nil {
		t.Fatal(err)
	}
	return k.Fits(c.TBS.SPKI.Algorithm.OID.String(), c.TBS.SPKI.Key.Bytes)
}

// TestKeysFitByPublicKey looks that every key of the suite that comes with its
// certificate finds it by public key, and no other.
func TestKeysFitByPublicKey(t *testing.T) {
	cases, files := p12Suite(t)
	types := map[string]int{}
	for _, c := range cases {
		if c.Expect != "ok" || c.Password == nil {
			continue
		}
		f, err := pfx.Open(files[c.File], []string{*c.Password}, nil)
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		for _, key := range f.Bags {
			if key.Key == nil {
				continue
			}
			certs, fit := 0, 0
			for _, b := range f.Bags {
				if b.Kind != pfx.CertificateBag {
					continue
				}
				certs++
				switch fits(t, key.Key, b.DER) {
				case pfx.FitYes:
					fit++
				case pfx.FitUnknown:
					t.Errorf("%s: %s %s: public key not found", c.ID, key.Key.Type, key.Key.Curve)
				}
			}
			if certs > 0 && fit != 1 {
				t.Errorf("%s: %s %s key fits %d of %d certificates, want 1", c.ID, key.Key.Type, key.Key.Curve, fit, certs)
			}
			types[key.Key.Type]++
		}
	}
	for _, want := range []string{"RSA", "RSA-PSS", "ECDSA", "Ed25519", "Ed448", "ML-DSA"} {
		if types[want] == 0 {
			t.Errorf("no %s key was met", want)
		}
	}
}

// TestFacts compares what the reader says protects a file with what openssl
// pkcs12 -info printed when the suite was made.
func TestFacts(t *testing.T) {
	cases, files := p12Suite(t)
	compared := 0
	for _, c := range cases {
		if c.Expect != "ok" || c.Password == nil || strings.Contains(c.Note, "no MAC") {
			continue
		}
		f, err := pfx.Open(files[c.File], []string{*c.Password}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{macLine(f.MAC): true}
		for _, s := range f.Safes {
			if s.Content == "data" {
				got["PKCS7 Data"] = true
			} else if s.Encryption != nil {
				got["PKCS7 Encrypted data: "+line(s.Encryption)] = true
			}
		}
		for _, b := range f.Bags {
			switch b.Kind {
			case pfx.CertificateBag:
				got["Certificate bag"] = true
			case pfx.PlainKeyBag:
				got["Key bag"] = true
			case pfx.ShroudedKeyBag:
				got["Shrouded Keybag: "+line(b.Encryption)] = true
			}
		}
		for _, want := range c.Algos {
			if strings.Contains(c.File, "camellia") || strings.Contains(c.File, "aria") {
				continue
			}
			compared++
			if !got[want] {
				t.Errorf("%s: want %q, got %v", c.ID, want, got)
			}
		}
	}
	if compared < 300 {
		t.Errorf("only %d facts compared", compared)
	}
}

func macLine(m *pfx.MAC) string {
	switch {
	case m == nil:
		return ""
	case m.PBMAC1:
		return "MAC: PBMAC1"
	}
	return "MAC: " + strings.ToLower(strings.TrimPrefix(m.Algorithm, "HMAC-"))
}

// line prints an Encryption as openssl pkcs12 -info does.
func line(e *pfx.Encryption) string {
	if e.Scheme == "PBES2" {
		prf := "hmacWith" + strings.TrimPrefix(e.PRF, "HMAC-")
		return fmt.Sprintf("PBES2, %s, %s, Iteration %d, PRF %s", e.KDF, e.Cipher, e.Iterations, prf)
	}
	name := map[string]string{
		"pbeWithSHAAnd3-KeyTripleDES-CBC": "pbeWithSHA1And3-KeyTripleDES-CBC",
		"pbeWithSHAAnd2-KeyTripleDES-CBC": "pbeWithSHA1And2-KeyTripleDES-CBC",
		"pbeWithSHAAnd128BitRC2-CBC":      "pbeWithSHA1And128BitRC2-CBC",
		"pbeWithSHAAnd40BitRC2-CBC":       "pbeWithSHA1And40BitRC2-CBC",
		"pbeWithSHAAnd128BitRC4":          "pbeWithSHA1And128BitRC4",
		"pbeWithSHAAnd40BitRC4":           "pbeWithSHA1And40BitRC4",
	}[e.Name]
	if name == "" {
		name = e.Name
	}
	return fmt.Sprintf("%s, Iteration %d", name, e.Iterations)
}
