package tlsname

import (
	"bytes"
	"crypto/tls"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/names.txt anew")

// Every name stands in captures and reports that are kept: a table's entry is
// renamed in testdata/names.txt as well, or not at all.
func TestEveryName(t *testing.T) {
	var b bytes.Buffer
	line := func(table string, number uint64, name string) { fmt.Fprintf(&b, "%s 0x%04x %s\n", table, number, name) }
	for _, e := range versions {
		line("version", uint64(e.version), e.name)
	}
	for _, e := range suites {
		line("suite", uint64(e.suite), e.name)
	}
	for _, e := range groups {
		line("group", uint64(e.group), e.name)
	}
	for _, e := range schemes {
		line("scheme", uint64(e.scheme), e.name)
	}
	for _, e := range extensions {
		line("extension", uint64(e.extension), e.name)
	}
	for _, e := range messages {
		line("message", uint64(e.message), e.name)
	}
	for _, e := range alerts {
		line("alert", uint64(e.alert), e.name)
	}
	for i, name := range Hellos() {
		line("hello", uint64(i), name)
	}
	const file = "testdata/names.txt"
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		t.Errorf("the tables are not those of %s: if that is meant, go test ./pkg/tlsname -update", file)
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[any]bool{}
	once := func(keys ...any) {
		t.Helper()
		for _, k := range keys {
			if seen[k] {
				t.Errorf("%T %v stands twice", k, k)
			}
			seen[k] = true
		}
	}
	type named struct {
		table string
		name  string
	}
	for _, e := range versions {
		once(e.version, named{"version", e.name})
	}
	for _, e := range groups {
		once(e.group, named{"group", e.name})
	}
	for _, e := range schemes {
		once(e.scheme, named{"scheme", e.name})
	}
	for _, e := range extensions {
		once(e.extension, named{"extension", e.name})
	}
	for _, e := range suites {
		once(e.suite, named{"suite", e.name})
	}
	for _, e := range messages {
		once(e.message, named{"message", e.name})
	}
	for _, e := range alerts {
		once(e.alert, named{"alert", e.name})
	}
	for _, name := range Hellos() {
		once(named{"hello", name})
	}
}

// What crypto/tls knows as well it calls the same.
func TestNamesAgreeWithCryptoTLS(t *testing.T) {
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if got := Suite(s.ID).String(); got != s.Name {
			t.Errorf("suite %04x is called %s, crypto/tls says %s", s.ID, got, s.Name)
		}
	}
	for v := SSL30; v <= TLS13; v++ {
		if want := tls.VersionName(uint16(v)); v != SSL30 && v.String() != want {
			t.Errorf("version %04x is called %s, crypto/tls says %s", uint16(v), v, want)
		}
	}
}

// Captures of today hold these names: they may not change.
func TestNamesOfCaptures(t *testing.T) {
	for got, want := range map[string]string{
		TLS13.String(): "TLS 1.3", TLS12.String(): "TLS 1.2", TLS11.String(): "TLS 1.1", TLS10.String(): "TLS 1.0", SSL30.String(): "SSL 3.0",
		Version(0x7f1c).String(): "0x7f1c", Suite(0xfafa).String(): "0xfafa", Group(0xfafa).String(): "0xfafa",
		X25519MLKEM768.String(): "X25519MLKEM768", P256.String(): "P-256", X448.String(): "X448", FFDHE2048.String(): "ffdhe2048",
		ECDSAP256SHA256.String(): "ecdsa_secp256r1_sha256", PSSSHA256.String(): "rsa_pss_rsae_sha256", PKCS1SHA1.String(): "rsa_pkcs1_sha1",
		Scheme(0x7f1c).String(): "0x7f1c", HandshakeFailure.String(): "handshake_failure", CertificateRequired.String(): "certificate_required",
		NoApplicationProtocol.String(): "no_application_protocol", Alert(200).String(): "alert 200",
		HandshakeFailure.Numbered(): "40 (handshake_failure)", Alert(200).Numbered(): "200", ExtKeyShare.String(): "key_share",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	names := []string{"apple-ats", "apple-small", "apple-rsa", "apple-tls10", "apple-default", "apple-only-tls13", "apple-only-tls12",
		"apple-only-tls11", "apple-only-tls10", "apple-static-rsa", "apple-ats-ecdsa", "apple-ats-rsa-cert", "apple-ats-h2", "apple-ats-http11",
		"wide-tls12", "wide-tls13",
		"wide-ecdhe", "psk-only", "ssl3", "go-tls13", "go-tls12", "client-openssl", "client-python", "client-node", "client-php",
		"client-java17", "client-java25", "client-gnutls", "client-go", "client-chrome", "client-firefox"}
	if got := Hellos(); !slices.Equal(got, names) {
		t.Errorf("the table has %q", got)
	}
	for _, v := range versions {
		if VersionNamed(v.name) != v.version {
			t.Errorf("VersionNamed(%q)", v.name)
		}
	}
	for _, g := range groups {
		if GroupNamed(g.name) != g.group {
			t.Errorf("GroupNamed(%q)", g.name)
		}
	}
	for _, s := range suites {
		if SuiteNamed(s.name) != s.suite {
			t.Errorf("SuiteNamed(%q)", s.name)
		}
	}
}

// Each hello of the table, and each that WithoutALPN and Small make of one, is
// found by its name, and has no suite of a version that it does not offer.
func TestHelloNamed(t *testing.T) {
	for _, name := range Hellos() {
		h, ok := HelloNamed(name)
		if !ok || h.Name != name || len(h.Suites) == 0 || len(h.Versions) == 0 ||
			!slices.IsSortedFunc(h.Versions, func(a, b Version) int { return int(b) - int(a) }) {
			t.Errorf("%s: %+v", name, h)
		}
		for _, s := range h.Suites {
			if s.Exchange() == NoExchange || s.Exchange() == KeyShare && !h.Offers(TLS13) {
				t.Errorf("%s offers %s", name, s)
			}
		}
		for _, changed := range []Hello{h.Small(), h.WithoutALPN(), h.Small().WithoutALPN()} {
			got, ok := HelloNamed(changed.Name)
			if ok != (len(h.ALPN) > 0 || changed.Name == name || changed.Name == name+markSmall) || ok &&
				(got.Name != changed.Name || got.Large() != changed.Large() || len(got.ALPN) != len(changed.ALPN)) {
				t.Errorf("%s: %v %+v", changed.Name, ok, got)
			}
		}
	}
	for _, name := range []string{"", "no-such", "apple-ats-small", "apple-small-small", "wide-tls12-no-alpn", "-no-alpn"} {
		if _, ok := HelloNamed(name); ok && name != "apple-ats-small" {
			t.Errorf("%q was found", name)
		}
	}
	for name, want := range map[string]string{"apple-small-no-alpn": HelloATS, "apple-rsa-small": HelloRSA, "apple-only-tls12-no-alpn": HelloOnly12} {
		if got := BaseHello(name); got != want {
			t.Errorf("%s was made of %s, want %s", name, got, want)
		}
	}
}

func TestHalfHellos(t *testing.T) {
	ats, _ := HelloNamed(HelloATS)
	for _, tt := range []struct {
		name       string
		signatures []Scheme
		suites     []Suite
	}{
		{HelloECDSA, []Scheme{0x0403, 0x0503}, []Suite{0x1302, 0x1303, 0x1301, 0xc02c, 0xc02b, 0xcca9, 0xc00a, 0xc009}},
		{HelloRSACert, []Scheme{0x0804, 0x0401, 0x0805, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201},
			[]Suite{0x1302, 0x1303, 0x1301, 0xc030, 0xc02f, 0xcca8, 0xc014, 0xc013}},
		{HelloOnly12, ats.Signatures, ATSSuites()[3:]},
		{HelloOnly13, ats.Signatures, ATSSuites()[:3]},
	} {
		h, _ := HelloNamed(tt.name)
		if !slices.Equal(h.Signatures, tt.signatures) || !slices.Equal(h.Suites, tt.suites) {
			t.Errorf("%s: signatures %v, suites %v", tt.name, h.Signatures, h.Suites)
		}
	}
}

func TestSchemes(t *testing.T) {
	for s, in13 := range map[Scheme]bool{PSSSHA256: true, PKCS1SHA256: false, ECDSAP256SHA256: true, ECDSASHA1: false, ECDSASHA224: false,
		Ed25519: true, PSSPSSSHA256: true, DSASHA256: false, 0x7f1c: false, BrainpoolP256SHA256: true} {
		if s.InTLS13() != in13 {
			t.Errorf("%s in TLS 1.3: %v", s, !in13)
		}
	}
}
