package ats

import (
	"bytes"
	"errors"
	"fmt"
)

// boundedXML walks the tags of an XML property list, without reading it, and
// refuses deep nesting and entity declarations.
func boundedXML(text []byte) error {
	depth := 0
	for {
		i := bytes.IndexByte(text, '<')
		if i < 0 {
			return nil
		}
		text = text[i:]
		end := ">"
		switch {
		case bytes.HasPrefix(text, []byte("<!--")):
			end = "-->"
		case bytes.HasPrefix(text, []byte("<![CDATA[")):
			end = "]]>"
		case bytes.HasPrefix(text, []byte("<?")):
			end = "?>"
		}
		n := bytes.Index(text, []byte(end))
		if n < 0 {
			return errors.New("the XML ends inside a tag")
		}
		tag := text[:n]
		text = text[n+len(end):]
		switch {
		case bytes.HasPrefix(tag, []byte("<!DOCTYPE")) && bytes.IndexByte(tag, '[') >= 0:
			return errors.New("the XML declares entities of its own")
		case len(tag) > 1 && (tag[1] == '!' || tag[1] == '?'):
		case len(tag) > 1 && tag[1] == '/':
			depth--
		case tag[len(tag)-1] != '/':
			if depth++; depth > maxPlistDepth+2 { // plist itself, and the innermost value
				return fmt.Errorf("values are nested more than %d deep", maxPlistDepth)
			}
		}
	}
}
