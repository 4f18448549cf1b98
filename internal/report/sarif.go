package report

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// sarif collects a run and writes one SARIF 2.1.0 log at its end: the rules come
// before the results there.
type sarif struct {
	w   io.Writer
	o   Options
	run sarifRun
	at  map[string]int // rule ID -> index in the driver's rules
}

func newSARIF(w io.Writer, o Options) Reporter {
	s := &sarif{w: w, o: o, at: map[string]int{}}
	s.run.ColumnKind = "unicodeCodePoints"
	s.run.Results = []sarifResult{}
	s.run.Tool.Driver = sarifDriver{Name: printable(o.Tool.Name), Version: printable(o.Tool.Version), Rules: []sarifRule{},
		InformationURI: "https://github.com/chainspect/chainspect"}
	s.run.Invocations = []sarifInvocation{{ExecutionSuccessful: true, Notifications: []sarifNotification{}}}
	return s
}

func (s *sarif) Begin() error { return nil }

func (s *sarif) Report(r *chain.Report) error {
	for _, f := range worstFirst(r.Findings) {
		s.run.Results = append(s.run.Results, s.result(r, f))
	}
	return nil
}

// Failure makes the run unsuccessful (SARIF 2.1.0 section 3.20.14): a target
// that was not inspected has no results.
func (s *sarif) Failure(f *chain.Failure) error {
	in := &s.run.Invocations[0]
	in.ExecutionSuccessful = false
	in.Notifications = append(in.Notifications, sarifNotification{
		Level:     "error",
		Message:   sarifText{Text: schemeless(printable(f.Target + ": not inspected (" + f.Error.Kind + "): " + causeOf(f)))},
		Locations: []sarifLocation{{Physical: s.place(f.Target, nil, f.Policy)}},
	})
	return nil
}

func (s *sarif) End() error {
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{s.run}}
	b, err := json.MarshalIndent(log, "", "  ")
	if err != nil {
		return err
	}
	_, err = s.w.Write(append(harmlessJSON(b), '\n'))
	return err
}

func (s *sarif) result(r *chain.Report, f *chain.Finding) sarifResult {
	it := itemAt(r, f.Item)
	res := sarifResult{
		RuleID: printable(f.Rule), RuleIndex: s.rule(f),
		Message:   sarifText{Text: s.message(r, f, it)},
		Locations: []sarifLocation{{Physical: s.place(r.Target, it, policyLine(r, f))}},
		Fingerprints: map[string]string{
			"chainspect/v1": fingerprint(r.Target, f.Rule, it),
		},
	}
	switch {
	case f.Status == chain.Unknown:
		// SARIF 2.1.0 section 3.27.9: kind "review" asks a person; level is then "none".
		res.Kind, res.Level = "review", "none"
	case f.Severity == chain.Error:
		res.Kind, res.Level = "fail", "error"
	case f.Severity == chain.Warning:
		res.Kind, res.Level = "fail", "warning"
	default:
		res.Kind, res.Level = "fail", "note"
	}
	if f.Status == chain.Waived {
		res.Suppressions = []sarifSuppression{{Kind: "external", Status: "accepted", Justification: printable(f.Waiver)}}
	}
	return res
}

// message is the finding in one paragraph: where, what, measured against wanted, fix.
func (s *sarif) message(r *chain.Report, f *chain.Finding, it *chain.ItemReport) string {
	var b strings.Builder
	b.WriteString(r.Target)
	if it != nil {
		b.WriteString(", " + itemLabel(it) + " (" + shortName(it) + ")")
	}
	b.WriteString(": " + f.Message)
	for _, e := range f.Evidence {
		b.WriteString("; " + e.Field + ": " + e.Got)
		if e.Want != "" {
			b.WriteString(", want: " + e.Want)
		}
	}
	if fix := s.o.fix(f); fix != "" {
		b.WriteString(". Fix: " + fix)
	}
	// Square brackets are SARIF's links (section 3.11.6); a backslash ends that.
	return strings.NewReplacer("[", `\[`, "]", `\]`).Replace(schemeless(printable(b.String())))
}

// place is the file and line of an item, else of the policy, else the target
// itself: code scanning refuses results without a physical location.
func (s *sarif) place(target string, it *chain.ItemReport, policy *chain.PolicyLine) sarifPlace {
	var p sarifPlace
	switch {
	case it != nil && it.File != "":
		p.Artifact.URI = fileURI(it.File)
		if it.Line > 0 {
			p.Region = &sarifRegion{StartLine: it.Line}
		}
	case policy != nil:
		p.Artifact.URI = fileURI(policy.File)
		p.Region = &sarifRegion{StartLine: policy.Line}
	default:
		p.Artifact.URI = fileURI(schemeless(target))
	}
	return p
}

// fileURI makes a relative or file reference of a path or a target; it never
// becomes a link to somewhere else, so colons are escaped.
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if path == "" || path == "-" {
		return "stdin"
	}
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(p), ":", "%3A")
	}
	uri := strings.Join(parts, "/")
	if strings.HasPrefix(uri, "/") {
		return "file:///" + strings.TrimLeft(uri, "/")
	}
	return uri
}
