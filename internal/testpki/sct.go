package testpki

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
)

// Logs is how many Certificate Transparency logs sign timestamps here: 1 to 5 are
// of an operator each, 6 is of the operator of 5.
const Logs = 6

var oidSCTList = []int{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}

// embedSCTs puts timestamps of logs into the template of a certificate; without
// is the certificate that has none yet (RFC 6962 section 3.2).
func embedSCTs(t *x509.Certificate, logs []int, without []byte, issuer crypto.PublicKey) error {
	cert, err := x509.ParseCertificate(without)
	if err != nil {
		return err
	}
	spki, err := x509.MarshalPKIXPublicKey(issuer)
	if err != nil {
		return err
	}
	issuerHash := sha256.Sum256(spki)
	var list, octets, content cryptobyte.Builder
	for _, i := range logs {
		sct, err := timestamp(i, uint64(t.NotBefore.UnixMilli()), cert.RawTBSCertificate, issuerHash[:])
		if err != nil {
			return err
		}
		list.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(sct) })
	}
	octets.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(list.BytesOrPanic()) })
	content.AddASN1OctetString(octets.BytesOrPanic())
	t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{Id: oidSCTList, Value: content.BytesOrPanic()})
	return nil
}

// SCT is the timestamp of a log for the certificate as it stands, which a server
// sends in the handshake (RFC 6962 section 3.3).
func (m *Made) SCT(log int) ([]byte, error) {
	return timestamp(log, uint64(m.tmpl.NotBefore.UnixMilli()), m.DER, nil)
}

// timestamp signs an entry: a certificate or, with the hash of the issuer's key,
// the signed part of a precertificate.
func timestamp(log int, millis uint64, entry, issuerHash []byte) ([]byte, error) {
	key, id, _, err := logKey(log)
	if err != nil {
		return nil, err
	}
	var signed, sct cryptobyte.Builder
	signed.AddBytes([]byte{0, 0}) // version 1, certificate_timestamp
	signed.AddUint64(millis)
	if issuerHash != nil {
		signed.AddUint16(1)
		signed.AddBytes(issuerHash)
	} else {
		signed.AddUint16(0)
	}
	signed.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(entry) })
	signed.AddUint16(0) // no extensions
	sum := sha256.Sum256(signed.BytesOrPanic())
	signature, err := key.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	sct.AddUint8(0)
	sct.AddBytes(id[:])
	sct.AddUint64(millis)
	sct.AddUint16(0)
	sct.AddBytes([]byte{4, 3}) // SHA-256, ECDSA
	sct.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(signature) })
	return sct.Bytes()
}

func logKey(i int) (key crypto.Signer, id [32]byte, spki []byte, err error) {
	if key, err = hashedKey(fmt.Sprintf("log %d", i), "p256"); err != nil {
		return
	}
	spki, err = x509.MarshalPKIXPublicKey(key.Public())
	return key, sha256.Sum256(spki), spki, err
}

// LogList is the list of the logs that sign the timestamps of recipes, in the
// JSON form that Apple and Chrome publish (version 3 of the schema).
func LogList() ([]byte, error) {
	type log struct {
		Description string         `json:"description"`
		ID          string         `json:"log_id"`
		Key         string         `json:"key"`
		State       map[string]any `json:"state"`
	}
	type operator struct {
		Name string `json:"name"`
		Logs []log  `json:"logs"`
	}
	var operators []operator
	since := map[string]any{"usable": map[string]string{"timestamp": "2018-01-01T00:00:00Z"}}
	for i := 1; i <= Logs; i++ {
		_, id, spki, err := logKey(i)
		if err != nil {
			return nil, err
		}
		operators = append(operators, operator{Name: fmt.Sprintf("Operator %d", min(i, 5)), Logs: []log{{Description: fmt.Sprintf("Example log %d", i),
			ID: base64.StdEncoding.EncodeToString(id[:]), Key: base64.StdEncoding.EncodeToString(spki), State: since}}})
	}
	return json.Marshal(map[string]any{"version": "1.0", "log_list_timestamp": "2018-01-01T00:00:00Z", "operators": operators})
}
