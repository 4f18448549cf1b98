package dial

import (
	"errors"
	"io"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// finish completes a TLS 1.3 handshake: an empty Certificate where one was
// requested, Finished, close_notify (RFC 8446 sections 4.4.2, 4.4.4, 6.1).
// Only where one was requested it then waits for the answer: an alert, or the
// end of the stream.
func (hs *handshake) finish() error {
	f, s := hs.flight, hs.secrets.suite
	serverFinished := f.transcript.sum()
	write, err := s.keys(hs.secrets.client)
	if err != nil {
		return err
	}
	out := []byte{recordCCS, 3, 3, 0, 1, 1} // RFC 8446 appendix D.4
	hs.fate.asked = f.got.demand != nil
	hs.fate.alert = -1
	if hs.fate.asked {
		n := len(f.got.context)
		msg := append([]byte{msgCertificate, 0, 0, byte(4 + n), byte(n)}, f.got.context...)
		msg = append(msg, 0, 0, 0)
		if n > 255-4 { // the length needs its second byte
			msg[2], msg[3] = byte((4+n)>>8), byte(4+n)
		}
		f.transcript.add(msg)
		out = append(out, write.seal(recordHandshake, msg)...)
	}
	mac, err := s.finishedMAC(hs.secrets.client, f.transcript.sum())
	if err != nil {
		return err
	}
	out = append(out, write.seal(recordHandshake, append([]byte{msgFinished, 0, 0, byte(len(mac))}, mac...))...)
	client, err := hs.trafficKeys("c ap traffic", serverFinished)
	if err != nil {
		return err
	}
	out = append(out, client.seal(recordAlert, []byte{1, byte(tlsname.CloseNotify)})...)
	if _, err := hs.conn.Write(out); err != nil {
		return nil // the server hung up after its own Finished; its flight stands
	}
	if !hs.fate.asked {
		return nil
	}
	server, err := hs.trafficKeys("s ap traffic", serverFinished)
	if err != nil {
		return err
	}
	f.messages.records.keys = server
	hs.awaitFate()
	return nil
}

func (hs *handshake) trafficKeys(label string, transcript []byte) (*trafficKeys, error) {
	s := hs.secrets.suite
	secret, err := s.expandLabel(hs.secrets.master, label, transcript, s.hash.Size())
	if err != nil {
		return nil, err
	}
	return s.keys(secret)
}

// awaitFate reads tickets and data away until an alert or the end of the stream.
func (hs *handshake) awaitFate() {
	for {
		_, _, err := hs.flight.messages.records.next()
		if err == nil {
			continue
		}
		var alert *errAlert
		switch {
		case errors.As(err, &alert):
			hs.fate.known = true
			if alert.code != tlsname.CloseNotify {
				hs.fate.alert = alert.code
			}
		case errors.Is(err, io.EOF):
			hs.fate.known = true
		}
		return
	}
}
