package reach

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

func TestKeyProof(t *testing.T) {
	alert := tlsname.HandshakeFailure
	requested := &chain.ClientAuthDemand{Mode: chain.ClientAuthRequested}
	proved := chain.Observation{Sent: []string{"leaf"}, Outcome: chain.Outcome{KeyProof: chain.ProofVerified}}
	for _, tt := range []struct {
		name   string
		judged chain.Observation
		others []chain.Observation
		status chain.Status // "": no hit
		text   string
	}{
		{"verified", chain.Observation{Outcome: chain.Outcome{OK: true, KeyProof: chain.ProofVerified}}, nil, "", ""},
		{"wrong", chain.Observation{Outcome: chain.Outcome{KeyProof: chain.ProofWrong, ErrorKind: chain.ErrorTLS}}, nil, chain.Broken,
			"not made with the key of {item}"},
		{"a scheme nobody here knows", chain.Observation{Outcome: chain.Outcome{OK: true, KeyProof: chain.NotCheckable("ed448 is not implemented")}},
			nil, chain.Unknown, "ed448"},
		{"hung up", chain.Observation{Outcome: chain.Outcome{ErrorKind: chain.ErrorClosed,
			Error: "the server closed the connection after its certificates"}}, nil,
			chain.Broken, "the server closed the connection after its certificates, before the server had proved"},
		{"an alert", chain.Observation{Outcome: chain.Outcome{ErrorKind: chain.ErrorTLS, Alert: &alert,
			Error: "the server sent alert 40 (handshake_failure)"}}, nil, chain.Broken, "alert 40"},
		{"silence", chain.Observation{Outcome: chain.Outcome{ErrorKind: chain.ErrorTimeout, Error: "nothing"}}, nil, chain.Unknown, "fell silent"},
		{"a broken rule has a finding of its own", chain.Observation{Outcome: chain.Outcome{ErrorKind: chain.ErrorTLS, Error: "sent nonsense"}}, nil, "", ""},
		{"static RSA, an identity is wanted first", chain.Observation{ClientAuth: requested, Outcome: chain.Outcome{OK: true}}, nil, chain.Unknown,
			"client identity"},
		{"and with one it was proved", chain.Observation{Sent: []string{"leaf"}, ClientAuth: requested, Outcome: chain.Outcome{OK: true}},
			[]chain.Observation{proved}, "", ""},
		{"another server proved its own", chain.Observation{Sent: []string{"other"}, ClientAuth: requested, Outcome: chain.Outcome{OK: true}},
			[]chain.Observation{proved}, chain.Unknown, "client identity"},
		{"a capture of before", chain.Observation{Outcome: chain.Outcome{OK: true, Suite: "TLS_RSA_WITH_AES_128_GCM_SHA256"}}, nil, chain.Unknown,
			"this capture does not tell"},
	} {
		c := &chain.Case{Capture: &chain.Capture{Observations: append([]chain.Observation{tt.judged}, tt.others...)}}
		hits := checkKeyProof(c, &tt.judged)
		switch {
		case tt.status == "" && len(hits) > 0:
			t.Errorf("%s: %+v", tt.name, hits)
		case tt.status == "":
		case len(hits) != 1 || !strings.Contains(hits[0].Message, tt.text) || (hits[0].Status == chain.Unknown) != (tt.status == chain.Unknown):
			t.Errorf("%s: %+v", tt.name, hits)
		}
	}
}
