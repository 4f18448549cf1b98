package chain

// passed lists the rules that looked at something and found nothing, on the
// levels that apply.
func (j *judgement) passed() []string {
	fired := map[*Rule]bool{}
	for i := range j.breaches {
		fired[j.breaches[i].rule.Rule] = true
	}
	void := map[Level]bool{}
	for _, l := range j.levels {
		void[l.Level] = l.Verdict == NotApplicable
	}
	var out []string
	for _, g := range j.asked {
		if !fired[g.Rule] && !void[g.Level] {
			out = append(out, g.ID)
		}
	}
	return out
}
