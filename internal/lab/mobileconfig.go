package lab

import (
	"crypto/sha256"
	"fmt"

	"howett.net/plist"

	"github.com/chainspect/chainspect/internal/testpki"
)

// mobileconfig is the configuration profile that installs a root (Apple, Device
// Management: CertificateRoot). Its identifiers come from the certificate, so that
// the same root installed again takes its own place.
func mobileconfig(root *testpki.Made) ([]byte, error) {
	name := root.Cert.Subject.CommonName
	payload := map[string]any{
		"PayloadType":                "com.apple.security.root",
		"PayloadVersion":             1,
		"PayloadIdentifier":          "org.chainspect.lab.root." + uuid(root.DER, "payload"),
		"PayloadUUID":                uuid(root.DER, "payload"),
		"PayloadDisplayName":         name,
		"PayloadCertificateFileName": "root.crt",
		"PayloadContent":             root.DER,
	}
	return plist.MarshalIndent(map[string]any{
		"PayloadType":              "Configuration",
		"PayloadVersion":           1,
		"PayloadIdentifier":        "org.chainspect.lab." + uuid(root.DER, "profile"),
		"PayloadUUID":              uuid(root.DER, "profile"),
		"PayloadDisplayName":       name,
		"PayloadDescription":       "Installs the root of a test CA. Remove it when the tests are over.",
		"PayloadRemovalDisallowed": false,
		"PayloadContent":           []any{payload},
	}, plist.XMLFormat, "\t")
}

// uuid makes a UUID of a certificate and a word (RFC 9562 section 5.8).
func uuid(der []byte, word string) string {
	u := digest(append([]byte(word), der...))[:16]
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

func digest(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}
