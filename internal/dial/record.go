package dial

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

const (
	maxWarnings = 4   // warning alerts in a row that BoringSSL takes
	maxEmpty    = 32  // records without content in a row that it takes
	maxBanner   = 512 // bytes looked at when the answer is not TLS
	readBuffer  = 8 << 10
)

// Levels of alerts (RFC 8446 section 6).
const (
	alertWarning = 1
	alertFatal   = 2
)

// errNotTLS: the first bytes are neither a TLS record nor HTTP where that was
// asked for; head is what came.
type errNotTLS struct{ head []byte }

func (e *errNotTLS) Error() string { return readBanner(e.head).text }

// errAlert is a fatal alert from the server, or its close_notify.
type errAlert struct{ code tlsname.Alert }

func (e *errAlert) Error() string { return "the server sent alert " + e.code.Numbered() }

// A recordReader takes records off a byte stream and opens them once keys are
// there.
type recordReader struct {
	r        *bufio.Reader
	total    int
	keys     tlswire.Protection // nil: plaintext
	version  tlsname.Version    // agreed on; 0: not yet
	any      bool               // at least one whole record was read
	finished bool               // the server's Finished was read
	warnings int
	empty    int
}

func newRecordReader(r io.Reader) *recordReader {
	return &recordReader{r: bufio.NewReaderSize(r, readBuffer)}
}

// next gives the type and the content of the next record that is no warning
// and no change_cipher_spec to be ignored.
func (rr *recordReader) next() (byte, []byte, error) {
	for {
		typ, body, err := rr.record()
		if err != nil {
			return 0, nil, err
		}
		// RFC 8446 section 5: at any time after the first hello, before Finished.
		ignored := typ == tlswire.RecordCCS && rr.version == tlsname.TLS13 && !rr.finished && len(body) == 1 && body[0] == 1
		if !ignored && len(body) > 0 {
			rr.empty = 0
		} else if err := rr.countEmpty(); err != nil {
			return 0, nil, err
		}
		switch {
		case ignored:
			continue
		case typ == tlswire.RecordAlert:
			if err := rr.alert(body); err != nil {
				return 0, nil, err
			}
			continue
		}
		rr.warnings = 0
		return typ, body, nil
	}
}

// alert is nil for a warning that a client passes over (RFC 8446 section 6;
// RFC 5246 section 7.2).
func (rr *recordReader) alert(body []byte) error {
	const userCanceled = 90
	switch {
	case len(body) != 2:
		return breaks(tlsname.DecodeError, "sent an alert that is not two bytes long")
	case body[0] != alertWarning && body[0] != alertFatal:
		return breaks(tlsname.IllegalParameter, "sent an alert of level %d", body[0])
	case body[0] == alertWarning && tlsname.Alert(body[1]) != tlsname.CloseNotify && (rr.version != tlsname.TLS13 || body[1] == userCanceled):
		if rr.warnings++; rr.warnings > maxWarnings {
			return errWarning
		}
		return nil
	}
	return &errAlert{code: tlsname.Alert(body[1])}
}

// countEmpty counts what says nothing and so could be sent for ever.
func (rr *recordReader) countEmpty() error {
	if rr.empty++; rr.empty > maxEmpty {
		return errEmpty
	}
	return nil
}

func (rr *recordReader) record() (byte, []byte, error) {
	var header [tlswire.RecordHeader]byte
	n, err := io.ReadFull(rr.r, header[:])
	if n > 0 && !rr.any && !looksLikeRecord(header[:n]) {
		return 0, nil, &errNotTLS{head: rr.banner(header[:n])}
	}
	if err != nil {
		if n > 0 && errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, nil, breaks(tlsname.DecodeError, "ended the connection inside a record header")
		}
		return 0, nil, err
	}
	if rr.any && !looksLikeRecord(header[:]) {
		return 0, nil, breaks(tlsname.ProtocolVersion, "sent bytes that are no TLS record after its first records")
	}
	length := int(binary.BigEndian.Uint16(header[3:]))
	if limit := rr.limit(header[0]); length > limit {
		return 0, nil, breaks(tlsname.RecordOverflow, "sent a record of %d bytes, longer than %d", length, limit)
	}
	if rr.total += len(header) + length; rr.total > maxFlight {
		return 0, nil, errTooLong
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(rr.r, body); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return 0, nil, breaks(tlsname.DecodeError, "ended the connection inside a record")
		}
		return 0, nil, err
	}
	rr.any = true
	if rr.keys == nil {
		return header[0], body, nil
	}
	if header[0] == tlswire.RecordAlert && length == 2 && body[0] == alertFatal { // a server that could not read our keys answers in clear text
		return tlswire.RecordAlert, body, nil
	}
	if v, want := tlsname.Version(binary.BigEndian.Uint16(header[1:])), min(rr.version, tlsname.TLS12); v != want {
		return 0, nil, breaks(tlsname.ProtocolVersion, "sent a record of version %s after its keys, not %s", v, want)
	}
	if header[0] == tlswire.RecordCCS && rr.version == tlsname.TLS13 {
		return header[0], body, nil
	}
	return rr.open(header, body)
}

// limit is the longest record there may be now (RFC 8446 sections 5.1 and 5.2,
// RFC 5246 section 6.2.3).
func (rr *recordReader) limit(typ byte) int {
	switch {
	case rr.keys == nil:
		return tlswire.MaxPlain
	case rr.version == tlsname.TLS13 && typ == tlswire.RecordData:
		return tlswire.MaxSealed13
	}
	return tlswire.MaxSealed12
}

// open decrypts a record; in TLS 1.3 the content type is the last byte that is
// not zero (RFC 8446 section 5.2).
func (rr *recordReader) open(header [tlswire.RecordHeader]byte, body []byte) (byte, []byte, error) {
	in13 := rr.version == tlsname.TLS13
	if in13 && header[0] != tlswire.RecordData {
		return 0, nil, breaks(tlsname.UnexpectedMessage, "sent clear text where encrypted records are due")
	}
	plain, err := rr.keys.Open(header, body)
	if err != nil {
		return 0, nil, breaks(tlsname.BadRecordMAC, "sent a record that does not decrypt")
	}
	typ := header[0]
	if in13 {
		end := len(plain) - 1
		for end >= 0 && plain[end] == 0 {
			end--
		}
		if len(plain) > tlswire.MaxPlain+1 || end < 0 {
			return 0, nil, breaks(tlsname.UnexpectedMessage, "sent an encrypted record without a content type, or one too long")
		}
		typ, plain = plain[end], plain[:end]
		if typ == tlswire.RecordCCS { // RFC 8446 section 5: never encrypted
			return 0, nil, breaks(tlsname.UnexpectedMessage, "sent an encrypted change_cipher_spec")
		}
	}
	if len(plain) > tlswire.MaxPlain {
		return 0, nil, breaks(tlsname.RecordOverflow, "sent a record of %d bytes, longer than %d", len(plain), tlswire.MaxPlain)
	}
	return typ, plain, nil
}

// looksLikeRecord: content type 20 to 24, version 3.x, as far as the bytes go.
func looksLikeRecord(head []byte) bool {
	return head[0] >= tlswire.RecordCCS && head[0] <= 24 && (len(head) < 2 || head[1] == 3)
}

// banner is what came in place of a record, without waiting for more.
func (rr *recordReader) banner(head []byte) []byte {
	more, _ := rr.r.Peek(min(rr.r.Buffered(), maxBanner))
	return append(append([]byte(nil), head...), more...)
}

// A messageReader joins the content of records to handshake messages.
type messageReader struct {
	records *recordReader
	pending []byte
}

// length is that of the message at the front, its header included.
func (mr *messageReader) length() int {
	return 4 + int(mr.pending[1])<<16 + int(mr.pending[2])<<8 + int(mr.pending[3])
}

// whole: next has what it needs, be it to refuse it.
func (mr *messageReader) whole() bool {
	return len(mr.pending) >= 4 && (len(mr.pending) >= mr.length() || mr.length() > maxMessage)
}

// next gives one handshake message, its four-byte header included.
func (mr *messageReader) next() (tlsname.Message, []byte, error) {
	for {
		if len(mr.pending) >= 4 {
			length := mr.length()
			typ := tlsname.Message(mr.pending[0])
			if length > maxMessage {
				return 0, nil, tooLarge(typ, length)
			}
			if len(mr.pending) >= length {
				msg := mr.pending[:length:length]
				mr.pending = mr.pending[length:]
				return typ, msg, nil
			}
		}
		typ, body, err := mr.records.next()
		if err != nil {
			return 0, nil, err
		}
		if typ != tlswire.RecordHandshake {
			return 0, nil, breaks(tlsname.UnexpectedMessage, "sent %s where a handshake message is due", recordName(typ))
		}
		mr.pending = append(mr.pending, body...)
	}
}

// tooLarge is a message that neither this program nor a client reads.
func tooLarge(typ tlsname.Message, length int) error {
	return breaks(tlsname.IllegalParameter, "announced a %s of %d bytes; clients read no more than %d", typ, length, tlsname.MaxMessage)
}

// boundary: keys may change, and a flight end, between records only (RFC 8446
// section 5.1).
func (mr *messageReader) boundary(after fmt.Stringer) error {
	if len(mr.pending) > 0 {
		return breaks(tlsname.UnexpectedMessage, "sent more in the record that ends with its %s", after)
	}
	return nil
}

// changeCipherSpec reads that record, as it stands before Finished up to TLS 1.2
// (RFC 5246 section 7.1).
func (mr *messageReader) changeCipherSpec() error {
	typ, body, err := mr.records.next()
	switch {
	case err != nil:
		return err
	case typ != tlswire.RecordCCS:
		name := recordName(typ)
		if typ == tlswire.RecordHandshake && len(body) > 0 {
			name = tlsname.Message(body[0]).String()
		}
		return breaks(tlsname.UnexpectedMessage, "sent %s where change_cipher_spec is due", name)
	case len(body) != 1 || body[0] != 1:
		return breaks(tlsname.DecodeError, "sent a malformed change_cipher_spec")
	}
	return nil
}

func recordName(typ byte) string {
	switch typ {
	case tlswire.RecordCCS:
		return "change_cipher_spec"
	case tlswire.RecordData:
		return "application data"
	}
	return "a record of unknown type"
}
