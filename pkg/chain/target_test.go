package chain

import (
	"slices"
	"testing"
)

// TestTargetAgain: a command names the target with what it was asked and judged by, so
// that it runs as pasted.
func TestTargetAgain(t *testing.T) {
	flags := func() []string { return []string{"--anchor", "'my root.pem'", "--profile", "rfc"} }
	for _, c := range []struct {
		name string
		of   Case
		want string
	}{
		{"a server", Case{Capture: &Capture{Target: "www.example.com:443"},
			Observation: &Observation{Transport: TransportTLS, Address: "192.0.2.1:443"},
			Question:    Question{Name: "www.example.com", NameKind: NameDNS, Flags: flags}},
			"chainspect check -v www.example.com:443 --connect 192.0.2.1:443 --anchor 'my root.pem' --profile rfc"},
		{"a file", Case{Capture: &Capture{Target: "chain.pem"}, Observation: &Observation{Transport: TransportFile},
			Question: Question{Name: "www.example.com", NameKind: NameDNS, Flags: flags}},
			"chainspect check -v chain.pem --name www.example.com --anchor 'my root.pem' --profile rfc"},
		{"a file without a name", Case{Capture: &Capture{Target: "chain.pem"}, Observation: &Observation{Transport: TransportFile},
			Question: Question{NameKind: NameNone}},
			"chainspect check -v chain.pem"},
		{"what cannot be named", Case{Capture: &Capture{Target: "-"}, Observation: &Observation{Transport: TransportTLS, Via: "proxy"},
			Question: Question{Flags: flags}},
			"chainspect check -v www.example.com"},
	} {
		if got := aimed([]string{"chainspect check -v {target}"}, &c.of, rootFile); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
