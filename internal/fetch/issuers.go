package fetch

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// issuersIn reads the body behind a caIssuers address: one certificate in DER, or a
// certs-only PKCS#7 (RFC 5280 section 4.2.2.1); PEM as Apple takes it (apple: X-02).
func issuersIn(body []byte) ([]chain.Evidence, error) {
	form := ""
	switch kind := load.Recognise(body); kind {
	case load.Certificate:
	case load.PKCS7:
		form = "pkcs7"
	case load.Certificates:
		form = "pem"
	default:
		return nil, fmt.Errorf("what came is %s", kind)
	}
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("-----BEGIN")) {
		form = "pem"
	}
	blocks, err := load.Blocks("what came", body)
	if err != nil {
		return nil, errors.New("what came cannot be read as certificates")
	}
	var out []chain.Evidence
	for _, b := range blocks {
		if b.Kind != chain.EvidenceCert {
			continue
		}
		if _, err := x509read.Parse(b.DER); err != nil {
			continue
		}
		if out = append(out, chain.Evidence{Data: b.DER, Form: form}); len(out) == MaxIssuers {
			break
		}
	}
	if len(out) == 0 {
		return nil, errors.New("what came holds no certificate")
	}
	return out, nil
}
