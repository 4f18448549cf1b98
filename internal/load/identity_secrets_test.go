package load

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/youmark/pkcs8"
	pkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestNoSecretIsTold looks for keys and passwords in everything that is printed
// or kept: facts, captures and errors, of every format, opened or not.
func TestNoSecretIsTold(t *testing.T) {
	const password, wrong = "Sehr-geheimes-Pferd", "Falsche-Batterie"
	p := party(t)
	key := p["leaf"].Key.(*ecdsa.PrivateKey)
	raw, err := key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	number := new(big.Int).SetBytes(raw)
	secrets := map[string]string{
		"password":       password,
		"wrong password": wrong,
		"key":            string(raw),
		"key in hex":     hex.EncodeToString(raw),
		"key in decimal": number.String(),
		"key as a list":  strings.Trim(fmt.Sprint(raw), "[]"),
	}
	for shift := range 3 { // whatever stands before it in Base64
		text := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), raw...))
		secrets[fmt.Sprintf("key in Base64, shifted by %d", shift)] = text[4 : len(text)-4]
	}
	modern, err := pkcs12.Modern.WithRand(constant{}).Encode(key, p["leaf"].Cert, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	old, err := pkcs12.LegacyRC2.WithRand(constant{}).Encode(key, p["leaf"].Cert, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := pkcs8.MarshalPrivateKey(key, []byte(password), nil)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	plain := block("PRIVATE KEY", pkcs8Of(t, p["leaf"]))
	files := map[string][]byte{
		"modern":        modern,
		"legacy":        old,
		"cut off":       modern[:len(modern)-70],
		"encrypted PEM": []byte(block("ENCRYPTED PRIVATE KEY", sealed) + p["leaf"].PEM()),
		"plain PEM":     []byte(plain + p["leaf"].PEM()),
		"cut PEM":       []byte(plain[:len(plain)-30]),
		"wrong label":   []byte(block("RSA PRIVATE KEY", sec1)),
		"DER key":       pkcs8Of(t, p["leaf"]),
		"damaged key":   pkcs8Of(t, p["leaf"])[:100],
		"JKS":           store(t, password, password, true),
		"JKS, two":      store(t, password, wrong, true),
	}
	told := 0
	for name, data := range files {
		for _, given := range []string{password, wrong} {
			path := write(t, "file", data)
			id, err := ReadIdentity(path, with(t, given))
			var outputs []string
			if err != nil {
				outputs = append(outputs, err.Error(), fmt.Sprintf("%+v %#v", err, err))
			} else {
				facts, err := json.Marshal(id.Facts)
				if err != nil {
					t.Fatal(err)
				}
				capture, err := json.Marshal(id.Capture(time.Unix(0, 0)))
				if err != nil {
					t.Fatal(err)
				}
				outputs = append(outputs, string(facts), string(capture), fmt.Sprintf("%+v", id.Facts))
			}
			for _, out := range outputs {
				told++
				for what, secret := range secrets {
					if strings.Contains(out, secret) {
						t.Errorf("%s, opened with %q: the %s is told: %s", name, given, what, out)
					}
				}
			}
		}
	}
	if told < 2*len(files) {
		t.Errorf("only %d outputs were looked at", told)
	}
	// The search finds what it should, were it there.
	for what, secret := range secrets {
		leak := fmt.Sprint(password, wrong, string(raw), hex.EncodeToString(raw), number, raw,
			base64.StdEncoding.EncodeToString(raw), base64.StdEncoding.EncodeToString(append([]byte{1},
				raw...)), base64.StdEncoding.EncodeToString(append([]byte{1, 2}, raw...)))
		if !strings.Contains(leak, secret) {
			t.Errorf("a leaked %s would not be found", what)
		}
	}
}
