package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/chainspect/chainspect/pkg/chain"
)

// savedCaptures reads what --capture wrote: one capture, or several one after
// the other as JSON lines.
func savedCaptures(path string, data []byte) ([]*chain.Capture, error) {
	var out []*chain.Capture
	for d := json.NewDecoder(bytes.NewReader(data)); ; {
		start := d.InputOffset()
		var c chain.Capture
		err := d.Decode(&c)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		at := fmt.Sprintf("line %d", 1+bytes.Count(data[:start+leading(data[start:])], []byte("\n")))
		if err == nil {
			err = usable(&c)
		}
		if err != nil {
			return nil, captureError(path, at, err)
		}
		out = append(out, &c)
	}
}

// leading counts the white space before a value.
func leading(data []byte) int64 {
	return int64(len(data) - len(bytes.TrimLeft(data, " \t\r\n")))
}

func captureError(path, at string, err error) error {
	e := &Error{Kind: "format", Path: path, Position: at, Remedy: "give a file written by --capture"}
	var own *Error
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &own):
		e.Message, e.Remedy = own.Message, own.Remedy
	case errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF):
		e.Message = "this JSON is cut off or damaged"
	default:
		e.Message = "JSON, but no capture"
		if te := (*json.UnmarshalTypeError)(nil); errors.As(err, &te) && te.Field != "" {
			e.Message = "no capture: its field " + te.Field + " is of the wrong type"
		}
	}
	return e
}

// usable says what a decoded capture lacks to be judged.
func usable(c *chain.Capture) error {
	const again = "take the capture again"
	if c.Schema != chain.CaptureSchema {
		return &Error{Message: "JSON whose schema is not " + chain.CaptureSchema, Remedy: "give a file written by --capture"}
	}
	if len(c.Observations) == 0 {
		return &Error{Message: "a capture without observations", Remedy: again}
	}
	for i := range c.Observations {
		for _, k := range c.Observations[i].Sent {
			if _, ok := c.Blobs[k]; !ok {
				return &Error{Message: fmt.Sprintf("observation %d names a certificate that the capture does not hold", i), Remedy: again}
			}
		}
	}
	return nil
}
