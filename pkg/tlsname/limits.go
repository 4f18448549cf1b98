package tlsname

// MaxMessage is the longest handshake message that OpenSSL and BoringSSL read,
// and with them Apple's, Google's and most other clients
// (SSL_MAX_CERT_LIST_DEFAULT, 100 KiB). Those of each client stand in pkg/client.
const MaxMessage = 100 << 10
