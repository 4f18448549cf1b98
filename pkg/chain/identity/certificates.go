package identity

import (
	"encoding/hex"
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

type certificatesKey struct{}

// certificates reads the identity's certificates in the file's order; one that
// is not in the capture is nil.
func certificates(c *chain.Case, id *chain.Identity) []*x509read.Certificate {
	return c.Once(certificatesKey{}, func() any {
		out := make([]*x509read.Certificate, len(id.Certificates))
		for i, key := range id.Certificates {
			if der, ok := c.Capture.Blobs[key]; ok {
				out[i], _ = x509read.Parse(der)
			}
		}
		return out
	}).([]*x509read.Certificate)
}

// itemOf is the item of the case that is the identity's certificate n; nil if
// the case judges another list.
func itemOf(c *chain.Case, id *chain.Identity, n int) *chain.Item {
	if n < 0 || n >= len(id.Certificates) {
		return nil
	}
	for _, it := range c.Items {
		if hex.EncodeToString(it.Cert.SHA256[:]) == id.Certificates[n] {
			return it
		}
	}
	return nil
}

// subject names certificate n of the file, counted from 1.
func subject(c *chain.Case, id *chain.Identity, n int) string {
	if certs := certificates(c, id); n >= 0 && n < len(certs) && certs[n] != nil {
		return fmt.Sprintf("certificate %d (%s)", n+1, certs[n].Subject.String())
	}
	return fmt.Sprintf("certificate %d", n+1)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
