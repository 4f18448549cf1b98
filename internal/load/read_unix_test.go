//go:build unix

package load

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestReadEndsWithItsContext(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no named pipes here")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	var own *Error
	if _, err := Read(ctx, pipe); !errors.As(err, &own) || own.Kind != "timeout" || !strings.Contains(own.Remedy, "--timeout") {
		t.Errorf("a pipe nobody writes to: %v", err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	silent, _ := io.Pipe()
	if _, err := ReadStream(ctx, "-", Interruptible(ctx, silent)); !errors.As(err, &own) || own.Message != "interrupted while it was read" {
		t.Errorf("standard input that stays open: %v", err)
	}
}

func TestReadWithoutAName(t *testing.T) {
	if _, err := Read(context.Background(), ""); err == nil || !strings.Contains(err.Error(), "the file name is empty") {
		t.Errorf("%v", err)
	}
}

func TestReadOfAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no named pipes here")
	}
	done := make(chan error, 1)
	go func() { done <- os.WriteFile(pipe, []byte("words"), 0o600) }()
	data, err := Read(context.Background(), pipe)
	if err != nil || string(data) != "words" {
		t.Errorf("%q, %v", data, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
