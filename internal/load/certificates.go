package load

import (
	"bytes"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// MaxFile bounds what is read from one file, bytes.
const MaxFile = 64 << 20

// Block is one certificate, CRL or other object found in a file.
type Block struct {
	Kind string // "certificate", "crl", "ocsp", "ctlist"
	DER  []byte
	Line int // 1-based line of its PEM header; 0 in binary files
}

// Blocks reads every certificate, CRL, OCSP response and CT log list of a
// file: PEM, DER or PKCS#7, by content. A file without any is an *Error.
func Blocks(path string, data []byte) ([]Block, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &Error{Kind: "format", Path: path, Message: "the file is empty", Remedy: "give a certificate file in PEM, DER or PKCS#7"}
	}
	if bytes.Contains(data, []byte("-----BEGIN ")) {
		return pemBlocks(path, data)
	}
	if t := bytes.TrimSpace(data); t[0] == '{' && bytes.Contains(t, []byte(`"log_id"`)) {
		return []Block{{Kind: "ctlist", DER: data}}, nil
	}
	return derBlocks(path, data, 0)
}

func privateKey(path, position string) error {
	return &Error{Kind: "format", Path: path, Position: position, Message: "this is a private key, not a certificate",
		Remedy: "give the certificate file; to inspect a digital identity use `chainspect identity`", other: true}
}

func derBlocks(path string, data []byte, line int) ([]Block, error) {
	s := cryptobyte.String(data)
	var outer cryptobyte.String
	if len(data) == 0 || data[0] != 0x30 {
		return nil, &Error{Kind: "format", Path: path, Position: "byte 0",
			Message: fmt.Sprintf("neither PEM nor DER: it begins with %q", clip(string(data[:min(len(data), 24)]))), Remedy: "give a certificate file in PEM, DER or PKCS#7"}
	}
	if !s.ReadASN1(&outer, cbasn1.SEQUENCE) {
		if der, err := pfx.ToDER(data); err == nil && !bytes.Equal(der, data) {
			return derBlocks(path, der, line)
		}
		return nil, &Error{Kind: "format", Path: path, Position: "byte 0", Message: fmt.Sprintf("the DER is cut off: the file has %d bytes and its outer length wants more", len(data)),
			Remedy: "copy the file again, in binary mode"}
	}
	inner := outer
	switch {
	case inner.PeekASN1Tag(cbasn1.OBJECT_IDENTIFIER):
		der, err := pfx.ToDER(data)
		if err != nil {
			der = data
		}
		return pkcs7(path, der, line)
	case inner.PeekASN1Tag(cbasn1.ENUM):
		return []Block{{Kind: "ocsp", DER: data, Line: line}}, nil
	case inner.PeekASN1Tag(cbasn1.INTEGER):
		var version int
		if inner.ReadASN1Integer(&version) && version == 3 && inner.PeekASN1Tag(cbasn1.SEQUENCE) {
			return nil, &Error{Kind: "format", Path: path, Message: "this is a PKCS#12 file: a digital identity, protected by a password",
				Remedy: "use `chainspect identity " + path + "`", other: true}
		}
		return nil, privateKey(path, "byte 0")
	}
	blocks := Concatenated(data, line)
	if len(blocks) == 0 {
		return nil, &Error{Kind: "format", Path: path, Position: "byte 0", Message: "DER, but no certificate", Remedy: "give a certificate file in PEM, DER or PKCS#7"}
	}
	return blocks, nil
}

// Concatenated reads certificates and CRLs that stand one after the other in
// DER. Bytes that are neither stay with the last, where that is a certificate,
// whose reader names them; a private key is left out.
func Concatenated(data []byte, line int) []Block {
	var out []Block
	begin, s := 0, cryptobyte.String(data)
	for !LooksLikeKey(data[begin:]) {
		var body, tbs cryptobyte.String
		if !s.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1(&tbs, cbasn1.SEQUENCE) {
			if last := len(out) - 1; last >= 0 && out[last].Kind == "certificate" {
				out[last].DER = data[begin-len(out[last].DER):]
			}
			return out
		}
		end := len(data) - len(s)
		out = append(out, Block{Kind: derKind(tbs), DER: data[begin:end], Line: line})
		begin = end
	}
	return out
}

// derKind tells a certificate's signed part from a CRL's (RFC 5280 sections
// 4.1 and 5.1): after the signature algorithm a CRL goes on with one name and a time.
func derKind(tbs cryptobyte.String) string {
	var version int
	if tbs.PeekASN1Tag(cbasn1.INTEGER) && !tbs.ReadASN1Integer(&version) {
		return "certificate"
	}
	for range 2 { // the signature algorithm and the issuer
		if !tbs.SkipASN1(cbasn1.SEQUENCE) {
			return "certificate"
		}
	}
	if tbs.PeekASN1Tag(cbasn1.UTCTime) || tbs.PeekASN1Tag(cbasn1.GeneralizedTime) {
		return "crl"
	}
	return "certificate"
}

// pkcs7 walks a SignedData to its certificates and CRLs (RFC 2315 section 9.1);
// nothing else of it is read, so that an odd signer loses nothing.
func pkcs7(path string, data []byte, line int) ([]Block, error) {
	bad := &Error{Kind: "format", Path: path, Message: "PKCS#7 without certificates", Remedy: "give a certs-only PKCS#7 (.p7b), PEM or DER"}
	var outer, content, signed cryptobyte.String
	s := cryptobyte.String(data)
	if !s.ReadASN1(&outer, cbasn1.SEQUENCE) || !outer.SkipASN1(cbasn1.OBJECT_IDENTIFIER) ||
		!outer.ReadASN1(&content, cbasn1.Tag(0).ContextSpecific().Constructed()) || !content.ReadASN1(&signed, cbasn1.SEQUENCE) ||
		!signed.SkipASN1(cbasn1.INTEGER) || !signed.SkipASN1(cbasn1.SET) || !signed.SkipASN1(cbasn1.SEQUENCE) {
		return nil, bad
	}
	var out []Block
	for n, kind := range []string{"certificate", "crl"} {
		var list cryptobyte.String
		var found []Block
		var present bool
		if !signed.ReadOptionalASN1(&list, &present, cbasn1.Tag(n).ContextSpecific().Constructed()) {
			return nil, bad
		}
		for present && !list.Empty() {
			var der cryptobyte.String
			var tag cbasn1.Tag
			if !list.ReadAnyASN1Element(&der, &tag) {
				return nil, bad
			}
			if tag == cbasn1.SEQUENCE && !LooksLikeKey(der) {
				found = append(found, Block{Kind: kind, DER: der, Line: line})
			}
		}
		if kind == "certificate" {
			found = leafFirst(found)
		}
		out = append(out, found...)
	}
	if len(out) == 0 {
		return nil, bad
	}
	return out, nil
}

// Add puts a certificate into the capture's observation.
func Add(c *chain.Capture, o *chain.Observation, der []byte, p chain.Position) {
	key := chain.BlobKey(der)
	c.Blobs[key] = der
	o.Sent = append(o.Sent, key)
	o.Positions = append(o.Positions, p)
}

func clip(s string) string {
	if len(s) > 60 {
		s = s[:60]
	}
	return s
}
