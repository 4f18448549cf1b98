package dtls

import (
	"encoding/binary"

	"golang.org/x/crypto/cryptobyte"
)

// datagram takes the records of one datagram; what is malformed or of another epoch
// is passed over, as it may be anybody's (RFC 6347 section 4.1.2.7).
func (s *Stream) datagram(p []byte) {
	in := cryptobyte.String(p)
	known := false
	for !in.Empty() && s.err == nil {
		var typ byte
		var version, epoch uint16
		var sequence uint64
		var body cryptobyte.String
		if !in.ReadUint8(&typ) || !in.ReadUint16(&version) || !in.ReadUint16(&epoch) || !in.ReadUint48(&sequence) || !in.ReadUint16LengthPrefixed(&body) ||
			version != wire10 && version != wire12 {
			break
		}
		known = true
		switch {
		case epoch != 0:
		case typ == recordAlert && len(body) == 2:
			s.emit(recordAlert, body)
		case typ == recordHandshake:
			s.fragments(body)
		}
	}
	if known {
		return
	}
	if s.stray++; s.stray >= maxStray {
		s.err = ErrForeign
	}
}

// fragments takes the parts of handshake messages in one record (RFC 6347 section 4.2.3).
func (s *Stream) fragments(body cryptobyte.String) {
	for !body.Empty() {
		var typ byte
		var length, offset, size uint32
		var sequence uint16
		var part []byte
		if !body.ReadUint8(&typ) || !body.ReadUint24(&length) || !body.ReadUint16(&sequence) || !body.ReadUint24(&offset) || !body.ReadUint24(&size) ||
			!body.ReadBytes(&part, int(size)) || length > MaxMessage || offset+size > length {
			return
		}
		if s.next >= 0 && int(sequence) < s.next {
			continue // said again
		}
		m := s.open[sequence]
		if m == nil {
			if len(s.open) >= maxOpen {
				continue
			}
			m = &message{typ: typ, body: make([]byte, length), have: make([]bool, length), left: int(length)}
			s.open[sequence] = m
		}
		if m.typ != typ || len(m.body) != int(length) {
			continue
		}
		for i, b := range part {
			if at := int(offset) + i; !m.have[at] {
				m.have[at], m.body[at] = true, b
				m.left--
			}
		}
		s.deliver(sequence, m)
	}
}

// deliver hands on what is whole and due. The ServerHello says where the server's
// sequence begins: after a HelloVerifyRequest it is not 0.
func (s *Stream) deliver(sequence uint16, m *message) {
	if m.left > 0 {
		return
	}
	if s.next < 0 {
		switch m.typ {
		case verifyHello:
			delete(s.open, sequence)
			s.answerVerify(m.body)
			return
		case serverHello:
			s.next = int(sequence)
		default:
			return
		}
	}
	for s.next >= 0 && s.next <= 0xffff {
		m := s.open[uint16(s.next)]
		if m == nil || m.left > 0 {
			return
		}
		delete(s.open, uint16(s.next))
		s.next++
		s.take(m)
		if s.err != nil {
			return
		}
	}
}

// answerVerify says the hello once more with the server's cookie (RFC 6347 section 4.2.1).
func (s *Stream) answerVerify(body []byte) {
	in := cryptobyte.String(body)
	var cookie cryptobyte.String
	if !in.Skip(2) || !in.ReadUint8LengthPrefixed(&cookie) {
		return
	}
	if s.verify++; s.verify > maxVerify {
		s.err = ErrForeign
		return
	}
	s.cookie = append([]byte(nil), cookie...)
	s.said++
	s.timer = firstTimer
	if err := s.say(); err != nil {
		s.err = err
	}
}

// take turns one message into records of TLS.
func (s *Stream) take(m *message) {
	if m.typ == serverHello && len(m.body) > 2 {
		v := binary.BigEndian.Uint16(m.body)
		binary.BigEndian.PutUint16(m.body, fromWire(v))
		s.version = fromWire(v)
		eachVersion(m.body, false, func(v []byte) {
			if binary.BigEndian.Uint16(v) == wire13 {
				s.err = ErrDTLS13
			}
		})
		if s.err != nil {
			return
		}
	}
	const most = 1 << 14
	whole := append([]byte{m.typ, byte(len(m.body) >> 16), byte(len(m.body) >> 8), byte(len(m.body))}, m.body...)
	for len(whole) > 0 {
		n := min(most, len(whole))
		s.emit(recordHandshake, whole[:n])
		whole = whole[n:]
	}
}

// emit adds a record to what waits to be read.
func (s *Stream) emit(typ byte, body []byte) {
	version := s.version
	if version == 0 {
		version = tls12
	}
	s.out = append(s.out, typ, byte(version>>8), byte(version), byte(len(body)>>8), byte(len(body)))
	s.out = append(s.out, body...)
}
