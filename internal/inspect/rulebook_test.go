package inspect

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestOtherClientsKnowNoPolicy: how a gate grades a finding changes nothing of what
// other clients say, and of the rule that they say it by.
func TestOtherClientsKnowNoPolicy(t *testing.T) {
	made := testpki.Must(t, map[string]testpki.Recipe{
		"root": {Subject: "CN=Root", CA: true},
		"leaf": {Subject: "CN=leaf", Issuer: "root", DNS: []string{"www.example.com"}, Ends: "-2d"},
	}, testpki.ExampleClock())
	name := "www.example.com"
	rows := func(graded map[string]chain.Severity) []chain.ClientVerdict {
		r := &Runner{Now: func() time.Time { return testpki.ExampleClock() }, Regrade: graded}
		res := r.Inspect(context.Background(), Job{ChainPEM: pems(made, "leaf root"), Name: &name, Profile: "rfc", Clients: "apple,safari,chrome"})
		if len(res) != 1 || res[0].Report == nil || len(res[0].Report.Clients) == 0 {
			t.Fatalf("%+v", res)
		}
		return res[0].Report.Clients
	}
	want := rows(nil)
	for _, rule := range []string{"basic-expired", "basic-anchor-not-trusted"} { // both fail
		for _, s := range []chain.Severity{chain.Error, chain.Note} {
			if got := rows(map[string]chain.Severity{rule: s}); !reflect.DeepEqual(got, want) {
				t.Errorf("%s is a %s:\n%+v, without that\n%+v", rule, s, got, want)
			}
		}
	}
}
