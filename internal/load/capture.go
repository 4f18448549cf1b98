package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
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
	for k, data := range c.Blobs {
		if k != chain.BlobKey(data) {
			return &Error{Message: "a certificate of it does not stand under its own SHA-256: the capture was changed", Remedy: again}
		}
	}
	for i := range c.Observations {
		o := &c.Observations[i]
		for _, k := range o.Sent {
			if _, ok := c.Blobs[k]; !ok {
				return &Error{Message: fmt.Sprintf("observation %d names a certificate that the capture does not hold", i), Remedy: again}
			}
		}
		if field := unknownWord(o); field != "" {
			return &Error{Message: fmt.Sprintf("observation %d: %s is no word that --capture writes", i, field), Remedy: "judge it with the version of chainspect that took it, or " + again}
		}
	}
	for _, e := range c.Evidence {
		switch {
		case e.Origin != "given" && e.Origin != "fetched":
			return &Error{Message: "evidence in it is neither given nor fetched", Remedy: again}
		case !slices.Contains([]string{chain.EvidenceCRL, chain.EvidenceOCSP, chain.EvidenceCTList, chain.EvidenceCert}, e.Kind): // which would count for nothing
			return &Error{Message: "evidence in it is of a kind that --capture does not write", Remedy: "judge it with the version of chainspect that took it, or " + again}
		case e.SHA256 != "" && e.Form == "" && e.Error == "" && e.Kind != chain.EvidenceCert && e.SHA256 != chain.BlobKey(e.Data):
			return &Error{Message: "evidence in it has another SHA-256 than its own: the capture was changed", Remedy: again}
		}
	}
	return nil
}

// unknownWord names the field of an observation whose word is none of those that
// can stand there: what is judged by it would pass for what it is not.
func unknownWord(o *chain.Observation) string {
	out := &o.Outcome
	proof := string(out.KeyProof)
	switch {
	case !slices.Contains([]chain.Transport{chain.TransportTLS, chain.TransportHTTP, chain.TransportFile, chain.TransportStdin, chain.TransportJob}, o.Transport):
		return "transport"
	case !slices.Contains([]chain.Stage{"", chain.StageDNS, chain.StageConnect, chain.StageHello, chain.StageCertificate, chain.StageFinished, chain.StageHTTP}, out.Stage):
		return "stage"
	case !slices.Contains([]chain.ErrorKind{"", chain.ErrorDNS, chain.ErrorRefused, chain.ErrorTimeout, chain.ErrorNotTLS, chain.ErrorTLS, chain.ErrorClosed, chain.ErrorLocal}, out.ErrorKind):
		return "error_kind"
	case out.Version != "" && tlsname.VersionNamed(out.Version) == 0 && !strings.HasPrefix(out.Version, "0x"):
		return "version"
	case proof != "" && out.KeyProof != chain.ProofVerified && out.KeyProof != chain.ProofWrong && !strings.HasPrefix(proof, string(chain.NotCheckable(""))):
		return "key_proof"
	}
	if a := o.ClientAuth; a != nil && !slices.Contains([]chain.ClientAuthMode{chain.ClientAuthNone, chain.ClientAuthRequested, chain.ClientAuthRequired, chain.ClientAuthUnknown}, a.Mode) {
		return "client_auth.mode"
	}
	if p := o.Presented; p != nil {
		switch {
		case !slices.Contains([]chain.Fate{chain.FateAccepted, chain.FateRefused, chain.FateUnknown, chain.FateUnasked}, p.Fate):
			return "presented.fate"
		case !slices.Contains([]chain.Layer{"", chain.OverTLS, chain.OverHTTP}, p.Over):
			return "presented.over"
		}
	}
	return ""
}
