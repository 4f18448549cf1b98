package inspect

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestStandardInputIsReadForOneUse(t *testing.T) {
	r := &Runner{Stdin: strings.NewReader("words")}
	for range 2 {
		if data, err := r.Read(context.Background(), "--anchor", "-", 0); err != nil || string(data) != "words" {
			t.Errorf("%q, %v", data, err)
		}
	}
	var u *UsageError
	if _, err := r.Read(context.Background(), "--with", "-", 0); !errors.As(err, &u) || !strings.Contains(err.Error(), "is --anchor already") {
		t.Errorf("another use: %v", err)
	}
	if _, err := r.Open(context.Background(), "--targets", "-"); !errors.As(err, &u) {
		t.Errorf("another use, line by line: %v", err)
	}
}

func TestStandardInputEndsWithTheRun(t *testing.T) {
	silent, _ := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	r := &Runner{Stdin: silent}
	lines, err := r.Open(ctx, "--targets", "-")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := lines.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("a run that is called off waits on: %v", err)
	}
}
