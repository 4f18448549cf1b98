package chain

import "strings"

// advice lists the steps for a breach: those of the hit, else those of the rule.
// A hit that only knows how the rule's first step is tried has one without text.
func (e *Evaluator) advice(b *breach, p Purpose) []Advice {
	own, general := e.forReader(b.hit.Advice, p), e.forReader(b.rule.Advice, p)
	if len(own) == 0 {
		return general
	}
	if own[0].Text != "" || len(general) == 0 {
		return own
	}
	first := general[0]
	first.Repair, first.Assumes = own[0].Repair, own[0].Assumes
	steps := append([]Advice{first}, own[1:]...)
	return append(steps, general[1:]...)
}

// forReader picks the steps that hold for the reader: those for him alone, else
// those for everybody.
func (e *Evaluator) forReader(list []Advice, p Purpose) []Advice {
	for _, whom := range []string{ForClient, ForOthers, ""} {
		if whom == ForClient && p != PurposeClient || whom == ForOthers && e.Strict != nil {
			continue
		}
		var steps []Advice
		for _, a := range list {
			if a.For == whom {
				steps = append(steps, a)
			}
		}
		if len(steps) > 0 {
			return steps
		}
	}
	return nil
}

// Line is the step as one line: who, and what to do.
func (a *Advice) Line() string { return line(a.Who, a.Text) }

// Line is the step as one line: who, and what to do.
func (a *AdviceReport) Line() string { return line(a.Who, a.Text) }

func line(who, text string) string {
	if who == "" {
		return text
	}
	return who + ": " + text
}

// Advise gives a finding its steps, none of them tried.
func (f *Finding) Advise(steps []Advice) {
	f.Advice = make([]AdviceReport, 0, len(steps))
	for _, a := range steps {
		f.Advice = append(f.Advice, AdviceReport{Who: a.Who, For: a.For, Text: a.Text, Commands: append([]string{}, a.Commands...),
			Then: a.Then, Lacks: a.Lacks, Assumes: a.Assumes})
	}
	if len(steps) > 0 {
		f.Fix = f.Advice[0].Line()
	}
}

// exampleNames is what a rule's commands say where they do not know the names.
const exampleNames = "subjectAltName=DNS:www.example.com"

// named puts the names of item 0, else the name that was asked for, into commands
// that issue a certificate again: pasted as they are, they must not issue another.
func (f *Finding) named(c *Case) {
	var names []string
	if leaf := c.Leaf(); leaf != nil {
		names = alternativeNames(leaf.Cert)
	}
	if len(names) == 0 && plainName(c.Question.Name) && (c.Question.NameKind == NameDNS || c.Question.NameKind == NameIP) {
		names = []string{strings.ToUpper(string(c.Question.NameKind)) + ":" + c.Question.Name}
	}
	if len(names) == 0 {
		return
	}
	word := ShellWord("subjectAltName=" + strings.Join(names, ","))
	for i := range f.Advice {
		for k, command := range f.Advice[i].Commands {
			f.Advice[i].Commands[k] = strings.ReplaceAll(command, exampleNames, word)
		}
	}
}
