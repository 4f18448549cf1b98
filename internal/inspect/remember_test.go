package inspect

import (
	"errors"
	"fmt"
	"testing"
)

func TestRememberReadsOnceAndStaysBounded(t *testing.T) {
	r := &Runner{}
	reads := 0
	failure := errors.New("not there")
	read := func() (*int, error) { reads++; return nil, failure }
	for range 3 {
		if v, err := remember(r, "a", read); v != nil || err != failure {
			t.Fatalf("%v, %v", v, err)
		}
	}
	if reads != 1 {
		t.Errorf("read %d times", reads)
	}
	for i := range 3 * maxRemembered {
		if v, _ := remember(r, fmt.Sprint(i), func() (int, error) { return i, nil }); v != i {
			t.Fatalf("%d: %d", i, v)
		}
	}
	if len(r.files) > maxRemembered {
		t.Errorf("%d files kept", len(r.files))
	}
}
