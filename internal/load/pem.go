package load

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
)

// EachPEM hands over every PEM block of a text with the line of its BEGIN. A
// block that is cut off or damaged, or a private key that is labelled as a
// certificate, is an *Error, and so is each's.
func EachPEM(path string, data []byte, each func(b *pem.Block, line int) error) error {
	line := 1
	for rest := data; ; {
		at := bytes.Index(rest, []byte("-----BEGIN "))
		if at < 0 {
			return nil
		}
		line += bytes.Count(rest[:at], []byte("\n"))
		one := oneBlock(rest[at:])
		block, _ := pem.Decode(one)
		if block == nil || !bytes.HasPrefix(one, []byte("-----BEGIN "+block.Type)) {
			return &Error{Kind: "format", Path: path, Position: fmt.Sprintf("line %d", line),
				Message: fmt.Sprintf("the PEM block %q is cut off or damaged", clip(label(one))), Remedy: "copy the file again, from its BEGIN line to its END line"}
		}
		if strings.HasSuffix(block.Type, "CERTIFICATE") && LooksLikeKey(block.Bytes) {
			return privateKey(path, fmt.Sprintf("line %d", line))
		}
		if err := each(block, line); err != nil {
			return err
		}
		line += bytes.Count(one, []byte("\n"))
		rest = rest[at+len(one):]
	}
}

// label is the type in a BEGIN line, "" where the line has no end.
func label(block []byte) string {
	text, _, ok := strings.Cut(string(block[len("-----BEGIN "):min(len(block), 100)]), "-----")
	if !ok || len(text) >= 64 {
		return ""
	}
	return text
}

// oneBlock is the text from a BEGIN line to the end of the next END line. The
// PEM decoder sees no more of a file: it looks for a good block behind every
// bad one, which takes quadratic time on a file of bad ones.
func oneBlock(text []byte) []byte {
	end := bytes.Index(text, []byte("\n-----END "))
	if end < 0 {
		return text
	}
	if n := bytes.IndexByte(text[end+1:], '\n'); n >= 0 {
		return text[:end+1+n+1]
	}
	return text
}

func pemBlocks(path string, data []byte) ([]Block, error) {
	var out []Block
	key := 0
	err := EachPEM(path, data, func(b *pem.Block, line int) error {
		switch {
		case b.Type == "CERTIFICATE" || b.Type == "X509 CERTIFICATE" || b.Type == "TRUSTED CERTIFICATE":
			out = append(out, Block{Kind: "certificate", DER: b.Bytes, Line: line})
		case b.Type == "X509 CRL":
			out = append(out, Block{Kind: "crl", DER: b.Bytes, Line: line})
		case b.Type == "PKCS7" || b.Type == "CMS":
			more, err := derBlocks(path, b.Bytes, line)
			out = append(out, more...)
			return err
		case strings.HasSuffix(b.Type, "PRIVATE KEY"):
			key = line
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case len(out) > 0 && !slices.ContainsFunc(out, whole):
		return nil, &Error{Kind: "format", Path: path, Position: fmt.Sprintf("line %d", out[0].Line),
			Message: "the certificate in the PEM block is cut off or damaged", Remedy: "copy the file again, from its BEGIN line to its END line"}
	case len(out) > 0:
		return out, nil
	case key > 0:
		return nil, privateKey(path, fmt.Sprintf("line %d", key))
	}
	return nil, &Error{Kind: "format", Path: path, Message: "no certificate among its PEM blocks", Remedy: "give the file with the BEGIN CERTIFICATE blocks", other: true}
}

// whole reports whether a block holds a whole element, readable inside or not: a
// file in which none does was damaged in copying, and has nothing to judge.
func whole(b Block) bool {
	begin, n, ok := header(b.DER)
	return ok && b.DER[0] == 0x30 && n <= int64(len(b.DER)-begin)
}
