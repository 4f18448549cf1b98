package dial

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
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
	listBytes      int // of the Certificate message, opened where it was compressed
	hasCertificate bool
	demand         *chain.ClientAuthDemand
	proof          chain.KeyProof
	stage          chain.Stage // reached
}

// A flight reads a server's messages from ServerHello to its Finished (TLS 1.3)
// or ServerHelloDone. The same reader serves our own handshakes and the
// recording of somebody else's: the two differ in keys and in what is proved.
//
// It is a state machine: run holds each message against the order of its
// version, and the first breach of the rules is what the flight ends with. After
// one it reads on, if it can, until the certificates are seen, so that a server
// that breaks a rule before them can be inspected all the same.
type flight struct {
	messages   messageReader
	transcript tlswire.Transcript
	got        received
	fault      error // the first breach
	hello      *serverHello
	exchange   *serverKeyExchange

	// keys gives the suite's functions and the server's handshake traffic secret.
	keys func(sh *serverHello) (*tlswire.Suite13, []byte, error)
	// retry answers a HelloRetryRequest; nil when reading a recording.
	retry func(sh *serverHello) error
	// hurry is called at the first breach: little is worth waiting for; may be nil.
	hurry func()
	// offer is what was offered; nil when reading a recording. Without it
	// nothing is compared and no signature is checked.
	offer *offer

	suite        *tlswire.Suite13
	serverSecret []byte
}

func newFlight(r io.Reader) *flight {
	f := &flight{messages: messageReader{records: newRecordReader(r)}}
	f.got.stage = chain.StageHello
	return f
}

// refuse keeps the first breach.
func (f *flight) refuse(err error) {
	if err == nil || f.fault != nil {
		return
	}
	f.fault = err
	if f.hurry != nil {
		f.hurry()
	}
}

func (f *flight) read() error {
	sh, err := f.readServerHello()
	if err != nil {
		return err
	}
	f.hello = sh
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
		typ, msg, err := f.messages.next()
		if err != nil {
			return nil, err
		}
		if typ != tlsname.ServerHello {
			return nil, unexpected(typ, tlsname.ServerHello.String())
		}
		sh, err := parseServerHello(msg[4:])
		if err != nil {
			return nil, err
		}
		before := f.got
		f.got.version, f.got.suite = sh.version, sh.suite
		if err := f.agreed(sh); err != nil {
			return nil, err
		}
		f.messages.records.version = sh.version
		f.refuse(f.acceptable(sh, &before))
		f.refuse(sh.readExtensions(f.offer))
		if !sh.retry {
			f.transcript.Add(msg)
			return sh, nil
		}
		if err := f.again(sh, msg); err != nil {
			return nil, err
		}
	}
}

// agreed holds version and suite against the offer: with others there is nothing
// to go on with.
func (f *flight) agreed(sh *serverHello) error {
	if f.offer == nil {
		return nil
	}
	h := f.offer.hello
	switch {
	case sh.version < tlsname.TLS13 && sh.selected: // RFC 8446 section 4.2.1
		return breaks(tlsname.IllegalParameter, "answered in %s by supported_versions, which only TLS 1.3 is agreed on by", sh.version)
	case !slices.Contains(h.Versions, sh.version):
		return breaks(tlsname.ProtocolVersion, "answered in %s, which was not offered", sh.version)
	case !slices.Contains(h.Suites, sh.suite):
		return breaks(tlsname.IllegalParameter, "chose %s, which was not offered", sh.suite)
	case (sh.suite.Exchange() == tlsname.KeyShare) != (sh.version >= tlsname.TLS13):
		return breaks(tlsname.IllegalParameter, "chose %s, which %s does not have", sh.suite, sh.version)
	}
	return nil
}

// acceptable holds the other fields of a server_hello against the offer, and
// against the HelloRetryRequest before it.
func (f *flight) acceptable(sh *serverHello, before *received) error {
	if f.offer == nil {
		return nil
	}
	switch in13 := sh.version >= tlsname.TLS13; {
	case sh.method != 0:
		return breaks(tlsname.IllegalParameter, "chose compression method %d, which was not offered", sh.method)
	case sh.retry && !in13:
		return breaks(tlsname.IllegalParameter, "sent a HelloRetryRequest in %s, which has none", sh.version)
	case in13 && !sh.selected:
		return breaks(tlsname.IllegalParameter, "named TLS 1.3 in legacy_version, without supported_versions")
	case in13 && sh.legacy != tlsname.TLS12: // RFC 8446 section 4.1.3
		return breaks(tlsname.IllegalParameter, "sent a server_hello with legacy_version %s, not TLS 1.2", sh.legacy)
	case in13 && !bytes.Equal(sh.sessionID, f.offer.sessionID):
		return breaks(tlsname.IllegalParameter, "did not echo the legacy_session_id of the hello")
	case !in13 && len(sh.sessionID) > 0 && bytes.Equal(sh.sessionID, f.offer.sessionID): // which resumes a session that is none
		return breaks(tlsname.IllegalParameter, "echoed the session id of the hello, as if a session was resumed")
	case before.retried && before.version != sh.version:
		return breaks(tlsname.IllegalParameter, "answered in %s after a HelloRetryRequest in %s", sh.version, before.version)
	case before.retried && before.suite != sh.suite:
		return breaks(tlsname.IllegalParameter, "chose %s after a HelloRetryRequest with %s", sh.suite, before.suite)
	}
	return f.downgraded(sh)
}

// downgraded: a server that speaks a higher version than it agreed on marks its
// random, so that somebody in between is found out (RFC 8446 section 4.1.3).
func (f *flight) downgraded(sh *serverHello) error {
	highest := f.offer.hello.MaxVersion()
	mark, marked := strings.CutPrefix(string(sh.random[24:]), "DOWNGRD")
	from := tlsname.TLS13
	if mark == "\x00" {
		from = tlsname.TLS12
	}
	if marked && (mark == "\x00" || mark == "\x01") && sh.version < highest && highest >= from && (sh.version < from || highest == tlsname.TLS13) {
		return breaks(tlsname.IllegalParameter, "speaks %s but was led to %s: its random carries the downgrade mark of RFC 8446 section 4.1.3", from, sh.version)
	}
	return nil
}

// again takes a HelloRetryRequest and has the second hello said (RFC 8446 section 4.1.4).
func (f *flight) again(sh *serverHello, msg []byte) error {
	if f.got.retried {
		return breaks(tlsname.UnexpectedMessage, "sent a second HelloRetryRequest")
	}
	f.got.retried, f.got.helloRetry = true, sh.group
	if s := tlswire.Suite13ByID(sh.suite); s != nil {
		f.transcript.Retry(s.Hash)
	}
	f.transcript.Add(msg)
	f.refuse(f.messages.boundary(inRetryRequest))
	if f.retry == nil {
		return nil
	}
	if sh.group == 0 && len(sh.cookie) == 0 {
		f.refuse(breaks(tlsname.IllegalParameter, "sent a HelloRetryRequest that changes nothing"))
	}
	if f.fault != nil {
		return f.fault // the second hello would go by what was wrong
	}
	return f.retry(sh)
}

// A slot is a place in the order of a flight's messages.
type slot struct {
	typ      tlsname.Message
	optional bool
}

// An order is what may still come, next first.
type order []slot

// due names what may come next: "certificate_request or certificate".
func (o order) due() string {
	var names []string
	for _, s := range o {
		names = append(names, s.typ.String())
		if !s.optional {
			break
		}
	}
	return strings.Join(names, " or ")
}

// take moves past the slot of a message; false where it is not due.
func (o order) take(typ tlsname.Message) (order, bool) {
	for i, s := range o {
		if s.typ == typ {
			return o[i+1:], true
		}
		if !s.optional {
			break
		}
	}
	return o, false
}

func unexpected(typ tlsname.Message, due string) error {
	return breaks(tlsname.UnexpectedMessage, "sent %s where %s is due", typ, due)
}

// run reads messages in their order and hands each to take; the last one of the
// order ends it. Messages enter the transcript after take has seen it without them.
func (f *flight) run(o order, take func(typ tlsname.Message, body []byte) error) error {
	for len(o) > 0 {
		typ, msg, err := f.messages.next()
		if err != nil {
			if f.fault != nil {
				return f.fault
			}
			return err
		}
		slot := typ
		if typ == tlsname.CompressedCertificate && f.compressible() {
			slot = tlsname.Certificate
		}
		rest, ok := o.take(slot)
		switch {
		case !ok:
			f.refuse(unexpected(typ, o.due()))
		case f.fault == nil || slot == tlsname.Certificate:
			f.refuse(take(typ, msg[4:]))
		}
		if f.fault != nil {
			if slot == tlsname.Certificate && !f.got.hasCertificate {
				_ = f.certificateMessage(typ, msg[4:]) // to be shown; what is wrong has been said
			}
			if f.got.hasCertificate {
				return f.fault
			}
			continue
		}
		o = rest
		f.transcript.Add(msg)
	}
	return nil
}

// compressible: a compressed certificate was asked for, or may have been.
func (f *flight) compressible() bool {
	return f.got.version >= tlsname.TLS13 && (f.offer == nil || slices.Contains(f.offer.sent, tlsname.ExtCompressCertificate))
}

// certificateMessage takes the list that is judged; what can be read of a
// malformed one is kept.
func (f *flight) certificateMessage(typ tlsname.Message, body []byte) error {
	var err error
	if typ == tlsname.CompressedCertificate {
		if body, err = decompress(body); err != nil {
			return err
		}
	}
	list, err := parseCertificate(body, f.got.version, f.offer)
	if list != nil {
		f.got.hasCertificate, f.got.stage, f.got.listBytes = true, chain.StageCertificate, len(body)
		if f.got.version < tlsname.TLS13 {
			list.scts = f.got.list.scts
		}
		f.got.list = *list
	}
	switch {
	case err != nil:
		return err
	case len(list.certs) == 0:
		return breaks(tlsname.DecodeError, "sent a certificate message without a certificate")
	case list.more > 0:
		return &outside{chain.ErrorLocal, "this program reads no more than the first 1024 certificates of a message"}
	}
	return f.fits()
}

// fits: up to TLS 1.2 the suite says what kind of key item 0 has (RFC 5246
// section 7.4.2, RFC 8422 sections 2 and 5.10).
func (f *flight) fits() error {
	key := f.key()
	if f.offer == nil || f.got.version >= tlsname.TLS13 || key == nil {
		return nil
	}
	var kinds []x509read.KeyType
	switch f.got.suite.Signer() {
	case tlsname.ByRSA:
		kinds = []x509read.KeyType{x509read.RSA}
		if f.got.suite.Exchange() == tlsname.ECDHE || f.got.suite.Exchange() == tlsname.DHE {
			kinds = append(kinds, x509read.RSAPSS) // RFC 8446 section 4.2.3
		}
	case tlsname.ByECDSA:
		kinds = []x509read.KeyType{x509read.ECDSA, x509read.Ed25519, x509read.Ed448}
	case tlsname.ByDSA:
		kinds = []x509read.KeyType{x509read.DSA}
	}
	switch e := f.got.suite.Exchange(); {
	case e != tlsname.ECDHE && e != tlsname.DHE && e != tlsname.StaticRSA, len(kinds) == 0, slices.Contains(kinds, key.Type):
		return nil
	}
	return breaks(tlsname.IllegalParameter, "chose %s, which the %s key of item 0 does not fit", f.got.suite, key.Type)
}

// key is the public key of item 0, nil where none can be read.
func (f *flight) key() *x509read.PublicKey {
	if len(f.got.list.certs) == 0 {
		return nil
	}
	spki, ok := publicKeyInfo(f.got.list.certs[0])
	if !ok {
		return nil
	}
	key, err := x509read.ParsePublicKey(spki)
	if err != nil || key.Type == "" {
		return nil
	}
	return &key
}

// prove checks the handshake's signature and holds its algorithm against the offer.
func (f *flight) prove(where tlsname.Message, signed, signature []byte) error {
	scheme := f.got.signature
	if f.got.version >= tlsname.TLS12 {
		if err := f.mayBeSignedBy(where, scheme); err != nil {
			return err
		}
	}
	f.got.proof = checkSignature(f.got.list.certs[0], scheme, signed, signature)
	if f.got.proof != chain.ProofWrong {
		return nil
	}
	name := scheme.String()
	if f.got.version < tlsname.TLS12 {
		name = "before TLS 1.2"
	}
	return breaks(tlsname.DecryptError, "the signature of its %s (%s) does not fit the public key of item 0", where, name)
}

// mayBeSignedBy: the scheme was offered, the version has it, and the key can
// make it (RFC 8446 sections 4.2.3 and 4.4.3, RFC 5246 section 7.4.1.4.1).
func (f *flight) mayBeSignedBy(where tlsname.Message, scheme tlsname.Scheme) error {
	in13 := f.got.version >= tlsname.TLS13
	switch key := f.key(); {
	case in13 && scheme.Signer() != tlsname.ByNoKey && !scheme.InTLS13():
		return breaks(tlsname.IllegalParameter, "signed its %s with %s, which TLS 1.3 does not allow here", where, scheme)
	case !slices.Contains(f.offer.hello.Signatures, scheme):
		return breaks(tlsname.IllegalParameter, "signed its %s with %s, which was not offered", where, scheme)
	case key != nil && !makes(key, scheme, in13):
		return breaks(tlsname.IllegalParameter, "signed its %s with %s, which the %s key of item 0 cannot make", where, scheme, keyName(key))
	}
	return nil
}

// makes reports whether a key can sign by the scheme.
func makes(key *x509read.PublicKey, scheme tlsname.Scheme, in13 bool) bool {
	switch scheme.Signer() {
	case tlsname.ByRSA:
		return key.Type == x509read.RSA
	case tlsname.ByRSAPSS:
		return key.Type == x509read.RSAPSS
	case tlsname.ByECDSA:
		return key.Type == x509read.ECDSA && (!in13 || curveFits(scheme.Curve().String(), key.Curve))
	case tlsname.ByDSA:
		return key.Type == x509read.DSA
	case tlsname.ByEd25519:
		return key.Type == x509read.Ed25519
	case tlsname.ByEd448:
		return key.Type == x509read.Ed448
	}
	return true
}

// curveFits: the groups of TLS 1.3 for Brainpool curves have names of their own
// (RFC 8734 section 3).
func curveFits(group, curve string) bool {
	return strings.TrimSuffix(group, "tls13") == curve
}

// keyName is "P-384", "RSA" …
func keyName(key *x509read.PublicKey) string {
	if key.Type == x509read.ECDSA {
		return key.Curve
	}
	return string(key.Type)
}
