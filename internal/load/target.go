package load

import (
	"bytes"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// endings that make a missing TARGET a missing file and never a DNS query.
var endings = []string{".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".p12", ".pfx", ".jks", ".json", ".jsonl", ".plist"}

// IsFile reports whether a TARGET is meant as a file: "-", an existing path, or
// something that can only be the name of one.
func IsFile(target string) bool { return (*Files)(nil).IsFile(target) }

// IsFile is the function IsFile.
func (f *Files) IsFile(target string) bool {
	if target == "-" {
		return true
	}
	if strings.Contains(target, "://") {
		return false
	}
	if _, err := f.Stat(target); err == nil {
		return true
	}
	return strings.ContainsAny(target, `/\`) || endsIn(target, endings)
}

func endsIn(name string, endings []string) bool {
	for _, e := range endings {
		if strings.HasSuffix(strings.ToLower(name), e) {
			return true
		}
	}
	return false
}

// Captures reads the content of one file, or of standard input ("-"): a list of
// certificates, or saved captures, of which a file holds one or many.
func Captures(path string, data []byte, now time.Time) ([]*chain.Capture, error) {
	if startsJSON(data) {
		switch Recognise(data) {
		case SavedCapture, OtherJSON:
			if !bytes.Contains(data, begin) {
				return savedCaptures(path, data)
			}
		}
		return nil, Misplaced(path, data, giveCertificates)
	}
	c, err := capture(path, data, now)
	if err != nil {
		return nil, err
	}
	return []*chain.Capture{c}, nil
}

// capture makes a capture of a file of certificates.
func capture(path string, data []byte, now time.Time) (*chain.Capture, error) {
	blocks, err := Blocks(path, data)
	if err != nil {
		return nil, err
	}
	transport := chain.TransportFile
	if path == "-" {
		transport = chain.TransportStdin
	}
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: path, TakenAt: now, Blobs: map[string][]byte{}}
	o := chain.Observation{Transport: transport, Outcome: chain.Outcome{OK: true}}
	for _, b := range blocks {
		if b.Kind == "certificate" {
			Add(c, &o, b.DER, chain.Position{File: path, Line: b.Line})
		} else {
			c.Evidence = append(c.Evidence, chain.Evidence{Kind: b.Kind, Origin: "given", Source: path, Data: b.DER})
		}
	}
	if len(o.Sent) == 0 {
		return nil, &Error{Kind: "format", Path: path, Message: "a " + blocks[0].Kind + " but no certificate", Remedy: "give it with --with beside the chain it belongs to", other: true}
	}
	c.Observations = []chain.Observation{o}
	return c, nil
}

// With reads the content of a file given with --with: intermediates, CRLs, OCSP
// responses, a CT log list.
func With(path string, data []byte) ([]chain.Evidence, error) {
	blocks, err := Blocks(path, data)
	if err != nil {
		return nil, err
	}
	var out []chain.Evidence
	for _, b := range blocks {
		out = append(out, chain.Evidence{Kind: b.Kind, Origin: "given", Source: path, Data: b.DER})
	}
	return out, nil
}
