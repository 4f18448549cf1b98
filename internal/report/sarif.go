package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
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
		switch {
		case f.Status == chain.Waived:
			s.setAside(r, f)
		case f.Severity != chain.Note || s.o.Verbosity > 0 || f.Counts(s.o.FailOn):
			s.run.Results = append(s.run.Results, s.result(r, f))
		}
	}
	return nil
}

// setAside keeps what a policy waives or expects out of the results: code
// scanning opens an alert for each of those, suppressed or not.
func (s *sarif) setAside(r *chain.Report, f *chain.Finding) {
	aside := sarifAside{Target: printable(heading(r)), RuleID: printable(f.Rule), Message: schemeless(printable(f.Message)), Reason: printable(f.Waiver)}
	if s.run.Properties == nil {
		s.run.Properties = &sarifRunProperties{Waived: []sarifAside{}, Expected: []sarifAside{}}
	}
	if expected(r, f) {
		s.run.Properties.Expected = append(s.run.Properties.Expected, aside)
	} else {
		s.run.Properties.Waived = append(s.run.Properties.Waived, aside)
	}
}

// expected reports whether a policy expects a finding, rather than waives it.
func expected(r *chain.Report, f *chain.Finding) bool {
	return r.Gate != nil && slices.ContainsFunc(r.Gate.Expected, func(e chain.GateEntry) bool { return e.Rule == f.Rule })
}

// Failure makes the run unsuccessful (SARIF 2.1.0 section 3.20.14): a target
// that was not inspected has no results.
func (s *sarif) Failure(f *chain.Failure) error {
	in := &s.run.Invocations[0]
	in.ExecutionSuccessful = false
	in.Notifications = append(in.Notifications, sarifNotification{
		Level:     "error",
		Message:   sarifText{Text: schemeless(printable(failedJob(f) + ": not inspected (" + string(f.Error.Kind) + "): " + causeOf(f)))},
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
	it, label := findingItem(r, f)
	res := sarifResult{
		RuleID: printable(f.Rule), RuleIndex: s.rule(f),
		Message:   sarifText{Text: s.message(r, f, it, label)},
		Locations: []sarifLocation{{Physical: s.place(r.Target, it, policyLine(r, f))}},
		Fingerprints: map[string]string{
			"chainspect/v1": fingerprint(jobName(r), f.Rule, it),
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
	return res
}

// message is the finding in one paragraph: where, what, measured against wanted, fix.
func (s *sarif) message(r *chain.Report, f *chain.Finding, it *chain.ItemReport, label string) string {
	var b strings.Builder
	b.WriteString(heading(r))
	if it != nil {
		b.WriteString(", " + label + " (" + shortName(it) + ")")
	}
	b.WriteString(": " + f.Message)
	for _, e := range f.Evidence {
		b.WriteString("; " + e.Field + ": " + e.Got)
		if e.Want != "" {
			b.WriteString(", want: " + e.Want)
		}
	}
	if fix := s.o.fix(r, f); fix != "" {
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

// rule is the index of a rule in the driver's list, with its help.
func (s *sarif) rule(f *chain.Finding) int {
	if i, ok := s.at[f.Rule]; ok {
		return i
	}
	r := s.o.rule(f.Rule)
	short, full := r.Title, r.Explain
	if short == "" {
		short = f.Rule
	}
	if full == "" {
		full = short
	}
	help := full
	for i := range r.Advice {
		a := r.Advice[i].General()
		if a.For == "" {
			help += "\n\nFix (" + a.Who + "): " + a.Text
		} else {
			help += "\n\nFix for a " + a.For + ": " + a.Line()
		}
	}
	for _, src := range r.Sources {
		help += "\n\nSource: " + strings.TrimSuffix(src.Doc+", "+src.Section, ", ")
	}
	help = strings.Join(printableLines(help), "\n")
	i := len(s.run.Tool.Driver.Rules)
	s.at[f.Rule] = i
	s.run.Tool.Driver.Rules = append(s.run.Tool.Driver.Rules, sarifRule{
		ID: printable(f.Rule), Short: sarifText{Text: printable(short)}, Full: sarifText{Text: printable(full)},
		Help: sarifText{Text: help}, HelpURI: rulePage(f.Rule),
		Properties: sarifProperties{Tags: []string{"tls", "certificate", printable(string(f.Level))}},
	})
	return i
}

// fingerprint stays the same from run to run while target, rule and certificate do.
func fingerprint(target, rule string, it *chain.ItemReport) string {
	h := target + "\x00" + rule
	if it != nil {
		h += "\x00" + it.SHA256
	}
	sum := sha256.Sum256([]byte(h))
	return hex.EncodeToString(sum[:])
}

// The part of SARIF 2.1.0 that is written; the names are the standard's
// (OASIS sarif-v2.1.0-os section 3).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`

		Properties *sarifRunProperties `json:"properties,omitempty"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string          `json:"id"`
		Short      sarifText       `json:"shortDescription"`
		Full       sarifText       `json:"fullDescription"`
		Help       sarifText       `json:"help"`
		HelpURI    string          `json:"helpUri,omitempty"`
		Properties sarifProperties `json:"properties"`
	}
	sarifProperties struct {
		Tags []string `json:"tags"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Kind         string            `json:"kind"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifRunProperties struct {
		Waived   []sarifAside `json:"waived"`
		Expected []sarifAside `json:"expected"`
	}
	sarifAside struct {
		Target  string `json:"target"`
		RuleID  string `json:"ruleId"`
		Message string `json:"message"`
		Reason  string `json:"reason,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPlace `json:"physicalLocation"`
	}
	sarifPlace struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
)
