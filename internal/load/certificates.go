package load

import (
	"bytes"
	"encoding/json"
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

// giveCertificates is the remedy where nothing better is known.
const giveCertificates = "give a certificate file in PEM, DER or PKCS#7"

// Blocks reads every certificate, CRL, OCSP response and CT log list of a
// file: PEM, DER or PKCS#7, by content. A file without any is an *Error.
func Blocks(path string, data []byte) ([]Block, error) {
	_, _, der := element(data)
	switch {
	case len(data) > 0 && data[0] == 0x30 && (!bytes.Contains(data, begin) || der && !isText(data)): // a DER may hold PEM, or have it behind
		return derBlocks(path, data, 0)
	case bytes.Contains(data, begin) && !inUTF16(data) && !startsJSON(data):
		return pemBlocks(path, data)
	case Recognise(data) == CTList:
		return []Block{{Kind: "ctlist", DER: data}}, nil
	}
	return nil, Misplaced(path, data, giveCertificates)
}

// startsJSON reports whether a text begins as JSON does; an IPv6 address in
// brackets does not.
func startsJSON(data []byte) bool {
	t := bytes.TrimSpace(data)
	if len(t) == 0 || t[0] != '{' && t[0] != '[' {
		return false
	}
	if t[0] == '[' {
		d := json.NewDecoder(bytes.NewReader(t))
		_, _ = d.Token()
		_, err := d.Token()
		return err == nil
	}
	return true
}

func derBlocks(path string, data []byte, line int) ([]Block, error) {
	one, rest, whole := element(data)
	if !whole {
		if der, err := pfx.ToDER(data); err == nil && !bytes.Equal(der, data) {
			return derBlocks(path, der, line)
		}
		return nil, Misplaced(path, data, giveCertificates)
	}
	switch k := noCertificate(one); k {
	case "":
	case PKCS7:
		der, err := pfx.ToDER(data)
		if err != nil {
			der = data
		}
		return pkcs7(path, der, line)
	case OCSP:
		return []Block{{Kind: "ocsp", DER: data, Line: line}}, nil
	default:
		return nil, Misplaced(path, data, giveCertificates)
	}
	if len(rest) > 0 && len(bytes.TrimSpace(rest)) == 0 {
		return nil, &Error{Kind: "format", Path: path, Position: fmt.Sprintf("byte %d", len(one)), Message: "white space follows the DER, as an editor or a copy in text mode leaves it",
			Remedy: fmt.Sprintf("cut it off: `head -c %d %s > fixed.der`", len(one), chain.ShellFile(path))}
	}
	blocks := concatenated(data, line)
	switch {
	case len(blocks) == 0:
		return nil, Misplaced(path, data, giveCertificates)
	case len(blocks) > MaxObjects:
		return nil, tooMany(path)
	}
	return blocks, nil
}

// MaxObjects bounds the certificates, CRLs and other objects of one file.
const MaxObjects = 10_000

func tooMany(path string) error {
	return &Error{Kind: "format", Path: path, Message: fmt.Sprintf("more than %d certificates or other objects", MaxObjects), Remedy: "give the file that one server sends"}
}

// concatenated reads certificates and CRLs that stand one after the other in
// DER. Bytes that are neither stay with the last, where that is a certificate,
// whose reader names them; a private key is left out.
func concatenated(data []byte, line int) []Block {
	var out []Block
	at, s := 0, cryptobyte.String(data)
	for len(out) <= MaxObjects && !LooksLikeKey(data[at:]) {
		var body, tbs cryptobyte.String
		if !s.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1(&tbs, cbasn1.SEQUENCE) {
			if last := len(out) - 1; last >= 0 && out[last].Kind == "certificate" {
				out[last].DER = data[at-len(out[last].DER):]
			}
			return out
		}
		end := len(data) - len(s)
		out = append(out, Block{Kind: derKind(tbs), DER: data[at:end], Line: line})
		at = end
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
