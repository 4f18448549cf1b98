package anchors

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"howett.net/plist"
)

// The decoder recurses without bound and takes quadratic time on nested binary
// lists; a profile with certificates stays far below these bounds.
const (
	maxPlistBytes   = 1 << 20
	maxPlistDepth   = 32
	maxPlistObjects = 100_000
)

// decodePlist reads an XML or binary property list within the bounds.
func decodePlist(data []byte, into any) error {
	if len(data) > maxPlistBytes {
		return fmt.Errorf("the property list has %d bytes, more than %d", len(data), maxPlistBytes)
	}
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("bplist00")):
		err = boundBinary(data)
	case bytes.HasPrefix(trimmed, []byte("<")):
		err = boundXML(trimmed)
		data = trimmed
	default:
		err = errors.New("it is neither an XML nor a binary property list")
	}
	if err != nil {
		return err
	}
	if _, err = plist.Unmarshal(data, into); err != nil { // its text may quote the file
		return errors.New("the property list does not decode")
	}
	return nil
}

func boundXML(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for depth := 0; ; {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			line, _ := d.InputPos()
			return fmt.Errorf("the property list is not well-formed in line %d", line)
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > maxPlistDepth {
			return fmt.Errorf("the property list is nested deeper than %d", maxPlistDepth)
		}
	}
}

// boundBinary walks the object table as the decoder would, with every shared
// reference counted as often as it is reached.
func boundBinary(data []byte) error {
	const trailer = 32
	if len(data) < 8+trailer {
		return errors.New("the binary property list is truncated")
	}
	t := data[len(data)-trailer:]
	w := binaryWalk{data: data, offsetSize: int(t[6]), refSize: int(t[7])}
	count, top, table := binary.BigEndian.Uint64(t[8:]), binary.BigEndian.Uint64(t[16:]), binary.BigEndian.Uint64(t[24:])
	size := uint64(len(data))
	if w.offsetSize < 1 || w.offsetSize > 8 || w.refSize < 1 || w.refSize > 8 ||
		count > size || top >= count || table > size || count*uint64(w.offsetSize) > size-table {
		return errors.New("the trailer of the binary property list does not fit it")
	}
	w.count, w.table = count, table
	return w.object(top, 0)
}

type binaryWalk struct {
	data                []byte
	offsetSize, refSize int
	count, table        uint64
	seen                int
}

func (w *binaryWalk) number(at uint64, size int) (uint64, bool) {
	if at > uint64(len(w.data)) || uint64(size) > uint64(len(w.data))-at {
		return 0, false
	}
	var n uint64
	for _, b := range w.data[at : at+uint64(size)] {
		n = n<<8 | uint64(b)
	}
	return n, true
}

func (w *binaryWalk) object(index uint64, depth int) error {
	damaged := errors.New("the binary property list is damaged")
	w.seen++
	if depth > maxPlistDepth || w.seen > maxPlistObjects {
		return fmt.Errorf("the property list is nested deeper than %d or has more than %d values", maxPlistDepth, maxPlistObjects)
	}
	if index >= w.count {
		return damaged
	}
	at, ok := w.number(w.table+index*uint64(w.offsetSize), w.offsetSize)
	if !ok || at >= uint64(len(w.data)) {
		return damaged
	}
	marker := w.data[at]
	at++
	kind := marker >> 4
	if kind != 0xa && kind != 0xc && kind != 0xd { // array, set, dictionary
		return nil
	}
	n := uint64(marker & 0xf)
	if n == 0xf { // an integer object with the count follows
		if at >= uint64(len(w.data)) || w.data[at]>>4 != 1 || w.data[at]&0xf > 3 {
			return damaged
		}
		size := 1 << (w.data[at] & 0xf)
		if n, ok = w.number(at+1, size); !ok {
			return damaged
		}
		at += 1 + uint64(size)
	}
	if n > uint64(len(w.data)) {
		return damaged
	}
	if kind == 0xd {
		n *= 2
	}
	for i := range n {
		ref, ok := w.number(at+i*uint64(w.refSize), w.refSize)
		if !ok {
			return damaged
		}
		if err := w.object(ref, depth+1); err != nil {
			return err
		}
	}
	return nil
}
