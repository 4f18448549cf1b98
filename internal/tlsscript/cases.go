package tlsscript

import (
	"bytes"
	"slices"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Cases lists every scripted handshake, TLS 1.3 first; those without a Reason
// are right, or what clients let pass.
func Cases() []Case {
	return slices.Concat(order13(), hello13(), extensions13(), proof13(), records13(), after13(), order12(), hello12(), exchange12(), after12())
}

// Find gives the case of a name.
func Find(name string) (Case, bool) {
	all := Cases()
	i := slices.IndexFunc(all, func(c Case) bool { return c.Name == name })
	if i < 0 {
		return Case{}, false
	}
	return all[i], true
}

const unknownExtension tlsname.Extension = 0xfff7

func case13(name, reason string, steps ...func(*Conn) error) Case {
	return Case{"1.3 " + name, tlsname.TLS13, reason, run(steps)}
}

func case12(name, reason string, steps ...func(*Conn) error) Case {
	return Case{"1.2 " + name, tlsname.TLS12, reason, run(steps)}
}

func run(steps []func(*Conn) error) func(*Conn) error {
	return func(c *Conn) error {
		for _, s := range steps {
			if err := s(c); err != nil {
				return err
			}
		}
		return nil
	}
}

// Steps of TLS 1.3 as a case names them.
var (
	start     = (*Conn).start13
	cert      = (*Conn).Certificate
	verify    = (*Conn).verify
	finish    = (*Conn).finish13
	rest      = (*Conn).rest13
	end       = (*Conn).end13
	encrypted = func(c *Conn) error { return c.EncryptedExtensions() }
	request   = func(c *Conn) error { return c.CertificateRequest13(nil) }
	ticket    = func(c *Conn) error {
		return c.Say(tlsname.NewSessionTicket, []byte{0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0})
	}
	startCCS  = func(c *Conn) error { return c.ChangeCipherSpec() }
	withHello = func(change func(*ServerHello)) func(*Conn) error {
		return func(c *Conn) error { return c.ServerHello13(change) }
	}
	encrypting = func(list ...Ext) func(*Conn) error {
		return func(c *Conn) error { return c.EncryptedExtensions(list...) }
	}
	signedBy = func(s tlsname.Scheme) func(*Conn) error { return func(c *Conn) error { return c.CertificateVerify(s) } }
	say      = func(typ tlsname.Message, body ...byte) func(*Conn) error {
		return func(c *Conn) error { return c.Say(typ, body) }
	}
	warn = func(level, alert byte) func(*Conn) error {
		return func(c *Conn) error { return c.Record(tlswire.RecordAlert, []byte{level, alert}) }
	}
)

func order13() []Case {
	return []Case{
		case13("right", "", start, rest),
		case13("right, with change_cipher_spec", "", start, startCCS, rest),
		case13("right, a certificate is asked for", "", start, encrypted, request, end),
		case13("right, by P-384", "", start, encrypted, func(c *Conn) error { c.ID = c.IDs.P384; return nil }, cert, signedBy(tlsname.ECDSAP384SHA384), finish),
		case13("right, by RSA", "", start, encrypted, func(c *Conn) error { c.ID = c.IDs.RSA; return nil }, cert, signedBy(tlsname.PSSSHA256), finish),
		case13("right, several messages in a record", "", start, func(c *Conn) error {
			return c.Packed(func() error { return first(func() error { return encrypted(c) }, c.Certificate) })
		}, verify, finish),
		case13("no encrypted_extensions", "sent certificate where encrypted_extensions is due", start, end),
		case13("encrypted_extensions twice", "sent encrypted_extensions where certificate_request or certificate is due", start, encrypted, rest),
		case13("encrypted_extensions after certificate", "sent certificate where encrypted_extensions is due", start, cert, encrypted, verify, finish),
		case13("encrypted_extensions again after certificate", "sent encrypted_extensions where certificate_verify is due", start, encrypted, cert, encrypted, verify, finish),
		case13("encrypted_extensions after certificate_verify", "sent encrypted_extensions where finished is due", start, encrypted, cert, verify, encrypted, finish),
		case13("certificate twice", "sent certificate where certificate_verify is due", start, encrypted, cert, end),
		case13("certificate_verify twice", "sent certificate_verify where finished is due", start, encrypted, cert, verify, verify, finish),
		case13("certificate_verify before certificate", "sent certificate_verify where certificate_request or certificate is due", start, encrypted, verify, cert, finish),
		case13("certificate_request after certificate", "sent certificate_request where certificate_verify is due", start, encrypted, cert, request, verify, finish),
		case13("certificate_request twice", "sent certificate_request where certificate is due", start, encrypted, request, request, end),
		case13("no certificate_verify", "sent finished where certificate_verify is due", start, encrypted, cert, finish),
		case13("no certificate", "sent finished where certificate_request or certificate is due", start, encrypted, finish),
		case13("new_session_ticket before finished", "sent new_session_ticket where finished is due", start, encrypted, cert, verify, ticket, finish),
		case13("key_update before finished", "sent key_update where finished is due", start, encrypted, cert, verify, say(tlsname.KeyUpdate, 0), finish),
		case13("hello_request", "sent hello_request where certificate_request or certificate is due", start, encrypted, say(tlsname.HelloRequest), end),
		case13("server_hello twice", "sent server_hello where encrypted_extensions is due", start, say(tlsname.ServerHello, make([]byte, 40)...), rest),
		case13("an unknown message", "sent message type 99 where certificate_request or certificate is due", start, encrypted, say(99), end),
		case13("a message of TLS 1.2", "sent server_hello_done where certificate_verify is due", start, encrypted, cert, say(tlsname.ServerHelloDone), verify, finish),
		case13("hangs up after certificate", "the server closed the connection after its certificates", start, encrypted, cert, func(c *Conn) error { return errClient }),
	}
}

func hello13() []Case {
	changed := func(name, reason string, change func(*ServerHello)) Case {
		return case13(name, reason, withHello(change), rest)
	}
	retried := func(name, reason string, change, second func(*ServerHello)) Case {
		return case13(name, reason, func(c *Conn) error { return c.Retry(tlsname.P384, change) }, withHello(second), rest)
	}
	return []Case{
		changed("compression", "chose compression method 1, which was not offered", func(h *ServerHello) { h.Compression = 1 }),
		changed("session id not echoed", "did not echo the legacy_session_id of the hello", func(h *ServerHello) { h.Session = nil }),
		changed("another session id", "did not echo the legacy_session_id of the hello", func(h *ServerHello) { h.Session = make([]byte, 32) }),
		changed("legacy_version TLS 1.1", "sent a server_hello with legacy_version TLS 1.1, not TLS 1.2", func(h *ServerHello) { h.Legacy = tlsname.TLS11 }),
		changed("legacy_version TLS 1.3", "named TLS 1.3 in legacy_version, without supported_versions", func(h *ServerHello) { h.Legacy = tlsname.TLS13; h.drop(tlsname.ExtSupportedVersions) }),
		changed("TLS 1.2 in supported_versions", "answered in TLS 1.2 by supported_versions, which only TLS 1.3 is agreed on by", func(h *ServerHello) { h.set(tlsname.ExtSupportedVersions, []byte{3, 3}) }),
		changed("TLS 1.1 in supported_versions", "answered in TLS 1.1 by supported_versions, which only TLS 1.3 is agreed on by", func(h *ServerHello) { h.set(tlsname.ExtSupportedVersions, []byte{3, 2}) }),
		changed("supported_versions with a tail", "sent a malformed server_hello", func(h *ServerHello) { h.set(tlsname.ExtSupportedVersions, []byte{3, 4, 0}) }),
		changed("no key_share", "sent a server_hello without key_share", func(h *ServerHello) { h.drop(tlsname.ExtKeyShare) }),
		changed("a key share of a group without one", "sent a key share in group P-521, for which it was given none", func(h *ServerHello) { h.set(tlsname.ExtKeyShare, share(tlsname.P521, make([]byte, 133))) }),
		changed("a key share of all zeros", "sent a key share that is no good for X25519", func(h *ServerHello) { h.set(tlsname.ExtKeyShare, share(tlsname.X25519, make([]byte, 32))) }),
		changed("a key share too short", "sent a key share that is no good for X25519", func(h *ServerHello) { h.set(tlsname.ExtKeyShare, share(tlsname.X25519, make([]byte, 31))) }),
		changed("a key share with a tail", "sent a malformed extension key_share in its server_hello", func(h *ServerHello) { h.set(tlsname.ExtKeyShare, append(share(tlsname.X25519, make([]byte, 32)), 0)) }),
		changed("supported_groups in server_hello", "sent the extension supported_groups in its server_hello, where it does not belong", func(h *ServerHello) { h.add(tlsname.ExtSupportedGroups, 0, 2, 0, 29) }),
		changed("pre_shared_key nobody offered", "sent the extension pre_shared_key in its server_hello, which was not offered", func(h *ServerHello) { h.add(tlsname.ExtPreSharedKey, 0, 0) }),
		changed("an unknown extension in server_hello", "sent the extension 0xfff7 in its server_hello, which was not offered", func(h *ServerHello) { h.add(unknownExtension) }),
		changed("supported_versions twice", "sent the extension supported_versions twice in its server_hello", func(h *ServerHello) { h.add(tlsname.ExtSupportedVersions, 3, 4) }),
		changed("server_hello with a tail", "sent a malformed server_hello", func(h *ServerHello) { h.Tail = []byte{0} }),
		retried("right, after a retry", "", nil, nil),
		retried("a retry that changes nothing", "sent a HelloRetryRequest that changes nothing", func(h *ServerHello) { h.drop(tlsname.ExtKeyShare) }, nil),
		case13("a retry for a group already sent", "asked for a key share in group X25519, which it had",
			func(c *Conn) error { return c.Retry(tlsname.X25519, nil) }, start, rest),
		case13("a retry for a group not offered", "asked for group sect571r1, which was not offered",
			func(c *Conn) error { return c.Retry(14, nil) }, start, rest),
		retried("another suite after a retry", "chose TLS_CHACHA20_POLY1305_SHA256 after a HelloRetryRequest with TLS_AES_128_GCM_SHA256", nil, func(h *ServerHello) { h.Suite = 0x1303 }),
		retried("a retry with an extension of others", "sent the extension server_name in its hello_retry_request, where it does not belong", func(h *ServerHello) { h.add(tlsname.ExtServerName) }, nil),
		retried("a retry with an empty cookie", "sent a malformed extension cookie in its hello_retry_request", func(h *ServerHello) { h.add(tlsname.ExtCookie, 0, 0) }, nil),
		retried("right, a retry with a cookie", "", func(h *ServerHello) { h.add(tlsname.ExtCookie, 0, 1, 7) }, nil),
		case13("two retries", "sent a second HelloRetryRequest", func(c *Conn) error { return c.Retry(tlsname.P384, nil) },
			func(c *Conn) error { return c.Retry(tlsname.P384, nil) }, start, rest),
	}
}

func extensions13() []Case {
	inEE := func(name, reason string, list ...Ext) Case {
		return case13(name, reason, start, encrypting(list...), end)
	}
	entry := func(name, reason string, list ...Ext) Case {
		return case13(name, reason, start, encrypted, func(c *Conn) error {
			return c.Say(tlsname.Certificate, c.certificate(nil, func(item int) []Ext {
				if item == len(c.ID.Chain)-1 {
					return list
				}
				return nil
			}))
		}, verify, finish)
	}
	asking := func(name, reason string, context []byte, list ...Ext) Case {
		return case13(name, reason, start, encrypted, func(c *Conn) error { return c.CertificateRequest13(context, list...) }, end)
	}
	algorithms := Ext{tlsname.ExtSignatureAlgorithms, []byte{0, 2, 4, 3}}
	return []Case{
		inEE("right, supported_groups", "", Ext{tlsname.ExtSupportedGroups, []byte{0, 2, 0, 29}}),
		inEE("right, supported_groups cut off", "", Ext{tlsname.ExtSupportedGroups, []byte{0, 4, 0, 29}}),
		inEE("an application protocol not offered", "which was not offered", Ext{tlsname.ExtALPN, []byte{0, 4, 3, 'f', 'o', 'o'}}),
		inEE("two application protocols", "sent a malformed extension application_layer_protocol_negotiation in its encrypted_extensions", Ext{tlsname.ExtALPN, []byte("\x00\x0c\x02h2\x08http/1.1")}),
		inEE("an empty application protocol", "sent a malformed extension application_layer_protocol_negotiation in its encrypted_extensions", Ext{tlsname.ExtALPN, []byte{0, 1, 0}}),
		inEE("key_share in encrypted_extensions", "sent the extension key_share in its encrypted_extensions, where it does not belong", Ext{tlsname.ExtKeyShare, []byte{0, 29}}),
		inEE("supported_versions in encrypted_extensions", "sent the extension supported_versions in its encrypted_extensions, where it does not belong", Ext{tlsname.ExtSupportedVersions, []byte{3, 4}}),
		inEE("status_request in encrypted_extensions", "sent the extension status_request in its encrypted_extensions, where it does not belong", Ext{tlsname.ExtStatusRequest, nil}),
		inEE("extended_master_secret in TLS 1.3", "sent the extension extended_master_secret in its encrypted_extensions, where it does not belong", Ext{tlsname.ExtExtendedMasterSecret, nil}),
		inEE("an extension not offered", "sent the extension heartbeat in its encrypted_extensions, which was not offered", Ext{15, []byte{1}}),
		inEE("an unknown extension", "sent the extension 0xfff7 in its encrypted_extensions, which was not offered", Ext{unknownExtension, nil}),
		inEE("the same extension twice", "sent the extension supported_groups twice in its encrypted_extensions", Ext{tlsname.ExtSupportedGroups, []byte{0, 2, 0, 29}}, Ext{tlsname.ExtSupportedGroups, []byte{0, 2, 0, 29}}),
		inEE("server_name with content", "sent a malformed extension server_name in its encrypted_extensions", Ext{tlsname.ExtServerName, []byte{0}}),
		case13("encrypted_extensions with a tail", "sent a malformed encrypted_extensions", start, say(tlsname.EncryptedExtensions, 0, 0, 0), end),
		case13("encrypted_extensions too short", "sent a malformed encrypted_extensions", start, say(tlsname.EncryptedExtensions, 0, 4, 0, 10), end),
		entry("an unknown extension on a certificate", "sent the extension 0xfff7 in its certificate, which was not offered", Ext{unknownExtension, nil}),
		entry("server_name on a certificate", "sent the extension server_name in its certificate, where it does not belong", Ext{tlsname.ExtServerName, nil}),
		entry("status_request twice on a certificate", "sent the extension status_request twice in its certificate", Ext{tlsname.ExtStatusRequest, []byte{1, 0, 0, 1, 1}}, Ext{tlsname.ExtStatusRequest, []byte{1, 0, 0, 1, 1}}),
		entry("an empty list of timestamps", "sent a malformed extension signed_certificate_timestamp in its certificate", Ext{tlsname.ExtSCT, []byte{0, 0}}),
		entry("an empty staple", "sent a malformed extension status_request in its certificate", Ext{tlsname.ExtStatusRequest, []byte{1, 0, 0, 0}}),
		case13("certificate with a context", "sent a certificate with a certificate_request_context, which only a client's has", start, encrypted, func(c *Conn) error {
			return c.Say(tlsname.Certificate, c.certificate([]byte{7}, nil))
		}, verify, finish),
		case13("certificate with a tail", "sent a malformed certificate", start, encrypted, func(c *Conn) error {
			return c.Say(tlsname.Certificate, append(c.certificate(nil, nil), 0))
		}, verify, finish),
		case13("an empty certificate among them", "sent a malformed certificate", start, encrypted, func(c *Conn) error {
			c.ID.Chain = append(slices.Clone(c.ID.Chain), nil)
			return c.Certificate()
		}, verify, finish),
		case13("no certificates", "sent a certificate message without a certificate", start, encrypted, say(tlsname.Certificate, 0, 0, 0, 0), verify, finish),
		asking("certificate_request with a context", "sent a certificate_request with a context, which only one after the handshake has", []byte{1}, algorithms),
		asking("certificate_request without signature_algorithms", "sent a certificate_request without signature_algorithms", nil, Ext{tlsname.ExtAuthorities, []byte{0, 4, 0, 2, 0x30, 0}}),
		asking("certificate_request with empty signature_algorithms", "sent a malformed extension signature_algorithms in its certificate_request", nil, Ext{tlsname.ExtSignatureAlgorithms, []byte{0, 0}}),
		asking("certificate_request, an extension twice", "sent the extension signature_algorithms twice in its certificate_request", nil, algorithms, algorithms),
		asking("right, certificate_request with an unknown extension", "", nil, algorithms, Ext{unknownExtension, []byte{1}}),
		asking("right, certificate_request with an unknown extension twice", "", nil, algorithms, Ext{unknownExtension, []byte{1}}, Ext{unknownExtension, nil}),
		case13("certificate_request with a tail", "sent a malformed certificate_request", start, encrypted, say(tlsname.CertificateRequest, 0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3, 0), end),
	}
}

func proof13() []Case {
	by := func(id func(*Conn) Identity, scheme tlsname.Scheme) []func(*Conn) error {
		return []func(*Conn) error{start, encrypted, func(c *Conn) error { c.ID = id(c); return nil }, cert, signedBy(scheme), finish}
	}
	p256, p384, rsa := func(c *Conn) Identity { return c.IDs.P256 }, func(c *Conn) Identity { return c.IDs.P384 }, func(c *Conn) Identity { return c.IDs.RSA }
	finished := func(name, reason string, change func([]byte) []byte) Case {
		return case13(name, reason, start, encrypted, cert, verify, func(c *Conn) error { return first(func() error { return c.Finished13(change) }, c.Answer13) })
	}
	return []Case{
		case13("ecdsa_secp256r1 by a P-384 key", "signed its certificate_verify with ecdsa_secp256r1_sha256, which the P-384 key of item 0 cannot make", by(p384, tlsname.ECDSAP256SHA256)...),
		case13("ecdsa_secp384r1 by a P-256 key", "signed its certificate_verify with ecdsa_secp384r1_sha384, which the P-256 key of item 0 cannot make", by(p256, tlsname.ECDSAP384SHA384)...),
		case13("rsa_pkcs1 in TLS 1.3", "signed its certificate_verify with rsa_pkcs1_sha256, which TLS 1.3 does not allow here", by(rsa, tlsname.PKCS1SHA256)...),
		case13("ecdsa_sha1 in TLS 1.3", "signed its certificate_verify with ecdsa_sha1, which TLS 1.3 does not allow here", by(p256, tlsname.ECDSASHA1)...),
		case13("a signature by another key", "the signature of its certificate_verify (ecdsa_secp256r1_sha256) does not fit the public key of item 0", start, encrypted, cert,
			func(c *Conn) error { c.ID.Key = c.IDs.P384.Key; return nil }, verify, finish),
		case13("certificate_verify with a tail", "sent a malformed certificate_verify", start, encrypted, cert, func(c *Conn) error {
			body, err := c.signature(tlsname.ECDSAP256SHA256, tlswire.SignedServer13(c.transcript.Sum()))
			return first(func() error { return err }, func() error { return c.Say(tlsname.CertificateVerify, append(body, 0)) })
		}, finish),
		case13("an empty signature", "the signature of its certificate_verify (ecdsa_secp256r1_sha256) does not fit the public key of item 0", start, encrypted, cert, say(tlsname.CertificateVerify, 4, 3, 0, 0), finish),
		finished("a Finished that does not verify", "sent a Finished that does not verify", func(b []byte) []byte { b[0] ^= 1; return b }),
		finished("a Finished too short", "sent a malformed finished", func(b []byte) []byte { return b[:len(b)-1] }),
		finished("a Finished too long", "sent a malformed finished", func(b []byte) []byte { return append(b, 0) }),
		finished("an empty Finished", "sent a malformed finished", func([]byte) []byte { return nil }),
	}
}

func records13() []Case {
	behind := func(typ tlsname.Message, body ...byte) func(*Conn) error {
		return func(c *Conn) error { return c.Say(typ, body) }
	}
	return []Case{
		case13("more behind finished in its record", "sent more in the record that ends with its finished", start, encrypted, cert, verify, func(c *Conn) error {
			return first(func() error {
				return c.Packed(func() error {
					return first(func() error { return c.Finished13(nil) }, func() error { return ticket(c) })
				})
			}, c.Answer13)
		}),
		case13("encrypted_extensions behind server_hello in its record", "sent more in the record that ends with its server_hello", func(c *Conn) error {
			var keys func() error
			return first(func() error {
				return c.Packed(func() (err error) {
					keys, err = c.sayHello13(nil)
					return first(func() error { return err }, func() error { return encrypted(c) })
				})
			}, func() error { return keys() })
		}, end),
		case13("change_cipher_spec of two bytes", "sent change_cipher_spec where a handshake message is due", start, func(c *Conn) error { return c.Raw([]byte{20, 3, 3, 0, 2, 1, 1}) }, rest),
		case13("change_cipher_spec before server_hello", "sent change_cipher_spec where a handshake message is due", startCCS, start, rest),
		case13("change_cipher_spec that is encrypted", "sent an encrypted change_cipher_spec", start, func(c *Conn) error { return c.Record(tlswire.RecordCCS, []byte{1}) }, rest),
		case13("application data before finished", "sent application data where a handshake message is due", start, encrypted, func(c *Conn) error { return c.Record(tlswire.RecordData, []byte("x")) }, end),
		case13("clear text after server_hello", "sent clear text where encrypted records are due", start, func(c *Conn) error {
			write := c.write
			c.write = nil
			err := encrypted(c)
			c.write = write
			return err
		}, end),
		case13("an alert of three bytes", "sent an alert that is not two bytes long", start, func(c *Conn) error { return c.Record(tlswire.RecordAlert, []byte{1, 90, 0}) }, rest),
		case13("an alert of level 3", "sent an alert of level 3", start, warn(3, 90), rest),
		case13("a warning in TLS 1.3", "the server sent alert 112 (unrecognized_name)", start, warn(1, 112), rest),
		case13("a warning in clear text after server_hello", "sent clear text where encrypted records are due", start, func(c *Conn) error { return c.Raw([]byte{21, 3, 3, 0, 2, 1, 90}) }, rest),
		case13("close_notify inside the handshake", "the server closed the connection after its server_hello", start, warn(1, 0), rest),
		case13("a record without a content type", "sent an encrypted record without a content type, or one too long", start, func(c *Conn) error {
			return c.Record(0, make([]byte, 5))
		}, rest),
		case13("a record too long", "sent an encrypted record without a content type, or one too long", start, encrypted, func(c *Conn) error {
			return c.Record(tlswire.RecordHandshake, tlswire.Message(tlsname.Certificate, make([]byte, tlswire.MaxPlain+1-4)))
		}, end),
		case13("an encrypted record of TLS 1.0", "sent a record of version TLS 1.0 after its keys, not TLS 1.2", start, func(c *Conn) error {
			record := c.write.Seal(tlswire.RecordHandshake, []byte{8, 0, 0, 2, 0, 0})
			record[2] = 1
			return c.Raw(record)
		}, end),
		case13("change_cipher_spec of TLS 1.0 after server_hello", "sent a record of version TLS 1.0 after its keys, not TLS 1.2", start, func(c *Conn) error { return c.Raw([]byte{20, 3, 1, 0, 1, 1}) }, rest),
		case13("right, an empty record of handshake in clear text", "", func(c *Conn) error { return c.Raw([]byte{22, 3, 3, 0, 0}) }, start, rest),
		case13("right, an empty record of handshake, encrypted", "", start, func(c *Conn) error { return c.Record(tlswire.RecordHandshake, nil) }, rest),
		case13("records without content, 33 of them", "sent records without content, without end", start, func(c *Conn) error {
			for range 33 {
				if err := c.Record(tlswire.RecordHandshake, nil); err != nil {
					return err
				}
			}
			return nil
		}, rest),
		case13("change_cipher_spec, 33 of them", "sent records without content, without end", start, func(c *Conn) error { return c.Raw(bytes.Repeat([]byte{20, 3, 3, 0, 1, 1}, 33)) }, rest),
		case13("right, a server_hello in a record of TLS 1.0", "", func(c *Conn) error {
			var keys func() error
			return first(func() error {
				c.packing, c.packed = true, nil
				var err error
				keys, err = c.sayHello13(nil)
				c.packing = false
				return err
			}, func() error { return c.Raw(tlswire.Record(tlswire.RecordHandshake, tlsname.TLS10, c.packed)) }, func() error { return keys() })
		}, rest),
		case13("a record of heartbeat", "sent a record of unknown type where a handshake message is due", start, func(c *Conn) error { return c.Record(24, []byte{1}) }, rest),
		case13("right, user_canceled and on", "", start, warn(1, 90), rest),
		case13("a fatal alert after its certificates", "the server sent alert 80 (internal_error)", start, encrypted, cert, warn(2, 80)),
		case13("an alert between two parts of a message", "the server sent alert 112 (unrecognized_name)", start, func(c *Conn) error {
			msg := tlswire.Message(tlsname.EncryptedExtensions, []byte{0, 0})
			c.transcript.Add(msg)
			return first(func() error { return c.Record(tlswire.RecordHandshake, msg[:3]) }, func() error { return warn(1, 112)(c) }, func() error { return c.Record(tlswire.RecordHandshake, msg[3:]) })
		}, end),
		case13("right, a message in parts", "", start, func(c *Conn) error {
			msg := tlswire.Message(tlsname.EncryptedExtensions, []byte{0, 0})
			c.transcript.Add(msg)
			return first(func() error { return c.Record(tlswire.RecordHandshake, msg[:1]) }, func() error { return c.Record(tlswire.RecordHandshake, msg[1:]) })
		}, end),
		case13("a certificate message longer than clients read", "", start, encrypted, func(c *Conn) error {
			for len(c.ID.Chain) < 400 {
				c.ID.Chain = append(slices.Clone(c.ID.Chain), c.ID.Chain[1])
			}
			return c.Certificate()
		}, verify, finish),
		case13("a message longer than clients read", "clients read no more than", start, encrypted, behind(tlsname.CertificateRequest, bytes.Repeat([]byte{0}, 1<<20)...), end),
	}
}
