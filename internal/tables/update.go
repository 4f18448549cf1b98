package tables

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/outfile"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
)

// An Update brings newer lists into a data folder.
type Update struct {
	Dir    string
	From   string       // a mirror: the URL of a folder, or a folder; "" the makers' own addresses
	Client *http.Client // nil: http.DefaultClient, within the rules below
	Key    []byte       // of Chrome's list, in PEM; nil: the one Google publishes
	Now    time.Time
}

// Done is what became of one list.
type Done struct {
	Table Table
	List  *ctlog.List // what is in force now
	New   bool        // it was brought now
}

// Run fetches every list, checks all of them, and then writes them. Nothing is
// written where one of them cannot be used.
func (u *Update) Run(ctx context.Context) ([]Done, error) {
	if u.Key == nil {
		u.Key = chromeKey
	}
	if err := u.folder(); err != nil {
		return nil, err
	}
	var done []Done
	files := map[string][]byte{}
	var names []string
	for _, t := range Tables() {
		data, signature, err := u.get(ctx, &t)
		if err != nil {
			return nil, err
		}
		list, err := t.read(data, signature, u.Key)
		have := t.builtIn()
		if _, stored, bad := t.stored(u.Dir, u.Key); bad == nil && stored.Newer(have) {
			have = stored
		}
		if err == nil {
			err = follows(list, have, u.Now)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w; nothing was written", u.place(&t), err)
		}
		d := Done{Table: t, List: have}
		if list.Newer(have) {
			d.List, d.New = list, true
			if t.SigFile != "" { // before the list: beside an old signature a new list is a broken one
				files[t.SigFile] = signature
				names = append(names, t.SigFile)
			}
			files[t.File] = data
			names = append(names, t.File)
		}
		done = append(done, d)
	}
	for _, name := range names {
		if err := outfile.Write(filepath.Join(u.Dir, name), 0o644, files[name]); err != nil {
			return nil, fmt.Errorf("%s cannot be written: %w", filepath.Join(u.Dir, name), err)
		}
	}
	return done, nil
}

// folder makes the data folder, or refuses one that others can write.
func (u *Update) folder() error {
	if u.Dir == "" {
		return errors.New("the system names no data folder: give one with --data-dir DIR")
	}
	if err := os.MkdirAll(u.Dir, 0o700); err != nil {
		return fmt.Errorf("the data folder cannot be made: %w", err)
	}
	info, err := os.Stat(u.Dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s: this is no folder; give one with --data-dir DIR", chain.ShellFile(u.Dir))
	}
	return privateFolder(u.Dir)
}

// place is where a list is fetched from, as errors name it.
func (u *Update) place(t *Table) string {
	if u.From == "" {
		return t.Address
	}
	return u.mirrored(t.File)
}

func (u *Update) mirrored(file string) string {
	if isURL(u.From) {
		return strings.TrimSuffix(u.From, "/") + "/" + file
	}
	return filepath.Join(u.From, file)
}

func isURL(text string) bool { return strings.Contains(text, "://") }

// get fetches a list and its signature.
func (u *Update) get(ctx context.Context, t *Table) (data, signature []byte, err error) {
	from := [2]string{t.Address, t.Signature}
	if u.From != "" {
		from = [2]string{u.mirrored(t.File), ""}
		if t.SigFile != "" {
			from[1] = u.mirrored(t.SigFile)
		}
	}
	if data, err = u.read(ctx, from[0]); err == nil && from[1] != "" {
		signature, err = u.read(ctx, from[1])
	}
	return data, signature, err
}

func (u *Update) read(ctx context.Context, from string) ([]byte, error) {
	if !isURL(from) {
		f, err := os.Open(from)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: no such file; a mirror has %s", from, mirrorFiles())
		} else if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(io.LimitReader(f, maxSize+1))
	}
	if err := secure(from); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: no address", from)
	}
	client := http.Client{}
	if u.Client != nil {
		client = *u.Client
	}
	client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if len(via) > 3 {
			return errors.New("too many redirections")
		}
		return secure(r.URL.String())
	}
	res, err := client.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return nil, fmt.Errorf("%s cannot be fetched: %w; a copy can be brought by hand: --from DIR", from, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s cannot be fetched: HTTP status %d", from, res.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be fetched whole: %w", from, err)
	}
	return data, nil
}

// secure refuses clear text but on this machine: Apple's list has no signature.
func secure(address string) error {
	at, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%s: no address", address)
	}
	ip := net.ParseIP(at.Hostname())
	if at.Scheme == "https" || at.Scheme == "http" && (at.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("%s: write https: Apple's list has no signature of its own", address)
}

// mirrorFiles lists the files of a mirror.
func mirrorFiles() string {
	var names []string
	for _, t := range Tables() {
		names = append(names, t.File)
		if t.SigFile != "" {
			names = append(names, t.SigFile)
		}
	}
	return strings.Join(names, ", ")
}
