package inspect

import (
	"bytes"
	"io"
	"os"
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

// slowly is a stream whose first octet is long in coming.
type slowly struct {
	io.Reader
	wait time.Duration
}

func (s *slowly) Read(b []byte) (int, error) {
	time.Sleep(s.wait)
	s.wait = 0
	return s.Reader.Read(b)
}

// What is waited for on standard input is no part of the time for judging it.
func TestSlowInputIsJudged(t *testing.T) {
	data, err := os.ReadFile("../../testdata/certs/example-good.pem")
	if err != nil {
		t.Fatal(err)
	}
	limit := 300 * time.Millisecond
	r := &Runner{Now: time.Now, Stdin: &slowly{bytes.NewReader(data), 2 * limit}}
	if out := r.Inspect(t.Context(), Job{Target: "-", Timeout: Duration(limit)}); len(out) != 1 || out[0].Report == nil {
		t.Errorf("%+v", out[0].Failure)
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
