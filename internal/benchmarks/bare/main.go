// Command bare is the yardstick of docs/performance.md: crypto/tls handshakes with
// x509.Verify, and nothing else. A first argument of @FILE holds an address a line,
// which are asked 16 at a time.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"sync"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: bare HOST:PORT|@FILE NAME ROOT.pem")
		os.Exit(2)
	}
	data, err := os.ReadFile(os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(data)
	config := &tls.Config{ServerName: os.Args[2], RootCAs: roots}
	if file, many := strings.CutPrefix(os.Args[1], "@"); many {
		fleet(file, config)
		return
	}
	if err := ask(os.Args[1], config); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ok")
}

func ask(address string, config *tls.Config) error {
	c, err := tls.Dial("tcp", address, config)
	if err == nil {
		c.Close()
	}
	return err
}

func fleet(file string, config *tls.Config) {
	list, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	addresses := make(chan string)
	var workers sync.WaitGroup
	for range 16 {
		workers.Go(func() {
			for address := range addresses {
				if err := ask(address, config); err != nil {
					fmt.Fprintln(os.Stderr, address, err)
				}
			}
		})
	}
	for address := range strings.Lines(string(list)) {
		addresses <- strings.TrimSpace(address)
	}
	close(addresses)
	workers.Wait()
}
