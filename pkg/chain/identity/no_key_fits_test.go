package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestKeyOfADamagedCertificate: where the public key could not be read, that no
// key fits is not known; where it was, it is.
func TestKeyOfADamagedCertificate(t *testing.T) {
	broken := []byte("\x30\x0eno certificate")
	for _, tt := range []struct {
		fits    []int
		unread  bool
		applies bool
	}{
		{nil, true, false}, {nil, false, true}, {[]int{0}, true, true},
	} {
		sum := sha256.Sum256(broken)
		key := hex.EncodeToString(sum[:])
		id := &chain.Identity{Format: "PEM", Keys: []chain.IdentityKey{{Type: "RSA", Fits: tt.fits}}, Certificates: []string{key}}
		in := chain.Input{Anchors: chain.NewAnchors(chain.StoreInfo{}), Capture: &chain.Capture{Identity: id, Blobs: map[string][]byte{key: broken},
			Observations: []chain.Observation{{Transport: "file", Sent: []string{key}}}}}
		c := chain.Build(in, chain.DefaultBudget(), chain.NewMemory(4))
		if !tt.unread {
			c.Items[0].Cert.Unread = 0
		}
		id.Certificates[0] = hex.EncodeToString(c.Items[0].Cert.SHA256[:])
		if ok, why := Applies(c); ok != tt.applies || ok == (why != "") {
			t.Errorf("fits %v, unread %v: %v, %q", tt.fits, tt.unread, ok, why)
		}
	}
}
