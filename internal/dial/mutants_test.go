package dial

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/tlsscript"
	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A mutant is a right handshake with one thing changed at random: a message, an
// extension, a record. What was changed stands in its name.
func mutant(seed uint64, what *atomic.Value) tlsscript.Case {
	r := rand.New(rand.NewPCG(seed, 1))
	var right []tlsscript.Case
	for _, c := range tlsscript.Cases() {
		if c.Reason == "" && c.Name != "1.3 a certificate message longer than clients read" {
			right = append(right, c)
		}
	}
	base := right[r.IntN(len(right))]
	kind, at, state := r.IntN(10), r.IntN(6), r.Uint64()
	if base.Version < tlsname.TLS13 {
		at = r.IntN(5)
	}
	out := base
	out.Name = fmt.Sprintf("mutant %d of %q", seed, base.Name)
	out.Run = func(c *tlsscript.Conn) error {
		m := &mutation{Rand: rand.New(rand.NewPCG(state, 2)), c: c, what: what, in13: base.Version >= tlsname.TLS13, at: at}
		if kind == 0 {
			c.Frame = m.frame
		} else {
			c.Alter = m.message
		}
		return base.Run(c)
	}
	return out
}

// A mutation changes message or record number at of one connection.
type mutation struct {
	*rand.Rand
	c    *tlsscript.Conn
	in13 bool
	at   int
	held []tlsscript.Message
	what *atomic.Value // what was done, in words
}

// pick gives one of a list.
func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func (m *mutation) frame(typ byte, content []byte) (bool, error) {
	if m.at--; m.at != -1 {
		return false, nil
	}
	before := func(typ byte, body ...byte) (bool, error) {
		m.what.Store(fmt.Sprintf("record %d %x before one of %d", typ, body, len(content)))
		return false, m.c.Record(typ, body)
	}
	way := m.IntN(9)
	m.what.Store(fmt.Sprintf("record of %d changed in way %d", len(content), way))
	switch way {
	case 0:
		return before(tlswire.RecordHandshake)
	case 1:
		return before(tlswire.RecordAlert, pick[byte](m.Rand, 1, 2, 0), byte(m.IntN(120)))
	case 2:
		return before(tlswire.RecordData, make([]byte, m.IntN(2))...)
	case 3:
		return false, m.c.Raw([]byte{20, 3, byte(m.IntN(5)), 0, 1, byte(m.IntN(2))})
	case 4:
		return before(byte(19+m.IntN(7)), 1)
	case 5: // in parts
		n := m.IntN(len(content) + 1)
		if err := m.c.Record(typ, content[:n]); err != nil {
			return true, err
		}
		return true, m.c.Record(typ, content[n:])
	case 6:
		return true, m.c.Record(typ, append(slices.Clone(content), make([]byte, 1+m.IntN(5))...))
	case 7: // never encrypted
		return true, m.c.Raw(tlswire.Record(typ, pick(m.Rand, tlsname.TLS10, tlsname.TLS11, tlsname.TLS12, tlsname.TLS13, 0x0300, 0x0305), content))
	}
	return before(tlswire.RecordHandshake, content...) // twice, with one entry of the transcript
}

func (m *mutation) message(msg tlsscript.Message) []tlsscript.Message {
	if m.held != nil {
		out := append([]tlsscript.Message{msg}, m.held...)
		m.held = nil
		return out
	}
	if m.at--; m.at != -1 {
		return []tlsscript.Message{msg}
	}
	said := m.changed(msg)
	m.what.Store(differs(msg, said))
	return said
}

// differs tells what stands in place of a message.
func differs(msg tlsscript.Message, said []tlsscript.Message) string {
	out := fmt.Sprintf("%s of %d became", msg.Type, len(msg.Body))
	for _, s := range said {
		at := 0
		for at < min(len(s.Body), len(msg.Body)) && s.Body[at] == msg.Body[at] {
			at++
		}
		out += fmt.Sprintf(" %s of %d, %x at %d", s.Type, len(s.Body), s.Body[at:min(at+40, len(s.Body))], at)
	}
	return out
}

func (m *mutation) changed(msg tlsscript.Message) []tlsscript.Message {
	switch lists := m.lists(msg); {
	case len(lists) > 0 && m.IntN(4) > 0:
		return []tlsscript.Message{m.extension(msg, lists)}
	case m.IntN(3) == 0:
		return m.order(msg)
	}
	if msg.Type == tlsname.Certificate { // what lies in a certificate is no matter of the handshake
		msg.Body = slices.Clone(msg.Body)
		msg.Body[m.IntN(6)] ^= pick[byte](m.Rand, 1, 2, 0x80)
		return []tlsscript.Message{msg}
	}
	return []tlsscript.Message{{Type: msg.Type, Body: m.bytes(msg.Body)}}
}

// order changes which messages there are.
func (m *mutation) order(msg tlsscript.Message) []tlsscript.Message {
	other := pick(m.Rand, []tlsscript.Message{
		{Type: tlsname.HelloRequest}, {Type: tlsname.EncryptedExtensions, Body: []byte{0, 0}}, {Type: tlsname.ServerHelloDone},
		{Type: tlsname.CertificateRequest, Body: []byte{0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3}},
		{Type: tlsname.CertificateRequest, Body: []byte{1, 64, 0, 2, 4, 3, 0, 0}},
		{Type: tlsname.CertificateStatus, Body: []byte{1, 0, 0, 1, 1}},
		{Type: tlsname.NewSessionTicket, Body: []byte{0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0}},
		{Type: tlsname.NewSessionTicket, Body: []byte{0, 0, 1, 0, 0, 1, 1}}, {Type: tlsname.KeyUpdate, Body: []byte{0}}, {Type: tlsname.Message(m.IntN(256))},
		{Type: tlsname.Finished, Body: make([]byte, 32)}, {Type: 67, Body: []byte{0}},
	}...)
	switch m.IntN(6) {
	case 0:
		return nil
	case 1:
		return []tlsscript.Message{msg, msg}
	case 2:
		m.held = []tlsscript.Message{msg}
		return nil
	case 3:
		return []tlsscript.Message{other, msg}
	case 4:
		return []tlsscript.Message{msg, other}
	}
	msg.Type = other.Type
	return []tlsscript.Message{msg}
}

// bytes changes a body without knowing what it is.
func (m *mutation) bytes(body []byte) []byte {
	out := slices.Clone(body)
	switch n := len(out); {
	case n == 0 || m.IntN(5) == 0:
		return append(out, make([]byte, 1+m.IntN(3))...)
	case m.IntN(4) == 0:
		return out[:m.IntN(n)]
	default:
		i := m.IntN(n)
		if m.IntN(2) == 0 {
			i = m.IntN(min(n, 6))
		}
		out[i] ^= pick[byte](m.Rand, 1, 2, 0x80, 0xff)
		return out
	}
}

// lists finds the lists of extensions in a body: where each begins and ends.
func (m *mutation) lists(msg tlsscript.Message) (out [][2]int) {
	b := msg.Body
	switch {
	case msg.Type == tlsname.ServerHello:
		if at := 38 + int(b[34]); at < len(b) {
			return [][2]int{{at, len(b)}}
		}
	case !m.in13:
	case msg.Type == tlsname.EncryptedExtensions:
		return [][2]int{{0, len(b)}}
	case msg.Type == tlsname.CertificateRequest:
		return [][2]int{{1 + int(b[0]), len(b)}}
	case msg.Type == tlsname.Certificate:
		for at := 4 + int(b[0]); at < len(b); {
			at += 3 + int(b[at])<<16 + int(b[at+1])<<8 + int(b[at+2])
			end := at + 2 + int(binary.BigEndian.Uint16(b[at:]))
			out, at = append(out, [2]int{at, end}), end
		}
	}
	return out
}

// extension changes one of the lists.
func (m *mutation) extension(msg tlsscript.Message, lists [][2]int) tlsscript.Message {
	where := lists[m.IntN(len(lists))]
	b := msg.Body
	var list []tlsscript.Ext
	for rest := b[where[0]+2 : where[1]]; len(rest) > 0; {
		n := 4 + int(binary.BigEndian.Uint16(rest[2:]))
		list, rest = append(list, tlsscript.Ext{Type: tlsname.Extension(binary.BigEndian.Uint16(rest)), Body: slices.Clone(rest[4:n])}), rest[n:]
	}
	if n := len(list); n > 0 && m.IntN(3) > 0 {
		i := m.IntN(n)
		switch m.IntN(4) {
		case 0:
			list = slices.Delete(list, i, i+1)
		case 1:
			list = append(list, list[i])
		default:
			list[i].Body = m.bytes(list[i].Body)
		}
	} else {
		list = append(list, m.extra())
	}
	var out []byte
	for _, e := range list {
		out = binary.BigEndian.AppendUint16(out, uint16(e.Type))
		out = binary.BigEndian.AppendUint16(out, uint16(len(e.Body)))
		out = append(out, e.Body...)
	}
	out = append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...)
	body := slices.Concat(b[:where[0]], out, b[where[1]:])
	if msg.Type == tlsname.Certificate {
		at := 1 + int(body[0])
		n := len(body) - at - 3
		body[at], body[at+1], body[at+2] = byte(n>>16), byte(n>>8), byte(n)
	}
	return tlsscript.Message{Type: msg.Type, Body: body}
}

// extra is an extension that clients know, mostly in the form it has somewhere.
func (m *mutation) extra() tlsscript.Ext {
	e := pick(m.Rand, []tlsscript.Ext{
		{Type: tlsname.ExtServerName}, {Type: 1, Body: []byte{1}}, {Type: tlsname.ExtStatusRequest},
		{Type: tlsname.ExtStatusRequest, Body: []byte{1, 0, 0, 1, 1}},
		{Type: tlsname.ExtSupportedGroups, Body: []byte{0, 2, 0, 29}}, {Type: tlsname.ExtPointFormats, Body: []byte{1, 0}},
		{Type: tlsname.ExtPointFormats, Body: []byte{2, 1, 0}},
		{Type: tlsname.ExtSignatureAlgorithms, Body: []byte{0, 2, 4, 3}}, {Type: tlsname.ExtALPN, Body: []byte("\x00\x09\x08http/1.1")},
		{Type: tlsname.ExtSCT, Body: []byte{0, 3, 0, 1, 1}}, {Type: tlsname.ExtSCT, Body: []byte{0, 2, 0, 0}}, {Type: 21, Body: []byte{0}},
		{Type: 22}, {Type: tlsname.ExtExtendedMasterSecret},
		{Type: tlsname.ExtCompressCertificate, Body: []byte{2, 0, 1}}, {Type: 28, Body: []byte{64, 0}}, {Type: 35},
		{Type: tlsname.ExtPreSharedKey, Body: []byte{0, 0}}, {Type: 42},
		{Type: tlsname.ExtSupportedVersions, Body: []byte{3, 4}}, {Type: tlsname.ExtSupportedVersions, Body: []byte{3, 3}},
		{Type: tlsname.ExtCookie, Body: []byte{0, 1, 1}},
		{Type: tlsname.ExtPSKModes, Body: []byte{1, 1}}, {Type: tlsname.ExtAuthorities, Body: []byte{0, 4, 0, 2, 0x30, 0}},
		{Type: 50, Body: []byte{0, 2, 4, 3}},
		{Type: tlsname.ExtKeyShare, Body: []byte{0, 29}}, {Type: 13172}, {Type: 0x4469}, {Type: 0xfe0d},
		{Type: tlsname.ExtRenegotiationInfo, Body: []byte{0}}, {Type: tlsname.Extension(m.IntN(1 << 16))},
	}...)
	if m.IntN(3) == 0 {
		e.Body = m.bytes(e.Body)
	}
	return e
}

var (
	mutants     = flag.Int("mutants", 120, "how many random handshakes the clients are asked for")
	firstMutant = flag.Uint64("first-mutant", 0, "the number of the first of them")
)

// What every client refuses of handshakes changed at random is never taken for
// one, and what all accept is never refused:
//
//	go test ./internal/dial -run TestMutants -mutants 1000 -first-mutant 5000 -v
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("asks other clients")
	}
	cases, what := make([]tlsscript.Case, *mutants), make([]atomic.Value, *mutants)
	for i := range cases {
		cases[i] = mutant(*firstMutant+uint64(i), &what[i])
	}
	all, complete := agree(t, cases, 2*time.Second)
	for i, c := range cases {
		a, done := all[i], what[i].Load()
		switch {
		case a.ours && len(a.accepted) == 0:
			t.Errorf("%s: taken for a handshake, and %v refuse it: %v", c.Name, a.refused, done)
		case !a.ours && len(a.refused) == 0 && complete:
			t.Errorf("%s: %q, and %v accept it: %v", c.Name, a.why, a.accepted, done)
		case complete && a.ours != slices.Contains(a.accepted, "chromium"):
			t.Logf("%s: ours %v, %q; accepted by %v: %v", c.Name, a.ours, a.why, a.accepted, done)
		}
	}
}
