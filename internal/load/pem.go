package load

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// EachPEM hands over every PEM block of a text with the line of its BEGIN. A
// block that is cut off or damaged, one that does not stand on lines of its own,
// or a private key that is labelled as a certificate, is an *Error, and so is each's.
func EachPEM(path string, data []byte, each func(b *pem.Block, line int) error) error {
	if k, _ := misshapen(data); k != "" {
		return Misplaced(path, data, giveCertificates)
	}
	line, blocks := 1, 0
	for rest := data; ; {
		at := bytes.Index(rest, begin)
		if at < 0 {
			return nil
		}
		if blocks++; blocks > MaxObjects {
			return tooMany(path)
		}
		line += bytes.Count(rest[:at], []byte("\n"))
		position := fmt.Sprintf("line %d", line)
		one, ended := oneBlock(rest[at:])
		if !ended {
			return &Error{Kind: "format", Path: path, Position: position, Message: Labelled(label(one)) + " that begins here has no END line",
				Remedy: "copy the file again: each block goes from its BEGIN line to its END line"}
		}
		block, _ := pem.Decode(one)
		if block == nil {
			return &Error{Kind: "format", Path: path, Position: position,
				Message: Labelled(label(one)) + " is cut off or damaged", Remedy: "copy the file again, from its BEGIN line to its END line"}
		}
		if strings.HasSuffix(block.Type, "CERTIFICATE") && LooksLikeKey(block.Bytes) {
			return inBlock(path, position, block.Bytes, PrivateKey)
		}
		if err := each(block, line); err != nil {
			return err
		}
		line += bytes.Count(one, []byte("\n"))
		rest = rest[at+len(one):]
	}
}

// inBlock says what a CERTIFICATE block holds instead of a certificate.
func inBlock(path, position string, der []byte, k Kind) error {
	e := Misplaced(path, der, giveCertificates)
	e.Position, e.Message, e.other = position, "the CERTIFICATE block holds "+string(k), true
	e.Remedy = k.remedy(path, der, giveCertificates)
	if k == PKCS12 {
		e.Remedy = "cut the lines BEGIN and END off and decode it: `grep -v -- ----- " + chain.ShellFile(path) + " | base64 -d > identity.p12`"
	}
	return e
}

// label is the type in a BEGIN line, "" where the line has no end.
func label(block []byte) string {
	text, _, ok := strings.Cut(string(block[len(begin):min(len(block), 100)]), "-----")
	if !ok || len(text) >= 64 {
		return ""
	}
	return text
}

// oneBlock is the text from a BEGIN line to the end of the next END line; ended:
// it has one before another block begins. The PEM decoder sees no more of a file:
// it looks for a good block behind every bad one, which takes quadratic time on a
// file of bad ones, and passes over the bad one in silence.
func oneBlock(text []byte) (one []byte, ended bool) {
	end := bytes.Index(text, []byte("\n-----END "))
	if next := bytes.Index(text[len(begin):], begin); next >= 0 && (end < 0 || next+len(begin) < end) {
		return text[:len(begin)+next], false
	}
	if end < 0 {
		return text, false
	}
	if n := bytes.IndexByte(text[end+1:], '\n'); n >= 0 {
		return text[:end+1+n+1], true
	}
	return text, true
}

func pemBlocks(path string, data []byte) ([]Block, error) {
	var out []Block
	err := EachPEM(path, data, func(b *pem.Block, line int) error {
		more, err := BlockOf(path, b, line)
		if out = append(out, more...); len(out) > MaxObjects {
			return tooMany(path)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case len(out) > 0 && !slices.ContainsFunc(out, whole):
		return nil, &Error{Kind: "format", Path: path, Position: fmt.Sprintf("line %d", out[0].Line),
			Message: "the certificate in the PEM block is cut off or damaged", Remedy: "copy the file again, from its BEGIN line to its END line"}
	case len(out) > 0:
		return out, nil
	}
	e := Misplaced(path, data, "give the file with the BEGIN CERTIFICATE blocks")
	e.Position = lineAt(data, bytes.Index(data, begin))
	return nil, e
}

// BlockOf is what a PEM block holds, nothing where it is of another label.
func BlockOf(path string, b *pem.Block, line int) ([]Block, error) {
	switch {
	case certificateLabel(b.Type):
		one, rest, ok := element(b.Bytes)
		if k := noCertificate(one); ok && k != "" {
			return nil, inBlock(path, fmt.Sprintf("line %d", line), b.Bytes, k)
		}
		if ok && b.Type == "TRUSTED CERTIFICATE" { // OpenSSL's own settings follow (X509_CERT_AUX)
			return []Block{{Kind: "certificate", DER: one, Line: line}}, nil
		}
		if n := 1 + len(concatenated(rest, 0)); ok && n > 1 {
			return nil, &Error{Kind: "format", Path: path, Position: fmt.Sprintf("line %d", line), Message: fmt.Sprintf("the CERTIFICATE block holds %d certificates, of which others read the first alone", n),
				Remedy: "give each a block of its own: one certificate, one BEGIN, one END"}
		}
		return []Block{{Kind: "certificate", DER: b.Bytes, Line: line}}, nil
	case b.Type == "X509 CRL":
		return []Block{{Kind: "crl", DER: b.Bytes, Line: line}}, nil
	case pkcs7Label(b.Type):
		return derBlocks(path, b.Bytes, line)
	}
	return nil, nil
}

// whole reports whether a block holds a whole element, readable inside or not: a
// file in which none does was damaged in copying, and has nothing to judge.
func whole(b Block) bool {
	begin, n, ok := header(b.DER)
	return ok && b.DER[0] == 0x30 && n <= int64(len(b.DER)-begin)
}
