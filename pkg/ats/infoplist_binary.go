package ats

import (
	"encoding/binary"
	"errors"
	"fmt"
)

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
