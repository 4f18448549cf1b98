package basic

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestFixCommand(t *testing.T) {
	for want, c := range map[string]struct {
		target, name string
		o            chain.Observation
	}{
		"chainspect fix chain.pem --with i.pem -o fullchain.pem": {"chain.pem", "www.example.com",
			chain.Observation{Transport: chain.TransportFile}},
		"chainspect fix './-my chain.pem' --with i.pem -o fullchain.pem": {"-my chain.pem", "",
			chain.Observation{Transport: chain.TransportFile}},
		"chainspect fix www.example.com:443 --with i.pem -o fullchain.pem": {"www.example.com:443", "www.example.com",
			chain.Observation{Transport: chain.TransportTLS, Address: "www.example.com:443"}},
		"chainspect fix www.example.com:443 --connect 127.0.0.1:8443 --with i.pem -o fullchain.pem": {"www.example.com:443", "www.example.com",
			chain.Observation{Transport: chain.TransportTLS, Address: "127.0.0.1:8443"}},
		"chainspect fix 127.0.0.1:8443 --name www.example.com --with i.pem -o fullchain.pem": {"127.0.0.1:8443", "www.example.com",
			chain.Observation{Transport: chain.TransportTLS, Address: "127.0.0.1:8443"}},
		"chainspect fix '[::1]:8443' --with i.pem -o fullchain.pem": {"[::1]:8443", "::1",
			chain.Observation{Transport: chain.TransportTLS, Address: "[::1]:8443"}},
		"chainspect fix mail.example.com:25 --starttls smtp --with i.pem -o fullchain.pem": {"mail.example.com:25", "mail.example.com",
			chain.Observation{Transport: chain.TransportTLS, Address: "mail.example.com:25", StartTLS: "smtp"}},
		"by hand": {"-", "", chain.Observation{Transport: chain.TransportStdin}},
	} {
		cs := &chain.Case{Capture: &chain.Capture{Target: c.target}, Observation: &c.o, Question: chain.Question{Name: c.name, Purpose: chain.PurposeServer}}
		if got := fixCommand(cs, "by hand", "--with", "i.pem"); got != want {
			t.Errorf("%s: %s, want %s", c.target, got, want)
		}
	}
	for what, cs := range map[string]*chain.Case{
		"no observation": {Capture: &chain.Capture{}},
		"a proxy":        {Capture: &chain.Capture{Target: "a:1"}, Observation: &chain.Observation{Transport: chain.TransportTLS, Via: "http://proxy"}},
		"a client": {Capture: &chain.Capture{Target: "a:1"}, Observation: &chain.Observation{Transport: chain.TransportTLS},
			Question: chain.Question{Purpose: chain.PurposeClient}},
	} {
		if got := fixCommand(cs, "by hand"); got != "by hand" {
			t.Errorf("%s: %s", what, got)
		}
	}
}
