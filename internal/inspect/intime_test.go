package inspect

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestJudgingEndsInTime: what is not judged in time is an error of its own kind
// and no verdict; without a limit it is waited for.
func TestJudgingEndsInTime(t *testing.T) {
	r := &Runner{}
	answer := []Result{{Report: &chain.Report{Verdict: chain.Trusted}}}
	never := make(chan struct{})
	defer close(never)
	for name, tc := range map[string]struct {
		q     request
		judge func() []Result
		kind  chain.ErrorKind
	}{
		"in time":  {request{job: &Job{Target: "a.pem", Timeout: Duration(time.Minute)}, begun: time.Now()}, func() []Result { return answer }, ""},
		"no limit": {request{job: &Job{Target: "a.pem"}}, func() []Result { time.Sleep(time.Millisecond); return answer }, ""},
		"too late": {request{job: &Job{Target: "a.pem", Timeout: Duration(time.Millisecond)}, begun: time.Now().Add(-time.Hour)},
			func() []Result { <-never; return answer }, chain.ErrorTimeout},
	} {
		out := r.inTime(&tc.q, 1, tc.judge)
		if len(out) != 1 || (out[0].Failure == nil) != (tc.kind == "") || tc.kind != "" && (out[0].Failure.Error.Kind != tc.kind || out[0].Report != nil) {
			t.Errorf("%s: %+v", name, out)
		}
	}
}

// An identity is judged in the time of its job, too.
func TestIdentitiesEndInTime(t *testing.T) {
	for limit, kind := range map[time.Duration]chain.ErrorKind{time.Nanosecond: chain.ErrorTimeout, time.Minute: "", 0: ""} {
		r := &Runner{Now: time.Now}
		res := r.InspectIdentity(t.Context(), Job{Identity: "../../testdata/certs/example-good.pem", Timeout: Duration(limit)})
		switch {
		case kind == "" && (res.Report == nil || res.Failure != nil):
			t.Errorf("%s: %+v", limit, res.Failure)
		case kind != "" && (res.Report != nil || res.Failure == nil || res.Failure.Error.Kind != kind):
			t.Errorf("%s: %+v", limit, res)
		}
	}
}
