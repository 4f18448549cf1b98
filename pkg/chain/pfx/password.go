package pfx

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// PasswordEncoding is how a password was turned into the octets of a PKCS#12
// derivation (RFC 7292 appendix B.1). PBES2 and PBMAC1 take UTF-8 instead.
type PasswordEncoding string

// The encodings tried. The empty password has two, both in the field: two zero
// bytes (the terminator alone) and none at all.
const (
	EncodingUTF16     PasswordEncoding = "UTF-16 with terminator"
	EncodingTwoZeros  PasswordEncoding = "two zero bytes"
	EncodingZeroBytes PasswordEncoding = "zero bytes"
	EncodingByteWise  PasswordEncoding = "bytes as characters" // OpenSSL before 1.1.0, non-ASCII passwords
)

// attempt is one password in one encoding.
type attempt struct {
	index    int // among the candidates; -1: the empty password nobody gave
	encoding PasswordEncoding
	wide     []byte // for PKCS#12 derivations
	utf8     []byte // for PKCS#5 derivations
}

// attempts lists what to try, in order. Without candidates the empty password
// is tried, since "no password" and "empty password" are used alike.
func attempts(passwords []string) []attempt {
	if len(passwords) == 0 {
		return empty(-1)
	}
	var list []attempt
	for i, p := range passwords {
		switch {
		case p == "":
			list = append(list, empty(i)...)
		case !utf8.ValidString(p):
			list = append(list, attempt{i, EncodingByteWise, byteWise(p), []byte(p)})
		default:
			list = append(list, attempt{i, EncodingUTF16, wide(p), []byte(p)})
			if !ascii(p) {
				list = append(list, attempt{i, EncodingByteWise, byteWise(p), []byte(p)})
			}
		}
	}
	return list
}

func empty(index int) []attempt {
	return []attempt{
		{index, EncodingTwoZeros, []byte{0, 0}, []byte{}},
		{index, EncodingZeroBytes, []byte{}, []byte{}},
	}
}

// wide is big-endian UTF-16, surrogates included, with its terminator.
func wide(p string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(p)) {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return append(b, 0, 0)
}

func byteWise(p string) []byte {
	b := make([]byte, 0, 2*len(p)+2)
	for i := range len(p) {
		b = append(b, 0, p[i])
	}
	return append(b, 0, 0)
}

func ascii(p string) bool {
	for i := range len(p) {
		if p[i] >= 0x80 {
			return false
		}
	}
	return true
}

// fromBMP decodes a BMPString, surrogates included.
func fromBMP(b []byte) string {
	u := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		u = append(u, binary.BigEndian.Uint16(b))
	}
	return string(utf16.Decode(u))
}
