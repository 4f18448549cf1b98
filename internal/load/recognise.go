package load

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/chainspect/chainspect/pkg/chain"
)

// A Kind is what a file is, told by its content and never by its name. Its text
// goes on where "this is" ends.
type Kind string

// The kinds of files. The last group is text that has to be mended before it is
// what it was meant to be.
const (
	Certificates Kind = "a list of certificates in PEM"
	Certificate  Kind = "a certificate in DER"
	PKCS7        Kind = "a PKCS#7 list of certificates"
	CSR          Kind = "a certificate request (CSR), which is a question and no certificate"
	CRL          Kind = "a certificate revocation list (CRL)"
	OCSP         Kind = "an OCSP response"
	CTList       Kind = "a list of CT logs"
	PublicKey    Kind = "a public key, not a certificate"
	CMS          Kind = "a CMS message that holds no list of certificates"
	CutDER       Kind = "DER that is cut off: its outer length wants more than there is"
	OtherDER     Kind = "DER, but no certificate"
	OtherPEM     Kind = "PEM without a certificate"

	PrivateKey  Kind = "a private key, not a certificate"
	PEMIdentity Kind = "a certificate and a private key in PEM"
	PKCS12      Kind = "a PKCS#12 file: a digital identity, protected by a password"
	JKS         Kind = "a Java key store (JKS)"
	JCEKS       Kind = "a Java key store (JCEKS)"
	BKS         Kind = "a key store of Bouncy Castle (BKS)"
	UBER        Kind = "a key store of Bouncy Castle (UBER)"
	BCFKS       Kind = "a key store of Bouncy Castle (BCFKS)"

	Mobileconfig Kind = "a configuration profile (.mobileconfig)"
	Plist        Kind = "a property list, such as an app's Info.plist"
	IPA          Kind = "an app archive (.ipa)"
	Zip          Kind = "a zip archive"
	Gzip         Kind = "a gzip archive"

	SavedCapture Kind = "a saved capture"
	JSONReport   Kind = "a report in JSON"
	JobLines     Kind = "jobs in JSON, a line each"
	Kubernetes   Kind = "a Kubernetes object"
	OtherJSON    Kind = "JSON of another kind"
	Demands      Kind = "a server policy"
	GatePolicy   Kind = "a gate's policy"

	HTML   Kind = "an HTML page"
	XML    Kind = "XML of another kind"
	Dump   Kind = "a certificate printed as text, without the certificate itself"
	Empty  Kind = "an empty file"
	Text   Kind = "text"
	Binary Kind = "binary data of another kind"

	UTF16    Kind = "text in UTF-16"
	Base64   Kind = "Base64 without BEGIN and END lines"
	Escaped  Kind = `PEM on one line, its line breaks written as \n`
	Indented Kind = "PEM that is indented, as in YAML"
	Glued    Kind = "PEM in which a BEGIN stands on the same line as the END before it"
	OnlyCR   Kind = "PEM whose lines end in CR alone"
	Preceded Kind = "PEM with something before a BEGIN on its line"
)

// Recognise tells what a file is.
func Recognise(data []byte) Kind {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	switch {
	case len(text) == 0:
		return Empty
	case bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")):
		if bytes.Contains(data, []byte("Payload/")) {
			return IPA
		}
		return Zip
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		return Gzip
	case isKeyStore(data):
		if binary.BigEndian.Uint32(data) == magicJCEKS {
			return JCEKS
		}
		return JKS
	case bytes.HasPrefix(data, []byte("bplist00")):
		return plistKind(data)
	case data[0] == 0x30 && !isText(data):
		return derFile(data)
	case inUTF16(data):
		return UTF16
	}
	if k := bouncyCastle(data); k != "" {
		return k
	}
	if startsJSON(text) {
		return jsonKind(text)
	}
	if k, _ := misshapen(data); k != "" {
		return k
	}
	switch {
	case bytes.Contains(data, begin):
		return pemKind(data)
	case !isText(data):
		return Binary
	case text[0] == '<':
		return markup(text)
	}
	if _, ok := unwrapped(text); ok {
		return Base64
	}
	return textKind(text)
}

// isText reports whether a file is UTF-8 without control characters but white space.
func isText(data []byte) bool {
	for i := 0; i < len(data); {
		c := data[i]
		if c < utf8.RuneSelf {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return false
		}
		i += n
	}
	return true
}

// utf16Order tells UTF-16 by its mark, or by ASCII text that every second octet
// of is zero; nil where it is none.
func utf16Order(data []byte) binary.ByteOrder {
	const look = 32
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return binary.BigEndian
	case len(data) < look:
		return nil
	}
	for first, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
		ascii := true
		for i := range look {
			ascii = ascii && (data[i] == 0) == (i%2 == first)
		}
		if ascii {
			return order
		}
	}
	return nil
}

func inUTF16(data []byte) bool { return utf16Order(data) != nil }

// fromUTF16 is the same text in UTF-8.
func fromUTF16(data []byte) []byte {
	order := utf16Order(data)
	units := make([]uint16, 0, len(data)/2)
	for ; len(data) >= 2; data = data[2:] {
		units = append(units, order.Uint16(data))
	}
	return []byte(strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff"))
}

// bouncyCastle knows the two key stores of Bouncy Castle that begin with a
// version, a salt of 20 octets and a number of iterations
// (org.bouncycastle.jcajce.provider.keystore.bc.BcKeyStoreSpi): in a BKS the
// first entry follows in the clear, in a UBER all is encrypted.
func bouncyCastle(data []byte) Kind {
	const saltAt, salt = 8, 20
	if len(data) < saltAt+salt+5 || binary.BigEndian.Uint32(data) > 2 || binary.BigEndian.Uint32(data[4:]) != salt {
		return ""
	}
	rest := data[saltAt+salt+4:]
	if kind := rest[0]; kind == 0 { // the end of the entries, then a MAC
		return BKS
	} else if kind <= 4 && len(rest) > 3 {
		if alias := int(binary.BigEndian.Uint16(rest[1:])); alias < len(rest)-3 && utf8.Valid(rest[3:3+alias]) {
			return BKS
		}
	}
	return UBER
}

func plistKind(data []byte) Kind {
	if bytes.Contains(data, []byte("PayloadContent")) {
		return Mobileconfig
	}
	return Plist
}

func markup(text []byte) Kind {
	head := bytes.ToLower(text[:min(len(text), 4096)])
	switch {
	case bytes.Contains(head, []byte("<plist")):
		return plistKind(text)
	case bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<body")):
		return HTML
	}
	return XML
}

// jsonKind tells JSON documents apart by their first object's keys, and by the
// schemas of our own.
func jsonKind(text []byte) Kind {
	keys := map[string]string{} // and their values, where those are strings
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return OtherJSON
	}
	for len(keys) < 100 {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			break
		}
		keys[name] = ""
		if name == "schema" || name == "apiVersion" {
			v, err := d.Token()
			if s, ok := v.(string); ok {
				keys[name] = s
			}
			if err != nil || keys[name] != "" {
				break
			}
			continue
		}
		if skipJSON(d) != nil {
			break
		}
	}
	has := func(key string) bool { _, ok := keys[key]; return ok }
	switch {
	case keys["schema"] == chain.CaptureSchema:
		return SavedCapture
	case keys["schema"] == chain.ReportSchema:
		return JSONReport
	case has("apiVersion"):
		return Kubernetes
	case has("operators") && bytes.Contains(text, []byte(`"log_id"`)):
		return CTList
	case has("target") && !has("observations") || has("chain_pem"):
		return JobLines
	case slices.ContainsFunc(strings.Fields(demandKeys), has):
		return Demands
	}
	return OtherJSON
}

// skipJSON passes over one value.
func skipJSON(d *json.Decoder) error {
	for depth := 0; ; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth <= 0 {
			return nil
		}
	}
}

// demandKeys are those that only a server policy has.
const demandKeys = "client_ca acceptable_ca allow_cert allow_spki required_san required_subject depth"

// hasKey reports whether a line begins with one of the words and a colon.
func hasKey(text []byte, words string) bool {
	for line := range bytes.Lines(text) {
		key, _, ok := bytes.Cut(line, []byte(":"))
		if key = bytes.TrimRight(key, " "); ok && len(key) > 0 && bytes.Contains([]byte(" "+words+" "), append(append([]byte(" "), key...), ' ')) {
			return true
		}
	}
	return false
}

func textKind(text []byte) Kind {
	head := text[:min(len(text), 1<<20)]
	switch {
	case hasKey(head, "apiVersion"):
		return Kubernetes
	case hasKey(head, "jobs severities waivers"):
		return GatePolicy
	case hasKey(head, demandKeys):
		return Demands
	case bytes.HasPrefix(head, []byte("PuTTY-User-Key-File")):
		return PrivateKey
	case bytes.HasPrefix(head, []byte("Certificate:")) && bytes.Contains(head, []byte("Signature Algorithm:")):
		return Dump
	case bytes.HasPrefix(head, []byte("ssh-")) || bytes.HasPrefix(head, []byte("ecdsa-sha2-")):
		return PublicKey
	}
	return Text
}

// unwrapped decodes a file that is nothing but Base64, in lines or in one, of
// something that has a kind of its own: words are Base64 too.
func unwrapped(text []byte) (inner []byte, ok bool) {
	if len(text) < 16 || len(text) > MaxFile {
		return nil, false
	}
	compact := bytes.Join(bytes.Fields(text), nil)
	enc := base64.StdEncoding
	if bytes.ContainsAny(compact, "-_") {
		enc = base64.URLEncoding
	}
	inner, err := enc.DecodeString(string(compact))
	if err != nil {
		inner, err = enc.WithPadding(base64.NoPadding).DecodeString(string(compact))
	}
	if err != nil || len(inner) == 0 {
		return nil, false
	}
	switch Recognise(inner) {
	case Text, Binary, Empty, UTF16:
		return nil, false
	case OtherDER, CutDER:
		return inner, len(inner) > 4 && (inner[1] == 0x82 || inner[1] == 0x80)
	}
	return inner, true
}

// begin is what every PEM block begins with.
var begin = []byte("-----BEGIN ")

// pemKind tells what the blocks of a PEM file are by their labels.
func pemKind(data []byte) Kind {
	var cert, key bool
	other := OtherPEM
	for rest := data; ; {
		at := bytes.Index(rest, begin)
		if at < 0 {
			break
		}
		rest = rest[at:]
		switch l := label(rest); {
		case certificateLabel(l):
			cert = true
		case strings.HasSuffix(l, "PRIVATE KEY"):
			key = true
		case pkcs7Label(l):
			other = PKCS7
		case l == "CERTIFICATE REQUEST" || l == "NEW CERTIFICATE REQUEST":
			other = CSR
		case l == "X509 CRL":
			other = CRL
		case l == "PKCS12":
			other = PKCS12
		case strings.HasSuffix(l, "PUBLIC KEY"):
			other = PublicKey
		}
		rest = rest[len(begin):]
	}
	switch {
	case cert && key:
		return PEMIdentity
	case cert:
		return Certificates
	case key:
		return PrivateKey
	}
	return other
}

func certificateLabel(l string) bool {
	return l == "CERTIFICATE" || l == "X509 CERTIFICATE" || l == "TRUSTED CERTIFICATE"
}

func pkcs7Label(l string) bool { return l == "PKCS7" || l == "CMS" || l == "PKCS #7 SIGNED DATA" }

// misshapen finds PEM whose lines are not lines, and where: OpenSSL does not see
// such a block, and a server with it sends another list than was meant.
func misshapen(data []byte) (Kind, int) {
	from := 0
	for {
		at := bytes.Index(data[from:], begin)
		if at < 0 {
			return "", 0
		}
		at += from
		from = at + len(begin)
		line := data[bytes.LastIndexByte(data[:at], '\n')+1 : at]
		after := data[at:]
		if cut := bytes.Index(after[len(begin):min(len(after), 100)], []byte("-----")); cut >= 0 {
			after = after[len(begin)+cut+len("-----"):]
		}
		switch {
		case bytes.HasPrefix(after, []byte(`\n`)) || bytes.HasPrefix(after, []byte(`\r\n`)):
			return Escaped, at
		case bytes.HasPrefix(after, []byte("\r")) && !bytes.HasPrefix(after, []byte("\r\n")):
			return OnlyCR, at
		case len(line) == 0:
		case len(bytes.Trim(line, " \t")) == 0:
			return Indented, at
		case bytes.Contains(line, []byte("-----END ")):
			return Glued, at
		default:
			return Preceded, at
		}
	}
}
