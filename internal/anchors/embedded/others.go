//go:build !js

package embedded

import _ "embed"

//go:embed other-roots.der.gz
var embeddedOtherRoots []byte

// otherRoots is the DER, one after the other and compressed, of the roots of
// other clients' stores that neither Mozilla's bundle nor Apple's store has.
func otherRoots() []byte { return embeddedOtherRoots }
