package ats

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"maps"
	"sort"
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// option is one value of one per-host key, with the harm it does: harms are
// powers of two in the order in which they are to be avoided, so that any set of
// lesser ones is cheaper than one greater.
type option struct {
	key       string
	value     any
	weakening int
}

// options lists the per-host keys that loosen, the least harmful value first.
// Keys for all hosts are never proposed.
func options() [][]option {
	return [][]option{
		{{}, {keyForwardSecrecy, false, 1}},
		{{}, {keyMinimumTLS, "TLSv1.1", 2}, {keyMinimumTLS, "TLSv1.0", 4}},
		{{}, {keyInsecureHTTP, true, 8}},
	}
}

// candidate is an entry of NSExceptionDomains with the harm it does.
type candidate struct {
	entry     map[string]any
	weakening int
}

// candidates is the powerset of options, the least harmful first.
func candidates() []candidate {
	list := []candidate{{entry: map[string]any{}}}
	for _, key := range options() {
		var next []candidate
		for _, c := range list {
			for _, o := range key {
				e := maps.Clone(c.entry)
				if o.key != "" {
					e[o.key] = o.value
				}
				next = append(next, candidate{e, c.weakening + o.weakening})
			}
		}
		list = next
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].weakening < list[j].weakening })
	return list
}

// smallestException searches the entry of NSExceptionDomains for host that lets
// a connection through and does the least harm: it goes through all entries in
// that order and tries each by deciding anew. allowed tells whether a connection
// under a requirement would succeed. ok is false where no entry helps. Nothing can
// be removed from the answer, and nothing cheaper helps.
func smallestException(settings *chain.AppSettings, host, platform string, allowed func(requirement) bool) (e chain.ATSException, ok bool) {
	key := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	if key == "" {
		return e, false
	}
	for _, c := range candidates() {
		d := decideFor(withEntry(settings, key, c.entry), host, platform)
		if d.Basis == basisException && d.Entry == key && allowed(d) {
			return chain.ATSException{Host: key, Keys: c.entry, XML: exceptionXML(key, c.entry)}, true
		}
	}
	return e, false
}

// withEntry is the settings with one entry of NSExceptionDomains set.
func withEntry(s *chain.AppSettings, host string, entry map[string]any) *chain.AppSettings {
	root, ats, domains := map[string]any{}, map[string]any{}, map[string]any{}
	if s != nil {
		maps.Copy(root, s.Root)
	}
	maps.Copy(ats, dictionary(s))
	old, _ := ats[keyDomains].(map[string]any)
	maps.Copy(domains, old)
	domains[host] = entry
	ats[keyDomains] = domains
	root[keyATS] = ats
	return &chain.AppSettings{Root: root}
}

// allowedBy tells whether the case's connection would succeed under a decision:
// by the transport, by the trust evaluation, and by what the server was seen to do.
func allowedBy(c *chain.Case) func(requirement) bool {
	agreed := agreedBy(c)
	return func(d requirement) bool {
		if !clearText(c) && c.DefaultTrust == chain.Untrusted && (d.Required || c.AppTrust != chain.Trusted) {
			return false
		}
		return agreed(d)
	}
}

// agreedBy leaves the trust evaluation out.
func agreedBy(c *chain.Case) func(requirement) bool {
	return func(d requirement) bool {
		if clearText(c) {
			return d.HTTP
		}
		got, _ := serverOf(c).answers(d)
		return got == accepts
	}
}

// exceptionKey keeps the answer of one case.
type exceptionKey struct{}

type found struct {
	exception chain.ATSException
	ok        bool
	extends   bool // the app's own entry for a parent, made to reach the host
}

// neededException is the exception of a case whose connection App Transport
// Security refuses: the app's own entry that fails to reach the host where that
// would do, else the smallest one. Not ok where it is let through, or nothing helps.
func neededException(c *chain.Case) found {
	return chain.Once(c, exceptionKey{}, func() found {
		q, allowed := c.Question, allowedBy(c)
		if q.For == forSystem || q.For == forNetwork || c.Observation == nil || !connected(c.Observation) || allowed(decision(c)) {
			return found{}
		}
		if key, entry := shortEntry(q); key != "" {
			d := decideFor(withEntry(q.AppSettings, key, entry), host(q), q.Platform)
			if d.Entry == key && allowed(d) {
				return found{chain.ATSException{Host: key, Keys: entry, XML: exceptionXML(key, entry)}, true, true}
			}
		}
		e, ok := smallestException(q.AppSettings, host(q), q.Platform, allowed)
		return found{exception: e, ok: ok}
	})
}

// shortEntry is the app's own entry for the nearest parent of a host that no
// entry reaches, as it would be with NSIncludesSubdomains = YES; "": none.
func shortEntry(q chain.Question) (key string, entry map[string]any) {
	name := strings.ToLower(host(q))
	if _, ip := address(name); ip {
		return "", nil
	}
	if applies, _ := lookUp(entries(q.AppSettings), name, q.Platform); applies != "" {
		return "", nil
	}
	for _, parent, ok := strings.Cut(name, "."); ok; _, parent, ok = strings.Cut(parent, ".") {
		own, there := entries(q.AppSettings)[parent].(map[string]any)
		if !there {
			continue
		}
		entry = map[string]any{}
		for k, v := range own {
			if yes, isNumber := number(v); isNumber {
				entry[k] = yes
			} else if text, isText := v.(string); isText {
				entry[k] = text
			}
		}
		entry[keySubdomains] = true
		return parent, entry
	}
	return "", nil
}

// withException adds to the advice for the server what the app could do instead.
func withException(c *chain.Case, advice ...chain.Advice) []chain.Advice {
	q := c.Question
	if !clearText(c) {
		advice[0].Repair, advice[0].Assumes = serveToday, "with TLS 1.3"
	}
	app := func(text string) []chain.Advice {
		return append(advice, chain.Advice{Who: "app developer", Text: text, Repair: exceptionRepair(c), Assumes: "with the exception"})
	}
	switch f := neededException(c); {
	case f.extends:
		return app(fmt.Sprintf("the entry for %s in NSExceptionDomains is without effect on %s for want of %s; if the server cannot be changed, write (%s)\n%s",
			f.exception.Host, host(q), keySubdomains, basisOf(f.exception), f.exception.XML))
	case f.ok:
		return app(fmt.Sprintf("if the server cannot be changed, the smallest exception for the app's Info.plist (%s) is\n%s%s",
			basisOf(f.exception), f.exception.XML, localNetworking(q, allowedBy(c))))
	}
	advice[len(advice)-1].Text += "; " + noException(c)
	return advice
}

// basisOf says what an exception was held against: the code of the platform that
// was read, no device. On one point reports of devices differ from it.
func basisOf(e chain.ATSException) string {
	const code = "Apple's 26.0 code offers it"
	switch minimumVersion(e.Keys[keyMinimumTLS]) {
	case tlsname.TLS10, tlsname.TLS11:
		return code + "; OWASP reports that iOS 26 ignores exceptions for TLS 1.0 and 1.1: ask a device"
	}
	return code
}

// noException says why no key in Info.plist lets the connection through.
func noException(c *chain.Case) string {
	switch q := c.Question; {
	case q.For == forSystem:
		return "no Info.plist reaches system processes"
	case q.For == forNetwork:
		return "Info.plist has no exception for Network.framework"
	case c.DefaultTrust == chain.Untrusted:
		if _, ok := smallestException(q.AppSettings, host(q), q.Platform, agreedBy(c)); ok {
			return "no exception helps as long as the default trust evaluation fails, which the other errors are about"
		}
	}
	return "no exception helps"
}

// localNetworking offers the key that frees the addresses of local networks,
// where the host is one of them, the platform honours it, and it would do.
func localNetworking(q chain.Question, allowed func(requirement) bool) string {
	a, ok := address(host(q))
	if !ok || !a.IsPrivate() && !a.IsLinkLocalUnicast() {
		return ""
	}
	root, settings := map[string]any{}, map[string]any{}
	if q.AppSettings != nil {
		maps.Copy(root, q.AppSettings.Root)
	}
	maps.Copy(settings, dictionary(q.AppSettings))
	settings[keyLocal], root[keyATS] = true, settings
	d := decideFor(&chain.AppSettings{Root: root}, host(q), q.Platform)
	if d.Basis != basisLocal || !allowed(d) {
		return ""
	}
	return "or, for an app that finds its servers by address on the local network, NSAllowsLocalNetworking (offered as well):\n" + localNetworkingXML
}

const localNetworkingXML = "<key>" + keyATS + "</key>\n<dict>\n\t<key>" + keyLocal + "</key>\n\t<true/>\n</dict>\n"

// exceptionRepair puts the exception into the app's settings, so that the
// report can say that it was tried; nil where none helps.
func exceptionRepair(c *chain.Case) chain.Repair {
	f := neededException(c)
	if !f.ok {
		return nil
	}
	return func(in chain.Input) (chain.Input, bool) {
		in.Question.AppSettings = withEntry(in.Question.AppSettings, f.exception.Host, f.exception.Keys)
		return in, true
	}
}

// exceptionXML writes the entry as it stands in Info.plist, from
// NSAppTransportSecurity down, with keys in alphabetical order.
func exceptionXML(host string, entry map[string]any) string {
	return plistXML(keyATS, map[string]any{keyDomains: map[string]any{host: entry}})
}

// plistXML writes a key of a property list with its value.
func plistXML(key string, v any) string {
	var b strings.Builder
	writeXML(&b, "", key, v)
	return b.String()
}

func writeXML(b *strings.Builder, indent, key string, v any) {
	b.WriteString(indent + "<key>")
	escape(b, key)
	b.WriteString("</key>\n")
	writeValue(b, indent, v)
}

func writeValue(b *strings.Builder, indent string, v any) {
	text := func(element, s string) {
		b.WriteString(indent + "<" + element + ">")
		escape(b, s)
		b.WriteString("</" + element + ">\n")
	}
	switch x := v.(type) {
	case map[string]any:
		if len(x) == 0 {
			b.WriteString(indent + "<dict/>\n")
			return
		}
		b.WriteString(indent + "<dict>\n")
		for _, k := range sortedKeys(x) {
			writeXML(b, indent+"\t", k, x[k])
		}
		b.WriteString(indent + "</dict>\n")
	case []any:
		b.WriteString(indent + "<array>\n")
		for _, e := range x {
			writeValue(b, indent+"\t", e)
		}
		b.WriteString(indent + "</array>\n")
	case bool:
		b.WriteString(indent + "<" + strconv.FormatBool(x) + "/>\n")
	case string:
		text("string", x)
	case []byte:
		text("data", base64.StdEncoding.EncodeToString(x))
	case int64:
		text("integer", strconv.FormatInt(x, 10))
	case uint64:
		text("integer", strconv.FormatUint(x, 10))
	case float64:
		text("real", strconv.FormatFloat(x, 'g', -1, 64))
	}
}

func escape(b *strings.Builder, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a strings.Builder never fails
}
