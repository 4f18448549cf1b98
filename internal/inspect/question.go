package inspect

import (
	"cmp"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/anchors"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// UsageError is a flag, a field or a name that cannot be meant: exit code 2.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

func usage(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }

// ParseTime reads --at: RFC 3339, a date (its first second, UTC) or +30d.
func ParseTime(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return now, nil
	}
	if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") {
		if d, err := parseSpan(text[1:]); err == nil {
			if text[0] == '-' {
				d = -d
			}
			return now.Add(d), nil
		}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return now, usage("%q is no time: write 2026-12-31, 2026-12-31T12:00:00Z or +30d (at most %dd)", text, maxDays)
}

// maxDays bounds a span; later times are given as dates.
const maxDays = 100_000

// parseSpan reads 30d, 12h, 90m; a day is 86 400 s.
func parseSpan(text string) (time.Duration, error) {
	if n, ok := strings.CutSuffix(text, "d"); ok {
		days, err := strconv.Atoi(n)
		if err != nil || days < 0 || days > maxDays {
			return 0, fmt.Errorf("%q is no number of days", text)
		}
		return time.Duration(days) * 24 * time.Hour, nil
	}
	return time.ParseDuration(text)
}

// ParseWarn reads --warn: 30d or 33%.
func ParseWarn(text string) (chain.Warn, error) {
	if text == "" {
		return chain.Warn{}, nil
	}
	if n, ok := strings.CutSuffix(text, "%"); ok {
		p, err := strconv.ParseFloat(n, 64)
		if err != nil || !(p > 0 && p < 100) {
			return chain.Warn{}, usage("--warn %s: write a percentage between 0 and 100, such as 33%%", text)
		}
		return chain.Warn{Percent: p}, nil
	}
	d, err := parseSpan(text)
	if err != nil || d <= 0 {
		return chain.Warn{}, usage("--warn %s: write 30d (at most %dd) or 33%%", text, maxDays)
	}
	return chain.Warn{Before: d}, nil
}

// settings reads what a job asks without its name and its files.
func (j *Job) settings(now time.Time) (chain.Question, error) {
	q := rulebook.Question()
	var err error
	if q.Time, err = ParseTime(cmp.Or(j.At, j.Time), now); err != nil {
		return q, usage("--at: %s", err)
	}
	if q.Warn, err = ParseWarn(j.Warn); err != nil {
		return q, err
	}
	for _, f := range Fields() {
		if f.Kind != Choice {
			continue
		}
		for _, v := range f.said(j) {
			if err := choose(cmp.Or(f.FlagName(), f.Key), v, f.Choices()...); err != nil {
				return q, err
			}
		}
	}
	q.Purpose, q.For = cmp.Or(chain.Purpose(j.Purpose), q.Purpose), cmp.Or(j.For, q.For)
	if s := j.TrustStore; !Choosable("trust_store", s) && s != "" && !load.IsFile(s) {
		if err := choose("trust-store", s, anchors.Names()...); err != nil {
			return q, usage("%s; or the name of a file", err)
		}
	}
	if err := rulebook.Platform(j.Platform); err != nil {
		return q, usage("--platform %s: %s", j.Platform, err)
	}
	q.Platform, q.PlatformAsked = cmp.Or(j.Platform, q.Platform), j.Platform != ""
	if j.Revocation == "require" {
		q.Revocation = chain.RevocationRequire
	}
	if j.MaxDepth != nil {
		q.MaxDepth = *j.MaxDepth
	}
	for _, e := range j.EKU {
		oid, ok := ekuByName(e)
		if !ok {
			return q, usage("eku %q is neither a name such as clientAuth nor a dotted OID", e)
		}
		q.EKU = append(q.EKU, oid)
	}
	if p := j.Policy; p != nil {
		q.Policy = chain.PolicyInput{Explicit: p.Explicit, InhibitMapping: p.InhibitMapping, InhibitAny: p.InhibitAny}
		for _, text := range p.Initial {
			oid, ok := policyByName(text)
			if !ok {
				return q, usage("initial_policy_set: %q is no dotted OID", text)
			}
			q.Policy.Initial = append(q.Policy.Initial, oid)
		}
	}
	return q, nil
}

// question turns a job into what is asked; host is the name it was asked of a
// server under, "" for a file, and with is the evidence given beside it.
func (r *Runner) question(ctx context.Context, j *Job, p *chain.Profile, host string, with []chain.Evidence) (chain.Question, error) {
	q, err := j.settings(r.Now())
	if err != nil {
		return q, err
	}
	name := host
	if j.Name != nil {
		name = *j.Name
	}
	q.Typed, q.Flags = name, j.flags
	if bad := referenceName(&q, name, j.NameKind); bad != nil {
		return q, usage("--name %s", bad)
	}
	isCRL := func(e chain.Evidence) bool { return e.Kind == chain.EvidenceCRL }
	if j.Revocation == "" && p.Name != "apple" && slices.ContainsFunc(with, isCRL) {
		q.Revocation = chain.RevocationGiven
	}
	for _, path := range j.PinCA {
		keys, err := given(ctx, r, j, "pin-ca", path, func(data []byte) ([][]byte, error) { return pins(path, data) })
		if err != nil {
			return q, err
		}
		q.Pins = append(q.Pins, keys...)
	}
	if j.InfoPlist != "" {
		read := func(path string) ([]byte, error) { return r.read(ctx, j, "info-plist", path) }
		q.AppSettings, err = remember(r, "info-plist "+j.InfoPlist, func() (*chain.AppSettings, error) { return r.Files.InfoPlist(j.InfoPlist, read) })
		if err != nil {
			return q, of("info-plist", err)
		}
	}
	if j.ServerPolicy != "" {
		q.ServerDemands, err = given(ctx, r, j, "server-policy", j.ServerPolicy, func(data []byte) (*chain.ServerDemands, error) {
			return r.Files.ServerPolicy(ctx, j.ServerPolicy, data)
		})
		var e *load.Error
		if errors.As(err, &e) && e.Kind == "policy" {
			err = &UsageError{err.Error()}
		}
	}
	return q, err
}

// pins are the SHA-256 of the keys in a file of --pin-ca.
func pins(path string, data []byte) ([][]byte, error) {
	blocks, err := load.Blocks(path, data)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for _, b := range blocks {
		if c, _ := x509read.Parse(b.DER); c != nil && b.Kind == "certificate" {
			out = append(out, c.PublicKey.SHA256[:])
		}
	}
	return out, nil
}

// A nameError is a name that no reference name can be.
type nameError struct {
	name string
	why  error
}

func (e *nameError) Error() string { return e.name + ": " + e.why.Error() }

// referenceName puts a name into a question; nil: it is one, or there is none.
func referenceName(q *chain.Question, name, kind string) *nameError {
	switch {
	case name == "" || kind == string(chain.NameNone):
		return nil
	case kind != "":
		q.Name, q.NameKind = name, chain.NameKind(kind)
		return nil
	}
	text, k, err := hostname.ReferenceName(name)
	if err != nil {
		return &nameError{name, err}
	}
	q.Name, q.NameKind = text, k
	return nil
}

func choose(flag, value string, allowed ...string) error {
	if err := rulebook.Choose(value, allowed...); err != nil {
		return usage("--%s %s: %s", flag, value, err)
	}
	return nil
}

// ekuByName takes the names of RFC 5280 section 4.2.1.12 or a dotted OID.
func ekuByName(text string) (x509read.OID, bool) {
	switch text {
	case "serverAuth":
		return x509read.OIDServerAuth, true
	case "clientAuth":
		return x509read.OIDClientAuth, true
	case "codeSigning":
		return x509read.OIDCodeSigning, true
	case "emailProtection":
		return x509read.OIDEmailProtection, true
	case "OCSPSigning":
		return x509read.OIDOCSPSigning, true
	case "anyExtendedKeyUsage":
		return x509read.OIDAnyExtKeyUsage, true
	}
	return x509read.ParseOID(text)
}

// policyByName takes dotted OIDs, "any-policy", and the names NIST gives its test policies.
func policyByName(text string) (x509read.OID, bool) {
	if text == "any-policy" || text == "anyPolicy" {
		return x509read.OIDAnyPolicy, true
	}
	if n, ok := strings.CutPrefix(text, "NIST-test-policy-"); ok {
		return x509read.ParseOID("2.16.840.1.101.3.2.1.48." + n)
	}
	return x509read.ParseOID(text)
}

// pemList decodes the inline PEM of a job.
func pemList(field string, list []string) ([][]byte, error) {
	var out [][]byte
	for i, text := range list {
		rest := []byte(text)
		for n := 0; ; n++ {
			var b *pem.Block
			if b, rest = pem.Decode(rest); b == nil {
				if n == 0 {
					return nil, &load.Error{Kind: "format", Path: fmt.Sprintf("%s[%d]", field, i), Message: "no PEM block"}
				}
				break
			}
			if load.LooksLikeKey(b.Bytes) {
				return nil, &load.Error{Kind: "format", Path: fmt.Sprintf("%s[%d]", field, i), Message: "this is a private key, not a certificate"}
			}
			out = append(out, b.Bytes)
		}
	}
	return out, nil
}
