package dial

import "strconv"

// Alert descriptions of which more is said than their name (RFC 8446 section 6).
const (
	AlertProtocolVersion  = 70
	AlertUnrecognizedName = 112
)

// Alert descriptions the engine acts on.
const (
	alertCloseNotify         = 0
	alertUnexpectedMessage   = 10
	alertRecordOverflow      = 22
	alertHandshakeFailure    = 40
	alertIllegalParameter    = 47
	alertDecodeError         = 50
	alertInternalError       = 80
	alertCertificateRequired = 116
	alertNoApplicationProto  = 120
)

// AlertName gives the registered name of a TLS alert ("handshake_failure"),
// or "alert 200" for a number that has none (IANA TLS Alerts).
func AlertName(n int) string {
	switch n {
	case alertCloseNotify:
		return "close_notify"
	case alertUnexpectedMessage:
		return "unexpected_message"
	case 20:
		return "bad_record_mac"
	case 21:
		return "decryption_failed"
	case alertRecordOverflow:
		return "record_overflow"
	case 30:
		return "decompression_failure"
	case alertHandshakeFailure:
		return "handshake_failure"
	case 41:
		return "no_certificate"
	case 42:
		return "bad_certificate"
	case 43:
		return "unsupported_certificate"
	case 44:
		return "certificate_revoked"
	case 45:
		return "certificate_expired"
	case 46:
		return "certificate_unknown"
	case alertIllegalParameter:
		return "illegal_parameter"
	case 48:
		return "unknown_ca"
	case 49:
		return "access_denied"
	case alertDecodeError:
		return "decode_error"
	case 51:
		return "decrypt_error"
	case 60:
		return "export_restriction"
	case AlertProtocolVersion:
		return "protocol_version"
	case 71:
		return "insufficient_security"
	case alertInternalError:
		return "internal_error"
	case 86:
		return "inappropriate_fallback"
	case 90:
		return "user_canceled"
	case 100:
		return "no_renegotiation"
	case 109:
		return "missing_extension"
	case 110:
		return "unsupported_extension"
	case 111:
		return "certificate_unobtainable"
	case AlertUnrecognizedName:
		return "unrecognized_name"
	case 113:
		return "bad_certificate_status_response"
	case 114:
		return "bad_certificate_hash_value"
	case 115:
		return "unknown_psk_identity"
	case alertCertificateRequired:
		return "certificate_required"
	case 117:
		return "general_error"
	case alertNoApplicationProto:
		return "no_application_protocol"
	case 121:
		return "ech_required"
	}
	return "alert " + strconv.Itoa(n)
}

// alertText is an alert the way messages print it: "40 (handshake_failure)".
func alertText(n int) string {
	if name := AlertName(n); name != "alert "+strconv.Itoa(n) {
		return strconv.Itoa(n) + " (" + name + ")"
	}
	return strconv.Itoa(n)
}
