// Package tables brings newer lists of CT logs into the user's data folder and
// reads them there. Nothing else ever fetches them.
package tables

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	_ "embed"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/ctlog"
)

// A Table is a list of CT logs that is published.
type Table struct {
	Client    string // whose list it is: "apple", "chrome"
	Address   string // where its client's maker publishes it
	Signature string // where its signature stands; "" it has none
	File      string // its name in the data folder, and in a mirror
	SigFile   string
	builtIn   func() *ctlog.List
}

// Tables lists what can be brought up to date.
func Tables() []Table {
	return []Table{
		{Client: "apple", Address: "https://valid.apple.com/ct/log_list/current_log_list.json", File: "current_log_list.json", builtIn: ctlog.Apple},
		{Client: "chrome", Address: "https://www.gstatic.com/ct/log_list/v3/all_logs_list.json", Signature: "https://www.gstatic.com/ct/log_list/v3/all_logs_list.sig",
			File: "all_logs_list.json", SigFile: "all_logs_list.sig", builtIn: ctlog.Chrome},
	}
}

// BuiltIn is the list that the program carries.
func (t *Table) BuiltIn() *ctlog.List { return t.builtIn() }

// maxSize bounds a list, bytes; Apple's of 2026 has 120 kB.
const maxSize = 4 << 20

//go:embed chrome-key.pem
var chromeKey []byte

// ChromeKey is the public key that signs Chrome's list, in PEM.
func ChromeKey() []byte { return chromeKey }

// read checks a list as it came: its signature, where it has one, its form and
// that every log's identifier is the hash of its key.
func (t *Table) read(data, signature, key []byte) (*ctlog.List, error) {
	if len(data) > maxSize {
		return nil, fmt.Errorf("larger than %d bytes, which no list of CT logs is", maxSize)
	}
	if t.Signature != "" {
		if err := verify(data, signature, key); err != nil {
			return nil, err
		}
	}
	return ctlog.Parse(data, t.builtIn().Origin)
}

// verify checks RSA PKCS#1 v1.5 over SHA-256, as Google signs its list.
func verify(data, signature, key []byte) error {
	block, _ := pem.Decode(key)
	if block == nil {
		return errors.New("the key of the list is no PEM")
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return err
	}
	rsaKey, ok := public.(*rsa.PublicKey)
	if !ok {
		return errors.New("the key of the list is no RSA key")
	}
	sum := sha256.Sum256(data)
	if rsa.VerifyPKCS1v15(rsaKey, crypto.SHA256, sum[:], signature) != nil {
		return errors.New("its signature does not verify: it was changed on the way, or is not Google's")
	}
	return nil
}

// follows says why a list may not take the place of the one at hand at a time: it
// is older, dated ahead, so that nothing would follow it, or lacks many of its logs.
func follows(next, have *ctlog.List, now time.Time) error {
	switch {
	case next.Date.After(now.Add(24 * time.Hour)):
		return fmt.Errorf("it is %s, a day that has not come", next)
	case have.Newer(next), next.Dated && next.Date.Before(have.Date):
		return fmt.Errorf("older than what is here: %s, here is %s", next, have)
	}
	kept := 0
	for id := range have.Logs {
		if next.Logs[id] != nil {
			kept++
		}
	}
	if kept*4 < len(have.Logs)*3 {
		return fmt.Errorf("it has %d logs and lacks %d of the %d that %s has: a part of it is missing", len(next.Logs), len(have.Logs)-kept, len(have.Logs), have)
	}
	return nil
}
