// Package client says what other clients than Apple's would make of a chain. A
// client is a table and no code: the rules find what there is to find, once, and
// each client's cells say whether it minds. Every cell has a source; where a client
// has no cell for something that was found, its verdict is that nobody can tell.
package client
