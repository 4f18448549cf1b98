package chain

import "testing"

// TestPrints: a code follows from the class where the error names none, and a
// URLError alone stands for itself.
func TestPrints(t *testing.T) {
	for _, tt := range []struct {
		e    AppleError
		code int
		want bool
	}{
		{AppleError{Class: ClassTrust, Sec: -67843}, -67843, true},
		{AppleError{Class: ClassTrust, Sec: -67843}, -9802, true},
		{AppleError{Class: ClassTrust, Sec: -67843}, -9807, true},
		{AppleError{Class: ClassTrust, Sec: -67843}, -1200, true},
		{AppleError{Class: ClassTrust, Sec: -67843}, -1202, true},
		{AppleError{Class: ClassTrust, Sec: -67843}, -67844, false},
		{AppleError{Class: ClassPinning, SSL: -9886}, -9802, false},
		{AppleError{Class: ClassPinning, SSL: -9886}, -9886, true},
		{AppleError{Class: ClassTLS, URL: -1022}, -9802, false},
		{AppleError{Class: ClassTLS, URL: -1022}, 0, false},
		{AppleError{}, -9802, false},
	} {
		if got := tt.e.Prints(tt.code); got != tt.want {
			t.Errorf("%+v prints %d: %v", tt.e, tt.code, got)
		}
	}
}
