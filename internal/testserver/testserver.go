// Package testserver is what the tests with real servers share.
package testserver

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
)

// given are the ports handed out: tests run side by side, and a server needs a
// moment to take its own.
var given sync.Map

// FreePort finds a TCP port of 127.0.0.1 that nothing listens on, below those
// the system gives to connections and to listeners that do not care.
func FreePort() (string, error) {
	for range 1000 {
		port := strconv.Itoa(20000 + rand.IntN(12000))
		if _, again := given.LoadOrStore(port, true); again {
			continue
		}
		if l, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			l.Close()
			return port, nil
		}
	}
	return "", errors.New("no port is free between 20000 and 32000")
}

// Accept hands each connection of a listener to a goroutine of its own, and closes
// it afterwards; it returns when the listener is closed.
func Accept(l net.Listener, each func(net.Conn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			each(c)
		}()
	}
}
