// Package tlswire computes what both ends of a TLS connection compute: key
// shares, key schedules, record protection, transcripts and the framing of
// messages. The reader of internal/dial is a client made of it, the servers of
// internal/tlsscript, which break the rules of TLS on purpose, are the other
// end. It is for looking, not for secrecy: nothing here hides from a clock.
package tlswire

import (
	"crypto"
	"encoding/binary"
	"hash"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Record content types (RFC 8446 section 5.1).
const (
	RecordCCS       = 20
	RecordAlert     = 21
	RecordHandshake = 22
	RecordData      = 23
)

// Sizes of records.
const (
	RecordHeader = 5
	MaxPlain     = 1 << 14         // content (RFC 8446 section 5.1)
	MaxSealed13  = MaxPlain + 256  // RFC 8446 section 5.2
	MaxSealed12  = MaxPlain + 2048 // RFC 5246 section 6.2.3
)

// RetryRandom marks a HelloRetryRequest (RFC 8446 section 4.1.3).
const RetryRandom = "\xCF\x21\xAD\x74\xE5\x9A\x61\x11\xBE\x1D\x8C\x02\x1E\x65\xB8\x91" +
	"\xC2\xA2\x11\x16\x7A\xBB\x8C\x5E\x07\x9E\x09\xE2\xC8\xA8\x33\x9C"

// Message frames a handshake message.
func Message(typ tlsname.Message, body []byte) []byte {
	return append([]byte{byte(typ), byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}, body...)
}

// Record frames content in the clear.
func Record(typ byte, version tlsname.Version, content []byte) []byte {
	out := make([]byte, RecordHeader, RecordHeader+len(content))
	out[0] = typ
	binary.BigEndian.PutUint16(out[1:], uint16(version))
	binary.BigEndian.PutUint16(out[3:], uint16(len(content)))
	return append(out, content...)
}

// A Protection keeps one direction of a connection secret and whole.
type Protection interface {
	// Open gives the content of a record; in TLS 1.3 with padding and type behind it.
	Open(header [RecordHeader]byte, body []byte) ([]byte, error)
	// Seal gives one whole record of the content type.
	Seal(typ byte, content []byte) []byte
}

// A Transcript keeps the handshake messages for the hashes over them (RFC 8446
// section 4.4.1, RFC 5246 section 7.4.9). Until the hash is known, and up to
// TLS 1.2, it keeps the messages themselves.
type Transcript struct {
	kept []byte
	hash hash.Hash
}

// Add puts a whole message behind the others.
func (t *Transcript) Add(msg []byte) {
	if t.hash == nil {
		t.kept = append(t.kept, msg...)
		return
	}
	t.hash.Write(msg)
}

// Start fixes the hash of TLS 1.3.
func (t *Transcript) Start(h crypto.Hash) {
	t.hash = h.New()
	t.hash.Write(t.kept)
	t.kept = nil
}

// Retry puts message_hash in the place of the first hello (RFC 8446 section 4.4.1).
func (t *Transcript) Retry(h crypto.Hash) {
	first := h.New()
	first.Write(t.kept)
	t.kept = Message(tlsname.MessageHash, first.Sum(nil))
}

// Sum is the hash of TLS 1.3 so far.
func (t *Transcript) Sum() []byte { return t.hash.Sum(nil) }

// Messages are those kept: all of them, up to TLS 1.2.
func (t *Transcript) Messages() []byte { return t.kept }
