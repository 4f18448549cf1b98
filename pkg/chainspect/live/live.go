// Package live asks servers and reads files: [Check] is the command's check, with
// the same verdicts as package chainspect gives, which needs neither.
//
//	reports, err := live.Check(ctx, "www.example.com", live.Options{})
//
// It sends nothing but what the target and the options name, and writes no file.
// The promise of package chainspect holds for this package too.
package live

import (
	"context"
	"errors"
	"time"

	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chainspect"
)

// Options say how a target is asked and judged. The zero value is the command
// without flags. Words have the values of the command's flags.
type Options struct {
	Name       string        // reference name, and SNI unless ServerName says otherwise; "": the target's own
	NoName     bool          // no reference name and no SNI
	ServerName string        // SNI alone
	Connect    string        // connect to this address instead, HOST, HOST:PORT or :PORT
	Timeout    time.Duration // for each target; 0: 10 seconds
	Thorough   bool          // ask in every way that can give another answer
	Identity   *Identity     // the digital identity to show, for mutual TLS
	Path       string        // of the one HTTP request of mutual TLS

	Profile, Purpose, Platform, For string
	TrustStore                      string   // apple, mozilla, system or none
	Anchors, AppAnchors             []string // files of certificates to trust: installed, and by the app itself
	With                            []string // files of intermediates, CRLs, OCSP responses, CT log lists
	PinCA                           []string // files of certificates one of whose keys has to be on the path
	RequireRevocation               bool
	InfoPlist, ServerPolicy         string // files
	Time                            time.Time
	Warn                            time.Duration
}

// NotInspectedError is a target that gave no certificates to judge.
type NotInspectedError struct {
	Target  string
	Kind    string // dns, refused, timeout, not_tls, tls, file, password, format or local
	Message string
}

func (e *NotInspectedError) Error() string { return e.Message }

// Check asks a server, or reads a file, a directory or a saved capture, and judges
// what it holds: HOST[:PORT], a URL or a path. A server gives one report, unless
// Thorough finds different answers; a directory gives one for each file. What could
// not be inspected is a *NotInspectedError, which stands beside the reports there
// are; an option that cannot be meant is another error.
func Check(ctx context.Context, target string, o Options) ([]*chainspect.Report, error) {
	if target == "" {
		return nil, errors.New("there is no target: give HOST[:PORT], a URL or a file")
	}
	if target == "-" {
		return nil, errors.New("- is the command's standard input: give a file")
	}
	j, err := o.job(target)
	if err != nil {
		return nil, err
	}
	r := &inspect.Runner{Now: func() time.Time { return time.Now().UTC() }, Ask: dial.Ask}
	var reports []*chainspect.Report
	var errs []error
	for _, res := range r.Inspect(ctx, j) {
		var usage *inspect.UsageError
		switch {
		case res.Report != nil:
			reports = append(reports, res.Report)
		case errors.As(res.Err, &usage):
			errs = append(errs, res.Err)
		default:
			errs = append(errs, &NotInspectedError{res.Failure.Target, string(res.Failure.Error.Kind), res.Failure.Error.Message})
		}
	}
	return reports, errors.Join(errs...)
}

// defaultTimeout is the command's.
const defaultTimeout = 10 * time.Second

func (o *Options) job(target string) (inspect.Job, error) {
	j := inspect.Job{Target: target, Connect: o.Connect, Timeout: inspect.Duration(o.Timeout), Thorough: o.Thorough, Path: o.Path,
		Profile: o.Profile, Purpose: o.Purpose, Platform: o.Platform, For: o.For, TrustStore: o.TrustStore,
		Anchor: o.Anchors, AppAnchor: o.AppAnchors, With: o.With, PinCA: o.PinCA, InfoPlist: o.InfoPlist, ServerPolicy: o.ServerPolicy}
	switch {
	case o.Timeout < 0 || o.Warn < 0:
		return j, errors.New("options: Timeout and Warn are spans of time: they cannot be negative")
	case o.NoName && o.Name != "":
		return j, errors.New("options: Name and NoName exclude each other")
	case o.NoName:
		j.Name = new(string)
	case o.Name != "":
		j.Name = &o.Name
	}
	if o.Timeout == 0 {
		j.Timeout = inspect.Duration(defaultTimeout)
	}
	if o.ServerName != "" {
		j.ServerName = &o.ServerName
	}
	if o.RequireRevocation {
		j.Revocation = string(chain.RevocationRequire)
	}
	if !o.Time.IsZero() {
		j.At = o.Time.UTC().Format(time.RFC3339Nano)
	}
	if o.Warn > 0 {
		j.Warn = o.Warn.String()
	}
	if o.Identity != nil {
		if o.Identity.opened == nil {
			return j, errors.New("options: Identity is empty: OpenIdentity opens one")
		}
		j.Held, j.Identity = o.Identity.opened, o.Identity.opened.Facts.File
	}
	return j, nil
}
