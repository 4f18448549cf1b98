package dial

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"
)

// ourLimit reports whether a connection failed since this machine had nothing left
// to make it of: descriptors, memory, addresses. That is not the target's fault.
func ourLimit(err error) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EADDRNOTAVAIL} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// dialPatiently connects. Where this machine has run out of something it waits for
// others to give it back, as long as half of the time, and tries again.
func dialPatiently(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	begun := time.Now()
	for wait := 20 * time.Millisecond; ; wait *= 2 {
		conn, err := d.DialContext(ctx, network, address)
		if err == nil || !ourLimit(err) {
			return conn, err
		}
		if deadline, ok := ctx.Deadline(); ok && time.Since(begun)+wait > deadline.Sub(begun)/2 {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(wait):
		}
	}
}
