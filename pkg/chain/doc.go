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
// An [Evaluator] is made once, of a profile and rule books, and used by many
// goroutines:
//
//	e := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(1024), basic.Rules(), hostname.Rules())
//	report := e.Evaluate(chain.Input{Capture: capture, Question: question, Anchors: anchors})
//
// Programs call package chainspect, which assembles all books and hooks. The
// promise: the same input gives the same report, whatever the order of books or
// the speed of the machine; a hostile bag is bounded by [Budget]. Only Input.Stop
// ends it early, and then there is no report.
//
// Nothing here or below touches the network, the file system, the clock or
// randomness, and no type can hold a private key.
package chain
