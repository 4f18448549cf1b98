package report

import (
	"cmp"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// levelTitle names a level as the explanations do.
func levelTitle(l chain.Level) string {
	switch l {
	case chain.LevelX509:
		return "basic X.509"
	case chain.LevelName:
		return "name (RFC 2818)"
	case chain.LevelATS:
		return "App Transport Security"
	case chain.LevelIdentity:
		return "digital identity"
	}
	return string(l)
}

// levelName is label and title in one: "level 1, basic X.509".
func levelName(l chain.Level) string {
	if l == chain.LevelIdentity {
		return levelTitle(l)
	}
	return l.Label() + ", " + levelTitle(l)
}

// verdictWord is the short form of a level's verdict.
func verdictWord(v chain.LevelVerdict) string {
	if v == chain.NotApplicable {
		return "n/a"
	}
	return string(v)
}

// headline is the answer in words.
func headline(r *chain.Report) string { return cmp.Or(r.Headline, verdictWords(r)) }

// verdictWords is the verdict alone.
func verdictWords(r *chain.Report) string {
	switch {
	case r.NothingToTrust():
		return "nothing to trust"
	case r.Verdict == chain.Trusted:
		return "trusted"
	case r.Verdict == chain.Untrusted:
		return "not trusted"
	}
	return "could not tell"
}

// heading names what an answer is about: the job, and of several answers which.
func heading(r *chain.Report) string {
	if r.Part == 0 {
		return jobName(r)
	}
	return described(r.Target, r.Name, r.ID, serverName(r), r.Label)
}

// jobName names a job so that no two of a run look alike: the target, the name
// it is judged under where the target does not say it, another server_name that
// was sent, and the job's id.
func jobName(r *chain.Report) string { return described(r.Target, r.Name, r.ID, serverName(r), "") }

// failedJob is jobName for a target that could not be inspected.
func failedJob(f *chain.Failure) string { return described(f.Target, f.Name, f.ID, "", "") }

func described(target, name, id, sni, label string) string {
	s := question(target, name, id, sni, label)
	if s != "" {
		s = " " + s
	}
	return target + s
}

// question is what the target alone does not say: "as www.example.com (id web-1)".
func question(target, name, id, sni, label string) string {
	var parts, more []string
	if name != "" && !strings.EqualFold(hostOf(target), name) {
		parts = append(parts, "as "+name)
	}
	if id != "" && id != target {
		more = append(more, "id "+id)
	}
	if sni != "" && !strings.EqualFold(sni, strings.TrimSuffix(name, ".")) {
		more = append(more, "SNI "+sni)
	}
	if label != "" {
		more = append(more, label)
	}
	if len(more) > 0 {
		parts = append(parts, "("+strings.Join(more, ", ")+")")
	}
	return strings.Join(parts, " ")
}

// serverName is the server_name of the handshake that was judged, where the
// target is a server.
func serverName(r *chain.Report) string {
	if r.Connection == nil || strings.EqualFold(r.Connection.ServerName, hostOf(r.Target)) {
		return ""
	}
	return r.Connection.ServerName
}

// hostOf is the host of HOST[:PORT] or of a URL.
func hostOf(target string) string {
	if _, rest, ok := strings.Cut(target, "://"); ok {
		target, _, _ = strings.Cut(rest, "/")
	}
	if host, _, err := net.SplitHostPort(target); err == nil {
		return host
	}
	return strings.Trim(target, "[]")
}

// shortName is what people call a certificate by: the common name, else the
// most telling other part of the subject, else its first name.
func shortName(it *chain.ItemReport) string {
	if s := shortSubject(it.Subject); s != "" {
		return s
	}
	if len(it.Names) > 0 {
		_, name, _ := strings.Cut(it.Names[0], ":")
		return name
	}
	if it.Unread&x509read.FieldSubject != 0 {
		return "(not readable)"
	}
	return "(empty subject)"
}

// shortSubject picks the part of an RFC 4514 string to show: CN, OU, O, or else
// the whole.
func shortSubject(dn string) string {
	parts := splitDN(dn)
	for _, want := range []string{"CN=", "OU=", "O="} {
		for _, p := range parts {
			if strings.HasPrefix(strings.ToUpper(p), want) && len(p) > len(want) {
				return unescapeDN(p[len(want):])
			}
		}
	}
	return dn
}

// splitDN cuts an RFC 4514 string at the commas and plus signs that are not escaped.
func splitDN(dn string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',', '+':
			parts = append(parts, strings.TrimSpace(dn[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(dn[start:]))
}

// unescapeDN undoes the backslash before a special character (RFC 4514 section
// 2.4); pairs of hexadecimal digits stay, since what they stand for may not be text.
func unescapeDN(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(` "#+,;<=>\`, s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// itemName is the short name of item i, for texts that point at it.
func itemName(r *chain.Report, i *int) string {
	if it := itemAt(r, i); it != nil {
		return shortName(it)
	}
	return ""
}

// findingItem is the certificate a finding is about, with its label; nil where it
// is about none. In mutual TLS the identity's certificates are numbered apart.
func findingItem(r *chain.Report, f *chain.Finding) (it *chain.ItemReport, label string) {
	if f.List == "identity" && r.Identity != nil {
		if it = itemIn(r.Identity.Items, f.Item); it != nil {
			label = "identity item " + itoa(it.Index)
		}
		return it, label
	}
	if it = itemAt(r, f.Item); it != nil {
		label = itemLabel(it)
	}
	return it, label
}

// about says which certificate a fault is about, where its own words do not.
func about(r *chain.Report, f *chain.Finding) string {
	it, label := findingItem(r, f)
	if it == nil || f.NamesIt() || strings.Contains(f.Fault(), shortName(it)) {
		return ""
	}
	return ", " + label + " (" + shortName(it) + ")"
}

// itemAt is the item of that index; nil where there is none.
func itemAt(r *chain.Report, i *int) *chain.ItemReport { return itemIn(r.Items, i) }

func itemIn(list []chain.ItemReport, i *int) *chain.ItemReport {
	if i == nil {
		return nil
	}
	for k := range list {
		if list[k].Index == *i {
			return &list[k]
		}
	}
	return nil
}

// listed reports whether an item belongs to the list that is judged, and so has a number.
func listed(it *chain.ItemReport) bool {
	return it.Origin == chain.OriginSent || it.Origin == chain.OriginFile
}

// instant is how texts show a point in time.
func instant(t time.Time) string { return chain.Instant(t) }

// distance tells in words how far t is from now: "in 128 days", "3 hours ago".
// Whole units, rounded down: what is left, never more than is left.
func distance(now, t time.Time) string {
	if x509read.NoExpiry(t) {
		return "the date that stands for no expiry"
	}
	d := chain.Between(now, t)
	past := d < 0
	if past {
		d = -d
	}
	var s string
	switch {
	case d < 60:
		return "now"
	case d < 3600:
		s = count(int(d/60), "minute")
	case d < 2*chain.Day:
		s = count(int(d/3600), "hour")
	case d < 730*chain.Day:
		s = count(int(d/chain.Day), "day")
	default:
		s = count(int(d/(365*chain.Day)), "year")
	}
	if past {
		return s + " ago"
	}
	return "in " + s
}

// noExpiry explains the notAfter date of a certificate that is not meant to expire.
func noExpiry(notAfter string) string {
	if t, err := time.Parse(time.RFC3339, notAfter); err == nil && x509read.NoExpiry(t) {
		return " (no expiry date)"
	}
	return ""
}

// count is "1 day", "2 days".
func count(n int, what string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
