package anchors

import (
	"bytes"
	"encoding/pem"
	"fmt"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// giveCA is the remedy where nothing better is known.
const giveCA = "give the CA's certificate as PEM or DER, or a configuration profile"

// FromFile reads the anchors in a file by its content: certificates as PEM or
// DER, a PKCS#7 list, or a configuration profile (XML or binary property list,
// bare or signed). Remarks are for the user: what was skipped and why, and what
// the device asks for besides. The error says why there is no anchor.
func FromFile(path string, data []byte, kind chain.AnchorKind) ([]*chain.Anchor, []string, error) {
	f := &file{path: path, kind: kind}
	if err := f.read(data); err != nil {
		return nil, nil, err
	}
	switch {
	case len(f.list) == 0 && len(f.unread) > 0:
		return nil, nil, f.bad(f.unread[0], giveCA)
	case len(f.list) == 0:
		return nil, nil, load.Misplaced(path, data, giveCA)
	}
	remarks := append(f.unread, f.remarks...)
	for i := range remarks {
		remarks[i] = path + ": " + remarks[i]
	}
	return f.list, remarks, nil
}

type file struct {
	path    string
	kind    chain.AnchorKind
	list    []*chain.Anchor
	unread  []string // what was meant as an anchor and cannot be one
	remarks []string
}

func (f *file) remark(format string, args ...any) {
	f.remarks = append(f.remarks, fmt.Sprintf(format, args...))
}

func (f *file) skip(format string, args ...any) {
	f.unread = append(f.unread, fmt.Sprintf(format, args...))
}

func (f *file) bad(message, remedy string) error {
	return &load.Error{Kind: "format", Path: f.path, Message: message, Remedy: remedy}
}

// add takes one certificate; what cannot be read as one is named and skipped.
func (f *file) add(der []byte, origin string) {
	c, err := x509read.Parse(der)
	if err != nil || len(c.RawTBS) == 0 {
		f.skip("certificate number %d cannot be read and was skipped", len(f.list)+1)
		return
	}
	if n := len(der) - len(c.Raw); n > 0 {
		f.remark("%d bytes follow certificate number %d and were passed over", n, len(f.list)+1)
		f.list = append(f.list, chain.NewAnchor(c.Raw, f.kind, origin))
		return
	}
	f.list = append(f.list, chain.AnchorOf(c, f.kind, origin))
}

func (f *file) read(data []byte) error {
	if len(data) > 0 && data[0] == 0x30 {
		return f.binary(data)
	}
	switch k := load.Recognise(data); k {
	case load.Mobileconfig:
		return f.profile(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), "")
	case load.Certificates, load.PEMIdentity, load.PKCS7, load.OtherPEM:
		return f.pem(data)
	}
	return load.Misplaced(f.path, data, giveCA)
}

func (f *file) pem(data []byte) error {
	return load.EachPEM(f.path, data, func(b *pem.Block, line int) error {
		if content, ok := signedContent(b.Bytes); ok {
			return f.profile(content, "signed ")
		}
		blocks, err := load.BlockOf(f.path, b, line)
		if err != nil {
			return err
		}
		f.take(blocks)
		if len(blocks) == 0 {
			f.remark("line %d: %s is no certificate and was skipped", line, load.Labelled(b.Type))
		}
		return nil
	})
}

func (f *file) binary(data []byte) error {
	if content, ok := signedContent(data); ok {
		return f.profile(content, "signed ")
	}
	blocks, err := load.Blocks(f.path, data)
	f.take(blocks)
	return err
}

func (f *file) take(blocks []load.Block) {
	for _, b := range blocks {
		if b.Kind == "certificate" {
			f.add(b.DER, f.path)
		}
	}
}
