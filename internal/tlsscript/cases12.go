package tlsscript

import (
	"slices"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Steps of TLS 1.2 as a case names them.
var (
	start12   = (*Conn).start12
	exchange  = (*Conn).exchange
	done      = (*Conn).HelloDone
	end12     = (*Conn).end12
	rest12    = (*Conn).rest12
	request12 = func(c *Conn) error { return c.CertificateRequest12() }
	status    = func(c *Conn) error { return say(tlsname.CertificateStatus, 1, 0, 0, 1, 1)(c) }
	byRSA     = func(c *Conn) error { c.ID, c.Suite = c.IDs.RSA, 0xc02f; return nil }
	staticRSA = func(c *Conn) error {
		c.ID, c.Suite = c.IDs.RSA, 0x009c
		if !slices.Contains(c.Client.Suites, c.Suite) {
			return first(func() error { return warn(2, byte(tlsname.HandshakeFailure))(c) }, func() error { return errClient })
		}
		return nil
	}
	withHello2 = func(change func(*ServerHello)) func(*Conn) error {
		return func(c *Conn) error { return c.ServerHello12(change) }
	}
	exchanging = func(change func(*KeyExchange)) func(*Conn) error {
		return func(c *Conn) error { return c.ServerKeyExchange(change) }
	}
)

func order12() []Case {
	ended := func(name, reason string, before func(*Conn) error, change func([]byte) []byte) Case {
		return case12(name, reason, start12, cert, exchange, done, func(c *Conn) error {
			return c.End12(func() error {
				if before == nil {
					return nil
				}
				return before(c)
			}, change)
		})
	}
	flip := func(b []byte) []byte { b[0] ^= 1; return b }
	return []Case{
		case12("right", "", start12, rest12),
		case12("right, ECDHE by RSA", "", byRSA, start12, cert, exchanging(func(k *KeyExchange) { k.Scheme = tlsname.PSSSHA256 }), done, end12),
		case12("right, static RSA", "", staticRSA, start12, cert, done, end12),
		case12("right, a certificate is asked for", "", start12, cert, exchange, request12, done, end12),
		// RFC 5246 section 7.4.1.1 lets a client ignore it; BoringSSL does not.
		case12("hello_request in between", "sent hello_request where certificate is due", start12, say(tlsname.HelloRequest), cert, exchange, done, end12),
		case12("right, a status", "", withHello2(func(h *ServerHello) { h.add(tlsname.ExtStatusRequest) }), cert, status, exchange, done, end12),
		case12("right, a status announced and not sent", "", withHello2(func(h *ServerHello) { h.add(tlsname.ExtStatusRequest) }), rest12),
		case12("right, a warning", "", start12, warn(1, 112), rest12),
		case12("server_key_exchange before certificate", "sent server_key_exchange where certificate is due", start12, exchange, cert, done, end12),
		case12("no server_key_exchange", "sent server_hello_done where server_key_exchange is due", start12, cert, done, end12),
		case12("server_key_exchange twice", "sent server_key_exchange where certificate_request or server_hello_done is due", start12, cert, exchange, exchange, done, end12),
		case12("server_key_exchange with static RSA", "sent server_key_exchange where certificate_request or server_hello_done is due", staticRSA, start12, cert,
			exchanging(func(k *KeyExchange) { k.Scheme = tlsname.PSSSHA256 }), done, end12),
		case12("certificate_request before server_key_exchange", "sent certificate_request where server_key_exchange is due", start12, cert, request12, exchange, done, end12),
		case12("certificate_request twice", "sent certificate_request where server_hello_done is due", start12, cert, exchange, request12, request12, done, end12),
		case12("certificate twice", "sent certificate where server_key_exchange is due", start12, cert, cert, exchange, done, end12),
		case12("no certificate", "sent server_key_exchange where certificate is due", start12, exchange, done, end12),
		case12("certificate_status nobody announced", "sent certificate_status where server_key_exchange is due", start12, cert, status, exchange, done, end12),
		case12("certificate_status before certificate", "sent certificate_status where certificate is due", withHello2(func(h *ServerHello) { h.add(tlsname.ExtStatusRequest) }), status, cert, exchange, done, end12),
		case12("an empty certificate_status", "sent a malformed certificate_status", withHello2(func(h *ServerHello) { h.add(tlsname.ExtStatusRequest) }), cert, say(tlsname.CertificateStatus, 1, 0, 0, 0), exchange, done, end12),
		case12("server_hello_done with a body", "sent a malformed server_hello_done", start12, cert, exchange, say(tlsname.ServerHelloDone, 0), end12),
		case12("more behind server_hello_done in its record", "sent more in the record that ends with its server_hello_done", start12, cert, exchange, func(c *Conn) error {
			return c.Packed(func() error { return first(c.HelloDone, func() error { return ticket(c) }) })
		}, end12),
		case12("encrypted_extensions", "sent encrypted_extensions where certificate is due", start12, encrypted, rest12),
		ended("a Finished that does not verify", "sent a Finished that does not verify", nil, flip),
		ended("a Finished too short", "sent a malformed finished", nil, func(b []byte) []byte { return b[1:] }),
		ended("new_session_ticket nobody asked for", "sent new_session_ticket where change_cipher_spec is due", func(c *Conn) error { return c.Say(tlsname.NewSessionTicket, []byte{0, 0, 0, 0, 0, 1, 1}) }, nil),
		ended("change_cipher_spec twice", "", nil, nil).broken("sent a record that does not decrypt", func(c *Conn) error {
			return first(c.start12, c.Certificate, c.exchange, c.HelloDone, func() error { return c.End12(c.ChangeCipherSpec, nil) })
		}),
		case12("hello_request behind finished in its record", "sent more in the record that ends with its finished", start12, func(c *Conn) error {
			c.behind = func() error { return c.Say(tlsname.HelloRequest, nil) }
			return nil
		}, rest12),
		case12("new_session_ticket behind finished in its record", "sent more in the record that ends with its finished", start12, func(c *Conn) error {
			c.behind = func() error { return c.Say(tlsname.NewSessionTicket, []byte{0, 0, 0, 0, 0, 1, 1}) }
			return nil
		}, rest12),
		case12("static RSA, a Finished that does not verify", "sent a Finished that does not verify", staticRSA, start12, cert, done, func(c *Conn) error { return c.End12(nil, flip) }),
		case12("static RSA, hangs up instead of Finished", "the server closed the connection after its certificates", staticRSA, start12, cert, done, func(c *Conn) error {
			_, _, _, err := c.keys12()
			return first(func() error { return err }, func() error { return errClient })
		}),
		case12("hangs up after certificate", "the server closed the connection after its certificates", start12, cert, func(c *Conn) error { return errClient }),
	}
}

// broken is the case with another run and reason.
func (c Case) broken(reason string, run func(*Conn) error) Case {
	c.Reason, c.Run = reason, run
	return c
}

func hello12() []Case {
	changed := func(name, reason string, change func(*ServerHello)) Case {
		return case12(name, reason, withHello2(change), rest12)
	}
	return []Case{
		changed("right, no extensions", "", func(h *ServerHello) { h.Extensions = nil }),
		changed("right, ec_point_formats", "", func(h *ServerHello) { h.add(tlsname.ExtPointFormats, 3, 0, 1, 2) }),
		changed("compression", "chose compression method 1, which was not offered", func(h *ServerHello) { h.Compression = 1 }),
		changed("renegotiation_info not empty", "sent a renegotiation_info that is not empty in the first handshake", func(h *ServerHello) { h.set(tlsname.ExtRenegotiationInfo, []byte{1, 0}) }),
		changed("renegotiation_info malformed", "sent a malformed extension renegotiation_info in its server_hello", func(h *ServerHello) { h.set(tlsname.ExtRenegotiationInfo, nil) }),
		case12("the session id of the hello echoed", "echoed the session id of the hello, as if a session was resumed", func(c *Conn) error {
			return c.ServerHello12(func(h *ServerHello) { h.Session = c.Client.Session })
		}, rest12),
		changed("extended_master_secret with content", "sent a malformed extension extended_master_secret in its server_hello", func(h *ServerHello) { h.set(tlsname.ExtExtendedMasterSecret, []byte{0}) }),
		changed("ec_point_formats without uncompressed", "sent ec_point_formats without the uncompressed one", func(h *ServerHello) { h.add(tlsname.ExtPointFormats, 1, 1) }),
		changed("empty ec_point_formats", "sent a malformed extension ec_point_formats in its server_hello", func(h *ServerHello) { h.add(tlsname.ExtPointFormats, 0) }),
		changed("an extension twice", "sent the extension renegotiation_info twice in its server_hello", func(h *ServerHello) { h.add(tlsname.ExtRenegotiationInfo, 0) }),
		changed("an unknown extension", "sent the extension 0xfff7 in its server_hello, which was not offered", func(h *ServerHello) { h.add(unknownExtension) }),
		changed("key_share in TLS 1.2", "sent the extension key_share in its server_hello, where it does not belong", func(h *ServerHello) { h.add(tlsname.ExtKeyShare, 0, 29) }),
		changed("status_request with content", "sent a malformed extension status_request in its server_hello", func(h *ServerHello) { h.add(tlsname.ExtStatusRequest, 1) }),
		changed("an empty list of timestamps", "sent a malformed extension signed_certificate_timestamp in its server_hello", func(h *ServerHello) { h.add(tlsname.ExtSCT, 0, 0) }),
		changed("two application protocols", "sent a malformed extension application_layer_protocol_negotiation in its server_hello", func(h *ServerHello) { h.add(tlsname.ExtALPN, []byte("\x00\x0c\x02h2\x08http/1.1")...) }),
		changed("an application protocol not offered", "which was not offered", func(h *ServerHello) { h.add(tlsname.ExtALPN, 0, 4, 3, 'f', 'o', 'o') }),
		changed("server_hello with a tail", "sent a malformed server_hello", func(h *ServerHello) { h.Tail = []byte{0} }),
		changed("the downgrade mark", "speaks TLS 1.3 but was led to TLS 1.2", func(h *ServerHello) { copy(h.Random[24:], "DOWNGRD\x01") }),
		case12("a suite not offered", "chose 0x00ff, which was not offered", withHello2(func(h *ServerHello) { h.Suite = 0x00ff }), rest12),
		case12("a suite of TLS 1.3", "chose TLS_AES_128_GCM_SHA256, which TLS 1.2 does not have", withHello2(func(h *ServerHello) { h.Suite = 0x1301 }), rest12),
		case12("ECDHE_RSA with an ECDSA certificate", "chose TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, which the ECDSA key of item 0 does not fit",
			func(c *Conn) error { c.Suite = 0xc02f; return nil }, start12, rest12),
		case12("ECDHE_ECDSA with an RSA certificate", "chose TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, which the RSA key of item 0 does not fit",
			func(c *Conn) error { c.ID = c.IDs.RSA; return nil }, start12, cert, exchanging(func(k *KeyExchange) { k.Scheme = tlsname.PSSSHA256 }), done, end12),
	}
}

func exchange12() []Case {
	changed := func(name, reason string, change func(*KeyExchange)) Case {
		return case12(name, reason, start12, cert, exchanging(change), done, end12)
	}
	return []Case{
		changed("a point that is not on the curve", "sent a key that is no good for P-256 in its server_key_exchange", func(k *KeyExchange) {
			k.Group, k.Point = tlsname.P256, append([]byte{4}, make([]byte, 64)...)
		}),
		changed("an X25519 key of all zeros", "sent a key that is no good for X25519 in its server_key_exchange", func(k *KeyExchange) { k.Point = make([]byte, 32) }),
		changed("an X25519 key too short", "sent a key that is no good for X25519 in its server_key_exchange", func(k *KeyExchange) { k.Point = k.Point[:31] }),
		changed("an empty point", "sent a malformed server_key_exchange", func(k *KeyExchange) { k.Point = nil }),
		changed("a group not offered", "chose group sect571r1 for its key exchange, which was not offered", func(k *KeyExchange) { k.Group = 14 }),
		changed("explicit curve parameters", "sent a malformed server_key_exchange", func(k *KeyExchange) { k.CurveType = 1 }),
		changed("server_key_exchange with a tail", "sent a malformed server_key_exchange", func(k *KeyExchange) { k.Tail = []byte{0} }),
		changed("a scheme not offered", "signed its server_key_exchange with 0x7f1c, which was not offered", func(k *KeyExchange) { k.Scheme = 0x7f1c }),
		changed("a scheme the key cannot make", "signed its server_key_exchange with rsa_pss_rsae_sha256, which the P-256 key of item 0 cannot make", func(k *KeyExchange) { k.Scheme = tlsname.PSSSHA256 }),
		changed("right, ecdsa_secp384r1_sha384 by a P-256 key", "", func(k *KeyExchange) { k.Scheme = tlsname.ECDSAP384SHA384 }),
		case12("a signature by another key", "the signature of its server_key_exchange (ecdsa_secp256r1_sha256) does not fit the public key of item 0", start12, cert,
			func(c *Conn) error { c.ID.Key = c.IDs.P384.Key; return nil }, exchange, done, end12),
		case12("a record too long", "sent a record of 16385 bytes, longer than 16384", start12, func(c *Conn) error {
			return c.Record(tlswire.RecordHandshake, tlswire.Message(tlsname.Certificate, make([]byte, tlswire.MaxPlain+1-4)))
		}, rest12),
		case12("application data inside the handshake", "sent application data where a handshake message is due", start12, func(c *Conn) error { return c.Record(tlswire.RecordData, []byte("x")) }, rest12),
		case12("change_cipher_spec inside the flight", "sent change_cipher_spec where a handshake message is due", start12, startCCS, rest12),
		case12("an alert of one byte", "sent an alert that is not two bytes long", start12, func(c *Conn) error { return c.Record(tlswire.RecordAlert, []byte{1}) }, rest12),
		case12("five warnings", "sent warning alerts without end", start12, warn(1, 112), warn(1, 112), warn(1, 112), warn(1, 112), warn(1, 112), rest12),
		case12("right, an empty record of handshake", "", start12, func(c *Conn) error { return c.Record(tlswire.RecordHandshake, nil) }, rest12),
		case12("right, a record of TLS 1.0 in clear text", "", start12, func(c *Conn) error {
			c.transcript.Add(tlswire.Message(tlsname.Certificate, c.certificate(nil, nil)))
			return c.Raw(tlswire.Record(tlswire.RecordHandshake, tlsname.TLS10, tlswire.Message(tlsname.Certificate, c.certificate(nil, nil))))
		}, exchange, done, end12),
		case12("certificate with a tail", "sent a malformed certificate", start12, func(c *Conn) error { return c.Say(tlsname.Certificate, append(c.certificate(nil, nil), 0)) }, exchange, done, end12),
		case12("no certificates", "sent a certificate message without a certificate", start12, say(tlsname.Certificate, 0, 0, 0), exchange, done, end12),
		case12("an empty certificate among them", "sent a malformed certificate", start12, func(c *Conn) error {
			c.ID.Chain = append(slices.Clone(c.ID.Chain), nil)
			return c.Certificate()
		}, exchange, done, end12),
		case12("extended_master_secret agreed on and not used", "the server closed the connection after its certificates", start12, func(c *Conn) error { c.extended = false; return nil }, rest12),
		case12("session_ticket nobody offered", "sent the extension session_ticket in its server_hello, which was not offered", withHello2(func(h *ServerHello) { h.add(tlsname.ExtSessionTicket) }), rest12),
		case12("certificate_request without signature algorithms", "sent a malformed certificate_request", start12, cert, exchange, func(c *Conn) error {
			return c.Say(tlsname.CertificateRequest, []byte{1, 64, 0, 0, 0, 0})
		}, done, end12),
		case12("certificate_request with a name cut off", "sent a malformed certificate_request", start12, cert, exchange, func(c *Conn) error {
			return c.Say(tlsname.CertificateRequest, []byte{1, 64, 0, 2, 4, 3, 0, 4, 0, 9, 0x30, 0})
		}, done, end12),
		case12("certificate_request with a tail", "sent a malformed certificate_request", start12, cert, exchange, func(c *Conn) error { return c.CertificateRequest12(0) }, done, end12),
	}
}
