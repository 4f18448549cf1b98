package inspect

import "strings"

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
				s += " --" + f.flag + " " + shellQuote(v)
			}
		}
	}
	return s
}

// shellQuote writes a word so that a POSIX shell reads it as one.
func shellQuote(s string) string {
	plain := s != ""
	for i := range len(s) {
		c := s[i]
		plain = plain && (c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("_./:@%+,=-", c) >= 0)
	}
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
