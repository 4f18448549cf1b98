// Package load reads what the user points at: files of certificates, identities,
// captures, anchors. It tells kinds apart by content, never by a file's name.
package load

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Error says that an input cannot be inspected: what was found, where, and what to do.
type Error struct {
	Kind     chain.ErrorKind // "file", "format", "password", "timeout", or "policy": a policy that cannot be meant
	Path     string          // file name; "-" for standard input
	Position string          // "line 12", "byte 340"; "" when the whole file is meant
	Message  string          // facts; lower case, no full stop
	Remedy   string          // what to do; "" when nothing helps
	Cause    error           // of the operating system, or nil

	// other: nothing is damaged, the file is of another kind than certificates.
	other bool
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Path)
	if e.Position != "" {
		b.WriteString(", " + e.Position)
	}
	b.WriteString(": " + e.Message)
	if e.Remedy != "" {
		b.WriteString("; " + e.Remedy)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }
