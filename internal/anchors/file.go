package anchors

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// FromFile reads the anchors in a file by its content: certificates as PEM or
// DER, a PKCS#7 list, or a configuration profile (XML or binary property list,
// bare or signed). Remarks are for the user: what was skipped and why, and what
// the device asks for besides. The error says why there is no anchor.
func FromFile(path string, data []byte, kind chain.AnchorKind) ([]*chain.Anchor, []string, error) {
	f := &file{path: path, kind: kind}
	err := f.read(data)
	if err == nil && len(f.list) == 0 {
		err = f.bad("", "no certificate in it can be used", "give the CA's certificate as PEM or DER")
		if len(f.remarks) > 0 { // which say why
			err = f.bad("", f.remarks[0], "give the CA's certificate as PEM or DER")
		}
	}
	var own *load.Error
	switch {
	case errors.As(err, &own):
		return nil, nil, err
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	for i := range f.remarks {
		f.remarks[i] = path + ": " + f.remarks[i]
	}
	return f.list, f.remarks, nil
}

type file struct {
	path    string
	kind    chain.AnchorKind
	list    []*chain.Anchor
	remarks []string
}

func (f *file) remark(format string, args ...any) {
	f.remarks = append(f.remarks, fmt.Sprintf(format, args...))
}

func (f *file) bad(position, message, remedy string) error {
	return &load.Error{Kind: "format", Path: f.path, Position: position, Message: message, Remedy: remedy}
}

// add takes one certificate; what cannot be read as one is named and skipped.
func (f *file) add(der []byte, origin string) {
	c, err := x509read.Parse(der)
	if err != nil || len(c.RawTBS) == 0 {
		f.remark("certificate number %d cannot be read and was skipped", len(f.list)+1)
		return
	}
	if n := len(der) - len(c.Raw); n > 0 {
		f.remark("%d bytes follow certificate number %d and were passed over", n, len(f.list)+1)
	}
	f.list = append(f.list, chain.NewAnchor(c.Raw, f.kind, origin))
}

func (f *file) read(data []byte) error {
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return f.bad("", "the file is empty", "give the CA's certificate as PEM or DER, or a configuration profile")
	case trimmed[0] == '<', bytes.HasPrefix(data, []byte("bplist00")):
		return f.profile(text, "")
	case bytes.Contains(data, []byte("-----BEGIN ")):
		return f.pem(data)
	case data[0] == 0x30:
		return f.binary(data)
	}
	return f.bad("", "it is neither PEM, nor DER, nor a configuration profile", "give the CA's certificate as PEM or DER")
}

func (f *file) pem(data []byte) error {
	return load.EachPEM(f.path, data, func(b *pem.Block, line int) error {
		switch {
		case b.Type == "CERTIFICATE", b.Type == "X509 CERTIFICATE":
			f.add(b.Bytes, f.path)
		case b.Type == "TRUSTED CERTIFICATE": // OpenSSL: its own trust settings follow the certificate
			if der, _, ok := load.Element(b.Bytes); ok {
				f.add(der, f.path)
			}
		case b.Type == "PKCS7", b.Type == "CMS", b.Type == "PKCS #7 SIGNED DATA":
			return f.binary(b.Bytes)
		default:
			f.remark("line %d: a block of type %q is no certificate and was skipped", line, b.Type)
		}
		return nil
	})
}

func (f *file) binary(data []byte) error {
	if c, err := x509read.Parse(data); err == nil && len(c.RawTBS) > 0 {
		for _, b := range load.Concatenated(data, 0) {
			if b.Kind == "certificate" {
				f.add(b.DER, f.path)
			}
		}
		return nil
	}
	der, err := pfx.ToDER(data)
	if err != nil {
		return fmt.Errorf("it is binary, but not a certificate or a signed message: %w", err)
	}
	content, certs, ok := signedData(der)
	if !ok {
		if looksLikePKCS12(der) {
			return errors.New("it is a digital identity (PKCS#12); an anchor is a certificate: give the CA's certificate as PEM or DER")
		}
		return errors.New("it is DER, but not a certificate, a PKCS#7 list or a signed profile")
	}
	if len(content) > 0 {
		return f.profile(content, "signed ")
	}
	for _, c := range certs {
		f.add(c, f.path)
	}
	return nil
}
