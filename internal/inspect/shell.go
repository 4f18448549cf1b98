package inspect

import "github.com/chainspect/chainspect/internal/shell"

// judging gives the flags that say how a chain is judged, each behind a space, as
// a shell takes them. An identity and what opens it are not among them.
func (j *Job) judging() string {
	s := ""
	for _, f := range []struct {
		flag   string
		values List
	}{
		{"anchor", j.Anchor}, {"app-anchor", j.AppAnchor}, {"trust-store", List{j.TrustStore}}, {"with", j.With},
		{"revocation", List{j.Revocation}}, {"profile", List{j.Profile}}, {"purpose", List{j.Purpose}}, {"for", List{j.For}},
		{"platform", List{j.Platform}}, {"info-plist", List{j.InfoPlist}}, {"pin-ca", j.PinCA},
		{"server-policy", List{j.ServerPolicy}}, {"at", List{j.At}}, {"warn", List{j.Warn}},
	} {
		for _, v := range f.values {
			if v != "" {
				s += " --" + f.flag + " " + shell.Word(v)
			}
		}
	}
	return s
}
