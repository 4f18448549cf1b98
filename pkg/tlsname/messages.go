package tlsname

import "strconv"

// A Message is the type of a handshake message (IANA TLS HandshakeType).
type Message byte

// The messages.
const (
	HelloRequest          Message = 0
	ClientHello           Message = 1
	ServerHello           Message = 2
	NewSessionTicket      Message = 4
	EncryptedExtensions   Message = 8
	Certificate           Message = 11
	ServerKeyExchange     Message = 12
	CertificateRequest    Message = 13
	ServerHelloDone       Message = 14
	CertificateVerify     Message = 15
	ClientKeyExchange     Message = 16
	Finished              Message = 20
	CertificateStatus     Message = 22
	KeyUpdate             Message = 24
	CompressedCertificate Message = 25
	MessageHash           Message = 254
)

var messages = [...]struct {
	message Message
	name    string
}{
	{HelloRequest, "hello_request"}, {ClientHello, "client_hello"}, {ServerHello, "server_hello"},
	{3, "hello_verify_request"}, {NewSessionTicket, "new_session_ticket"}, {5, "end_of_early_data"}, {6, "hello_retry_request"},
	{EncryptedExtensions, "encrypted_extensions"}, {Certificate, "certificate"}, {ServerKeyExchange, "server_key_exchange"},
	{CertificateRequest, "certificate_request"}, {ServerHelloDone, "server_hello_done"}, {CertificateVerify, "certificate_verify"},
	{ClientKeyExchange, "client_key_exchange"}, {Finished, "finished"}, {21, "certificate_url"},
	{CertificateStatus, "certificate_status"}, {23, "supplemental_data"}, {KeyUpdate, "key_update"},
	{CompressedCertificate, "compressed_certificate"}, {MessageHash, "message_hash"},
}

func (m Message) String() string {
	for _, e := range messages {
		if e.message == m {
			return e.name
		}
	}
	return "message type " + strconv.Itoa(int(m))
}
