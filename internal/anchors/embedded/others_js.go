//go:build js

package embedded

import "syscall/js"

// otherRoots is what the page in the browser was handed as a file of its own: most
// who open it ask about no other client. nil where it was not.
func otherRoots() []byte {
	given := js.Global().Get("chainspectOtherRoots")
	if given.IsUndefined() {
		return nil
	}
	out := make([]byte, given.Get("length").Int())
	js.CopyBytesToGo(out, given)
	return out
}
