package ctlog

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/suite"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

type sctCase struct {
	ID        string  `json:"id"`
	Leaf      string  `json:"leaf_pem"`
	Issuer    *string `json:"issuer_pem"`
	LogID     string  `json:"log_id_b64"`
	LogKey    *string `json:"log_key_b64"`
	Expected  string  `json:"expected"`
	Timestamp string  `json:"timestamp"`
}

func conformance(t testing.TB, name string) []byte {
	t.Helper()
	b, err := io.ReadAll(suite.Open(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func certificate(t testing.TB, text string) *x509read.Certificate {
	t.Helper()
	b, _ := pem.Decode([]byte(text))
	if b == nil {
		t.Fatal("not PEM")
	}
	c, err := x509read.Parse(b.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSCTConformance(t *testing.T) {
	s := bufio.NewScanner(bytes.NewReader(conformance(t, "scts.jsonl.gz")))
	s.Buffer(nil, 1<<20)
	total, right := map[string]int{}, map[string]int{}
	for s.Scan() {
		var c sctCase
		if err := json.Unmarshal(s.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		total[c.Expected]++
		leaf := certificate(t, c.Leaf)
		var issuer *x509read.Certificate
		if c.Issuer != nil {
			issuer = certificate(t, *c.Issuer)
		}
		var key []byte
		if c.LogKey != nil {
			key, _ = base64.StdEncoding.DecodeString(*c.LogKey)
		}
		id, _ := base64.StdEncoding.DecodeString(c.LogID)
		scts, err := parseSCTList(leaf.SCTList)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		want := Status(c.Expected)
		if want == "valid" {
			want = Verified
		}
		found := false
		for _, sct := range scts {
			if !bytes.Equal(sct.LogID[:], id) {
				continue
			}
			found = true
			if got := sct.Check(leaf, issuer, true, key); got != want {
				t.Errorf("%s: %s, want %s", c.ID, got, want)
				continue
			}
			when, err := time.Parse("2006-01-02T15:04:05.999999", c.Timestamp)
			if err != nil || !when.Equal(sct.Time) {
				t.Errorf("%s: time %v, want %s", c.ID, sct.Time, c.Timestamp)
				continue
			}
			right[c.Expected]++
			if want == Verified { // one changed octet and it does not verify
				sct.Millis++
				if got := sct.Check(leaf, issuer, true, key); got != Wrong {
					t.Errorf("%s: with another time: %s", c.ID, got)
				}
			}
		}
		if !found {
			t.Errorf("%s: the log's SCT is not in the certificate", c.ID)
		}
	}
	for k, n := range total {
		t.Logf("%-12s %d/%d", k, right[k], n)
	}
	if len(total) == 0 {
		t.Error("no case")
	}
}

func TestParseSCTList(t *testing.T) {
	sct := "\x00" + strings.Repeat("L", 32) + "\x00\x00\x01\x88\x69\x09\xf7\xeb" + "\x00\x00" + "\x04\x03\x00\x02ab"
	list := func(items ...string) []byte {
		body := ""
		for _, i := range items {
			body += string([]byte{byte(len(i) >> 8), byte(len(i))}) + i
		}
		return []byte(string([]byte{byte(len(body) >> 8), byte(len(body))}) + body)
	}
	for _, tt := range []struct {
		name string
		in   []byte
		n    int
		bad  bool
	}{
		{"one", list(sct), 1, false},
		{"two", list(sct, sct), 2, false},
		{"empty list", list(), 0, false},
		{"version 2 is left out", list("\x01anything", sct), 1, false},
		{"empty item", list(""), 0, true},
		{"trailing in the item", list(sct + "x"), 0, true},
		{"trailing after the list", append(list(sct), 0), 0, true},
		{"truncated", list(sct)[:40], 0, true},
		{"nothing", nil, 0, true},
	} {
		got, err := parseSCTList(tt.in)
		if len(got) != tt.n || (err != nil) != tt.bad {
			t.Errorf("%s: %d SCTs, %v", tt.name, len(got), err)
		}
	}
}

func TestSCTTimesStayInRange(t *testing.T) {
	b := []byte("\x00" + strings.Repeat("L", 32) + "\xff\xff\xff\xff\xff\xff\xff\xff" + "\x00\x00" + "\x04\x03\x00\x00")
	s, err := parseSCT(b)
	if err != nil || s.Time.Year() != 9999 {
		t.Errorf("%v, %v", s.Time, err)
	}
}

func FuzzSCTList(f *testing.F) {
	f.Add([]byte("\x00\x00"))
	f.Add([]byte("\x00\x04\x00\x02\x01\x02"))
	f.Add([]byte("\x00\x35\x00\x33\x00" + strings.Repeat("L", 32) + "\x00\x00\x01\x88\x69\x09\xf7\xeb\x00\x00\x04\x03\x00\x04abcd"))
	f.Fuzz(func(t *testing.T, b []byte) {
		scts, _ := parseSCTList(b)
		for _, s := range scts {
			if s.Version != 0 || s.Time.Year() > 9999 {
				t.Errorf("%+v", s)
			}
		}
	})
}

func FuzzPrecertTBS(f *testing.F) {
	f.Add([]byte("\x30\x05\xa3\x03\x30\x01\x00"))
	f.Add([]byte("\x30\x04\xa3\x02\x30\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if out, ok := precertTBS(b); ok && len(out) > len(b) {
			t.Errorf("%d octets out of %d", len(out), len(b))
		}
	})
}
