package chain

// Identity is what a digital identity file holds, as facts: its private keys
// are described, never carried.
type Identity struct{}
