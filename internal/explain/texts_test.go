package explain_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/explain"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// TestPastedTexts holds texts out of forums, trackers and manuals to the entry that
// explains each: it leads. Where a text says two things, both are found.
func TestPastedTexts(t *testing.T) {
	f, err := os.Open("testdata/texts.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); n++ {
		var c struct {
			ID, Text string
			Entries  []string
		}
		if err := json.Unmarshal(s.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		found := explain.Find(c.Text)
		for i, want := range c.Entries {
			if len(found) <= i || found[i].Title != want {
				t.Errorf("%s: %.80q: %d entries, want %q as number %d", c.ID, c.Text, len(found), want, i+1)
			}
		}
	}
	if n < 140 {
		t.Errorf("%d texts", n)
	}
}

// goNames are the alerts that crypto/tls calls otherwise than the registry does.
var goNames = map[tlsname.Alert]string{44: "revoked certificate", 45: "expired certificate", 46: "unknown certificate", 48: "unknown certificate authority",
	50: "error decoding message", 51: "error decrypting message", 70: "protocol version not supported", 71: "insufficient security level",
	121: "encrypted client hello required"}

// TestAlertsOfEveryLibrary: an alert leads to one entry, whoever spells it.
func TestAlertsOfEveryLibrary(t *testing.T) {
	for a := range tlsname.Alert(256) {
		if !a.Registered() {
			continue
		}
		snake := a.String()
		words := strings.ReplaceAll(snake, "_", " ")
		camel := ""
		for _, w := range strings.Fields(words) {
			camel += strings.ToUpper(w[:1]) + w[1:]
		}
		inGo := words
		if name, ok := goNames[a]; ok {
			inGo = name
		}
		want := ""
		for library, text := range map[string]string{
			"by number":  fmt.Sprintf("SSL alert number %d", a),
			"OpenSSL":    "error:0A000000:SSL routines::tlsv1 alert " + words,
			"OpenSSL 3":  "error:0A000000:SSL routines:ssl3_read_bytes:ssl/tls alert " + words + ":ssl/record/rec_layer_s3.c:1584",
			"BoringSSL":  "error:10000000:SSL routines:OPENSSL_internal:SSLV3_ALERT_" + strings.ToUpper(snake),
			"BoringSSL,": "TLS_error:|268435703:SSL routines:OPENSSL_internal:TLSV1_ALERT_" + strings.ToUpper(snake) + ":TLS_error_end",
			"Go":         "remote error: tls: " + inGo,
			"Java":       "javax.net.ssl.SSLHandshakeException: Received fatal alert: " + snake,
			"rustls":     "received fatal alert: " + camel,
			"rustls,":    "AlertReceived(" + camel + ")",
			"Apple":      "boringssl_context_handle_fatal_alert(2072) [C3.1.1:2][0x10] read alert, level: fatal, description: " + words,
			"Schannel":   fmt.Sprintf("A fatal alert was received from the remote endpoint. The TLS protocol defined fatal alert code is %d.", a),
			"GnuTLS":     fmt.Sprintf("*** Received alert [%d]: %s", a, words),
		} {
			found := explain.Find(text)
			switch {
			case len(found) == 0:
				t.Errorf("%s, %s: %q is not known", a.Numbered(), library, text)
			case want == "":
				want = found[0].Title
			case found[0].Title != want:
				t.Errorf("%s, %s: %q leads to %q, others to %q", a.Numbered(), library, text, found[0].Title, want)
			}
		}
	}
}

// TestClientAuthIsAboutTheClient: no constant with CLIENT_AUTH leads to a rule about the server.
func TestClientAuthIsAboutTheClient(t *testing.T) {
	constants := 0
	for _, e := range explain.Table() {
		for _, c := range e.Codes {
			if !strings.Contains(c, "CLIENT_AUTH") {
				continue
			}
			constants++
			for _, m := range explain.Find(c) {
				for _, id := range m.Rules {
					if !strings.HasPrefix(id, "mtls-") && !strings.HasPrefix(id, "identity-") {
						t.Errorf("%s leads to %s in %q", c, id, m.Title)
					}
				}
			}
		}
	}
	if constants < 5 {
		t.Errorf("%d constants", constants)
	}
}

// TestWordsOfThePost: explain knows the words of Apple's "TLS for App Developers".
func TestWordsOfThePost(t *testing.T) {
	for text, title := range map[string]string{
		"digital identity": "digital identity:", "What is a digital identity?": "digital identity:", "certificate": "certificate: public",
		"client certificate authentication": "mutual TLS",
		"item 0":                            "item 0", "item N": "item 0", "root": "root and trusted anchor",
		"trusted anchor": "root and trusted anchor", "TLS-PKI": "TLS-PKI",
		"TLS-PSK":    "TLS-PSK",
		"mutual TLS": "mutual TLS", "mTLS": "mutual TLS", "client identity": "digital identity:", "distinguishedNames": "acceptable certificate authorities",
		"sec_protocol_metadata_access_distinguished_names": "acceptable certificate authorities", "URLCredential": "URLCredential",
		"TN2232": "override", "QA1948": "QA1948", "TN2326": "QA1948",
		"TLS For Accessory Developers": "TLS-PSK", "SSL 3": "SSL:", "SSL": "SSL:", "DTLS": "DTLS", ".local": ".local", "WKWebView": "WKWebView",
		"override":                           "override",
		"acceptable certificate authorities": "acceptable certificate authorities", "self-signed certificates": "self-signed", "RFC 2818": "RFC 2818",
		"trust evaluation": "trust evaluation", "intermediates": "item 0",
		"App Transport Security": "App Transport Security", "TLS 1.3": "TLS 1.0", "what does TLS-PSK mean?": "TLS-PSK",
	} {
		found := explain.Find(text)
		if len(found) == 0 || !strings.HasPrefix(found[0].Title, title) {
			t.Errorf("%q: %d entries, want %q first", text, len(found), title)
		}
	}
	// A word among others is none that is asked about.
	for _, text := range []string{"the root of the problem", "my identity was stolen", "TLS is nice", "item 0 of the list is wrong"} {
		if found := explain.Find(text); len(found) > 0 {
			t.Errorf("%q finds %q", text, found[0].Title)
		}
	}
}

// TestEntriesNameWhatExists: rules that are there, and a next step.
func TestEntriesNameWhatExists(t *testing.T) {
	for _, e := range explain.Table() {
		for _, id := range e.Rules {
			if rulebook.Rule(id) == nil {
				t.Errorf("%q names the rule %s, which there is not", e.Title, id)
			}
		}
		if e.Says == "" || e.Not == "" || e.Next == "" || e.Source == "" {
			t.Errorf("%q lacks a part", e.Title)
		}
		for _, w := range e.Words {
			if w != strings.ToLower(w) {
				t.Errorf("%q has upper case and never matches", w)
			}
		}
	}
}

// TestLongPastes: what stands at the end of a long log is found, and a megabyte
// costs no more than what is read of it.
func TestLongPastes(t *testing.T) {
	var log strings.Builder
	for i := 0; log.Len() < 1<<20; i++ {
		fmt.Fprintf(&log, "2026-11-25T10:00:%02d host app[%d]: GET /items/%d 200 in %d ms, alert none, code %d\n", i%60, i, i*7, i%900, i)
	}
	log.WriteString("curl: (60) SSL certificate problem: unable to get local issuer certificate\n")
	if found := explain.Find(log.String()); len(found) == 0 || !strings.HasPrefix(found[0].Title, "no path to a trusted anchor") {
		t.Errorf("%d entries", len(found))
	}
	if found := explain.Find(strings.Repeat("x509: certificate signed by unknown authority. ", 30_000)); len(found) == 0 {
		t.Error("one line of a megabyte is not read")
	}
}

func FuzzFind(f *testing.F) {
	f.Add("remote error: tls: bad certificate")
	f.Add("SSL alert number 42 description: unknown CA alert [4")
	f.Add("−9802 … \x00")
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range explain.Find(text) {
			if m.Title == "" {
				t.Error("an entry without a title")
			}
		}
		explain.RulesOf(text)
	})
}
