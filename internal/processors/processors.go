// Package processors has a process begin with one processor. Most runs are one check,
// which does one thing after the other: with more, Go wakes threads that find nothing
// to do, and that costs a tenth of it. Only runtime is imported here, so that this
// package is initialised before nearly all others, which is where most of it is saved.
package processors

import "runtime"

// before is what Go would use, or $GOMAXPROCS says.
var before = runtime.GOMAXPROCS(1)

// The stack has its size at once: it would double four times on the way into a check,
// and be copied each time.
var _ = grown(before)

// grown has a frame that counts, and does nothing.
//
//go:noinline
func grown(n int) byte {
	if n < 0 { // never, which no compiler knows
		var frame [48 << 10]byte
		frame[-n] = 1
		return frame[0]
	}
	return 0
}

// All has a process use what Go would use by itself: for many targets, and for servers.
func All() {
	runtime.SetDefaultGOMAXPROCS() // which Go keeps, should a container's limit change
	if runtime.GOMAXPROCS(0) != before {
		runtime.GOMAXPROCS(before)
	}
}
