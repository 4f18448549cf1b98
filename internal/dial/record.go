package dial

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Record content types (RFC 8446 section 5.1).
const (
	recordCCS       = 20
	recordAlert     = 21
	recordHandshake = 22
	recordData      = 23
)

// Bounds on what a server may make the reader hold. The largest Certificate
// message in the wild is about 100 kB, of CertificateRequest about 75 kB.
const (
	maxFlight      = 2 << 20      // bytes of one connection, records and all
	maxMessage     = 1 << 20      // one handshake message, compressed or not
	maxRecord      = 1<<14 + 2048 // RFC 5246 section 6.2.3
	maxCertificate = 256          // items of one Certificate message
	maxWarnings    = 8            // warning alerts before the end of the flight
	maxEmpty       = 32           // records and messages without content
	maxBanner      = 512          // bytes looked at when the answer is not TLS
	readBuffer     = 8 << 10      //
	recordHeader   = 5            //
)

// errNotTLS: the first bytes are neither a TLS record nor HTTP where that was
// asked for; head is what came.
type errNotTLS struct{ head []byte }

func (e *errNotTLS) Error() string { return readBanner(e.head).text }

// errAlert is a fatal alert from the server, or its close_notify.
type errAlert struct{ code tlsname.Alert }

func (e *errAlert) Error() string { return "the server sent alert " + e.code.Numbered() }

// errProtocol says what in the server's bytes is not as TLS wants it.
type errProtocol string

func (e errProtocol) Error() string { return string(e) }

// Bounds of ours that a server exceeded.
var (
	errTooLong  = errProtocol("sent more than 2 MiB before the end of its flight")
	errEmpty    = errProtocol("sent records or messages without content, without end")
	errWarnings = errProtocol("sent warning alerts without end")
)

// A recordReader takes records off a byte stream and opens them once keys are
// there.
type recordReader struct {
	r        *bufio.Reader
	total    int
	keys     *trafficKeys // nil: plaintext
	tls13    bool         // change_cipher_spec records count for nothing (RFC 8446 section 5)
	any      bool         // at least one whole record was read
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
		ignored := typ == recordCCS && rr.tls13
		if ignored || len(body) == 0 {
			if err := rr.countEmpty(); err != nil {
				return 0, nil, err
			}
		}
		switch {
		case ignored:
			continue
		case typ == recordAlert:
			if len(body) != 2 {
				return 0, nil, errProtocol("sent an alert that is not two bytes long")
			}
			const warning = 1
			if body[0] == warning && tlsname.Alert(body[1]) != tlsname.CloseNotify && !rr.tls13 {
				if rr.warnings++; rr.warnings > maxWarnings {
					return 0, nil, errWarnings
				}
				continue
			}
			return 0, nil, &errAlert{code: tlsname.Alert(body[1])}
		}
		return typ, body, nil
	}
}

// countEmpty counts what says nothing and so could be sent for ever.
func (rr *recordReader) countEmpty() error {
	if rr.empty++; rr.empty > maxEmpty {
		return errEmpty
	}
	return nil
}

func (rr *recordReader) record() (byte, []byte, error) {
	var header [recordHeader]byte
	n, err := io.ReadFull(rr.r, header[:])
	if n > 0 && !rr.any && !looksLikeRecord(header[:n]) {
		return 0, nil, &errNotTLS{head: rr.banner(header[:n])}
	}
	if err != nil {
		if n > 0 && errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, nil, errProtocol("ended the connection inside a record header")
		}
		return 0, nil, err
	}
	if rr.any && !looksLikeRecord(header[:]) {
		return 0, nil, errProtocol("sent bytes that are no TLS record after its first records")
	}
	length := int(binary.BigEndian.Uint16(header[3:]))
	if length > maxRecord {
		return 0, nil, errProtocol("sent a record longer than 18,432 bytes")
	}
	if rr.total += recordHeader + length; rr.total > maxFlight {
		return 0, nil, errTooLong
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(rr.r, body); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return 0, nil, errProtocol("ended the connection inside a record")
		}
		return 0, nil, err
	}
	rr.any = true
	if rr.keys == nil || (header[0] == recordCCS && rr.tls13) {
		return header[0], body, nil
	}
	return rr.open(header, body)
}

// open decrypts a TLS 1.3 record (RFC 8446 section 5.2): the content type is
// the last byte that is not zero.
func (rr *recordReader) open(header [recordHeader]byte, body []byte) (byte, []byte, error) {
	if header[0] == recordAlert { // a server that could not read our keys answers in clear text
		return recordAlert, body, nil
	}
	if header[0] != recordData {
		return 0, nil, errProtocol("sent clear text where encrypted records are due")
	}
	plain, err := rr.keys.open(header[:], body)
	if err != nil {
		return 0, nil, errProtocol("sent a record that does not decrypt")
	}
	for i := len(plain) - 1; i >= 0; i-- {
		if plain[i] != 0 {
			return plain[i], plain[:i], nil
		}
	}
	return 0, nil, errProtocol("sent an encrypted record without a content type")
}

// looksLikeRecord: content type 20 to 24, version 3.x, as far as the bytes go.
func looksLikeRecord(head []byte) bool {
	return head[0] >= recordCCS && head[0] <= 24 && (len(head) < 2 || head[1] == 3)
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

// next gives one handshake message, its four-byte header included.
func (mr *messageReader) next() ([]byte, error) {
	for {
		if len(mr.pending) >= 4 {
			length := 4 + int(mr.pending[1])<<16 + int(mr.pending[2])<<8 + int(mr.pending[3])
			if length > maxMessage {
				return nil, errProtocol("announced a handshake message longer than 1 MiB")
			}
			if len(mr.pending) >= length {
				msg := mr.pending[:length:length]
				mr.pending = mr.pending[length:]
				return msg, nil
			}
		}
		typ, body, err := mr.records.next()
		if err != nil {
			return nil, err
		}
		if typ != recordHandshake {
			return nil, errProtocol("sent " + recordName(typ) + " where a handshake message is due")
		}
		mr.pending = append(mr.pending, body...)
	}
}

func recordName(typ byte) string {
	switch typ {
	case recordCCS:
		return "change_cipher_spec"
	case recordData:
		return "application data"
	}
	return "a record of unknown type"
}
