package report

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// A clientGroup is clients that come to the same answer for the same reason.
type clientGroup struct {
	names  []string
	answer string
	rank   int
}

// elsewhere groups what other clients would say, those that differ from the
// report's own answer first; Apple's own rows stand here where they differ.
func elsewhere(r *chain.Report) []clientGroup {
	var out []clientGroup
	for i := range r.Clients {
		v := &r.Clients[i]
		if (v.Client == "apple" || v.Client == "safari") && v.Verdict == r.Verdict && r.Profile == "apple" {
			continue
		}
		answer, rank := clientAnswer(r, v)
		at := slices.IndexFunc(out, func(g clientGroup) bool { return g.answer == answer })
		if at < 0 {
			at = len(out)
			out = append(out, clientGroup{answer: answer, rank: rank})
		}
		if name := clientName(r, v); !slices.Contains(out[at].names, name) {
			out[at].names = append(out[at].names, name)
		}
	}
	slices.SortStableFunc(out, func(a, b clientGroup) int { return a.rank - b.rank })
	return out
}

// clientAnswer is a client's answer in a few words. Where the chain is trusted here,
// the rule that parts a client stands beside it, and that this report knows it, too.
func clientAnswer(r *chain.Report, v *chain.ClientVerdict) (answer string, rank int) {
	switch {
	case v.Verdict == chain.Untrusted && r.Verdict == chain.Trusted:
		known := ""
		if i := slices.IndexFunc(r.Findings, func(f chain.Finding) bool { return f.Rule == v.Rule }); i >= 0 {
			known = ", a " + string(r.Findings[i].Severity) + " here"
		}
		return "not trusted (" + v.Rule + known + ")", 0
	case v.Verdict == chain.Untrusted:
		return "not trusted", 1
	case v.Fetches != "":
		return "trusted if they can fetch it", 2
	case v.Verdict == chain.Undecided:
		return "cannot tell", 4
	case v.Condition != "":
		return "trusted once the root is there", 3
	}
	return "trusted", 3
}

// clientName is the name of a row: without its version where all rows of the
// client come to the same answer.
func clientName(r *chain.Report, v *chain.ClientVerdict) string {
	common := strings.Fields(v.Label)
	answer, _ := clientAnswer(r, v)
	for i := range r.Clients {
		x := &r.Clients[i]
		if x.Client != v.Client {
			continue
		}
		if other, _ := clientAnswer(r, x); other != answer {
			return v.Label
		}
		words := strings.Fields(x.Label)
		for n := range common {
			if n >= len(words) || words[n] != common[n] {
				common = common[:n]
				break
			}
		}
	}
	if len(common) == 0 {
		return v.Label
	}
	return strings.Join(common, " ")
}

// elsewhereSentence is the groups in one line.
func elsewhereSentence(r *chain.Report) string {
	groups := elsewhere(r)
	switch {
	case len(groups) == 1 && r.Clients[len(r.Clients)-1].Verdict == r.Verdict:
		return "all clients agree: " + groups[0].answer
	case len(groups) == 1:
		return "all others: " + groups[0].answer
	}
	var parts []string
	for _, g := range groups {
		parts = append(parts, strings.Join(g.names, ", ")+": "+g.answer)
	}
	return strings.Join(parts, "; ")
}

// elsewhere is the line under the levels.
func (t *text) elsewhere(r *chain.Report) {
	if len(r.Clients) > 0 {
		t.put("elsewhere   ", "            ", printable(elsewhereSentence(r)), nil)
	}
}

// clients is the table of all of them.
func (t *text) clients(r *chain.Report) {
	if len(r.Clients) == 0 {
		return
	}
	t.line("")
	t.line("other clients")
	width := 0
	for i := range r.Clients {
		width = max(width, columns(r.Clients[i].Label))
	}
	for i := range r.Clients {
		v := &r.Clients[i]
		t.put("  "+pad(v.Label, width)+"  ", strings.Repeat(" ", width+4), printable(clientSentence(r, v)), nil)
	}
}

// clientSentence is a client's row: its answer, why, and what its user sees.
func clientSentence(r *chain.Report, v *chain.ClientVerdict) string {
	s := clientSays(v)
	said := slices.ContainsFunc(r.Findings, func(f chain.Finding) bool {
		return f.Rule == v.Rule && f.Message == v.Message && f.Severity == chain.Error
	})
	if v.Message != "" && v.Fetches == "" && !said {
		s += ": " + v.Message
	}
	if v.Rule != "" {
		s += " [" + v.Rule + "]"
	}
	if v.Shows != "" && v.Verdict != chain.Trusted {
		s += "; shows " + v.Shows
	}
	if v.Aged {
		s += " (its roots, " + v.Store + ", are older than a year)"
	}
	return s
}

// clientSays is the answer of a client's row alone.
func clientSays(v *chain.ClientVerdict) string {
	switch {
	case v.Fetches != "":
		return "trusted if it can fetch " + v.Fetches + ", else not"
	case v.Verdict == chain.Untrusted:
		return "not trusted"
	case v.Verdict == chain.Undecided:
		return "cannot tell"
	}
	s := "trusted"
	if v.Condition != "" {
		s += " once the root is " + v.Condition
	}
	if v.Unless != "" {
		s += ", unless " + v.Unless
	}
	return s
}

// clients is the table of other clients in a job summary.
func (m *markdown) clients(r *chain.Report) {
	if len(r.Clients) == 0 {
		return
	}
	b := &m.details
	b.WriteString("\n- elsewhere: " + mdText(elsewhereSentence(r)) + "\n\n| client | says | rule | its user sees |\n| --- | --- | --- | --- |\n")
	for i := range r.Clients {
		v := &r.Clients[i]
		b.WriteString("| " + mdCell(v.Label) + " | " + mdText(clientSays(v)) + " | " + mdText(v.Rule) + " | " + mdText(v.Shows) + " |\n")
	}
	b.WriteString("\n")
}
