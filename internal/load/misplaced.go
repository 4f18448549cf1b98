package load

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Misplaced is the error of a file that is not what was wanted: it says what the
// file is, never what stands in it, and what to do with it. wanted is what to
// give instead where nothing better is known.
func Misplaced(path string, data []byte, wanted string) *Error {
	k := Recognise(data)
	e := &Error{Kind: "format", Path: path, Message: "this is " + string(k), Remedy: k.remedy(path, data, wanted)}
	switch k {
	case Empty:
		e.Message = "the file is empty"
	case Escaped, Indented, Glued, OnlyCR, Preceded:
		_, at := misshapen(data)
		e.Position = lineAt(data, at)
	case Base64:
		inner, _ := unwrapped(bytes.TrimSpace(data))
		e.Message = "this is Base64, without BEGIN and END lines, of " + string(Recognise(inner))
		e.Position = "line 1"
	case CutDER:
		e.Position, e.Message = "byte 0", fmt.Sprintf("the DER is cut off: the file has %d bytes and its outer length wants more", len(data))
	case UTF16:
		if inner := Recognise(fromUTF16(data)); inner != Text {
			e.Message += ": " + string(inner)
		}
	case OtherDER, Binary, Text, Dump:
	default:
		e.other = true
	}
	return e
}

// lineAt is the line of an offset, as errors name it; CR alone ends a line too.
func lineAt(data []byte, at int) string {
	before := data[:at]
	return fmt.Sprintf("line %d", 1+bytes.Count(before, []byte("\n"))+bytes.Count(before, []byte("\r"))-bytes.Count(before, []byte("\r\n")))
}

// remedy is what to do with a file of a kind that stands where another is wanted.
func (k Kind) remedy(path string, data []byte, wanted string) string {
	file := chain.ShellFile(path)
	switch k {
	case Certificates, Certificate:
		if isCA(data) {
			return "it is a CA's: did you mean `--anchor " + file + "`?"
		}
		return "judge it with `chainspect check " + file + "`"
	case PKCS7:
		return "take the certificates out: `openssl pkcs7 -print_certs -in " + file + " -out chain.pem`"
	case CSR:
		return "give the certificate with which the CA answered it, not the request"
	case CRL, OCSP, CTList:
		return "give it with `--with " + file + "` beside the chain it belongs to"
	case PrivateKey, PublicKey:
		return "give the certificate file; to inspect a digital identity use `chainspect identity`"
	case PEMIdentity, PKCS12, JKS, JCEKS:
		return "use `chainspect identity " + file + "`"
	case BKS, UBER, BCFKS:
		return "make a PKCS#12 file of it: `keytool -importkeystore -srckeystore " + file + " -srcstoretype " + storeType(k) +
			" -provider org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath bcprov.jar -destkeystore identity.p12 -deststoretype PKCS12`"
	case Mobileconfig:
		return "a profile's roots are anchors: did you mean `--anchor " + file + "`?"
	case Plist, IPA:
		return "an app's settings are given with `--info-plist " + file + "`"
	case Zip, Gzip:
		return "unpack it, and " + wanted
	case SavedCapture:
		return "judge it with `chainspect check " + file + "`"
	case JSONReport:
		return "compare with it: `--baseline " + file + "`"
	case JobLines:
		return "run them with `chainspect check --targets " + file + "`"
	case Kubernetes:
		return "judge the TLS secrets in it with `chainspect check --targets " + file + "`"
	case Demands:
		return "what a server asks of clients is given with `--server-policy " + file + "`"
	case GatePolicy:
		return "run it with `chainspect gate " + file + "`"
	case OtherJSON:
		if bytes.Contains(data, begin) {
			return "take the PEM out: `jq -r '.. | strings | select(startswith(\"-----BEGIN\"))' " + file + " > chain.pem`"
		}
	case UTF16:
		return "write it as UTF-8: `iconv -f " + utf16Name(data) + " -t UTF-8 " + file + " > fixed.pem`"
	case Base64:
		inner, _ := unwrapped(bytes.TrimSpace(data))
		return Recognise(inner).decoded(file, wanted)
	case Escaped:
		return "write real line breaks: `printf '%b\\n' \"$(tr -d '\"' < " + file + ")\" | sed 's/^.*-----BEGIN /-----BEGIN /' > fixed.pem`"
	case Indented:
		return "take the indentation away: `sed 's/^[[:space:]]*//' " + file + " > fixed.pem`"
	case Glued:
		return "begin each block on a line of its own: `awk '{gsub(/-----BEGIN /, \"\\n&\")} 1' " + file + " > fixed.pem`"
	case OnlyCR:
		return "write line feeds: `tr '\\r' '\\n' < " + file + " > fixed.pem`"
	case Preceded:
		return "OpenSSL does not see that block; take away what stands around it: `sed -e 's/^.*-----BEGIN /-----BEGIN /' -e 's/\\(-----END [A-Z0-9 #]*-----\\).*/\\1/' " + file + " > fixed.pem`"
	case CutDER:
		return "copy the file again, in binary mode"
	}
	return wanted
}

// decoded is the remedy for Base64 of a file of this kind.
func (k Kind) decoded(file, wanted string) string {
	switch k {
	case Certificate:
		return "write it as PEM: `base64 -d " + file + " | openssl x509 -inform DER -out cert.pem`"
	case PKCS7:
		return "write it as PEM: `base64 -d " + file + " | openssl pkcs7 -inform DER -print_certs -out chain.pem`"
	case CSR, PrivateKey, PublicKey:
		return k.remedy("", nil, wanted)
	}
	return "decode it: `base64 -d " + file + " > decoded`, and give that"
}

func storeType(k Kind) string {
	switch k {
	case BKS:
		return "BKS"
	case UBER:
		return "UBER"
	}
	return "BCFKS"
}

func utf16Name(data []byte) string {
	switch order := utf16Order(data); {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return "UTF-16"
	case order != nil && order.String() == "LittleEndian":
		return "UTF-16LE"
	}
	return "UTF-16BE"
}

// isCA reports whether the first certificate of a file is a CA's.
func isCA(data []byte) bool {
	if b, _ := pem.Decode(data); b != nil {
		data = b.Bytes
	}
	one, _, _ := element(data)
	c, err := x509read.Parse(one)
	return err == nil && c.IsCA()
}

// Labelled names a PEM block; messages repeat the labels they know, and any other
// is somebody's text.
func Labelled(l string) string {
	if certificateLabel(l) || pkcs7Label(l) || strings.HasSuffix(l, "PRIVATE KEY") && len(l) <= len("ENCRYPTED PRIVATE KEY") || l == "X509 CRL" || l == "CERTIFICATE REQUEST" || l == "PKCS12" {
		return fmt.Sprintf("the PEM block %q", l)
	}
	return "a PEM block"
}
