package x509read

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/suite"
)

// conformanceChains returns every chain of the suites, roots appended.
func conformanceChains(t testing.TB) [][][]byte {
	files, _ := filepath.Glob(filepath.Join(suite.Dir(t), "*.jsonl.gz"))
	var chains [][][]byte
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(z)
		lines.Buffer(nil, 64<<20)
		for lines.Scan() {
			var c struct {
				Chain []string `json:"chain_pem"`
				Roots []string `json:"roots_pem"`
			}
			if json.Unmarshal(lines.Bytes(), &c) != nil {
				continue
			}
			var chain [][]byte
			for _, text := range append(c.Chain, c.Roots...) {
				if block, _ := pem.Decode([]byte(text)); block != nil {
					chain = append(chain, block.Bytes)
				}
			}
			if chain != nil {
				chains = append(chains, chain)
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		f.Close()
	}
	if len(chains) == 0 {
		t.Fatal("the suites hold no chain")
	}
	return chains
}

// agree compares our reading with that of crypto/x509.
func agree(t testing.TB, c *Certificate, want *x509.Certificate) {
	t.Helper()
	if !bytes.Equal(c.Raw, want.Raw) || !bytes.Equal(c.RawTBS, want.RawTBSCertificate) {
		t.Error("Raw or RawTBS differ")
	}
	if !bytes.Equal(c.Subject.Raw, want.RawSubject) || !bytes.Equal(c.Issuer.Raw, want.RawIssuer) {
		t.Errorf("names differ: %s, %s", c.Subject, c.Issuer)
	}
	if c.Subject.RDNs == nil || c.Issuer.RDNs == nil {
		t.Errorf("a name does not decode: %x, %x", c.Subject.Raw, c.Issuer.Raw)
	}
	if !c.NotBefore.Equal(want.NotBefore) || !c.NotAfter.Equal(want.NotAfter) {
		t.Errorf("dates differ: %v %v, want %v %v", c.NotBefore, c.NotAfter, want.NotBefore, want.NotAfter)
	}
	if new(big.Int).SetBytes(c.Serial).Cmp(new(big.Int).Abs(want.SerialNumber)) != 0 && want.SerialNumber.Sign() >= 0 {
		t.Errorf("serial numbers differ: %x, want %x", c.Serial, want.SerialNumber)
	}
	if c.Version != want.Version || !bytes.Equal(c.PublicKey.Raw, want.RawSubjectPublicKeyInfo) ||
		!bytes.Equal(c.SignatureBit, want.Signature) && !c.HasFault(FaultSignatureUnusedBits) {
		t.Errorf("version %d, key or signature %x differ: %d, %x", c.Version, c.SignatureBit, want.Version, want.Signature)
	}
	if c.Version != 3 {
		return // crypto/x509 looks at extensions in version 3 only
	}
	// Where we found a fault, crypto/x509 may have taken what we left out.
	clean := func(oid OID) bool {
		return !slices.ContainsFunc(c.Faults, func(f Fault) bool { return f.OID == oid })
	}
	if len(c.Extensions) != len(want.Extensions) {
		t.Fatalf("%d extensions, want %d", len(c.Extensions), len(want.Extensions))
	}
	for i, e := range c.Extensions {
		w := want.Extensions[i]
		if e.OID.String() != w.Id.String() || e.Critical != w.Critical || !bytes.Equal(e.Value, w.Value) {
			t.Errorf("extension %d is %s %v %x, want %s %v %x", i, e.OID, e.Critical, e.Value, w.Id, w.Critical, w.Value)
		}
	}
	if !clean(OIDExtBasicConstraints) {
		// nothing to compare
	} else if (c.BasicConstraints != nil) != want.BasicConstraintsValid {
		t.Errorf("basicConstraints %v, want %v", c.BasicConstraints, want.BasicConstraintsValid)
	} else if c.BasicConstraints != nil {
		pathLen := want.MaxPathLen
		if pathLen == 0 && !want.MaxPathLenZero {
			pathLen = -1
		}
		if c.BasicConstraints.CA != want.IsCA || c.BasicConstraints.PathLen != pathLen {
			t.Errorf("basicConstraints %+v, want %v %d", *c.BasicConstraints, want.IsCA, want.MaxPathLen)
		}
	}
	if c.KeyUsage != nil && clean(OIDExtKeyUsage) && int(c.KeyUsage.Bits) != int(want.KeyUsage) {
		t.Errorf("keyUsage %b, want %b", c.KeyUsage.Bits, want.KeyUsage)
	}
	if clean(OIDExtExtKeyUsage) && len(c.ExtKeyUsage) != len(want.ExtKeyUsage)+len(want.UnknownExtKeyUsage) {
		t.Errorf("%d key purposes, want %d", len(c.ExtKeyUsage), len(want.ExtKeyUsage)+len(want.UnknownExtKeyUsage))
	}
	if !bytes.Equal(c.SubjectKeyID, want.SubjectKeyId) {
		t.Errorf("subjectKeyIdentifier %x, want %x", c.SubjectKeyID, want.SubjectKeyId)
	}
	if c.AuthorityKeyID != nil && !bytes.Equal(c.AuthorityKeyID.KeyID, want.AuthorityKeyId) {
		t.Errorf("authorityKeyIdentifier %x, want %x", c.AuthorityKeyID.KeyID, want.AuthorityKeyId)
	}
	if clean(OIDExtCertificatePolicies) && len(c.Policies) != len(want.Policies) {
		t.Errorf("%d policies, want %d", len(c.Policies), len(want.Policies))
	}
	if !clean(OIDExtSubjectAltName) {
		return
	}
	var dns, ips, emails, uris int
	for _, g := range c.SubjectAltName {
		switch g.Tag {
		case TagDNS:
			if dns < len(want.DNSNames) && g.Text() != want.DNSNames[dns] {
				t.Errorf("dNSName %q, want %q", g.Text(), want.DNSNames[dns])
			}
			dns++
		case TagIP:
			ips++
		case TagEmail:
			emails++
		case TagURI:
			uris++
		}
	}
	if dns != len(want.DNSNames) || ips != len(want.IPAddresses) || emails != len(want.EmailAddresses) || uris != len(want.URIs) {
		t.Error("the alternative names differ in number")
	}
}

func TestConformanceAgainstCryptoX509(t *testing.T) {
	seen := map[string]bool{}
	refused, errors := 0, 0
	for _, chain := range conformanceChains(t) {
		for _, der := range chain {
			if seen[string(der)] {
				continue
			}
			seen[string(der)] = true
			c, err := Parse(der)
			if err != nil {
				errors++
				t.Errorf("does not read: %v", err)
				continue
			}
			raw, ok := SubjectRaw(der)
			if !ok || !bytes.Equal(raw, c.Subject.Raw) || NameKey(raw) != c.Subject.Key() {
				t.Errorf("SubjectRaw of %s differs", c.Subject)
			}
			want, err := x509.ParseCertificate(der)
			if err != nil {
				refused++
				// A criticality that is not as it should be is a rule's business.
				if len(c.Faults) == 0 && !strings.Contains(err.Error(), "critical") && c.PublicKey.Type != DSA && goCurve(c.PublicKey.Curve) != nil {
					t.Errorf("%s: crypto/x509 says %v, we have no fault", c.Subject, err)
				}
				continue
			}
			if agree(t, c, want); t.Failed() {
				t.Fatalf("at %s", c.Subject)
			}
		}
	}
	t.Logf("%d certificates, %d refused by crypto/x509, %d by us", len(seen), refused, errors)
}

// TestConformanceSignatures compares our signature answers with crypto/x509's
// wherever a subject matches an issuer.
func TestConformanceSignatures(t *testing.T) {
	type pair struct{ child, issuer string }
	seen := map[pair]bool{}
	counts := map[SignatureStatus]int{}
	inherited := 0
	for _, chain := range conformanceChains(t) {
		for _, der := range chain {
			for _, by := range chain {
				if seen[pair{string(der), string(by)}] || len(seen) > 6000 {
					continue
				}
				child, err := Parse(der)
				if err != nil {
					continue
				}
				issuer, err := Parse(by)
				if err != nil || !child.Issuer.Equal5280(issuer.Subject) {
					continue
				}
				seen[pair{string(der), string(by)}] = true
				got := CheckSignature(child, &issuer.PublicKey)
				counts[got.Status]++
				if got.Status == NotCheckable {
					t.Logf("%s by %s: %s", child.Subject, issuer.Subject, got.Reason)
				}
				if issuer.HasFault(FaultDSAInherited) {
					inherited++
					if got := checkInherited(child, issuer, chain); got.Status != Verified {
						t.Errorf("%s by %s, parameters inherited: %v", child.Subject, issuer.Subject, got)
					}
				}
				std1, err1 := x509.ParseCertificate(der)
				std2, err2 := x509.ParseCertificate(by)
				if err1 != nil || err2 != nil {
					continue
				}
				err = std2.CheckSignature(std1.SignatureAlgorithm, std1.RawTBSCertificate, std1.Signature)
				if err == nil && got.Status != Verified {
					t.Errorf("%s by %s: %v, crypto/x509 verifies", child.Subject, issuer.Subject, got)
				}
				if _, weak := err.(x509.InsecureAlgorithmError); err != nil && got.Status == Verified && !weak && issuer.PublicKey.Type != DSA &&
					err != x509.ErrUnsupportedAlgorithm && issuer.PublicKey.Bits >= 1024 {
					t.Errorf("%s by %s: verified, crypto/x509 says %v", child.Subject, issuer.Subject, err)
				}
			}
		}
	}
	t.Logf("%d pairs: %v", len(seen), counts)
	if counts[Verified] < 100 || counts[Wrong] == 0 || inherited == 0 {
		t.Errorf("too few pairs: %v", counts)
	}
}

// checkInherited completes the issuer's DSA key by that of its own issuer.
func checkInherited(child, issuer *Certificate, chain [][]byte) SignatureResult {
	for _, der := range chain {
		above, err := Parse(der)
		if err == nil && above.Subject.Equal5280(issuer.Issuer) && above.PublicKey.Type == DSA {
			return CheckSignature(child, issuer.PublicKey.Inherit(&above.PublicKey))
		}
	}
	return SignatureResult{}
}
