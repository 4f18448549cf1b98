package tlsname

// MaxMessage is the longest handshake message that OpenSSL and BoringSSL read,
// and with them Apple's, Google's and most other clients
// (SSL_MAX_CERT_LIST_DEFAULT, 100 KiB).
const MaxMessage = 100 << 10

// A SizeLimit is the most of a server's certificates that a client reads; 0: no
// limit of its own is known.
type SizeLimit struct {
	Client        string
	Bytes         int // of the Certificate message
	Certificates  int // that are sent
	Intermediates int // on the path
}

// SizeLimits are those measured, the most common clients first.
func SizeLimits() []SizeLimit {
	return []SizeLimit{
		{Client: "BoringSSL", Bytes: MaxMessage},
		{Client: "OpenSSL", Bytes: MaxMessage},
		{Client: "Java", Bytes: 32 << 10, Certificates: 10},
		{Client: "GnuTLS", Bytes: 128 << 10, Certificates: 16},
		{Client: "Firefox", Bytes: 128 << 10, Intermediates: 6},
		{Client: "Go", Bytes: 256 << 10},
		{Client: "Mbed TLS", Bytes: 16 << 10},
	}
}
