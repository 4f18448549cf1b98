package dial

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// received is what a server's first flight showed.
type received struct {
	version        tlsname.Version
	suite          tlsname.Suite
	group          tlsname.Group
	helloRetry     tlsname.Group // group asked for; 0 when there was no HelloRetryRequest
	retried        bool
	signature      tlsname.Scheme
	dhBits         int
	alpn           string
	ems            *bool
	list           certificateList
	staples        map[int][]byte
	hasCertificate bool
	demand         *chain.ClientAuthDemand
	context        []byte // certificate_request_context
	proof          chain.KeyProof
	stage          chain.Stage // reached
}

// A flight reads a server's messages from ServerHello to its Finished (TLS 1.3)
// or ServerHelloDone. The same reader serves our own handshakes and the
// recording of somebody else's: the two differ in keys and in what is proved.
type flight struct {
	messages   messageReader
	transcript transcript
	got        received

	// keys gives the suite's functions and the server's handshake traffic secret.
	keys func(sh *serverHello) (*suite13, []byte, error)
	// retry answers a HelloRetryRequest; nil when reading a recording.
	retry func(sh *serverHello) error
	// offer is what was offered; nil when reading a recording. Without it
	// nothing is compared and no signature is checked.
	offer *offer

	suite        *suite13
	serverSecret []byte
}

func newFlight(r io.Reader) *flight {
	f := &flight{messages: messageReader{records: newRecordReader(r)}}
	f.got.stage = chain.StageHello
	return f
}

// next gives the next message and its type; it is not yet in the transcript.
func (f *flight) next() (byte, []byte, error) {
	msg, err := f.messages.next()
	if err != nil {
		return 0, nil, err
	}
	return msg[0], msg, nil
}

func (f *flight) read() error {
	sh, err := f.readServerHello()
	if err != nil {
		return err
	}
	f.got.alpn = sh.alpn
	if sh.version >= tlsname.TLS13 {
		return f.read13(sh)
	}
	f.got.ems = &sh.ems
	f.got.list.scts = sh.scts
	return f.read12(sh)
}

func (f *flight) readServerHello() (*serverHello, error) {
	for {
		typ, msg, err := f.next()
		if err != nil {
			return nil, err
		}
		if typ == msgHelloRequest {
			if err := f.messages.records.countEmpty(); err != nil {
				return nil, err
			}
			continue
		}
		if typ != msgServerHello {
			return nil, errProtocol(fmt.Sprintf("sent a handshake message of type %d where a server_hello is due", typ))
		}
		sh, err := parseServerHello(msg[4:])
		if err != nil {
			return nil, err
		}
		f.got.version, f.got.suite = sh.version, sh.suite
		if err := f.acceptable(sh); err != nil {
			return nil, err
		}
		if !sh.retry {
			f.transcript.add(msg)
			return sh, nil
		}
		if f.got.retried {
			return nil, errProtocol("sent a second HelloRetryRequest")
		}
		f.got.retried, f.got.helloRetry = true, sh.group
		f.messages.records.tls13 = true
		if s := suite13ByID(sh.suite); s != nil {
			f.transcript.retry(s.hash)
		}
		f.transcript.add(msg)
		if f.retry != nil {
			if err := f.retry(sh); err != nil {
				return nil, err
			}
		}
	}
}

// acceptable holds the answer against the offer, as a client does.
func (f *flight) acceptable(sh *serverHello) error {
	if f.offer == nil {
		return nil
	}
	h := f.offer.hello
	if !slices.Contains(h.Versions, sh.version) {
		return errProtocol("answered in " + sh.version.String() + ", which was not offered")
	}
	if !slices.Contains(h.Suites, sh.suite) {
		return errProtocol("chose " + sh.suite.String() + ", which was not offered")
	}
	if (sh.suite.Exchange() == tlsname.KeyShare) != (sh.version >= tlsname.TLS13) {
		return errProtocol("chose " + sh.suite.String() + ", which " + sh.version.String() + " does not have")
	}
	if downgraded := sh.version < tlsname.TLS13 && h.Offers(tlsname.TLS13) &&
		bytes.HasPrefix(sh.random[24:], []byte("DOWNGRD")); downgraded {
		return errProtocol("speaks TLS 1.3 but was led to " + sh.version.String() +
			": its random carries the downgrade mark of RFC 8446 section 4.1.3")
	}
	return nil
}

// certificate takes the list that is judged; what can be read of a malformed
// one is kept.
func (f *flight) certificate(body []byte) error {
	if f.got.hasCertificate {
		return errProtocol("sent a second certificate message")
	}
	list, err := parseCertificate(body, f.got.version)
	if list != nil {
		f.got.hasCertificate, f.got.stage = true, chain.StageCertificate
		if f.got.version < tlsname.TLS13 {
			list.scts = f.got.list.scts
		}
		f.got.list = *list
		f.got.staples = list.staples
	}
	switch {
	case err != nil:
		return err
	case len(list.certs) == 0:
		return errProtocol("sent a certificate message without a certificate")
	case list.truncated > 0:
		return errProtocol(fmt.Sprintf("sent %d certificates; the first %d are kept", list.truncated, maxCertificate))
	}
	return nil
}

// prove checks the handshake's signature and holds its algorithm against the offer.
func (f *flight) prove(where string, signed, signature []byte) error {
	name := f.got.signature.String()
	f.got.proof = checkSignature(f.got.list.certs[0], f.got.signature, signed, signature)
	if f.got.proof == chain.ProofWrong {
		if f.got.version < tlsname.TLS12 {
			name = "before TLS 1.2"
		}
		return errProtocol("the signature of its " + where + " (" + name + ") does not fit the public key of item 0")
	}
	if f.got.version >= tlsname.TLS12 && !slices.Contains(f.offer.hello.Signatures, f.got.signature) {
		return errProtocol("signed its " + where + " with " + name + ", which was not offered")
	}
	return nil
}
