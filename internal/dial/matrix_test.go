package dial

import (
	"bytes"
	"cmp"
	"context"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/pkg/chain"
)

// wider adds the identities that are wrong in ways of their own.
func (lab *mtlsLab) wider(t *testing.T) {
	t.Helper()
	key := ecKey(t, elliptic.P256(), "client")
	right := lab.identities["right"]
	lab.identities["root in the file"] = &ask.Identity{Chain: [][]byte{right.Chain[0], right.Chain[1], lab.ca.root.Raw}, Signer: key}
	deepKey := ecKey(t, elliptic.P256(), "deep")
	deep := issue(t, template("client Deep", true), lab.ca.inter, deepKey.Public(), lab.ca.interKey)
	leaf := issue(t, template("two deep", false), deep, key.Public(), deepKey)
	lab.identities["two deep"] = &ask.Identity{Chain: [][]byte{leaf.Raw, deep.Raw, lab.ca.inter.Raw}, Signer: key}
	lab.identities["two deep, one sent"] = &ask.Identity{Chain: [][]byte{leaf.Raw, deep.Raw}, Signer: key}
	stray := lab.ca.chain(t, "another key's issuer", key, func(c *x509.Certificate) { // authorityKeyIdentifier, keyIdentifier "nope"
		c.ExtraExtensions = []pkix.Extension{{Id: []int{2, 5, 29, 35}, Value: append([]byte{0x30, 6, 0x80, 4}, "nope"...)}}
	})
	lab.identities["another AKI"] = identityOf(stray)
	lab.identities["AKI, another serial"] = identityOf(lab.ca.chain(t, "another serial", key,
		authorityOf(t, lab.ca.inter, lab.ca.inter.RawIssuer, big.NewInt(77))))
	lab.identities["AKI, another issuer"] = identityOf(lab.ca.chain(t, "another issuer", key,
		authorityOf(t, lab.ca.inter, lab.ca.inter.RawSubject, lab.ca.inter.SerialNumber)))
	lab.identities["AKI, whole"] = identityOf(lab.ca.chain(t, "whole", key, authorityOf(t, lab.ca.inter, lab.ca.inter.RawIssuer, lab.ca.inter.SerialNumber)))
	lab.identities["SHA-1"] = identityOf(lab.ca.chain(t, "SHA-1", key, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }))
	lab.identities["not to sign with"] = identityOf(lab.ca.chain(t, "no signing", key, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }))
	other := issue(t, template("another's signature", false), lab.ca.inter, key.Public(), lab.ca.interKey)
	other.Raw[len(other.Raw)-1] ^= 1
	lab.identities["a wrong signature"] = &ask.Identity{Chain: [][]byte{other.Raw, lab.ca.inter.Raw}, Signer: key}
	pss := template("PSS", false)
	pss.SignatureAlgorithm = x509.SHA256WithRSAPSS
	rsaRoot := template("client RSA Root", true)
	root := issue(t, rsaRoot, rsaRoot, rsaKey(t, 2048).Public(), rsaKey(t, 2048))
	lab.identities["foreign, PSS"] = &ask.Identity{Chain: [][]byte{issue(t, pss, root, key.Public(), rsaKey(t, 2048)).Raw}, Signer: key}
}

// authorityOf gives a certificate an authorityKeyIdentifier with the issuer's key,
// and with the name and number of the certificate it is meant to have been issued by.
func authorityOf(t *testing.T, issuer *x509.Certificate, name []byte, serial *big.Int) func(*x509.Certificate) {
	t.Helper()
	type directory struct{ Name asn1.RawValue }
	value, err := asn1.Marshal(struct {
		Key    []byte    `asn1:"tag:0"`
		Issuer directory `asn1:"tag:1"`
		Serial *big.Int  `asn1:"tag:2"`
	}{issuer.SubjectKeyId, directory{asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 4, IsCompound: true, Bytes: name}}, serial})
	if err != nil {
		t.Fatal(err)
	}
	return func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: []int{2, 5, 29, 35}, Value: value}}
	}
}

// list makes a revocation list of the client CA's intermediate.
func (lab *mtlsLab) list(t *testing.T, this, next time.Time) string {
	t.Helper()
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: this, NextUpdate: next}, lab.ca.inter,
		lab.ca.interKey)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(lab.dir, "list.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (lab *mtlsLab) java(t *testing.T, kind string) ask.Target {
	t.Helper()
	program(t, "java")
	p12 := filepath.Join(lab.dir, "server.p12")
	opensslMake(t, "pkcs12", "-export", "-in", lab.cert, "-inkey", lab.key, "-out", p12, "-passout", "pass:changeit")
	port := freePort(t)
	cmd := exec.Command(program(t, "java"), filepath.Join("testdata", "servers", "Server.java"), kind, port, p12, lab.caFile)
	target, _ := startedWithin(t, cmd, port, 60*time.Second)
	return target
}

// fateByCurl is what curl gets: any HTTP answer but the pages about certificates and
// 401 and 403 is acceptance, an alert or the end of the handshake refusal. what is
// its own error, where it was no answer: a reset may have cost it the alert.
func fateByCurl(t *testing.T, target ask.Target, chainFile, keyFile, version string) (fate chain.Fate, what string) {
	t.Helper()
	args := []string{"-sk", "--http1.1", "--max-time", "10", "-o", os.DevNull, "-w", "%{http_code}", "--cert", chainFile, "--key", keyFile}
	if version == "TLS 1.2" {
		args = append(args, "--tls-max", "1.2")
	} else {
		args = append(args, "--tlsv1.3")
	}
	cmd := exec.Command(program(t, "curl"), append(args, "-S", "https://"+target.Address()+cmp.Or(target.Path, "/"))...)
	lax := writeFile(t, filepath.Join(filepath.Dir(chainFile), "lax.cnf"),
		"openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nCipherString = DEFAULT:@SECLEVEL=0\n")
	cmd.Env = append(os.Environ(), "OPENSSL_CONF="+lax) // curl would not send SHA-1
	var failure strings.Builder
	cmd.Stderr = &failure
	out, err := cmd.Output()
	switch status := string(out); {
	case status == "400" || status == "495" || status == "496":
		return chain.FateRefused, ""
	case status == "401" || status == "403":
		return chain.FateUnknown, ""
	case err == nil:
		return chain.FateAccepted, ""
	case strings.Contains(failure.String(), "alert") || strings.HasPrefix(failure.String(), "curl: (35)"):
		return chain.FateRefused, ""
	}
	return chain.FateUnknown, strings.TrimSpace(failure.String())
}

// What a server makes of an identity is what curl sees it make of it, and the reason
// that is named is the true one.
func TestFatesAgreeWithCurl(t *testing.T) {
	program(t, "curl")
	lab := newMTLSLab(t)
	lab.wider(t)
	for name, server := range lab.servers() {
		t.Run(name, func(t *testing.T) {
			target := server(t)
			for who, id := range lab.identities {
				if id == nil {
					continue
				}
				refused := lab.agrees(t, target, who, id)
				want := trueReason(name, who)
				if !refused || want == "" {
					continue
				}
				if got := lab.reason(t, target, id); !strings.Contains(got, want) {
					t.Errorf("%s: the reason is %q, the true one %q", who, got, want)
				}
			}
		})
	}
}

// trueReason is why a server refuses an identity. "": it is not looked at, since the
// server has a reason of its own beside that of the identity.
func trueReason(server, who string) string {
	reason := map[string]string{
		"expired":             "expired on",
		"no clientAuth":       "lacks clientAuth",
		"self-signed":         "it is self-signed",
		"foreign":             "CN=foreign Root is not among the acceptable CAs",
		"foreign, PSS":        "CN=client RSA Root is not among the acceptable CAs",
		"no intermediate":     "CN=client Issuing is not among the acceptable CAs, and no intermediate was sent",
		"AKI, another serial": "names another certificate than identity item 1: servers built on OpenSSL refuse the identity",
		"AKI, another issuer": "names another certificate than identity item 1: servers built on OpenSSL refuse the identity",
		"two deep, one sent":  "CN=client Issuing is not among the acceptable CAs, and its certificate was not sent",
		"SHA-1":               "is signed over SHA-1",
		"not to sign with":    "does not allow its key to be used in a TLS handshake",
		"a wrong signature":   "does not verify with the key of identity item 1",
	}[who]
	if server == "haproxy, no CA named" {
		switch who {
		case "foreign", "foreign, PSS", "no intermediate", "two deep, one sent":
			reason = ", was not sent, and the server, which names no CA, may not have it"
		}
	}
	switch {
	case server == "Go, an allow-list" && strings.HasPrefix(who, "AKI, another"):
		return "in order false: a list of its own that lacks this identity" // Go has nothing against it, and servers built on OpenSSL would have sent alert 48
	case server == "Go, an allow-list" && (who == "right RSA" || who == "AKI, whole" || who == "two deep"):
		return "in order true: a list of its own that lacks this identity"
	case reason != "" || who == "two deep" || who == "another AKI":
		if strings.HasPrefix(server, "OpenSSL, ") {
			return ""
		}
		return reason
	case server == "OpenSSL, a CRL missing":
		return "the server may lack a CRL that it wants"
	case server == "OpenSSL, a CRL run out":
		return "the server's CRL, or its clock, is not"
	}
	return "none: nothing is wrong with it"
}

// reason is the first line about an identity that a server refused.
func (lab *mtlsLab) reason(t *testing.T, target ask.Target, id *ask.Identity) string {
	t.Helper()
	chainFile, keyFile := files(t, lab.dir, "identity", tls.Certificate{Certificate: id.Chain, PrivateKey: id.Signer})
	r, name := inspect.Runner{Ask: Ask, Now: time.Now}, "localhost"
	results := r.Inspect(context.Background(), inspect.Job{Target: "localhost:" + target.Port, Connect: target.Address(), Name: &name, Path: target.Path,
		Identity: chainFile, Key: keyFile, Timeout: inspect.Duration(20 * time.Second), TrustStore: "none"})
	if len(results) != 1 || results[0].Report == nil {
		return "no report"
	}
	for _, f := range results[0].Report.Findings {
		if f.Rule != "mtls-rejected" {
			continue
		}
		at := func(field string) int {
			return slices.IndexFunc(f.Evidence, func(e chain.Evid) bool { return e.Field == field })
		}
		if i := at("what the server may have against it"); i >= 0 {
			return fmt.Sprintf("in order %v: %s", at("what was checked") >= 0, f.Evidence[i].Got)
		}
		if i := at("likely reason"); i >= 0 {
			return cmp.Or(f.Short, f.Evidence[i].Got)
		}
		return "not named"
	}
	return "none"
}

// goServer answers HTTP 200 to an identity of the client CA that listed, where it
// is there, has nothing against.
func (lab *mtlsLab) goServer(t *testing.T, listed func(tls.ConnectionState) error) ask.Target {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(lab.ca.root)
	config := &tls.Config{Certificates: []tls.Certificate{lab.server}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: roots, VerifyConnection: listed}
	return serve(t, func(c net.Conn) {
		s := tls.Server(c, config)
		s.SetDeadline(time.Now().Add(5 * time.Second))
		if n, _ := s.Read(make([]byte, 4096)); n > 0 {
			io.WriteString(s, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
		}
		s.Close()
	})
}

// servers are those of the matrix.
func (lab *mtlsLab) servers() map[string]func(t *testing.T) ask.Target {
	now := time.Now()
	ssl := "ssl_certificate " + lab.cert + "; ssl_certificate_key " + lab.key + "; ssl_client_certificate " + lab.caFile + "; ssl_verify_depth 3; "
	verify := []string{"-Verify", "4", "-verify_return_error", "-CAfile", lab.caFile, "-www"}
	return map[string]func(t *testing.T) ask.Target{
		"nginx on":       func(t *testing.T) ask.Target { return nginx(t, ssl+"ssl_verify_client on;") },
		"nginx optional": func(t *testing.T) ask.Target { return nginx(t, ssl+"ssl_verify_client optional;") },
		"Apache": func(t *testing.T) ask.Target {
			return apache(t, "SSLCertificateFile "+lab.cert+"\nSSLCertificateKeyFile "+lab.key+"\nSSLCACertificateFile "+lab.caFile+
				"\nSSLVerifyDepth 4\nSSLVerifyClient require\n")
		},
		"Apache, a location": func(t *testing.T) ask.Target {
			target := apache(t, "SSLCertificateFile "+lab.cert+"\nSSLCertificateKeyFile "+lab.key+"\nSSLCACertificateFile "+lab.caFile+
				"\n<Location /private>\nSSLVerifyDepth 4\nSSLVerifyClient require\n</Location>\n")
			target.Path = "/private/"
			return target
		},
		"nginx, an allow-list": func(t *testing.T) ask.Target {
			listed := sha1.Sum(lab.identities["right"].Chain[0])
			return nginx(t, ssl+"ssl_verify_client on; if ($ssl_client_fingerprint != "+hex.EncodeToString(listed[:])+") { return 403; }")
		},
		"Go, an allow-list": func(t *testing.T) ask.Target {
			return lab.goServer(t, func(state tls.ConnectionState) error {
				if !bytes.Equal(state.PeerCertificates[0].Raw, lab.identities["right"].Chain[0]) {
					return errors.New("not on the list")
				}
				return nil
			})
		},
		"OpenSSL": func(t *testing.T) ask.Target { return openssl(t, lab.cert, lab.key, verify...) },
		"OpenSSL, a CRL missing": func(t *testing.T) ask.Target {
			return openssl(t, lab.cert, lab.key, append(verify[:len(verify):len(verify)], "-crl_check")...)
		},
		"OpenSSL, a CRL run out": func(t *testing.T) ask.Target {
			return openssl(t, lab.cert, lab.key,
				append(verify[:len(verify):len(verify)], "-crl_check", "-CRL", lab.list(t, now.Add(-48*time.Hour), now.Add(-24*time.Hour)))...)
		},
		"haproxy": func(t *testing.T) ask.Target {
			return haproxy(t, "crt "+lab.pem(t)+" ca-file "+lab.caFile+" verify required")
		},
		"haproxy, no CA named": func(t *testing.T) ask.Target {
			return haproxy(t, "crt "+lab.pem(t)+" ca-file "+lab.caFile+" verify required no-ca-names")
		},
		"GnuTLS": func(t *testing.T) ask.Target {
			port := freePort(t)
			return run(t, port, "gnutls-serv", "-p", port, "--http", "--x509certfile", lab.cert, "--x509keyfile", lab.key, "--x509cafile", lab.caFile,
				"--require-client-cert", "--verify-client-cert")
		},
		"Node": func(t *testing.T) ask.Target {
			port := freePort(t)
			return run(t, port, "node", filepath.Join("testdata", "servers", "server.js"), port, lab.cert, lab.key, lab.caFile)
		},
		"Java SSLServerSocket": func(t *testing.T) ask.Target { return lab.java(t, "SSLServerSocket") },
		"Java HttpsServer":     func(t *testing.T) ask.Target { return lab.java(t, "HttpsServer") },
		"Go":                   func(t *testing.T) ask.Target { return lab.goServer(t, nil) },
	}
}

// afterHandshake is about TLS 1.3 where a path asks after the request: curl offers
// post-handshake authentication and so has an answer, the one of
// renegotiation in TLS 1.2; Apple platforms and we offer none, and then nothing is known of
// the identity.
func afterHandshake(t *testing.T, who string, o chain.Observation) {
	t.Helper()
	p := o.Presented
	if o.Outcome.Version != "TLS 1.3" || p.Fate != chain.FateUnknown || p.Status != 403 || len(p.Sent) != 0 || len(p.Withheld) == 0 {
		t.Errorf("%s in %s, asked for after the handshake: %+v", who, o.Outcome.Version, p)
	}
}

// agrees holds what came of an identity, in each version, against curl; it reports
// whether the server refused it.
func (lab *mtlsLab) agrees(t *testing.T, target ask.Target, who string, id *ask.Identity) (refused bool) {
	t.Helper()
	chainFile, keyFile := files(t, lab.dir, "curl", tls.Certificate{Certificate: id.Chain, PrivateKey: id.Signer})
	d := dialer{Timeout: 15 * time.Second}
	observations, _ := d.Probe(context.Background(), target, ask.Plan{Identity: id, Path: target.Path != ""})
	asked, late := 0, false
	for _, o := range observations {
		if o.Presented != nil && o.Presented.Sentence == chain.SentencePostHandshake {
			curl13, what := fateByCurl(t, target, chainFile, keyFile, o.Outcome.Version)
			if curl12, _ := fateByCurl(t, target, chainFile, keyFile, "TLS 1.2"); curl13 != curl12 {
				t.Errorf("%s: curl says %s after the handshake (%s), %s by renegotiation", who, curl13, what, curl12)
			}
			afterHandshake(t, who, o)
			late = true
			continue
		}
		if o.Presented == nil || len(o.Presented.Sent) == 0 || o.Outcome.Version == "" {
			continue
		}
		asked++
		refused = refused || o.Presented.Fate == chain.FateRefused
		want, what := fateByCurl(t, target, chainFile, keyFile, o.Outcome.Version)
		if got := o.Presented.Fate; got != want && !(what != "" && got == chain.FateRefused && o.Presented.Alert != nil) {
			t.Errorf("%s in %s: %s, curl says %s (%s)", who, o.Outcome.Version, got, want, fateOf(o.Presented))
		}
	}
	if late != (target.Path != "") {
		t.Errorf("%s: asked for after the handshake: %v", who, late)
	}
	if asked == 0 {
		t.Errorf("%s: the identity was not shown: %s", who, fmt.Sprint(observations))
	}
	return refused
}
