package pfx

import "fmt"

// PasswordError says that the file is well formed and that none of the
// passwords given opens it. It never contains a password.
type PasswordError struct {
	Where string // "the MAC", "safe 1", "bag 3 of safe 2"
	What  string // what was seen, lower case
}

func (e *PasswordError) Error() string { return e.Where + ": " + e.What }

// UnsupportedError names an algorithm, or a cost, that cannot be used here; it
// says nothing about the password.
type UnsupportedError struct {
	Where     string // "the MAC", "safe 1", …
	Kind      string // "MAC", "cipher", "key derivation", "PRF", "content", "iteration count"
	Algorithm string // the name of the algorithm, or its dotted OID where it has none here
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s: %s %s is not supported", e.Where, e.Kind, e.Algorithm)
}

// DamagedError says that the bytes are not what RFC 7292 (or X.690) wants, whatever the password.
type DamagedError struct {
	Where  string // "PFX.authSafe", "safe 2", …
	Offset int    // in the bytes given to the function, or -1 inside encrypted or rewritten content
	What   string // what was found and what was wanted
}

func (e *DamagedError) Error() string {
	if e.Offset >= 0 {
		return fmt.Sprintf("%s at byte %d: %s", e.Where, e.Offset, e.What)
	}
	return e.Where + ": " + e.What
}

func damaged(where, format string, args ...any) *DamagedError {
	return &DamagedError{Where: where, Offset: -1, What: fmt.Sprintf(format, args...)}
}
