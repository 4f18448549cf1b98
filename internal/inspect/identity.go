package inspect

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/chainspect/chainspect/internal/anchors"
	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/identity"
)

// readIdentity opens the identity file of a job; its keys stay in the loader.
func (r *Runner) readIdentity(ctx context.Context, j *Job) (*load.Identity, error) {
	if j.Held != nil {
		return j.Held, nil
	}
	return load.ReadIdentity(j.Identity, load.IdentityOptions{KeyFile: j.Key,
		Passwords: load.Passwords{File: j.PasswordFile, Getenv: os.LookupEnv, Prompt: r.Prompt},
		Read: func(flag, path string) ([]byte, error) {
			data, err := r.read(ctx, j, flag, path)
			if flag == "identity" && path == j.Target { // an argument of the command line
				return data, err
			}
			return data, of(flag, err)
		}})
}

// identity lends the job's identity to the dialler: the certificate its first
// key fits, and its issuers as far as the file has them.
func (r *Runner) identity(ctx context.Context, j *Job) (*ask.Identity, error) {
	id, err := r.readIdentity(ctx, j)
	if err != nil {
		return nil, err
	}
	for _, s := range id.Signers {
		if s.Certificate >= 0 {
			out := &ask.Identity{Chain: id.Chain(s.Certificate), Signer: s.Signer}
			if id.Facts.Format == "PEM" && !slices.Contains(id.Facts.Keys[s.Key].Fits, 0) {
				out.Place = s.Certificate
			}
			return out, nil
		}
	}
	return nil, noKeyFits(j, id)
}

// noKeyFits is the error of a file that holds no identity which can be used.
func noKeyFits(j *Job, id *load.Identity) error {
	what := "it holds no private key that fits one of its certificates"
	switch {
	case len(id.Facts.Keys) == 0 && len(id.Facts.Problems) > 0:
		what = id.Facts.Problems[0].Where + ": " + id.Facts.Problems[0].Message
	case len(id.Facts.Keys) == 0:
		what = "it holds a certificate and no private key: a certificate is public; you need the identity"
	}
	return &load.Error{Kind: "format", Path: j.Identity, Message: what, Remedy: "look at it with `" + j.LookAt(j.Identity) + "`"}
}

// LookAt is the command that says what an identity file is, which opens with the job's password.
func (j *Job) LookAt(file string) string {
	command := "chainspect identity " + chain.ShellFile(file)
	if j.PasswordFile != "" {
		command += " --password-file " + chain.ShellFile(j.PasswordFile)
	}
	return command
}

// InspectIdentity says what an identity file is and judges its certificate as
// a server would.
func (r *Runner) InspectIdentity(ctx context.Context, j Job) Result {
	if j.Purpose == "" {
		j.Purpose = "client"
	}
	j.Target = j.Identity
	id, err := r.readIdentity(ctx, &j)
	if id == nil { // a file that the password opens in part is judged
		return failed(j, nil, err)
	}
	c := id.Capture(r.Now())
	q := &request{job: &j}
	if err := r.basis(ctx, q, ""); err != nil {
		return failed(j, nil, err)
	}
	unasked := len(j.Anchor) == 0 && len(j.AppAnchor) == 0 && j.TrustStore == "" && !q.question.ServerDemands.NamesCAs()
	if unasked { // without a CA to lead to, only the file and the certificate itself are judged
		q.anchors, _ = anchors.Store("none")
	}
	c.Evidence = q.evidence
	if j.Timeout > 0 { // the password was asked for, and the file opened
		q.begun = time.Now()
		q.ends = j.ends(q.begun, 1)
	}
	return r.inTime(q, 1, func() []Result {
		_, report := r.evaluator(q.profile, unasked).Examine(chain.Input{Capture: c, Question: q.question, Anchors: q.anchors, Stop: q.late})
		if report == nil {
			return []Result{failed(j, c, outOfTime(j.Identity))}
		}
		report.Headline = identityHeadline(id, report) + notImported(&j, id)
		if fitting(id) == 0 {
			fileFirst(report)
		}
		return []Result{{Report: report, Capture: c, Settled: unasked || j.AllowUnknown}}
	})[0]
}

// fitting counts the keys that fit a certificate of the file, or may.
func fitting(id *load.Identity) (fits int) {
	for _, k := range id.Facts.Keys {
		if len(k.Fits) > 0 || k.Unmatched {
			fits++
		}
	}
	return fits
}

// fileFirst lists the errors of the file before those of the chain in it: of one that
// is no identity the first line says so, and what to do first is about that.
func fileFirst(r *chain.Report) {
	slices.SortStableFunc(r.Findings, func(a, b chain.Finding) int {
		switch x, y := ofFile(&a), ofFile(&b); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
}

func ofFile(f *chain.Finding) bool {
	return f.Level == chain.LevelIdentity && f.Counts(chain.Error) && f.Rule != "identity-no-client-auth"
}

func identityHeadline(id *load.Identity, r *chain.Report) string {
	fits := fitting(id)
	what := fmt.Sprintf("a digital identity (%s): %s, %s", id.Facts.Format, count(len(id.Facts.Keys), "private key"), count(len(id.Certificates), "certificate"))
	if fits > 1 {
		what = fmt.Sprintf("%d digital identities (%s), of which the first is judged: %s, %s", fits, id.Facts.Format, count(len(id.Facts.Keys), "private key"), count(len(id.Certificates), "certificate"))
	}
	switch {
	case (len(id.Facts.Keys) == 0 || len(id.Certificates) == 0) && len(id.Facts.Problems) > 0:
		p := id.Facts.Problems[0]
		what = fmt.Sprintf("no identity could be read%s%s (%s: %s)", partly(len(id.Facts.Keys), "private key"), partly(len(id.Certificates), "certificate"), p.Where, p.Message)
	case len(id.Facts.Keys) == 0 && len(id.Certificates) > 0:
		what = "only a certificate: a certificate is public; you need the identity"
	case len(id.Facts.Keys)+len(id.Certificates) == 0:
		what = fmt.Sprintf("no identity: nothing is in the %s file", id.Facts.Format)
	case len(id.Certificates) == 0:
		what = fmt.Sprintf("no identity: %s and no certificate", count(len(id.Facts.Keys), "private key"))
	case fits == 0:
		what = "no identity: no private key in it fits a certificate in it"
	}
	if r.Verdict == chain.Untrusted && fits > 0 {
		what += "; " + r.Headline
		if onlyErrors(r, "identity-no-client-auth") {
			what += "; it is a server's, which --purpose server judges"
		}
	}
	return what
}

// onlyErrors reports whether every error is of one rule.
func onlyErrors(r *chain.Report, rule string) bool {
	return !slices.ContainsFunc(r.Findings, func(f chain.Finding) bool {
		return f.Status == chain.Broken && f.Severity == chain.Error && f.Rule != rule
	})
}

// notImported says that the platform asked for does not take the file; "" it
// does, or none was asked for.
func notImported(j *Job, id *load.Identity) string {
	if j.Platform == "" || identity.Refusal(id.Facts, j.Platform) == "" {
		return ""
	}
	release := identity.Release(j.Platform)
	if m := id.Facts.MAC; m != nil && m.Verified {
		return "; right password, but " + release + " does not import it"
	}
	return "; " + release + " does not import it"
}

// partly names what was read where the rest was not.
func partly(n int, noun string) string {
	if n == 0 {
		return ""
	}
	return ", only " + count(n, noun)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
