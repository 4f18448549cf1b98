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
