package x509read

import (
	"crypto/x509"
	"testing"
)

// BenchmarkParse sets our reader beside crypto/x509's for an ECDSA and an RSA leaf.
func BenchmarkParse(b *testing.B) {
	for _, kind := range []string{"ECDSA", "RSA"} {
		der := leafDER(b, kind)
		b.Run(kind+"/x509read", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(der); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(kind+"/crypto-x509", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x509.ParseCertificate(der); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNameKey(b *testing.B) {
	c, err := Parse(leafDER(b, "ECDSA"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Issuer.Key()
	}
}

func BenchmarkSubjectRaw(b *testing.B) {
	der := leafDER(b, "RSA")
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := SubjectRaw(der); !ok {
			b.Fatal("no subject")
		}
	}
}
