package chain

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// TestCommandsHaveTheNames: a command that issues a certificate again has the name
// that was asked for where item 0 has none, and keeps its example where there is
// none to be had, or none that may stand in a command.
func TestCommandsHaveTheNames(t *testing.T) {
	for _, c := range []struct {
		name string
		kind NameKind
		want string
	}{
		{"api.example.net", NameDNS, "subjectAltName=DNS:api.example.net"},
		{"192.0.2.7", NameIP, "subjectAltName=IP:192.0.2.7"},
		{"", NameNone, "subjectAltName=DNS:www.example.com"},
		{"$(id)", NameDNS, "subjectAltName=DNS:www.example.com"},
		{"me@example.net", NameEmail, "subjectAltName=DNS:www.example.com"},
	} {
		a := Advice{Who: "CA", Text: "issue {item} again", Issue: &Issuing{Anew: true}}
		got := a.told(&Case{Question: Question{Name: c.name, NameKind: c.kind}}, nil)
		want := []string{"printf '%s\\n' extendedKeyUsage=serverAuth " + c.want + " > server.ext",
			"openssl x509 -req -sha256 -days 90 -in server.csr -CA ca.pem -CAkey ca.key -extfile server.ext -out server.pem"}
		if strings.Join(got.Commands, "\n") != strings.Join(want, "\n") || got.Text != "issue the certificate again" {
			t.Errorf("%s: %q %q", c.name, got.Text, got.Commands)
		}
	}
}

// TestIssuingFitsTheItem: what item 0 needs would make no CA, and a root is signed
// by nobody else.
func TestIssuingFitsTheItem(t *testing.T) {
	name := func(cn string) x509read.Name {
		n, _ := x509read.ParseName([]byte("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01" + cn))
		return n
	}
	leaf := &Item{Cert: &x509read.Certificate{Subject: name("L"), Issuer: name("I")}, Origin: OriginSent}
	middle := &Item{Cert: &x509read.Certificate{Subject: name("I"), Issuer: name("R")}, Origin: OriginSent, Index: 1}
	root := &Item{Cert: &x509read.Certificate{Subject: name("R"), Issuer: name("R")}, Origin: OriginStore, Index: 2}
	limited := &Item{Cert: &x509read.Certificate{Subject: name("I"), Issuer: name("R"), NameConstraints: &x509read.NameConstraints{}},
		Origin: OriginSent, Index: 1}
	c := &Case{Items: []*Item{leaf, middle, root}}
	for _, x := range []struct {
		what  string
		item  *Item
		issue Issuing
		who   string
		want  []string // in the commands, a text each; none: there are no commands
		then  string
	}{
		{"leaf", leaf, Issuing{}, "CA", []string{"-copy_extensions copy -in server.csr"}, ""},
		{"leaf, new key", leaf, Issuing{NewKey: true}, "server administrator and CA", []string{"-keyout server.key -out server.csr", "-in server.csr"}, ""},
		{"leaf, for a year", leaf, Issuing{Days: 365}, "CA", []string{"-days 365 "}, ""},
		{"intermediate", middle, Issuing{}, "CA", []string{"-signkey intermediate.key", "-copy_extensions copyall -out new-intermediate.pem"},
			"puts the new one in its place"},
		{"intermediate, anew", middle, Issuing{Anew: true}, "CA",
			[]string{"-signkey intermediate.key", "basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign",
				"-extfile intermediate.ext"}, "puts the new one in its place"},
		{"intermediate, new key", middle, Issuing{NewKey: true}, "CA", []string{"-keyout intermediate.key", "CA:TRUE", "-extfile intermediate.ext"},
			"issue again, with the new key"},
		{"with limits on names", limited, Issuing{Anew: true}, "CA", nil, "puts the new one in its place"},
		{"root", root, Issuing{}, "CA", []string{"-signkey root.key"}, "installs the new root"},
		{"root, anew", root, Issuing{With: []string{"keyUsage=keyCertSign"}}, "CA",
			[]string{"keyUsage=keyCertSign basicConstraints=critical,CA:TRUE", "-clrext -extfile root.ext"}, "installs the new root"},
		{"root, new key", root, Issuing{NewKey: true}, "CA", []string{"openssl req -x509 "}, "issue again, with the new key"},
	} {
		a := Advice{Who: "CA", Text: "issue {item} again", Issue: &x.issue}
		got := a.told(c, x.item)
		if got.Who != x.who || !strings.Contains(got.Then, x.then) || x.then == "" && got.Then != "" || len(got.Commands) != len(x.want) {
			t.Errorf("%s: %+v", x.what, got)
			continue
		}
		for i, want := range x.want {
			if !strings.Contains(got.Commands[i], want) {
				t.Errorf("%s: %s lacks %s", x.what, got.Commands[i], want)
			}
		}
	}
}
