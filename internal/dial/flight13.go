package dial

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// read13 reads EncryptedExtensions to Finished (RFC 8446 section 2).
func (f *flight) read13(sh *serverHello) error {
	f.got.group = sh.group
	if len(f.messages.pending) > 0 {
		return errProtocol("sent clear text after its server_hello")
	}
	s, secret, err := f.keys(sh)
	if err != nil {
		return err
	}
	f.suite, f.serverSecret = s, secret
	keys, err := s.keys(secret)
	if err != nil {
		return err
	}
	f.messages.records.keys, f.messages.records.tls13 = keys, true
	for {
		typ, msg, err := f.next()
		if err != nil {
			return err
		}
		if err := f.message13(typ, msg[4:]); err != nil {
			return err
		}
		f.transcript.add(msg)
		if typ == msgFinished {
			f.got.stage = chain.StageFinished
			return nil
		}
	}
}

func (f *flight) message13(typ byte, body []byte) (err error) {
	switch typ {
	case msgEncryptedExtensions:
		s := cryptobyte.String(body)
		ok := readExtensions(&s, func(typ tlsname.Extension, body cryptobyte.String) bool {
			return typ != tlsname.ExtALPN || readALPN(body, &f.got.alpn)
		})
		if !ok {
			return malformed("encrypted_extensions")
		}
	case msgCertificateRequest:
		f.got.demand, f.got.context, err = parseCertificateRequest(body, tlsname.TLS13)
	case msgCompressedCertificate:
		if body, err = decompress(body); err == nil {
			err = f.certificate(body)
		}
	case msgCertificate:
		err = f.certificate(body)
	case msgCertificateVerify:
		err = f.certificateVerify(body)
	case msgFinished:
		if !f.got.hasCertificate {
			return errProtocol("finished without a certificate")
		}
		return f.finished(body)
	default:
		err = errProtocol(fmt.Sprintf("sent an unexpected handshake message of type %d", typ))
	}
	return err
}

// decompress opens a CompressedCertificate (RFC 8879 section 4).
func decompress(body []byte) ([]byte, error) {
	s := cryptobyte.String(body)
	var algorithm uint16
	var length uint32
	var packed cryptobyte.String
	if !s.ReadUint16(&algorithm) || !s.ReadUint24(&length) || !s.ReadUint24LengthPrefixed(&packed) || !s.Empty() {
		return nil, malformed("compressed_certificate")
	}
	if algorithm != compressionZlib {
		return nil, errProtocol(fmt.Sprintf("compressed its certificates with algorithm %d, which was not offered", algorithm))
	}
	if length > maxMessage {
		return nil, errProtocol("announced more than 1 MiB of compressed certificates")
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, malformed("compressed_certificate")
	}
	out, err := io.ReadAll(io.LimitReader(z, int64(length)+1))
	if err != nil || len(out) != int(length) {
		return nil, malformed("compressed_certificate")
	}
	return out, nil
}

// certificateVerify checks that the server holds the private key of item 0
// (RFC 8446 section 4.4.3).
func (f *flight) certificateVerify(body []byte) error {
	s := cryptobyte.String(body)
	var signature []byte
	if !f.got.hasCertificate || !s.ReadUint16((*uint16)(&f.got.signature)) || !readVector16(&s, &signature) || !s.Empty() {
		return malformed("certificate_verify")
	}
	if f.offer == nil {
		return nil
	}
	signed := bytes.Repeat([]byte{0x20}, 64)
	signed = append(signed, "TLS 1.3, server CertificateVerify\x00"...)
	signed = append(signed, f.transcript.sum()...)
	if scheme := f.got.signature; !scheme.InTLS13() {
		return errProtocol("signed its handshake with " + scheme.String() + ", which TLS 1.3 does not allow here")
	}
	return f.prove("certificate_verify", signed, signature)
}

func (f *flight) finished(body []byte) error {
	if f.offer == nil {
		return nil
	}
	if f.got.proof == "" {
		return errProtocol("finished without a certificate_verify")
	}
	want, err := f.suite.finishedMAC(f.serverSecret, f.transcript.sum())
	if err != nil {
		return err
	}
	if !hmac.Equal(want, body) {
		return errProtocol("sent a Finished that does not verify")
	}
	return nil
}
