package report

import (
	"encoding/xml"
	"io"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// junit collects a run and writes it as JUnit XML: a suite per target, a case
// per level.
type junit struct {
	w    io.Writer
	o    Options
	root junitSuites
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Timestamp string      `xml:"timestamp,attr,omitempty"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	File    string       `xml:"file,attr,omitempty"`
	Skipped *junitReason `xml:"skipped"`
	Error   *junitReason `xml:"error"`
	Failure *junitReason `xml:"failure"`
	Out     string       `xml:"system-out,omitempty"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

func newJUnit(w io.Writer, o Options) Reporter {
	return &junit{w: w, o: o, root: junitSuites{Name: printable(o.Tool.Name)}}
}

func (j *junit) Begin() error { return nil }

func (j *junit) Report(r *chain.Report) error {
	s := junitSuite{Name: printable(heading(r)), Timestamp: r.EvaluatedAt.UTC().Format("2006-01-02T15:04:05")}
	for _, l := range r.Levels {
		s.Cases = append(s.Cases, j.level(r, l))
	}
	if len(r.Levels) == 0 { // a policy's own waivers
		c := j.level(r, chain.LevelReport{Level: chain.LevelX509})
		c.Name = "waivers"
		s.Cases = append(s.Cases, c)
	}
	j.add(s)
	return nil
}

func (j *junit) Failure(f *chain.Failure) error {
	target := printable(failedJob(f))
	j.add(junitSuite{Name: target, Cases: []junitCase{{Class: target, Name: "inspected",
		Error: &junitReason{Message: printable(f.Error.Message), Type: printable(string(f.Error.Kind))}}}})
	return nil
}

func (j *junit) End() error {
	if _, err := io.WriteString(j.w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(j.w)
	enc.Indent("", "  ")
	if err := enc.Encode(j.root); err != nil {
		return err
	}
	_, err := io.WriteString(j.w, "\n")
	return err
}

// add counts a suite's cases into it and the root.
func (j *junit) add(s junitSuite) {
	for _, c := range s.Cases {
		s.Tests++
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	j.root.Tests += s.Tests
	j.root.Failures += s.Failures
	j.root.Errors += s.Errors
	j.root.Skipped += s.Skipped
	j.root.Suites = append(j.root.Suites, s)
}

// level is a case: it fails where a finding of the level fails the run, and is
// skipped where the level does not apply or could not be told.
func (j *junit) level(r *chain.Report, l chain.LevelReport) junitCase {
	c := junitCase{Class: printable(heading(r)), Name: printable(levelName(l.Level))}
	var failing, others []string
	if l.Level == chain.LevelIdentity && r.IdentityFile() != nil {
		others = identityLines(r)
	}
	var first *chain.Finding
	for _, f := range worstFirst(r.Findings) {
		if f.Level != l.Level {
			continue
		}
		if !f.Counts(j.o.FailOn) {
			others = append(others, j.finding(r, f))
			continue
		}
		if first == nil {
			first = f
			if it, _ := findingItem(r, f); it != nil {
				c.File = printable(it.File)
			}
		}
		failing = append(failing, j.finding(r, f))
	}
	c.Out = strings.Join(others, "\n")
	switch {
	case len(failing) > 0:
		c.Failure = &junitReason{Message: printable(first.Fault()), Type: printable(first.Rule), Text: strings.Join(failing, "\n")}
		if n := len(failing) - 1; n > 0 {
			c.Failure.Message += " (+" + itoa(n) + " more)"
		}
	case l.Verdict == chain.LevelUnknown:
		c.Skipped = &junitReason{Message: "could not tell: " + printable(l.Reason)}
	case l.Verdict == chain.NotApplicable:
		c.Skipped = &junitReason{Message: "does not apply: " + printable(l.Reason)}
	}
	return c
}

// identityLines tells of an identity file in plain lines.
func identityLines(r *chain.Report) []string {
	lines := []string{"protected: " + printable(protectedBy(*r.Identity.Protection))}
	for _, k := range r.Identity.Keys {
		lines = append(lines, "key: "+printable(keyFits(r, k)))
	}
	for _, i := range r.Identity.Imports {
		lines = append(lines, "imports: "+printable(i.Where+": "+takes(i)))
	}
	for _, c := range conversions(r.Identity) {
		lines = append(lines, "convert for "+printable(c.For()+": "+c.Command))
	}
	return lines
}

// finding is a finding in plain lines.
func (j *junit) finding(r *chain.Report, f *chain.Finding) string {
	var b strings.Builder
	b.WriteString(grade(f) + "[" + printable(f.Rule) + "]: " + printable(f.Message))
	if it, label := findingItem(r, f); it != nil {
		b.WriteString("\n  " + printable(label+": "+shortName(it)))
	}
	for _, e := range f.Evidence {
		b.WriteString("\n  " + printable(e.Field+": "+e.Got))
		if e.Want != "" {
			b.WriteString(", want: " + printable(e.Want))
		}
	}
	if f.Waiver != "" {
		b.WriteString("\n  waived: " + printable(f.Waiver))
	}
	if fix := j.o.fix(r, f); fix != "" {
		b.WriteString("\n  fix: " + strings.Join(printableLines(fix), "\n       "))
	}
	return b.String()
}
