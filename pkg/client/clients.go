package client

import (
	"sync"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Where a root has to be installed for a client that does not use the system's store.
const (
	inApp     = "in the app's network_security_config.xml (<certificates src=\"user\"/>), for apps built for API 24 or newer"
	inCacerts = "in the Java trust store (keytool -importcert -cacerts -alias root -file root.pem)"
	inNode    = "in NODE_EXTRA_CA_CERTS=root.pem, or in the option ca"
	inFirefox = "in Firefox's own store, or with security.enterprise_roots.enabled in the system's"
	inSystem  = "in the system's store"
	inChrome  = "in the system's store (Linux: in the NSS database, certutil -A -t C,,)"
	inCertifi = "in SSL_CERT_FILE or the system's store; requests looks into certifi (REQUESTS_CA_BUNDLE=root.pem)"
)

func rowOf(name, version, label, about string, tables ...*Table) *Client {
	return &Client{Name: name, Version: version, Label: label, About: about, Tables: tables}
}

func (k *Client) with(hello string, floor tlsname.Version, store, roots, frame string, shows []Show) *Client {
	k.Hello, k.Floor, k.Store, k.Roots, k.Frame, k.Shows = hello, floor, store, roots, frame, shows
	return k
}

func (k *Client) fetching() *Client { k.Fetches = true; return k }
func (k *Client) asking() *Client   { k.Asks = true; return k }

func apple(name, version, label, about, platform string) *Client {
	return &Client{Name: name, Version: version, Label: label, About: about, Platform: platform, Store: "apple", Roots: "on the device, and switched on under Certificate Trust Settings", Fetches: true}
}

// all are the rows, in the order they are shown.
func all() []*Client {
	made.once.Do(func() { made.all = rows() })
	return made.all
}

var made struct { // by the first who asks: a sync.OnceValue would be made at every start
	once sync.Once
	all  []*Client
}

func rows() []*Client {
	return []*Client{
		apple("apple", "26", "iOS 26", "URLSession on iOS 26 and its siblings", "ios26"),
		apple("apple", "18", "iOS 18", "URLSession on iOS 18", "ios18"),
		apple("apple", "17", "iOS 17", "URLSession on iOS 17", "ios17"),
		apple("safari", "26", "Safari", "Safari on macOS 26", "macos26"),
		rowOf("chrome", "156", "Chrome", "Chrome and Chromium on desktop and Android, and WebView", chrome, chromeReader, common).with(tlsname.HelloClientChrome, tlsname.TLS12, "chrome", inChrome, "%s", chromeShows).fetching(),
		rowOf("firefox", "153", "Firefox", "Firefox ESR and Thunderbird", firefox, firefoxReader, common).with(tlsname.HelloClientFirefox, tlsname.TLS12, "mozilla", inFirefox, "%s", firefoxShows).asking(),
		rowOf("android", "targetSdk 24", "Android apps", "apps built for API 24 or newer, with OkHttp or HttpsURLConnection", android, path).with("", 0, "android", inApp, "", nil),
		rowOf("windows", "11", "Windows", ".NET, WinHTTP, PowerShell over Schannel", windows, path).with("", 0, "microsoft", inSystem, "", nil).fetching(),
		rowOf("java", "17", "Java 17", "HttpsURLConnection and HttpClient", java17, java, javaReader, common).with(tlsname.HelloClientJava17, tlsname.TLS12, "java", inCacerts, "SSLHandshakeException: %s", javaShows),
		rowOf("java", "21", "Java 21", "HttpsURLConnection and HttpClient", java21, java, javaReader, common).with(tlsname.HelloClientJava17, tlsname.TLS12, "java", inCacerts, "SSLHandshakeException: %s", javaShows),
		rowOf("java", "25", "Java 25", "HttpsURLConnection and HttpClient", java25, java, javaReader, common).with(tlsname.HelloClientJava25, tlsname.TLS12, "java", inCacerts, "SSLHandshakeException: %s", javaShows),
		rowOf("go", "1.26", "Go", "net/http: Kubernetes, Terraform, Caddy", goTLS, goReader, common).with(tlsname.HelloClientGo, tlsname.TLS12, "mozilla", inSystem, "tls: failed to verify certificate: %s", goShows),
		rowOf("openssl", "3.0 level 2", "OpenSSL", "openssl s_client -verify_return_error -verify_hostname as Debian and Ubuntu build it", sclient, level2, openssl, opensslReader, common).
			with(tlsname.HelloClientOpenSSL, tlsname.TLS12, "mozilla", inSystem, "verify error: %s", opensslShows),
		rowOf("openssl", "3.0 level 1", "OpenSSL level 1", "the same at security level 1, OpenSSL's own default before 3.2", sclient, level1, openssl, opensslReader, common).
			with(tlsname.HelloClientOpenSSL, tlsname.TLS12, "mozilla", inSystem, "verify error: %s", opensslShows),
		rowOf("curl", "7.88 OpenSSL", "curl", "curl with OpenSSL", curl, level2, openssl, opensslReader, common).with(tlsname.HelloClientOpenSSL, tlsname.TLS12, "mozilla", inSystem, "curl: (60) SSL certificate problem: %s", opensslShows),
		rowOf("python", "3.11", "Python 3.11", "ssl.create_default_context", python, level2, openssl, opensslReader, common).
			with(tlsname.HelloClientPython, tlsname.TLS12, "mozilla", inCertifi, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: %s", opensslShows),
		rowOf("python", "3.12", "Python 3.12", "ssl.create_default_context", python312, python, level2, openssl, opensslReader, common).
			with(tlsname.HelloClientPython, tlsname.TLS12, "mozilla", inCertifi, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: %s", opensslShows),
		rowOf("python", "3.13", "Python 3.13", "ssl.create_default_context, which sets VERIFY_X509_STRICT and VERIFY_X509_PARTIAL_CHAIN", python313, python, level2, openssl, opensslReader, common).
			with(tlsname.HelloClientPython, tlsname.TLS12, "mozilla", inCertifi, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: %s", opensslShows),
		rowOf("node", "20", "Node", "https.get, with its own OpenSSL and its own roots", node, level1, openssl, opensslReader, common).with(tlsname.HelloClientNode, tlsname.TLS12, "mozilla", inNode, "Error: %s", opensslShows),
		rowOf("ruby", "3.1", "Ruby", "Net::HTTP", ruby, level2, openssl, opensslReader, common).with(tlsname.HelloClientOpenSSL, tlsname.TLS12, "mozilla", inSystem, "certificate verify failed (%s)", opensslShows),
		rowOf("php", "8.2", "PHP", "https:// streams", php, level2, openssl, opensslReader, common).with(tlsname.HelloClientPHP, tlsname.TLS12, "mozilla", inSystem, "certificate verify failed: %s", opensslShows),
		rowOf("gnutls", "3.7", "GnuTLS", "gnutls-cli, glib-networking, apt", gnutls, gnutlsReader, common).with(tlsname.HelloClientGnuTLS, tlsname.TLS10, "mozilla", inSystem, "%s", gnutlsShows),
		rowOf("wget", "1.21 GnuTLS", "wget", "wget as Debian builds it", wget, gnutls, gnutlsReader, common).with(tlsname.HelloClientGnuTLS, tlsname.TLS10, "mozilla", inSystem, "%s", gnutlsShows),
		rowOf("git", "2.39 GnuTLS", "git", "git as Debian builds it", git, gnutls, gnutlsReader, common).with(tlsname.HelloClientGnuTLS, tlsname.TLS10, "mozilla", inSystem, "fatal: unable to access: %s", gnutlsShows),
	}
}
