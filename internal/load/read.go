package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// Read reads a whole file within MaxFile. What is no regular file, such as a
// named pipe, may stay silent for ever: it is read until ctx ends.
func Read(ctx context.Context, path string) ([]byte, error) { return (*Files)(nil).Read(ctx, path, 0) }

// Read is the function Read; limit, where it is not 0, ends what ctx ends.
func (f *Files) Read(ctx context.Context, path string, limit time.Duration) ([]byte, error) {
	in, err := f.Open(ctx, path, limit)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return ReadStream(ctx, path, in)
}

// ReadStream reads a stream, which the user calls path, within MaxFile.
func ReadStream(ctx context.Context, path string, in io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, MaxFile+1))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &Error{Kind: "timeout", Path: path, Message: "no end of it came within the time", Remedy: "allow more with --timeout", Cause: err}
	case errors.Is(err, context.Canceled):
		return nil, &Error{Kind: "file", Path: path, Message: "interrupted while it was read", Cause: err}
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return nil, openError(path, err)
	case err != nil:
		return nil, Unreadable(path, err, "")
	case len(data) > MaxFile:
		return nil, &Error{Kind: "format", Path: path, Message: fmt.Sprintf("larger than %d MiB", MaxFile>>20), Remedy: "give a file of certificates"}
	}
	return data, nil
}

// Unreadable says that reading what the user calls path failed.
func Unreadable(path string, err error, remedy string) *Error {
	return &Error{Kind: "file", Path: path, Message: "cannot be read: " + cause(err), Remedy: remedy, Cause: err}
}

// Open opens a file to be read as it comes. The stream of what is no regular
// file ends when ctx does, and after the limit, where it is not 0: both its opening
// and its reading may wait.
func (f *Files) Open(ctx context.Context, path string, limit time.Duration) (io.ReadCloser, error) {
	if path == "" {
		return nil, &Error{Kind: "file", Path: `""`, Message: "the file name is empty", Remedy: "name a file, or leave it out"}
	}
	if fi, err := f.Stat(path); err == nil && !fi.Mode().IsRegular() && !fi.IsDir() {
		return interruptible(ctx, limit, func() (io.ReadCloser, error) { return f.open(path) }), nil
	}
	in, err := f.open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	return in, nil
}

// Interruptible is a stream that ends when ctx does, with its error.
func Interruptible(ctx context.Context, in io.Reader) io.ReadCloser {
	if ctx.Done() == nil {
		return io.NopCloser(in)
	}
	return interruptible(ctx, 0, func() (io.ReadCloser, error) { return io.NopCloser(in), nil })
}

// interruptible reads in a goroutine of its own: a read that nothing answers
// cannot be called off, and stays behind until the process ends.
func interruptible(ctx context.Context, limit time.Duration, open func() (io.ReadCloser, error)) io.ReadCloser {
	r, w := io.Pipe()
	cancel := func() {}
	if limit > 0 {
		ctx, cancel = context.WithTimeout(ctx, limit)
	}
	context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
	go func() {
		defer cancel()
		in, err := open()
		if err == nil {
			defer in.Close()
			_, err = io.Copy(w, in)
		}
		w.CloseWithError(err)
	}()
	return r
}

func openError(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Kind: "file", Path: path, Message: "no such file", Remedy: "check the name", Cause: err}
	}
	if errors.Is(err, errOutside) {
		return &Error{Kind: "file", Path: path, Message: errOutside.Error(), Remedy: "name a file inside of it", Cause: err}
	}
	return &Error{Kind: "file", Path: path, Message: "cannot be opened: " + cause(err), Remedy: "check its permissions", Cause: err}
}

func cause(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
