package anchors

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"

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
	if err := f.read(data); err != nil {
		return nil, f.remarks, fmt.Errorf("%s: %w", path, err)
	}
	if len(f.list) == 0 {
		return nil, f.remarks, fmt.Errorf("%s: no certificate was found in it", path)
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
	f.remarks = append(f.remarks, f.path+": "+fmt.Sprintf(format, args...))
}

// add takes one certificate; what cannot be read as one is named and skipped.
func (f *file) add(der []byte, origin string) {
	if c, err := x509read.Parse(der); err != nil || len(c.RawTBS) == 0 {
		f.remark("certificate number %d cannot be read and was skipped", len(f.list)+1)
		return
	}
	f.list = append(f.list, chain.NewAnchor(der, f.kind, origin))
}

func (f *file) read(data []byte) error {
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	switch {
	case bytes.HasPrefix(trimmed, []byte("<")), bytes.HasPrefix(data, []byte("bplist00")):
		return f.profile(text, "")
	case bytes.Contains(data, []byte("-----BEGIN ")):
		return f.pem(data)
	case len(data) > 0 && data[0] == 0x30:
		return f.binary(data)
	}
	return errors.New("it is neither PEM, nor DER, nor a configuration profile")
}

func (f *file) pem(data []byte) error {
	for {
		var b *pem.Block
		if b, data = pem.Decode(data); b == nil {
			return nil
		}
		switch b.Type {
		case "CERTIFICATE", "X509 CERTIFICATE":
			f.add(b.Bytes, f.path)
		case "TRUSTED CERTIFICATE": // OpenSSL: its own trust settings follow the certificate
			if der, _, ok := element(b.Bytes); ok {
				f.add(der, f.path)
			}
		case "PKCS7", "CMS", "PKCS #7 SIGNED DATA":
			if err := f.binary(b.Bytes); err != nil {
				return err
			}
		default:
			f.remark("a block of type %q is no certificate and was skipped", b.Type)
		}
	}
}

func (f *file) binary(data []byte) error {
	if c, err := x509read.Parse(data); err == nil && len(c.RawTBS) > 0 {
		f.add(c.Raw, f.path)
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

// element cuts one DER element off the front.
func element(b []byte) (one, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	n, head := int(b[1]), 2
	if n >= 0x80 {
		octets := n & 0x7f
		if octets == 0 || octets > 3 || len(b) < 2+octets {
			return nil, nil, false
		}
		n = 0
		for _, c := range b[2 : 2+octets] {
			n = n<<8 | int(c)
		}
		head += octets
	}
	if len(b) < head+n {
		return nil, nil, false
	}
	return b[:head+n], b[head+n:], true
}
