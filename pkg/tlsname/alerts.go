package tlsname

import (
	"strconv"
	"strings"
)

// An Alert is the description of a TLS alert (RFC 8446 section 6, IANA TLS Alerts).
type Alert int

// The alerts that something is made of.
const (
	CloseNotify           Alert = 0
	UnexpectedMessage     Alert = 10
	BadRecordMAC          Alert = 20
	RecordOverflow        Alert = 22
	HandshakeFailure      Alert = 40
	BadCertificate        Alert = 42
	UnsupportedCert       Alert = 43
	CertificateExpired    Alert = 45
	IllegalParameter      Alert = 47
	UnknownCA             Alert = 48
	DecodeError           Alert = 50
	DecryptError          Alert = 51
	ProtocolVersion       Alert = 70
	InsufficientSecurity  Alert = 71
	InternalError         Alert = 80
	MissingExtension      Alert = 109
	UnsupportedExtension  Alert = 110
	UnrecognizedName      Alert = 112
	CertificateRequired   Alert = 116
	NoApplicationProtocol Alert = 120
)

// alerts: the name; what a server means by it that refuses a client identity,
// and the code an app then sees (SecureTransport.h; apple: M-06), where the
// alert has one of its own.
var alerts = [...]struct {
	alert   Alert
	name    string
	refusal string
	ssl     int
}{
	{CloseNotify, "close_notify", "", 0},
	{UnexpectedMessage, "unexpected_message", "", 0},
	{BadRecordMAC, "bad_record_mac", "", 0},
	{21, "decryption_failed", "", 0},
	{RecordOverflow, "record_overflow", "", 0},
	{30, "decompression_failure", "", 0},
	{HandshakeFailure, "handshake_failure", "handshake failure: in TLS 1.2 the usual answer to no identity", -9824}, // errSSLPeerHandshakeFail
	{41, "no_certificate", "", 0},
	{BadCertificate, "bad_certificate", "bad certificate", -9825},
	{UnsupportedCert, "unsupported_certificate", "unsupported certificate: its extended key usage, as a rule", -9826}, // errSSLPeerUnsupportedCert
	{44, "certificate_revoked", "certificate revoked", -9827},                                                         // errSSLPeerCertRevoked
	{CertificateExpired, "certificate_expired", "certificate expired", -9828},                                         // errSSLPeerCertExpired
	{46, "certificate_unknown", "certificate unknown", -9829},                                                         // errSSLPeerCertUnknown
	{IllegalParameter, "illegal_parameter", "", 0},
	{UnknownCA, "unknown_ca", "unknown CA: no path to a CA the server trusts, or with OpenSSL a CRL it lacks", -9831}, // errSSLPeerUnknownCA
	{49, "access_denied", "access denied", -9832},                                                                     // errSSLPeerAccessDenied
	{DecodeError, "decode_error", "", 0},
	{DecryptError, "decrypt_error", "decrypt error: a signature that does not verify", -9834}, // errSSLPeerDecryptError
	{60, "export_restriction", "", 0},
	{ProtocolVersion, "protocol_version", "", 0},
	{InsufficientSecurity, "insufficient_security", "", 0},
	{InternalError, "internal_error", "internal error: with Apache a chain deeper than SSLVerifyDepth", -9838}, // errSSLPeerInternalError
	{86, "inappropriate_fallback", "", 0},
	{90, "user_canceled", "", 0},
	{100, "no_renegotiation", "", 0},
	{MissingExtension, "missing_extension", "", 0},
	{UnsupportedExtension, "unsupported_extension", "", 0},
	{111, "certificate_unobtainable", "", 0},
	{UnrecognizedName, "unrecognized_name", "", 0},
	{113, "bad_certificate_status_response", "", 0},
	{114, "bad_certificate_hash_value", "", 0},
	{115, "unknown_psk_identity", "", 0},
	{CertificateRequired, "certificate_required", "certificate required", 0},
	{117, "general_error", "", 0},
	{NoApplicationProtocol, "no_application_protocol", "", 0},
	{121, "ech_required", "", 0},
}

// String gives the registered name, or "alert 200" for a number that has none.
func (a Alert) String() string {
	for i := range alerts {
		if alerts[i].alert == a {
			return alerts[i].name
		}
	}
	return "alert " + strconv.Itoa(int(a))
}

// Registered reports whether the alert has a name.
func (a Alert) Registered() bool {
	for i := range alerts {
		if alerts[i].alert == a {
			return true
		}
	}
	return false
}

// Numbered is the alert the way messages print it: "40 (handshake_failure)".
func (a Alert) Numbered() string {
	if !a.Registered() {
		return strconv.Itoa(int(a))
	}
	return strconv.Itoa(int(a)) + " (" + a.String() + ")"
}

// Refusal says what a server means by the alert that refuses a client identity,
// and the SSL code an app sees: errSSLPeerBadCert where it has none of its own.
func (a Alert) Refusal() (meaning string, ssl int) {
	meaning, ssl = strings.ReplaceAll(a.String(), "_", " "), -9825
	for i := range alerts {
		if e := &alerts[i]; e.alert == a && e.refusal != "" {
			meaning = e.refusal
			if e.ssl != 0 {
				ssl = e.ssl
			}
		}
	}
	return meaning, ssl
}
