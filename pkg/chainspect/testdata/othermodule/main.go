// Command other judges CHAIN.pem as www.example.com under ROOT.pem.
package main

import (
	"encoding/json"
	"os"
	"time"

	"github.com/chainspect/chainspect/pkg/chainspect"
)

func main() {
	chain, root := certificates(os.Args[1]), certificates(os.Args[2])
	r, err := chainspect.Judge(chain, chainspect.Question{Name: "www.example.com", Anchors: root, Time: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		panic(err)
	}
	_ = json.NewEncoder(os.Stdout).Encode(r)
}

func certificates(file string) [][]byte {
	text, _ := os.ReadFile(file)
	certs, err := chainspect.ParsePEM(text)
	if err != nil {
		panic(err)
	}
	return certs
}
