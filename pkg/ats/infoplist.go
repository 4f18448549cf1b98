package ats

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/chainspect/chainspect/pkg/chain"
	"howett.net/plist"
)

// Bounds of an Info.plist. The decoder recurses and is quadratic in places, so
// that size, nesting and number of values are looked at before it runs.
const (
	MaxInfoPlist   = 1 << 20 // bytes
	maxPlistDepth  = 32      // dictionaries and arrays inside each other
	maxPlistValues = 1 << 16 // values of a binary property list, shared ones counted each time
)

// ReadInfoPlist reads an app's Info.plist, XML or binary; source names it in
// reports. Other notations of property lists are refused. The error is one line
// that says what was found.
func ReadInfoPlist(source string, data []byte) (*chain.AppSettings, error) {
	data = fromUTF16(data)
	if err := boundedPlist(data); err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	var v any
	if err := decodePlist(data, &v); err != nil {
		return nil, fmt.Errorf("%s: the property list does not decode; `plutil -lint` says where", source)
	}
	root, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: the property list is not a dictionary, as an Info.plist is", source)
	}
	return &chain.AppSettings{Source: source, Root: root}, nil
}

// fromUTF16 makes UTF-8 of an XML list that a byte order mark says is UTF-16,
// without its declaration, which names the old encoding; else it is data.
func fromUTF16(data []byte) []byte {
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case len(data) > MaxInfoPlist: // refused next
		return data
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case !bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return data
	}
	units := make([]uint16, 0, len(data)/2)
	for rest := data[2:]; len(rest) >= 2; rest = rest[2:] {
		units = append(units, order.Uint16(rest))
	}
	text := string(utf16.Decode(units))
	if declaration, rest, ok := strings.Cut(text, "?>"); ok && strings.HasPrefix(declaration, "<?xml") {
		text = rest
	}
	return []byte(text)
}

// decodePlist turns a panic of the decoder into an error: the bytes are foreign.
func decodePlist(data []byte, v *any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("it is damaged")
		}
	}()
	_, err = plist.Unmarshal(data, v)
	return err
}

// boundedPlist refuses what the decoder must not see.
func boundedPlist(data []byte) error {
	switch {
	case len(data) == 0:
		return errors.New("the file is empty, a property list is wanted")
	case len(data) > MaxInfoPlist:
		return fmt.Errorf("%d bytes are more than an Info.plist has (at most %d)", len(data), MaxInfoPlist)
	case bytes.HasPrefix(data, []byte("bplist00")):
		return boundedBinary(data)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	for _, start := range []string{"<?xml", "<!DOCTYPE", "<plist", "<!--"} {
		if bytes.HasPrefix(text, []byte(start)) {
			return boundedXML(text)
		}
	}
	return errors.New("this is neither an XML nor a binary property list (plutil -convert xml1 makes one)")
}

// binaryPlist is the frame of a binary property list: enough to walk its object
// graph without decoding values (CFBinaryPList.c describes the format).
type binaryPlist struct {
	data       []byte
	offsetSize int // bytes of an entry of the offset table
	refSize    int // bytes of a reference to an object
	objects    uint64
	table      uint64 // where the offset table stands
	seen       int    // values walked, shared ones each time
}

const binaryTrailer = 32 // bytes

// boundedBinary walks the object graph from the top and refuses references that
// lead nowhere, loops, deep nesting and graphs that unfold to very many values.
func boundedBinary(data []byte) error {
	if len(data) < 8+binaryTrailer {
		return errors.New("the binary property list is cut short")
	}
	t := data[len(data)-binaryTrailer:]
	p := &binaryPlist{data: data[:len(data)-binaryTrailer], offsetSize: int(t[6]), refSize: int(t[7]),
		objects: binary.BigEndian.Uint64(t[8:]), table: binary.BigEndian.Uint64(t[24:])}
	size := uint64(len(p.data))
	if p.offsetSize < 1 || p.offsetSize > 8 || p.refSize < 1 || p.refSize > 8 || p.objects == 0 || p.objects > size ||
		p.table > size || p.objects*uint64(p.offsetSize) > size-p.table {
		return errors.New("the trailer of the binary property list does not fit the file")
	}
	return p.walk(binary.BigEndian.Uint64(t[16:]), 0)
}

func (p *binaryPlist) walk(object uint64, depth int) error {
	if depth > maxPlistDepth {
		return fmt.Errorf("values are nested more than %d deep", maxPlistDepth)
	}
	if p.seen++; p.seen > maxPlistValues {
		return fmt.Errorf("the binary property list unfolds to more than %d values", maxPlistValues)
	}
	if object >= p.objects {
		return fmt.Errorf("the binary property list refers to object %d of %d", object, p.objects)
	}
	at := p.number(p.table+object*uint64(p.offsetSize), p.offsetSize)
	if at >= p.table {
		return fmt.Errorf("object %d of the binary property list lies outside it", object)
	}
	marker := p.data[at]
	kind, count := marker>>4, uint64(marker&0xf)
	if kind != 0xa && kind != 0xc && kind != 0xd {
		return nil
	}
	at++
	if count == 0xf { // an integer object with the count follows
		if at >= p.table || p.data[at]>>4 != 1 || p.data[at]&0xf > 3 {
			return fmt.Errorf("the length of object %d of the binary property list does not decode", object)
		}
		width := 1 << (p.data[at] & 0xf)
		if at+1+uint64(width) > p.table {
			return fmt.Errorf("object %d of the binary property list is cut short", object)
		}
		count = p.number(at+1, width)
		at += 1 + uint64(width)
	}
	if kind == 0xd {
		if count > uint64(len(p.data)) {
			return fmt.Errorf("object %d of the binary property list is cut short", object)
		}
		count *= 2 // keys, then values
	}
	if count > (p.table-at)/uint64(p.refSize) {
		return fmt.Errorf("object %d of the binary property list is cut short", object)
	}
	for i := uint64(0); i < count; i++ {
		if err := p.walk(p.number(at+i*uint64(p.refSize), p.refSize), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// number reads a big-endian number that lies inside the data.
func (p *binaryPlist) number(at uint64, width int) uint64 {
	n := uint64(0)
	for _, b := range p.data[at : at+uint64(width)] {
		n = n<<8 | uint64(b)
	}
	return n
}

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
