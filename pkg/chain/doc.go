// Package chain holds the words of chainspect and its two pure functions.
//
//	load      bytes or handshakes     ->  Capture
//	Build     Capture + anchors       ->  Case: items, and every candidate path with the reason it ends
//	Evaluate  Case × rules × profile  ->  Report: every finding; it never stops at the first
//
// A server sends a bag of certificates (items 0…N−1, item 0 the leaf); each
// client builds its own path from it to a trusted anchor. Items are the bag in
// the order sent, paths are candidates, and a verdict always says for whom:
// profile, platform, anchors with their date.
//
// Nothing here or below touches the network, the file system, the clock or
// randomness, and no type can hold a private key.
package chain
