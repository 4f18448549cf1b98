package dial

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"io"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// read13 reads EncryptedExtensions to Finished (RFC 8446 section 2).
func (f *flight) read13(sh *serverHello) error {
	f.got.group = sh.group
	f.refuse(f.messages.boundary(tlsname.ServerHello))
	s, secret, err := f.keys(sh)
	if err != nil {
		f.refuse(err)
		return f.fault
	}
	f.suite, f.serverSecret = s, secret
	keys, err := s.Protect(secret)
	if err != nil {
		return err
	}
	f.messages.pending = nil
	f.messages.records.keys = keys
	err = f.run(order{{tlsname.EncryptedExtensions, false}, {tlsname.CertificateRequest, true}, {tlsname.Certificate, false},
		{tlsname.CertificateVerify, false}, {tlsname.Finished, false}}, f.message13)
	if err != nil {
		return err
	}
	if err := f.messages.boundary(tlsname.Finished); err != nil {
		return err
	}
	f.got.stage = chain.StageFinished
	return nil
}

func (f *flight) message13(typ tlsname.Message, body []byte) (err error) {
	switch typ {
	case tlsname.EncryptedExtensions:
		return f.encryptedExtensions(body)
	case tlsname.CertificateRequest:
		f.got.demand, err = parseCertificateRequest(body, tlsname.TLS13)
		return err
	case tlsname.CertificateVerify:
		return f.certificateVerify(body)
	case tlsname.Finished:
		return f.finished(body)
	}
	return f.certificateMessage(typ, body)
}

func (f *flight) encryptedExtensions(body []byte) error {
	s := cryptobyte.String(body)
	err := inEncryptedExtensions.extensions(&s, f.offer, func(e tlsname.Extension, body *cryptobyte.String) (bool, error) {
		switch e {
		case tlsname.ExtALPN:
			return readALPN(body, f.offer, &f.got.alpn)
		case tlsname.ExtServerName:
			return body.Empty(), nil
		} // supported_groups is advice for the next time, which no client reads
		return true, nil
	})
	if err == nil && !s.Empty() {
		return malformed(tlsname.EncryptedExtensions)
	}
	return err
}

const compressionZlib = 1 // RFC 8879 section 7.3

// decompress opens a CompressedCertificate (RFC 8879 section 4).
func decompress(body []byte) ([]byte, error) {
	s := cryptobyte.String(body)
	var algorithm uint16
	var length uint32
	var packed cryptobyte.String
	if !s.ReadUint16(&algorithm) || !s.ReadUint24(&length) || !s.ReadUint24LengthPrefixed(&packed) || packed.Empty() || !s.Empty() {
		return nil, malformed(tlsname.CompressedCertificate)
	}
	if algorithm != compressionZlib {
		return nil, breaks(tlsname.IllegalParameter, "compressed its certificates with algorithm %d, which was not offered", algorithm)
	}
	if length > maxMessage {
		return nil, tooLarge(tlsname.CompressedCertificate, int(length))
	}
	left := bytes.NewReader(packed)
	z, err := zlib.NewReader(left)
	if err != nil {
		return nil, malformed(tlsname.CompressedCertificate)
	}
	out, err := io.ReadAll(io.LimitReader(z, int64(length)+1))
	if err != nil || len(out) != int(length) || left.Len() > 0 {
		return nil, malformed(tlsname.CompressedCertificate)
	}
	return out, nil
}

// certificateVerify checks that the server holds the private key of item 0
// (RFC 8446 section 4.4.3).
func (f *flight) certificateVerify(body []byte) error {
	s := cryptobyte.String(body)
	var signature []byte
	if !s.ReadUint16((*uint16)(&f.got.signature)) || !readVector16(&s, &signature) || !s.Empty() {
		return malformed(tlsname.CertificateVerify)
	}
	if f.offer == nil {
		return nil
	}
	return f.prove(tlsname.CertificateVerify, tlswire.SignedServer13(f.transcript.Sum()), signature)
}

func (f *flight) finished(body []byte) error {
	if f.offer == nil {
		return nil
	}
	want, err := f.suite.FinishedMAC(f.serverSecret, f.transcript.Sum())
	if err != nil {
		return err
	}
	return f.verify(body, want)
}

// verify compares the content of a Finished.
func (f *flight) verify(body, want []byte) error {
	switch {
	case len(body) != len(want):
		return malformed(tlsname.Finished)
	case !hmac.Equal(want, body):
		return breaks(tlsname.DecryptError, "sent a Finished that does not verify")
	}
	return nil
}
